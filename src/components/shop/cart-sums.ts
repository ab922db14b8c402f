import type { Address } from '../../domain/brand'
import { goodsOf } from '../../domain/catalog/choice'
import { cartTotals } from '../../domain/cart/totals'
import { unfitFor } from '../../domain/catalog/parcel'
import { needsZone, zonesFor } from '../../domain/catalog/shipping'
import type { StallCart } from '../../domain/cart/types'
import type { Product, Stall } from '../../domain/catalog/types'
import type { CurrencyCode, Money, Rate } from '../../domain/money/types'

export interface CartSums {
  readonly goods: Money
  /** For the chosen zone, or the cheapest; null: the stall names none. */
  readonly shippingFrom: Money | null
  readonly totalFrom: Money
  /** A zone is chosen, or there is only one, and the merchant adds nothing to it. */
  readonly exact: boolean
  /** No delivery of the stall takes all of them. */
  readonly apart: boolean
}

/** What a cart comes to before anything personal is asked: exact where only one delivery is possible, else from the cheapest. */
export function cartSums(cart: StallCart, stall: Stall, products: ReadonlyMap<Address, Product>, rates: ReadonlyMap<CurrencyCode, Rate>): CartSums | null {
  // What is gone is said beside its line; the sum is of what can be had.
  const lines = cart.lines.filter(line => (goodsOf(products, line)?.price ?? null) !== null)
  const base = cartTotals({ cart: { lines }, products, currency: stall.currency, zone: null, rates })
  if (!base.ok)
    return null
  const goods = lines.flatMap(line => products.get(line.product) ?? [])
  const ways = zonesFor(goods, stall).filter(zone => unfitFor(zone, lines, products) === null)
  const chosen = ways.filter(zone => zone.id === cart.zoneId)
  const used = chosen.length > 0 ? chosen : ways
  const options = used
    .map(zone => cartTotals({ cart: { lines }, products, currency: stall.currency, zone, rates }))
    .flatMap(totals => totals.ok ? totals.value : [])
    .toSorted((a, b) => a.total.minor - b.total.minor)
  const cheapest = options[0]
  return { goods: base.value.goods, shippingFrom: cheapest?.shipping ?? null, totalFrom: cheapest?.total ?? base.value.total, exact: options.length === 1 && used.every(({ atLeast }) => atLeast !== true), apart: ways.length === 0 && needsZone(goods, stall) }
}
