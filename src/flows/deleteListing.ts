import type { RelayUrl, Seconds } from '../domain/brand'
import { parseAddress } from '../domain/catalog/address'
import { encodeDeletion, type Doomed } from '../domain/protocol/deletion-encode'
import type { NostrEvent } from '../domain/protocol/event'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { PublishAnswer, Relays } from '../ports/relays'
import type { Signer, SignerError } from '../ports/signer'

/** A deletion, and the relays that have not heard of it: kept until they have, since each of them would bring the thing back. */
export interface OpenDeletion { readonly event: NostrEvent, readonly waiting: readonly RelayUrl[], readonly since: Seconds }

export interface DeletionDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly relays: Pick<Relays, 'publish'>
}

interface DeleteDeps extends DeletionDeps {
  readonly signer: Pick<Signer, 'pubkey' | 'sign'>
  /** Every relay that ever held it, and one's own. */
  readonly relaysFor: (doomed: Doomed) => readonly RelayUrl[]
}

/** `no-relay`: none took it yet; it is kept, and goes out as soon as one can be reached. */
export type DeleteError = SignerError | { readonly code: 'not-yours' }

/** Said once and for all: asking again would not change it. */
const SAID: ReadonlySet<PublishAnswer['outcome']> = new Set(['stored', 'refused', 'invalid', 'pow'])
/** A relay that was away for so long is given up. */
const LONGEST_SECONDS = 30 * 24 * 3_600

/** Signs the deletion of own listings. Keep what comes back before anything is sent: `sendDeletion` does that. */
export async function composeDeletion({ signer, clock, relaysFor }: DeleteDeps, doomed: readonly Doomed[]): Promise<Result<OpenDeletion, DeleteError>> {
  if (doomed.length === 0 || doomed.some(({ address }) => parseAddress(address)?.author !== signer.pubkey))
    return err({ code: 'not-yours' })
  const signed = await signer.sign(encodeDeletion(doomed, clock.now()))
  return signed.ok ? ok({ event: signed.value, waiting: [...new Set(doomed.flatMap(relaysFor))], since: clock.now() }) : signed
}

/** One round to those that have not heard. null: all have, or were away for too long. */
export async function sendDeletion({ relays, clock }: DeletionDeps, open: OpenDeletion): Promise<OpenDeletion | null> {
  const answers = open.waiting.length === 0 ? [] : await relays.publish(open.event, open.waiting)
  const heard = new Set(answers.filter(({ outcome }) => SAID.has(outcome)).map(({ url }) => url))
  const waiting = open.waiting.filter(url => !heard.has(url))
  return waiting.length === 0 || clock.now() - open.since > LONGEST_SECONDS ? null : { ...open, waiting }
}
