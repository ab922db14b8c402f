import type { Address, Pubkey } from '../brand'
import { extraFor, stallOf, whyNotOrderable } from '../catalog/product'
import type { Product, ShippingZone, Stall } from '../catalog/types'
import { limits } from '../limits'
import { toMsatAt } from '../money/rate'
import type { Money, Rate } from '../money/types'
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

/** A product of the order's own merchant; NIP-15 names it by id alone, so nobody else's can be meant. */
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
  /** Price what is no longer for sale, too. */
  readonly offSale?: boolean
}

/**
 * An order's lines and totals by these listings: sums in the smallest unit, converted once, rounded up (T6).
 * Neither side takes prices from the other: the shopper prices what was in the cart, the merchant what he lists.
 */
export function priceOrder({ merchant, items, zoneId, shelf, rate, offSale = false }: PricingNeeds): Result<Priced, PricingError> {
  const found = items.map(line => ({ line, product: shelf.products.get(productAddress(merchant, line)) }))
  const goods: { readonly line: OrderLine, readonly product: Product, readonly price: Money }[] = []
  for (const { line, product } of found) {
    const { productId, quantity } = line
    if (product === undefined || product.author !== merchant)
      return err({ code: 'unknown-product', productId })
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > limits.quantity)
      return err({ code: 'quantity', productId })
    if (product.price === null || (!offSale && whyNotOrderable(product) === 'not-active'))
      return err({ code: 'not-for-sale', productId })
    goods.push({ line, product, price: product.price })
  }
  const stall = oneStall(goods.map(({ product }) => product), shelf.stalls)
  if (!stall.ok)
    return stall
  const zone = stall.value.zones.find(({ id }) => id === zoneId) ?? null
  if (zone === null && (zoneId !== '' || stall.value.zones.length > 0))
    return err({ code: 'unknown-zone' })
  return sumUp(goods, stall.value, zone, rate)
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

function sumUp(goods: readonly { readonly line: OrderLine, readonly product: Product, readonly price: Money }[], stall: Stall, zone: ShippingZone | null, rate: Rate | null): Result<Priced, PricingError> {
  const { currency } = stall
  const lines: LineSnapshot[] = []
  let sum = 0n
  let shipping = BigInt(zone?.cost.minor ?? 0)
  for (const { line, product, price } of goods) {
    const shippingExtra = extraFor(product, zone?.id ?? '')
    if ([price, shippingExtra].some(money => money.currency !== currency) || (zone !== null && zone.cost.currency !== currency))
      return err({ code: 'several-currencies', productId: product.id })
    const quantity = BigInt(line.quantity)
    const subtotal = BigInt(price.minor) * quantity
    sum += subtotal
    shipping += BigInt(shippingExtra.minor) * quantity
    lines.push({
      product: product.address,
      productId: product.id,
      quantity: line.quantity,
      name: product.name,
      image: product.images[0] ?? '',
      unitPrice: price,
      shippingExtra,
      listing: product.eventId,
      subtotal: { currency, minor: Number(subtotal) },
    })
  }
  if (sum + shipping > BigInt(Number.MAX_SAFE_INTEGER))
    return err({ code: 'quantity' })
  const total: Money = { currency, minor: Number(sum + shipping) }
  const totals: OrderTotals = {
    goods: { currency, minor: Number(sum) },
    shipping: { currency, minor: Number(shipping) },
    total,
    totalMsat: toMsatAt(total, rate),
    rate: rate?.currency === currency ? rate : null,
  }
  return ok({ stall: stall.address, stallName: stall.name, zone: zone && { id: zone.id, name: zone.name, cost: zone.cost }, lines, totals })
}
