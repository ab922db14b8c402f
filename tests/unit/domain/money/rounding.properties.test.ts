/** docs/money.md, "Rounding": said once there, and shown here for whatever is in the cart. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toSeconds, type Msat } from '../../../../src/domain/brand'
import type { ShippingZone } from '../../../../src/domain/catalog/types'
import { exponentOf } from '../../../../src/domain/money/fiat'
import { toMsatAt } from '../../../../src/domain/money/rate'
import type { Rate } from '../../../../src/domain/money/types'
import { amountBand } from '../../../../src/domain/order/amount-band'
import { priceOrder, type Priced } from '../../../../src/domain/order/pricing'
import { reprice } from '../../../../src/domain/order/snapshot'
import { people, T0 } from '../../../support/order-messages'
import { product, stall } from '../../../support/shelf'

const runs = { numRuns: 300 }
const price = fc.tuple(fc.integer({ min: 1_000, max: 9_999_999 }), fc.integer({ min: 0, max: 99_999_999 })).map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`)
const rateIn = (currency: string): fc.Arbitrary<Rate> => price.map(btcPrice => ({ currency, btcPrice, source: 'test', at: toSeconds(T0) }))
/** Below the 90 071 BTC that an integer of msat holds. */
const minor = fc.integer({ min: 0, max: 50_000 })
const goods = fc.array(fc.record({ price: minor, extra: minor, quantity: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 6 })
const carts = fc.constantFrom('EUR', 'JPY', 'KWD', 'SAT').chain(currency => fc.record({ currency: fc.constant(currency), rate: rateIn(currency), goods, cost: minor }))
type Cart = typeof carts extends fc.Arbitrary<infer T> ? T : never

function orderOf({ currency, goods, cost }: Cart) {
  const zone: Pick<ShippingZone, 'id' | 'cost'> = { id: 'zone-1', cost: { currency, minor: cost } }
  const shop = stall('any', currency, [zone])
  const products = goods.map((one, i) => product(`p${i}`, { stall: 'any', currency, minor: one.price, zoneExtras: new Map([['zone-1', { currency, minor: one.extra }]]) }))
  return {
    shelf: { products: new Map(products.map(one => [one.address, one])), stalls: new Map([[shop.address, shop]]) },
    items: goods.map(({ quantity }, i) => ({ productId: `p${i}`, quantity })),
  }
}
function priced(cart: Cart): Priced {
  const { shelf, items } = orderOf(cart)
  const found = priceOrder({ merchant: people.merchant, items, zoneId: 'zone-1', shelf, rate: cart.currency === 'SAT' ? null : cart.rate })
  if (!found.ok)
    throw new Error(found.error.code)
  return found.value
}
/** Sat × 10^12, without any rounding. */
function exact({ currency, rate }: Cart, total: number): bigint {
  if (currency === 'SAT')
    return BigInt(total) * 10n ** 9n
  const [whole = '', part = ''] = rate.btcPrice.split('.')
  return BigInt(total) * 10n ** 8n * 10n ** 8n * 10n ** 12n / (BigInt(whole + part) * 10n ** BigInt(exponentOf(currency) ?? 0))
}

test('T6: the parts add up to the total in the currency, to the last of its smallest units', () => {
  fc.assert(fc.property(carts, (cart) => {
    const { lines, totals, zone } = priced(cart)
    const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0)
    expect(totals.goods.minor).toBe(sum(lines.map(({ unitPrice, quantity }) => unitPrice.minor * quantity)))
    expect(totals.shipping.minor).toBe(sum(lines.map(({ shippingExtra, quantity }) => shippingExtra.minor * quantity)) + (zone?.cost.minor ?? 0))
    expect(totals.goods.minor + totals.shipping.minor).toBe(totals.total.minor)
    expect(sum(lines.map(({ subtotal }) => subtotal.minor)) + (zone?.cost.minor ?? 0)).toBe(totals.total.minor)
  }), runs)
})

test('T6: in sat only the total is rounded, once and upwards: never less than the exact price, and less than one sat more', () => {
  fc.assert(fc.property(carts, (cart) => {
    const { totals } = priced(cart)
    const msat = totals.totalMsat ?? 0
    expect(msat % 1_000).toBe(0)
    const over = BigInt(msat / 1_000) * 10n ** 12n - exact(cart, totals.total.minor)
    expect(over >= 0n && over <= 10n ** 12n).toBe(true)
    // Parts converted one by one would ask for more: so they are not.
    const apart = [totals.goods, totals.shipping].reduce((sum, part) => sum + (toMsatAt(part, cart.rate) ?? 0), 0)
    expect(apart).toBeGreaterThanOrEqual(cart.currency === 'SAT' ? totals.total.minor : msat)
  }), runs)
})

test('T6, T7: both parties come to the same total by the same listings and rate, and to one within the tolerance by a rate that moved by less than 1 %', () => {
  fc.assert(fc.property(carts, fc.integer({ min: -90, max: 90 }), (cart, moved) => {
    const shopper = priced(cart).totals
    const { shelf, items } = orderOf(cart)
    const sold = (rate: Rate | null): Msat => {
      const snapshot = reprice({ merchant: people.merchant, items, zoneId: 'zone-1' }, shelf, rate)
      if (!snapshot.ok || snapshot.value.totals.totalMsat === null)
        throw new Error('not priced')
      return snapshot.value.totals.totalMsat
    }
    if (cart.currency === 'SAT') {
      expect(sold(null)).toBe(shopper.totalMsat)
      return
    }
    expect(sold(cart.rate)).toBe(shopper.totalMsat)
    // Down by up to 0.9 % asks for up to 0.91 % more.
    const btcPrice = (BigInt(cart.rate.btcPrice.replace('.', '')) * BigInt(10_000 + moved) / 10_000n).toString().padStart(9, '0')
    const other = sold({ ...cart.rate, btcPrice: `${btcPrice.slice(0, -8)}.${btcPrice.slice(-8)}` })
    expect(['within', 'below']).toContain(amountBand(other, shopper, items))
  }), runs)
})
