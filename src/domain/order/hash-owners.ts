import type { Hex32, OrderKey, Seconds } from '../brand'
import type { Order } from './types'

/** Payment hash → the order that asked with it first, over all orders of this device (I6). */
export function paymentHashOwners(orders: Iterable<Order>): ReadonlyMap<Hex32, OrderKey> {
  const first = new Map<Hex32, { readonly order: OrderKey, readonly at: Seconds }>()
  for (const { key, requests } of orders) {
    for (const { paymentHash, at } of requests) {
      const known = paymentHash === null ? undefined : first.get(paymentHash)
      if (paymentHash !== null && (known === undefined || at < known.at || (at === known.at && key < known.order)))
        first.set(paymentHash, { order: key, at })
    }
  }
  return new Map([...first].map(([hash, { order }]) => [hash, order]))
}
