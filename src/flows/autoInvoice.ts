import type { Address, Msat } from '../domain/brand'
import { isOverLimit, wantsInvoice, type AnswerRules } from '../domain/order/answer-rules'
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
  /** What may be asked without the merchant; absent: anything. */
  readonly rules?: () => AnswerRules
}

/** `wait`: nothing to do now, and maybe later. `held`: by a rule of the merchant's, until he answers or changes it. */
export type AutoAnswer = { readonly type: 'asked' | 'refused', readonly message: OrderMessage } | { readonly type: 'wait' } | { readonly type: 'held', readonly reason: 'amount' }

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
  const rules = deps.rules?.()
  const asked = await requestPayment(deps, order.key, rules === undefined ? {} : { atMost: (total: Msat) => !isOverLimit(rules, total) })
  if (!asked.ok && asked.error.code === 'over-limit')
    return ok({ type: 'held', reason: 'amount' })
  // The look at what was asked before has found the money.
  if (!asked.ok && (asked.error.code === 'already-paid' || asked.error.code === 'reserved'))
    return ok({ type: 'wait' })
  return asked.ok ? ok({ type: 'asked', message: asked.value }) : err(asked.error)
}

/** What the price comes from: the products, and their stalls for what shipping costs. */
export function listingsOf(order: Order, shelf: Shelf): readonly Address[] {
  const products = order.items.map(line => productAddress(order.merchant, line))
  const stalls = products.map(address => shelf.products.get(address)?.stallAddress).filter(address => address !== undefined)
  return [...new Set([...products, ...stalls])]
}
