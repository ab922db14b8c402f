import type { Hex32, Msat, OrderKey } from '../domain/brand'
import type { ExcessWord } from '../domain/order/excess-word'
import { isCountedUntold, untoldUnderpaid } from '../domain/order/untold'
import { untoldExcess } from '../domain/order/untold-excess'
import type { Order } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import { inWord } from './order-words'
import { readOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'
import { tellPaid, type TellDeps } from './tellPaid'

export type TellUntoldError = SendError | ReadOrderError | { readonly code: 'not-yours' }

/** 'Paid' for what was counted without an invoice of ours, where the word did not go out when it was counted. Once. */
export async function tellCounted(deps: TellDeps, key: OrderKey): Promise<Result<void, TellUntoldError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  if (read.value.order.merchant !== deps.signer.pubkey)
    return err({ code: 'not-yours' })
  return isCountedUntold(read.value.order) ? tellPaid(deps, read.value, true) : ok(undefined)
}

export interface TellUnderpaidDeps extends SendDeps {
  /** What the shopper reads, on whatever client. */
  readonly underpaidWords: (order: Order, arrived: Msat, asked: Msat) => string
}

/** Tells the shopper how much arrived of what was asked, once: neither 'paid', nor nothing (T9). */
export async function tellUnderpaid(deps: TellUnderpaidDeps, key: OrderKey): Promise<Result<void, TellUntoldError>> {
  const me = deps.signer.pubkey
  const read = await readOrder(deps, key, me)
  if (!read.ok)
    return read
  const { order, messages } = read.value
  if (order.merchant !== me)
    return err({ code: 'not-yours' })
  const short = untoldUnderpaid(order)
  if (short === null)
    return ok(undefined)
  await afterOwnMessages(deps, messages, me)
  const { hash, msat, asked } = short
  const said = await sayAbout(deps, order, inWord(order, 'merchant', deps.underpaidWords(order, msat, asked), { underpaid: { hash, msat } }))
  return said.ok ? ok(undefined) : said
}

export interface TellExcessDeps extends SendDeps {
  /** What the shopper reads, on whatever client. */
  readonly excessWords: (order: Order, excess: ExcessWord) => string
}

/** Tells the shopper that this payment came a second time, or after the end, and goes back: once for each payment hash (T9). */
export async function tellExcess(deps: TellExcessDeps, key: OrderKey, payment: Hex32): Promise<Result<void, TellUntoldError>> {
  const me = deps.signer.pubkey
  const read = await readOrder(deps, key, me)
  if (!read.ok)
    return read
  const { order, messages } = read.value
  if (order.merchant !== me)
    return err({ code: 'not-yours' })
  const excess = untoldExcess(order).find(({ hash }) => hash === payment)
  // Said is said, whatever an order makes of it by now.
  const isSaid = messages.some(message => message.type === 'status' && message.author === me && message.excess?.hash === payment)
  if (excess === undefined || isSaid)
    return ok(undefined)
  await afterOwnMessages(deps, messages, me)
  const said = await sayAbout(deps, order, inWord(order, 'merchant', deps.excessWords(order, excess), { excess }))
  return said.ok ? ok(undefined) : said
}
