import type { Address, Pubkey } from '../brand'
import { cartTotals, type TotalsError } from '../cart/totals'
import { parseAddress } from '../catalog/address'
import { chosen } from '../catalog/choice'
import { stallOf, whyNotOrderable } from '../catalog/product'
import { needsZone, nothingIsSent, ownZones } from '../catalog/shipping'
import type { Product, ShippingZone, Stall } from '../catalog/types'
import { limits } from '../limits'
import type { CurrencyCode, Money, Rate } from '../money/types'
import { err, ok, type Result } from '../result'
import type { LineSnapshot, OrderLine, OrderTotals } from './types'

/** The listings that one side has, to price an order by. */
export interface Shelf { readonly products: ReadonlyMap<Address, Product>, readonly stalls: ReadonlyMap<Address, Stall> }

export interface Priced {
  readonly stall: Address
  readonly stallName: string
  readonly zone: { readonly id: string, readonly name: string, readonly cost: Money } | null
  readonly lines: readonly LineSnapshot[]
  readonly totals: OrderTotals
}

/** What nostrmarket refuses for as well (nip15.md §7), and sums that cannot be made. */
export type PricingCode = 'unknown-product' | 'unknown-stall' | 'several-stalls' | 'unknown-zone' | 'quantity' | 'not-for-sale' | 'several-currencies'
export interface PricingError { readonly code: PricingCode, readonly productId?: string }

/** A product of the order's own merchant. Only NIP-15 names it by id alone, so nobody else's can be meant, nor another dialect's. */
export const productAddress = (merchant: Pubkey, { product, productId }: OrderLine): Address =>
  product ?? `30018:${merchant}:${productId}` as Address

export interface PricingNeeds {
  readonly merchant: Pubkey
  readonly items: readonly OrderLine[]
  /** '' = none named: fine only where the stall ships to no zone. */
  readonly zoneId: string
  readonly shelf: Shelf
  /** null: totals stay without msat, unless prices are in sat. */
  readonly rate: Rate | null
  /** Instead of `rate`, where prices of several currencies meet in one stall. */
  readonly rates?: ReadonlyMap<CurrencyCode, Rate>
  /** Price what is no longer for sale, too. */
  readonly offSale?: boolean
}

/**
 * An order's lines and totals by these listings: sums in the smallest unit, converted once, rounded up (T6).
 * Neither side takes prices from the other: the shopper prices what was in the cart, the merchant what he lists.
 */
export function priceOrder(needs: PricingNeeds): Result<Priced, PricingError> {
  const { merchant, items, zoneId, shelf, offSale = false } = needs
  // Where one line carries an address all do: NIP-15 has none, the others nothing else.
  const named = items.some(({ product }) => product !== undefined)
  const found = items.map(line => ({ line, product: named && line.product === undefined ? undefined : shelf.products.get(productAddress(merchant, line)) }))
  const goods: Product[] = []
  for (const { line, product: listing } of found) {
    const { productId, quantity, variant } = line
    if (listing === undefined || listing.author !== merchant)
      return err({ code: 'unknown-product', productId })
    const product = chosen(listing, variant)
    // A size that is not listed has no price: another one's would be a guess.
    if (product === null)
      return err({ code: 'not-for-sale', productId })
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > limits.quantity)
      return err({ code: 'quantity', productId })
    if (product.price === null || (!offSale && whyNotOrderable(product) === 'not-active'))
      return err({ code: 'not-for-sale', productId })
    goods.push(product)
  }
  const stall = oneStall(goods, shelf.stalls)
  if (!stall.ok)
    return stall
  const wanted = zoneId === '' && nothingIsSent(goods) ? ownZones.nothing : zoneId
  const zone = stall.value.zones.find(({ id }) => id === wanted) ?? null
  if (zone === null && (zoneId !== '' || needsZone(goods, stall.value)))
    return err({ code: 'unknown-zone' })
  return sumUp(needs, stall.value, zone)
}

function oneStall(products: readonly Product[], stalls: ReadonlyMap<Address, Stall>): Result<Stall, PricingError> {
  const [first] = products
  if (first === undefined)
    return err({ code: 'quantity' })
  const stray = products.find(product => product.stallAddress !== first.stallAddress)
  if (stray !== undefined)
    return err({ code: 'several-stalls', productId: stray.id })
  const stall = stallOf(first, stalls)
  return stall === null ? err({ code: 'unknown-stall', productId: first.id }) : ok(stall)
}

function pricingError(error: TotalsError): PricingError {
  switch (error.code) {
    case 'no-rate': return { code: 'several-currencies' }
    // It cannot go by the zone that was named, so that there it is none.
    case 'zone': return { code: 'unknown-zone', productId: parseAddress(error.product)?.id ?? '' }
    case 'empty':
    case 'gone':
    case 'no-price':
    case 'too-large':
      return { code: 'quantity' }
  }
}

/** The sums are the cart's: what checkout showed, what was agreed to and what is asked come from one place. */
function sumUp(needs: PricingNeeds, stall: Stall, zone: ShippingZone | null): Result<Priced, PricingError> {
  const { merchant, items, shelf, rate, rates } = needs
  const lines = items.map(line => ({ product: productAddress(merchant, line), variant: line.variant, quantity: line.quantity }))
  const summed = cartTotals({ cart: { lines }, products: shelf.products, currency: stall.currency, zone, rates: rates ?? new Map(rate === null ? [] : [[rate.currency, rate]]) })
  if (!summed.ok)
    return err(pricingError(summed.error))
  const { lines: priced, goods, shipping, total, totalMsat, rate: used } = summed.value
  return ok({
    stall: stall.address,
    stallName: stall.name,
    zone: zone && { id: zone.id, name: zone.name, cost: zone.cost },
    lines: priced,
    totals: { goods, shipping, total, totalMsat, rate: used },
  })
}
