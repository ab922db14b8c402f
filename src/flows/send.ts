import type { OrderKey, Pubkey, RelayUrl } from '../domain/brand'
import type { Dialect } from '../domain/catalog/types'
import type { LocalFact, Order, OrderMessage, WireMessage } from '../domain/order/types'
import { dialectOfOrder } from '../domain/order/dialect-choice'
import { whomToAnswer } from '../domain/order/whom-to-answer'
import { decodeMessage } from '../domain/protocol/decode'
import type { EncodeError } from '../domain/protocol/gamma-encode'
import type { Letter } from '../domain/protocol/letter'
import { lettersOf } from '../domain/protocol/letters'
import type { About, Saying } from '../domain/protocol/saying'
import { err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Delivery, Journal, StorageError } from '../ports/journal'
import type { Mail } from '../ports/mail'
import type { Signer, SignerError } from '../ports/signer'

export interface SendDeps {
  readonly journal: Journal
  readonly mail: Pick<Mail, 'compose'>
  readonly signer: Signer
  readonly clock: Clock
  /** Where facts go that our other devices are to know as well. */
  readonly notes?: (facts: readonly LocalFact[]) => Promise<readonly Delivery[]>
  /** Where that person can be reached, as far as this device knows without asking. */
  readonly relaysFor: (person: Pubkey) => readonly RelayUrl[]
}

export interface Outgoing { readonly to: Pubkey, readonly order: OrderKey | null, readonly letter: Letter }
export interface Composed { readonly message: WireMessage, readonly deliveries: readonly Delivery[] }

/** `unsendable`: too long, or another thing that the other side could not read back. */
export type ComposeError = SignerError | { readonly code: 'unsendable' }
export type SendError = ComposeError | StorageError | EncodeError

/** What gets encrypted, as it is kept with a delivery. */
const kept = (letter: Letter): string => letter.transport === 'nip04' ? letter.plaintext : JSON.stringify(letter.template)

/**
 * Encrypts, signs, and reads it back as the other side will: what we keep of our own message is what an empty device
 * would rebuild from relays (T5).
 */
export async function compose(deps: SendDeps, { to, order, letter }: Outgoing): Promise<Result<Composed, ComposeError>> {
  const posted = await deps.mail.compose(deps.signer, to, letter)
  if (!posted.ok)
    return posted
  const { opened, copies } = posted.value
  const read = decodeMessage(opened)
  if (!read.ok)
    return err({ code: 'unsendable' })
  const deliveries = copies.map((copy): Delivery => ({
    id: `${opened.id}:${copy.to}`,
    message: opened.id,
    account: opened.author,
    to: copy.to,
    order,
    transport: letter.transport,
    plaintext: kept(letter),
    event: copy.event,
    relays: deps.relaysFor(copy.to),
    queuedAt: deps.clock.now(),
    attempts: 0,
    lastTriedAt: null,
    answers: [],
    deliveredAt: null,
    stopped: null,
  }))
  return ok({ message: read.value.message, deliveries })
}

/** Kept with its delivery in one transaction: from here on it goes out by itself (T1). */
export async function send(deps: SendDeps, outgoing: Outgoing): Promise<Result<WireMessage, SendError>> {
  const composed = await compose(deps, outgoing)
  if (!composed.ok)
    return composed
  const { message, deliveries } = composed.value
  const appended = await deps.journal.append(message, deliveries)
  return appended.ok ? ok(message) : appended
}

export interface Said { readonly dialect: Dialect, readonly about: About, readonly to: Pubkey, readonly order: OrderKey }

/** Says it in the dialect of the order. @returns the last of the messages that it took */
export async function sendSaying(deps: SendDeps, { dialect, about, to, order }: Said, saying: Saying): Promise<Result<WireMessage, SendError>> {
  const letters = lettersOf(dialect, about, saying)
  if (!letters.ok)
    return letters
  let last: Result<WireMessage, SendError> = err({ code: 'unsendable' })
  for (const letter of letters.value) {
    last = await send(deps, { to, order, letter })
    if (!last.ok)
      return last
  }
  return last
}

/** To the other party of an order that is here, in the dialect that it last spoke. */
export function sayAbout(deps: SendDeps, order: Order, saying: Saying): Promise<Result<WireMessage, SendError>> {
  const { key, id: orderId, merchant, items } = order
  const isShopper = deps.signer.pubkey === order.shopper
  const { dialect } = dialectOfOrder(order, isShopper ? 'shopper' : 'merchant')
  const shopper = isShopper ? order.shopper : whomToAnswer(order)
  return sendSaying(deps, { dialect, about: { orderId, shopper, merchant, items }, to: isShopper ? merchant : shopper, order: key }, saying)
}

/**
 * Of two own messages in one second nobody could say which is the later: their ids would decide. So the second one waits
 * for the next second.
 */
export const afterOwnMessages = (deps: Pick<SendDeps, 'clock'>, messages: readonly OrderMessage[], me: Pubkey): Promise<void> =>
  afterMessages(deps, messages.filter(({ author }) => author === me))

/** What a person says comes after what they could read when they said it, whoever wrote that. */
export async function afterMessages({ clock }: Pick<SendDeps, 'clock'>, messages: readonly OrderMessage[]): Promise<void> {
  const newest = messages.reduce((latest: number, { sentAt, transport }) => transport !== 'local' ? Math.max(latest, sentAt) : latest, 0)
  if (newest === clock.now())
    await nextSecond(clock)
}

const SLICE_MS = 125
const SLICES = 1_000 / SLICE_MS

/** Until the clock shows another second: that is the end of this one, no whole second from now. */
export async function nextSecond(clock: Pick<Clock, 'now' | 'sleep'>): Promise<void> {
  const from = clock.now()
  // A clock that was set back meanwhile keeps nobody.
  for (let left = SLICES + 1; left > 0 && clock.now() === from; left -= 1)
    await clock.sleep(SLICE_MS)
}
