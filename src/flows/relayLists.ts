import type { Pubkey, RelayUrl } from '../domain/brand'
import { kinds, type NostrEvent, type UnsignedEvent } from '../domain/protocol/event'
import type { OwnListEvents, PublishedLists, RelayChoice, RelayListError } from '../domain/protocol/own-relay-lists'
import { encodeGeneral, encodeInbox, readPublished, sameGeneral, sameInbox, wantedLists } from '../domain/protocol/own-relay-lists'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'
import type { Signer, SignerError } from '../ports/signer'

export interface RelayListDeps {
  readonly relays: Pick<Relays, 'fetchAll' | 'publish'>
  readonly clock: Pick<Clock, 'now' | 'sleep'>
}

/** `heard`: how many of the relays asked have answered in full; without any, nothing is known. */
export interface OwnLists { readonly events: OwnListEvents, readonly published: PublishedLists, readonly heard: number }

const PATIENCE_MS = 6_000

const isNewer = (event: NostrEvent, held: NostrEvent | null): boolean =>
  held === null || event.created_at > held.created_at || (event.created_at === held.created_at && event.id < held.id)

/** What an account has said of its relays (kinds 10002 and 10050), as far as these relays know it. */
export async function readOwnLists({ relays, clock }: RelayListDeps, account: Pubkey, from: readonly RelayUrl[]): Promise<OwnLists> {
  let general: NostrEvent | null = null
  let inbox: NostrEvent | null = null
  const heard = await Promise.all(from.map(async (relay) => {
    const life = new AbortController()
    const asked = relays.fetchAll({
      relays: [relay],
      filters: [{ kinds: [kinds.relayList, kinds.inboxRelays], authors: [account] }],
      signal: life.signal,
      onEvents(events) {
        for (const event of events) {
          if (event.pubkey !== account)
            continue
          if (event.kind === kinds.relayList && isNewer(event, general))
            general = event
          if (event.kind === kinds.inboxRelays && isNewer(event, inbox))
            inbox = event
        }
      },
    })
    const complete = await Promise.race([asked.then(answer => answer.complete.length > 0), clock.sleep(PATIENCE_MS, life.signal).then(() => false)])
    life.abort()
    return complete
  }))
  const events = { general, inbox }
  return { events, published: readPublished(events), heard: heard.filter(Boolean).length }
}

/** `not-read`: no relay said what is out there, so nothing was put in its place. */
export type PublishListsError = RelayListError | SignerError | { readonly code: 'no-relay' | 'not-read' }

interface PublishParts {
  readonly signer: Pick<Signer, 'pubkey' | 'sign'>
  readonly choices: readonly RelayChoice[]
  /** A sandbox, whose relays are on this very machine. */
  readonly loopback: boolean
}

/**
 * Publishes what is chosen here, as far as it differs from what is out there, to every relay named now or before: an old
 * list must not stay anywhere. Each list needs one relay that took it. @returns what is out there now
 */
export async function publishOwnLists(deps: RelayListDeps, { signer, choices, loopback }: PublishParts): Promise<Result<PublishedLists, PublishListsError>> {
  const wanted = wantedLists(choices, loopback)
  if (!wanted.ok)
    return wanted
  const own = choices.map(({ url }) => url)
  const { events, published, heard } = await readOwnLists(deps, signer.pubkey, own)
  if (heard === 0)
    return err({ code: 'not-read' })
  const now = deps.clock.now()
  const due: UnsignedEvent[] = []
  if (!sameGeneral(wanted.value.general, published.general))
    due.push(encodeGeneral(wanted.value.general, events.general, now))
  if (!sameInbox(wanted.value.inbox, published.inbox))
    due.push(encodeInbox(wanted.value.inbox, events.inbox, now))
  const to = [...new Set([...own, ...published.general?.write ?? [], ...published.inbox ?? []])]
  for (const template of due) {
    const signed = await signer.sign(template)
    if (!signed.ok)
      return signed
    const answers = await deps.relays.publish(signed.value, to)
    if (!answers.some(({ outcome }) => outcome === 'stored'))
      return err({ code: 'no-relay' })
  }
  return ok(wanted.value)
}

/** A new account's first lists. Where there is a list already, nothing is published: false. */
export async function seedOwnLists(deps: RelayListDeps, parts: PublishParts): Promise<Result<boolean, PublishListsError>> {
  const { published, heard } = await readOwnLists(deps, parts.signer.pubkey, parts.choices.map(({ url }) => url))
  if (heard === 0)
    return err({ code: 'not-read' })
  if (published.general !== null || published.inbox !== null)
    return ok(false)
  const done = await publishOwnLists(deps, parts)
  return done.ok ? ok(true) : done
}
