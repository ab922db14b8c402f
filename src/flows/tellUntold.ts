import type { Hex32, Msat, OrderKey } from '../domain/brand'
import type { ExcessWord } from '../domain/order/excess-word'
import { isCountedUntold, untoldUnderpaid } from '../domain/order/untold'
import { untoldExcess } from '../domain/order/untold-excess'
import type { Order } from '../domain/order/types'
import type { Saying } from '../domain/protocol/saying'
import { ok, type Result } from '../domain/result'
import { inWord } from './order-words'
import { readOwnOrder, type NotYours, type ReadOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'
import { tellPaid, type TellDeps } from './tellPaid'

export type TellUntoldError = SendError | ReadOrderError | NotYours
type Told = Promise<Result<void, TellUntoldError>>

/** 'Paid' for what was counted without an invoice of ours, where the word did not go out when it was counted. Once. */
export async function tellCounted(deps: TellDeps, key: OrderKey): Told {
  const read = await readOwnOrder(deps, key, 'merchant')
  if (!read.ok)
    return read
  return isCountedUntold(read.value.order) ? tellPaid(deps, read.value, true) : ok(undefined)
}

/** As the journal has the order now; null: there is nothing to say any more. */
async function tell(deps: SendDeps, key: OrderKey, words: (read: ReadOrder) => Saying | null): Told {
  const read = await readOwnOrder(deps, key, 'merchant')
  if (!read.ok)
    return read
  const saying = words(read.value)
  if (saying === null)
    return ok(undefined)
  await afterOwnMessages(deps, read.value.messages, deps.signer.pubkey)
  const said = await sayAbout(deps, read.value.order, saying)
  return said.ok ? ok(undefined) : said
}

export interface TellUnderpaidDeps extends SendDeps {
  /** What the shopper reads, on whatever client. */
  readonly underpaidWords: (order: Order, arrived: Msat, asked: Msat) => string
}

/** Tells the shopper how much arrived of what was asked, once: neither 'paid', nor nothing (T9). */
export const tellUnderpaid = (deps: TellUnderpaidDeps, key: OrderKey): Told => tell(deps, key, ({ order }) => {
  const short = untoldUnderpaid(order)
  if (short === null)
    return null
  const { hash, msat, asked } = short
  return inWord(order, 'merchant', deps.underpaidWords(order, msat, asked), { underpaid: { hash, msat } })
})

export interface TellExcessDeps extends SendDeps {
  /** What the shopper reads, on whatever client. */
  readonly excessWords: (order: Order, excess: ExcessWord) => string
}

/** Tells the shopper that this payment came a second time, or after the end, and goes back: once for each payment hash (T9). */
export const tellExcess = (deps: TellExcessDeps, key: OrderKey, payment: Hex32): Told => tell(deps, key, ({ order, messages }) => {
  const excess = untoldExcess(order).find(({ hash }) => hash === payment)
  // Said is said, whatever an order makes of it by now.
  const isSaid = messages.some(message => message.type === 'status' && message.author === deps.signer.pubkey && message.excess?.hash === payment)
  return excess === undefined || isSaid ? null : inWord(order, 'merchant', deps.excessWords(order, excess), { excess })
})
