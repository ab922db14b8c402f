import type { OrderKey, Pubkey, RelayUrl, Seconds } from '../domain/brand'
import type { OrderMessage, WireMessage } from '../domain/order/types'
import { decodeMessage } from '../domain/protocol/decode'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Delivery, Journal, StorageError } from '../ports/journal'
import type { Mail } from '../ports/mail'
import type { Signer, SignerError } from '../ports/signer'

export interface SendDeps {
  readonly journal: Journal
  readonly mail: Pick<Mail, 'composeNip04'>
  readonly signer: Signer
  readonly clock: Clock
  /** Where that person can be reached, as far as this device knows without asking. */
  readonly relaysFor: (person: Pubkey) => readonly RelayUrl[]
}

export interface Outgoing { readonly to: Pubkey, readonly order: OrderKey | null, readonly plaintext: string }
export interface Composed { readonly message: WireMessage, readonly delivery: Delivery }

/** `unsendable`: too long, or another thing that the other side could not read back. */
export type ComposeError = SignerError | { readonly code: 'unsendable' }
export type SendError = ComposeError | StorageError

/**
 * Encrypts, signs, and reads it back as the other side will: what we keep of our own message is what an empty device
 * would rebuild from relays (T5).
 */
export async function compose(deps: SendDeps, { to, order, plaintext }: Outgoing): Promise<Result<Composed, ComposeError>> {
  const event = await deps.mail.composeNip04(deps.signer, to, plaintext)
  if (!event.ok)
    return event
  const { id, pubkey: author, created_at: sentAt } = event.value
  const read = decodeMessage({ id, author, receiver: to, sentAt, transport: 'nip04', plaintext })
  if (!read.ok)
    return err({ code: 'unsendable' })
  const delivery: Delivery = {
    id: `${id}:${to}`,
    message: id,
    account: author,
    to,
    order,
    transport: 'nip04',
    plaintext,
    event: event.value,
    relays: deps.relaysFor(to),
    queuedAt: deps.clock.now(),
    attempts: 0,
    lastTriedAt: null,
    answers: [],
    deliveredAt: null,
    stopped: null,
  }
  return ok({ message: read.value.message, delivery })
}

/** Kept with its delivery in one transaction: from here on it goes out by itself (T1). */
export async function send(deps: SendDeps, outgoing: Outgoing): Promise<Result<WireMessage, SendError>> {
  const composed = await compose(deps, outgoing)
  if (!composed.ok)
    return composed
  const { message, delivery } = composed.value
  const kept = await deps.journal.append(message, [delivery])
  return kept.ok ? ok(message) : kept
}

/**
 * Of two own messages in one second nobody could say which is the later: their ids would decide. So the second one waits
 * for the next second.
 */
export async function afterOwnMessages(deps: Pick<SendDeps, 'clock'>, messages: readonly OrderMessage[], me: Pubkey): Promise<void> {
  const newest = messages.reduce((latest: number, { author, sentAt, transport }) => author === me && transport !== 'local' ? Math.max(latest, sentAt) : latest, 0)
  const now: Seconds = deps.clock.now()
  if (newest === now)
    await deps.clock.sleep(1_000)
}
