import { limits } from '../domain/limits'
import type { Seconds } from '../domain/brand'
import { refusalFor, stockVerdict, type OrderRefusal } from '../domain/order/stock'
import type { Order, OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import { readOrder } from './read-order'
import { refuseOrder, type RefuseError } from './refuseOrder'
import { requestPayment, type RequestPaymentDeps, type RequestPaymentError } from './requestPayment'

export interface AutoInvoiceDeps extends RequestPaymentDeps {
  /** All orders of this merchant: who gets the last piece is decided among them (T11). */
  readonly orders: () => Iterable<Order>
  /** The own listings are all here, so that what is missing is missing. */
  readonly shelfComplete: () => boolean
  readonly refusalWords: (refusal: OrderRefusal) => string
}

/** Older orders were not waiting for a machine's answer. */
const ANSWERED_WITHIN = 14 * 24 * 3_600
const LISTING: ReadonlySet<OrderRefusal['code']> = new Set(['unknown-product', 'unknown-stall', 'unknown-zone'])

/** `wait`: nothing to do now, and maybe later. */
export type AutoAnswer = { readonly type: 'asked' | 'refused', readonly message: OrderMessage } | { readonly type: 'wait' }

/** Whether an order waits for the merchant's answer: new, or its invoice is dead and the shopper has written since. */
export function wantsInvoice(order: Order, now: Seconds): boolean {
  if (order.payment !== 'unpaid' || now - order.placedAt > ANSWERED_WITHIN || order.placedAt > now + limits.futureSeconds)
    return false
  if (order.status === 'payment_pending')
    return order.refusal === null
  const expiredAt = order.request?.expiresAt ?? null
  return order.status === 'payment_requested' && expiredAt !== null && now > expiredAt
    && order.chat.some(({ by, at }) => by === 'shopper' && at >= expiredAt)
}

/**
 * Answers one order by itself: with an invoice, or with a refusal that says why (nip15.md §7). Orders that came while
 * the desk was closed are answered as well.
 */
export async function autoInvoice(deps: AutoInvoiceDeps, listed: Pick<Order, 'key'>): Promise<Result<AutoAnswer, RequestPaymentError | RefuseError>> {
  const now = deps.clock.now()
  // What the list shows may be older than what was said since.
  const read = await readOrder(deps, listed.key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { order } = read.value
  if (order.merchant !== deps.signer.pubkey || !wantsInvoice(order, now))
    return ok({ type: 'wait' })
  const shelf = deps.shelf()
  const own = new Map([...shelf.products].filter(([, product]) => product.author === order.merchant))
  const refusal = refusalFor(order, shelf, stockVerdict(own, deps.orders(), now))
  if (refusal !== null && LISTING.has(refusal.code) && !deps.shelfComplete())
    return ok({ type: 'wait' })
  if (refusal !== null) {
    const refused = await refuseOrder(deps, order.key, deps.refusalWords(refusal))
    return refused.ok ? ok({ type: 'refused', message: refused.value }) : err(refused.error)
  }
  const asked = await requestPayment(deps, order.key)
  return asked.ok ? ok({ type: 'asked', message: asked.value }) : err(asked.error)
}
