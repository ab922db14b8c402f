import type { Hex32, OrderKey } from '../brand'
import { stallOf } from '../catalog/product'
import type { Product } from '../catalog/types'
import { productAddress, type Shelf } from './pricing'
import type { Order } from './types'

/** What a person should know before they rely on an order that was rebuilt. In one fixed sequence. */
export type Trouble = 'product-gone' | 'stall-gone' | 'stall-moved' | 'zone-gone' | 'same-invoice' | 'rewritten' | 'ambiguous-author' | 'too-many-messages'

const FROM_FOLD = ['rewritten', 'ambiguous-author', 'too-many-messages'] as const

export function troubleOf(order: Order, shelf: Shelf | null, shared: ReadonlyMap<OrderKey, ReadonlySet<OrderKey>>): readonly Trouble[] {
  return [
    ...shelf === null ? [] : listingTrouble(order, shelf),
    ...shared.has(order.key) ? ['same-invoice' as const] : [],
    ...FROM_FOLD.filter(code => order.problems.includes(code)),
  ]
}

/** null: all of its goods are still listed, or nobody knows. */
export function repairOf(order: Order, shelf: Shelf | null): 'snapshot' | 'ids' | null {
  if (shelf === null || productsOf(order, shelf).every(product => product !== undefined))
    return null
  return order.snapshot === null ? 'ids' : 'snapshot'
}

const productsOf = ({ merchant, items }: Order, shelf: Shelf): readonly (Product | undefined)[] =>
  items.map(line => shelf.products.get(productAddress(merchant, line)))

function listingTrouble(order: Order, shelf: Shelf): readonly Trouble[] {
  const products = productsOf(order, shelf)
  const listed = products.filter(product => product !== undefined)
  const addresses = new Set(listed.map(({ stallAddress }) => stallAddress))
  const stalls = listed.map(product => stallOf(product, shelf.stalls))
  const stall = stalls.find(one => one !== null)
  const codes: readonly (readonly [Trouble, boolean])[] = [
    ['product-gone', listed.length < products.length],
    ['stall-gone', stalls.includes(null)],
    // An order is of one stall: goods of two, or of another than was noted, have been moved since.
    ['stall-moved', addresses.size > 1 || (order.snapshot !== null && addresses.size > 0 && !addresses.has(order.snapshot.stall))],
    ['zone-gone', stall !== undefined && order.zoneId !== '' && !stall.zones.some(({ id }) => id === order.zoneId)],
  ]
  return codes.flatMap(([code, holds]) => holds ? [code] : [])
}

/** Orders that ask with a payment hash which another order asks with too: paid once, it would count twice (I6). */
export function sharedInvoices(orders: Iterable<Order>): ReadonlyMap<OrderKey, ReadonlySet<OrderKey>> {
  const askedBy = new Map<Hex32, Set<OrderKey>>()
  for (const { key, requests, issued } of orders) {
    for (const { paymentHash } of [...requests, ...issued]) {
      if (paymentHash !== null)
        askedBy.set(paymentHash, (askedBy.get(paymentHash) ?? new Set()).add(key))
    }
  }
  const shared = new Map<OrderKey, Set<OrderKey>>()
  for (const keys of askedBy.values()) {
    for (const key of keys.size > 1 ? keys : []) {
      const others = shared.get(key) ?? new Set()
      keys.forEach(other => other !== key && others.add(other))
      shared.set(key, others)
    }
  }
  return shared
}
