import type { StallCart } from '../cart/types'
import type { Address } from '../brand'
import type { Product, Stall } from '../catalog/types'
import type { Rate } from '../money/types'
import type { Result } from '../result'
import { priceOrder, type Priced, type PricingError, type Shelf } from './pricing'
import type { LocalFact, Order, OrderLine, Role } from './types'

/** A `snapshot` fact without its envelope: the order as it stood when this side looked (orders.md §2). */
export type SnapshotContent = Pick<Extract<LocalFact, { type: 'snapshot' }>, 'type' | 'side' | 'stall' | 'stallName' | 'zone' | 'lines' | 'totals'>

const contentOf = (side: Role, { stall, stallName, zone, lines, totals }: Priced): SnapshotContent =>
  ({ type: 'snapshot', side, stall, stallName, zone, lines, totals })

/** What a cart says in an order message: one line per product and choice (nip15.md §7). */
export const cartItems = (cart: StallCart): readonly OrderLine[] =>
  cart.lines.map(({ product, variant, quantity }) => ({ productId: product.split(':').slice(2).join(':'), product, quantity, ...(variant !== undefined && { variant }) }))

/** The shopper's: what was agreed to when the order was placed. */
export function snapshotOfCart(cart: StallCart, stall: Stall, products: ReadonlyMap<Address, Product>, rate: Rate | null): Result<SnapshotContent, PricingError> {
  const priced = priceOrder({ merchant: cart.merchant, items: cartItems(cart), zoneId: cart.zoneId ?? '', shelf: { products, stalls: new Map([[stall.address, stall]]) }, rate })
  return priced.ok ? { ok: true, value: contentOf('shopper', priced.value) } : priced
}

/**
 * The merchant's: totals from the own listings, whatever the shopper expected. What was taken off the
 * shelf since can still be invoiced by hand; an automatic invoice asks `refusalFor` first.
 * @param zoneId another zone than ordered, when an invoice is made anew
 */
export function reprice(order: Pick<Order, 'merchant' | 'items' | 'zoneId'>, shelf: Shelf, rate: Rate | null, zoneId: string = order.zoneId): Result<SnapshotContent, PricingError> {
  const priced = priceOrder({ merchant: order.merchant, items: order.items, zoneId, shelf, rate, offSale: true })
  return priced.ok ? { ok: true, value: contentOf('merchant', priced.value) } : priced
}
