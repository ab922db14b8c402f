import type { Address, EventId, Msat } from '../brand'
import { toMsat } from '../brand'
import { goodsOf } from '../catalog/choice'
import { extraFor } from '../catalog/product'
import { goesBy } from '../catalog/shipping'
import type { Product, ShippingZone } from '../catalog/types'
import { lineWords } from '../catalog/variations'
import { addMoney, msatMoney, timesMoney, zero } from '../money/fiat'
import { toMsatAt } from '../money/rate'
import type { CurrencyCode, Money, Rate } from '../money/types'
import { err, ok, type Result } from '../result'
import type { StallCart } from './types'

export interface LineTotal {
  readonly product: Address
  readonly productId: string
  readonly quantity: number
  readonly name: string
  /** Which one of several, in words; absent where there is nothing to tell. */
  readonly variant?: string
  readonly image: string
  readonly listing: EventId
  readonly unitPrice: Money
  /** Per piece, for the chosen zone. */
  readonly shippingExtra: Money
  /** quantity × (price + extra). */
  readonly subtotal: Money
}

/** In the stall's currency; in msat where prices of several currencies meet. */
export interface CartTotals {
  readonly lines: readonly LineTotal[]
  /** Σ quantity × price. */
  readonly goods: Money
  /** Σ quantity × extra for the zone + the zone's cost once. */
  readonly shipping: Money
  readonly total: Money
  /** What the invoice should ask: whole sats, rounded up once per currency sum. null when a rate is missing, or it is over 90 071 BTC. */
  readonly totalMsat: Msat | null
  readonly rate: Rate | null
}

export type TotalsError =
  | { readonly code: 'empty' }
  | { readonly code: 'gone' | 'no-price', readonly product: Address }
  /** It cannot be sent by that zone: a NIP-99 product names the ways it goes. */
  | { readonly code: 'zone', readonly product: Address }
  /** More than an integer holds safely. */
  | { readonly code: 'too-large' }
  /** Several currencies in one cart, and a rate is missing. */
  | { readonly code: 'no-rate', readonly currency: CurrencyCode }

export interface TotalsInput {
  readonly cart: { readonly lines: readonly Pick<StallCart['lines'][number], 'product' | 'variant' | 'quantity'>[] }
  readonly products: ReadonlyMap<Address, Product>
  readonly currency: CurrencyCode
  /** null = none chosen yet: goods only. */
  readonly zone: ShippingZone | null
  readonly rates: ReadonlyMap<CurrencyCode, Rate>
}

/** items × (price + product shipping for the zone) + zone cost, in integers (nip15.md §3, payments.md §8.1). */
export function cartTotals({ cart, products, currency, zone, rates }: TotalsInput): Result<CartTotals, TotalsError> {
  if (cart.lines.length === 0)
    return err({ code: 'empty' })
  const lines: LineTotal[] = []
  const goods = new Map<CurrencyCode, Money>()
  const shipping = new Map<CurrencyCode, Money>()
  try {
    for (const ref of cart.lines) {
      const { product: address, variant, quantity } = ref
      const product = goodsOf(products, ref)
      if (product === undefined)
        return err({ code: 'gone', product: address })
      if (product.price === null)
        return err({ code: 'no-price', product: address })
      if (zone !== null && !goesBy(product, zone.id))
        return err({ code: 'zone', product: address })
      const line = lineTotal(product, product.price, quantity, zone, lineWords(product, variant, products))
      lines.push(line)
      addTo(goods, timesMoney(product.price, quantity))
      addTo(shipping, timesMoney(line.shippingExtra, quantity))
    }
    if (zone !== null)
      addTo(shipping, zone.cost)
    return unite({ lines, goods, shipping, currency, rates })
  }
  catch (error) {
    if (error instanceof RangeError)
      return err({ code: 'too-large' })
    throw error
  }
}

function lineTotal(product: Product, price: Money, quantity: number, zone: ShippingZone | null, variant: string): LineTotal {
  const shippingExtra = zone === null ? zero(price.currency) : extraFor(product, zone.id)
  return {
    product: product.address,
    productId: product.id,
    quantity,
    name: product.name,
    ...(variant !== '' && { variant }),
    image: product.images[0] ?? '',
    listing: product.eventId,
    unitPrice: price,
    shippingExtra,
    subtotal: timesMoney(addMoney(price, shippingExtra), quantity),
  }
}

function addTo(sums: Map<CurrencyCode, Money>, money: Money): void {
  sums.set(money.currency, addMoney(sums.get(money.currency) ?? zero(money.currency), money))
}

interface Sums {
  readonly lines: readonly LineTotal[]
  readonly goods: ReadonlyMap<CurrencyCode, Money>
  readonly shipping: ReadonlyMap<CurrencyCode, Money>
  readonly currency: CurrencyCode
  readonly rates: ReadonlyMap<CurrencyCode, Rate>
}

function unite({ lines, goods, shipping, currency, rates }: Sums): Result<CartTotals, TotalsError> {
  const used = [...new Set([...goods.keys(), ...shipping.keys()])].filter(code => amountIn(goods, code).minor + amountIn(shipping, code).minor > 0)
  const rate = rates.get(currency) ?? null
  if (used.every(code => code === currency)) {
    const total = addMoney(amountIn(goods, currency), amountIn(shipping, currency))
    return ok({ lines, goods: amountIn(goods, currency), shipping: amountIn(shipping, currency), total, totalMsat: wholeSats(toMsatAt(total, rate)), rate })
  }
  const totals = used.map(code => addMoney(amountIn(goods, code), amountIn(shipping, code)))
  const converted = totals.map(total => toMsatAt(total, rates.get(total.currency) ?? null))
  const missing = used[converted.indexOf(null)]
  if (missing !== undefined)
    return err({ code: 'no-rate', currency: missing })
  const totalMsat = toMsat(converted.reduce((sum: number, msat) => sum + (msat ?? 0), 0))
  const shippingMsat = toMsat(used.reduce((sum, code) => sum + (toMsatAt(amountIn(shipping, code), rates.get(code) ?? null) ?? 0), 0))
  const goodsMsat = toMsat(Math.max(0, totalMsat - shippingMsat))
  return ok({ lines, goods: msatMoney(goodsMsat), shipping: msatMoney(toMsat(totalMsat - goodsMsat)), total: msatMoney(totalMsat), totalMsat: wholeSats(totalMsat), rate })
}

const amountIn = (sums: ReadonlyMap<CurrencyCode, Money>, currency: CurrencyCode): Money => sums.get(currency) ?? zero(currency)

const SAT = 1_000
/** Invoices ask for whole sats: prices with fractions of one are rounded up, once. */
const wholeSats = (msat: Msat | null): Msat | null => (msat === null ? null : toMsat(Math.ceil(msat / SAT) * SAT))
