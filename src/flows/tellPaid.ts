import type { Order } from '../domain/order/types'
import { isTakenAsPaid } from '../domain/order/underpaid'
import { ok, type Result } from '../domain/result'
import type { ReadOrder } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export interface TellDeps extends SendDeps {
  /** What the shopper reads beside 'paid'. */
  readonly paidWords: string
}

const OVER: ReadonlySet<Order['status']> = new Set(['cancelled', 'refunded', 'failed'])

/** 'Paid' goes to the shopper once. Not for less than was asked, and not for an order that is over: that money goes back. */
export async function tellPaid(deps: TellDeps, { order, messages }: ReadOrder, enough: boolean): Promise<Result<void, SendError>> {
  if (!enough || OVER.has(order.status) || isTakenAsPaid(order))
    return ok(undefined)
  await afterOwnMessages(deps, messages, deps.signer.pubkey)
  const sent = await sayAbout(deps, order, { say: 'status', change: 'paid', text: deps.paidWords, paid: true, shipped: order.shipped, pin: order.placedBy })
  return sent.ok ? ok(undefined) : sent
}
