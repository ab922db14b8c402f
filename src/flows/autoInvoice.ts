import { limits } from '../domain/limits'
import type { Address, Seconds } from '../domain/brand'
import { productAddress, type Shelf } from '../domain/order/pricing'
import { refusalFor, stockVerdict, type OrderRefusal } from '../domain/order/stock'
import type { Order, OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import { readOrder } from './read-order'
import { refuseOrder, type RefuseError } from './refuseOrder'
import { requestPayment, type RequestPaymentDeps, type RequestPaymentError } from './requestPayment'

export interface AutoInvoiceDeps extends RequestPaymentDeps {
  /** All orders of this merchant: who gets the last piece is decided among them (T11). */
  readonly orders: () => Iterable<Order>
  /** The own listings are all here, from every relay: what is missing is missing, and what is here is not an old version. */
  readonly shelfComplete: () => boolean
  /** This listing is not an old version, as far as those relays know that have been read. */
  readonly isCurrent: (listing: Address) => boolean
  readonly refusalWords: (refusal: OrderRefusal) => string
}

/** Older orders were not waiting for a machine's answer. */
const ANSWERED_WITHIN = 14 * 24 * 3_600

/** `wait`: nothing to do now, and maybe later. */
export type AutoAnswer = { readonly type: 'asked' | 'refused', readonly message: OrderMessage } | { readonly type: 'wait' }

/** Whether an order waits for the merchant's answer: new, or its invoice is dead and the shopper has written since. */
export function wantsInvoice(order: Order, now: Seconds): boolean {
  if (order.payment !== 'unpaid' || now - order.placedAt > ANSWERED_WITHIN || order.placedAt > now + limits.futureSeconds)
    return false
  if (order.status === 'payment_pending')
    return order.refusal === null
  // A reservation that went back leaves an invoice that is dead before its time.
  const wentBack = order.holds.find(({ paymentHash }) => paymentHash === order.request?.paymentHash)?.endedAt ?? null
  const expiredAt = wentBack ?? order.request?.expiresAt ?? null
  return order.status === 'payment_requested' && expiredAt !== null && now >= expiredAt + (wentBack === null ? 1 : 0)
    && order.chat.some(({ by, at }) => by === 'shopper' && at >= expiredAt)
}

/**
 * Answers one order by itself: with an invoice, or with a refusal that says why (nip15.md §7). Orders that came while
 * the desk was closed are answered as well. By an old version of a listing it would ask an old price, or refuse for good:
 * a refusal waits until every relay was read, an invoice until one was that holds what is ordered.
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
  if (!deps.shelfComplete() && (refusal !== null || !listingsOf(order, shelf).every(deps.isCurrent)))
    return ok({ type: 'wait' })
  if (refusal !== null) {
    const refused = await refuseOrder(deps, order.key, deps.refusalWords(refusal))
    return refused.ok ? ok({ type: 'refused', message: refused.value }) : err(refused.error)
  }
  const asked = await requestPayment(deps, order.key)
  return asked.ok ? ok({ type: 'asked', message: asked.value }) : err(asked.error)
}

/** What the price comes from: the products, and their stalls for what shipping costs. */
export function listingsOf(order: Order, shelf: Shelf): readonly Address[] {
  const products = order.items.map(line => productAddress(order.merchant, line))
  const stalls = products.map(address => shelf.products.get(address)?.stallAddress).filter(address => address !== undefined)
  return [...new Set([...products, ...stalls])]
}
