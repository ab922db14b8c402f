import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Address } from '../../../../src/domain/brand'
import { acceptChanges, addToCart, cartChanges, changeQuantity, emptyCart, lineOf, removeFromCart } from '../../../../src/domain/cart/cart'
import { cartTotals } from '../../../../src/domain/cart/totals'
import type { StallCart } from '../../../../src/domain/cart/types'
import { toAddress } from '../../../../src/domain/catalog/address'
import { whyNotOrderable } from '../../../../src/domain/catalog/product'
import type { Product, ShippingZone, Stall } from '../../../../src/domain/catalog/types'
import type { Rate } from '../../../../src/domain/money/types'
import { kinds } from '../../../../src/domain/protocol/event'
import { productIn, zoneIn } from '../../../support/arbitraries'
import { idOf, people, T0 } from '../../../support/order-messages'

const NOW = toSeconds(T0)
const stallOfShop: Stall = { address: toAddress(kinds.stall, people.merchant, 's'), author: people.merchant, id: 's', eventId: idOf(9), publishedAt: NOW, dialect: 'nip15', name: 'Shop', description: '', currency: 'EUR', zones: [] }
const shelfOf = (products: readonly Product[]): ReadonlyMap<Address, Product> => new Map(products.map(one => [one.address, one]))
const zone = (fields: Partial<ShippingZone> = {}): ShippingZone => ({ id: 'alps', name: 'Alps', cost: { currency: 'EUR', minor: 0 }, countries: [], ...fields })
const mug: Product = {
  address: toAddress(kinds.product, people.merchant, 'mug'), author: people.merchant, id: 'mug', eventId: idOf(3), publishedAt: NOW, dialect: 'nip15', stallAddress: stallOfShop.address, stallId: 's',
  name: 'Mug', description: '', images: [], currency: 'EUR', price: { currency: 'EUR', minor: 1_250 }, stock: 3, active: true, categories: [], specs: [], zoneExtras: new Map([['alps', { currency: 'EUR', minor: 100 }]]),
}
const rates: ReadonlyMap<string, Rate> = new Map([['EUR', { currency: 'EUR', btcPrice: '61234.56', source: 'test', at: NOW }]])
const withMug = (quantity: number): StallCart => {
  const cart = addToCart(emptyCart(stallOfShop), mug, quantity, NOW)
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  return cart.value
}

describe('a cart', () => {
  test('never holds more than the stock, nor what is not for sale, whatever is done to it', () => {
    const step = fc.tuple(fc.constantFrom('add', 'change', 'remove'), fc.nat(4), fc.integer({ min: -2, max: 700 }))
    fc.assert(fc.property(fc.uniqueArray(productIn('EUR'), { minLength: 1, maxLength: 5, selector: one => one.id }), fc.array(step, { maxLength: 20 }), (products, steps) => {
      let cart = emptyCart(stallOfShop)
      for (const [what, place, quantity] of steps) {
        const product = products[place % products.length] ?? mug
        const next = what === 'add' ? addToCart(cart, product, quantity, NOW) : what === 'change' ? changeQuantity(cart, product.address, quantity, product) : { ok: true as const, value: removeFromCart(cart, product.address) }
        cart = next.ok ? next.value : cart
      }
      for (const line of cart.lines) {
        const product = products.find(one => one.address === line.product) ?? mug
        expect(whyNotOrderable(product)).toBeNull()
        expect(line.quantity).toBeGreaterThanOrEqual(1)
        expect(line.quantity).toBeLessThanOrEqual(product.stock ?? 1_000_000)
      }
      expect(new Set(cart.lines.map(line => line.product)).size).toBe(cart.lines.length)
      expect(cartChanges(cart, shelfOf(products))).toEqual([])
    }))
  })
  test('says how many are left', () => {
    expect(addToCart(withMug(2), mug, 2, NOW)).toEqual({ ok: false, error: { code: 'over-stock', left: 1 } })
    expect(addToCart(emptyCart(stallOfShop), { ...mug, stock: 0 }, 1, NOW)).toEqual({ ok: false, error: { code: 'sold-out', left: 0 } })
    expect(addToCart(emptyCart(stallOfShop), { ...mug, price: null }, 1, NOW)).toEqual({ ok: false, error: { code: 'no-price', left: 0 } })
    expect([0, -1, 1.5, Number.NaN].map(quantity => addToCart(emptyCart(stallOfShop), mug, quantity, NOW).ok)).toEqual([false, false, false, false])
  })
  test('can be lowered to what is left, and not raised, after others bought', () => {
    const less = { ...mug, stock: 1 }
    expect(changeQuantity(withMug(3), mug.address, 2, less)).toMatchObject({ ok: true })
    expect(changeQuantity(withMug(3), mug.address, 4, less)).toMatchObject({ ok: false, error: { code: 'over-stock' } })
    expect(changeQuantity(withMug(3), mug.address, 0, null)).toMatchObject({ ok: true, value: { lines: [] } })
  })
  test('tells what changed on the shelf, old to new, and takes it in when told to', () => {
    const dearer = { ...mug, price: { currency: 'EUR', minor: 1_300 }, stock: 1 }
    expect(cartChanges(withMug(2), shelfOf([dearer]))).toEqual([
      { product: mug.address, name: 'Mug', type: 'price', from: mug.price, to: dearer.price },
      { product: mug.address, name: 'Mug', type: 'stock', wanted: 2, left: 1 },
    ])
    expect(cartChanges(withMug(2), shelfOf([]))).toEqual([{ product: mug.address, name: 'Mug', type: 'gone' }])
    expect(cartChanges(withMug(2), shelfOf([{ ...mug, active: false }]))).toMatchObject([{ type: 'not-for-sale' }])
    const taken = acceptChanges(withMug(2), shelfOf([dearer]))
    expect(lineOf(taken, mug.address)).toMatchObject({ quantity: 1, seen: { price: dearer.price } })
    expect(cartChanges(taken, shelfOf([dearer]))).toEqual([])
  })
})

describe('totals', () => {
  test('are items × (price + shipping for the zone) + the zone once, to the cent', () => {
    const lines = fc.uniqueArray(fc.tuple(productIn('EUR'), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 6, selector: ([one]) => one.id })
    fc.assert(fc.property(lines, zoneIn('EUR'), fc.boolean(), (rows, where, extra) => {
      const products = rows.map(([one]) => extra ? { ...one, zoneExtras: new Map([[where.id, { currency: 'EUR', minor: 37 }]]) } : one)
      const cart = { ...emptyCart(stallOfShop), lines: rows.map(([one, quantity]) => ({ product: one.address, quantity })) }
      const totals = cartTotals({ cart, products: shelfOf(products), currency: 'EUR', zone: where, rates })
      const goods = rows.reduce((sum, [one, quantity]) => sum + BigInt(one.price?.minor ?? 0) * BigInt(quantity), 0n)
      const shipping = products.reduce((sum, one, i) => sum + BigInt(one.zoneExtras.get(where.id)?.minor ?? 0) * BigInt(rows[i]?.[1] ?? 0), BigInt(where.cost.minor))
      // One conversion of the whole sum, up: cents × 10^8 / (price in cents).
      const sats = ((goods + shipping) * 100_000_000n + 6_123_455n) / 6_123_456n
      expect(totals).toMatchObject({ ok: true, value: { goods: { minor: Number(goods) }, shipping: { minor: Number(shipping) }, total: { minor: Number(goods + shipping) }, totalMsat: Number(sats * 1_000n) } })
    }))
  })
  const totalsOf = (fields: Partial<Parameters<typeof cartTotals>[0]>) => cartTotals({ cart: withMug(2), products: shelfOf([mug]), currency: 'EUR', zone: zone({ cost: { currency: 'EUR', minor: 690 } }), rates, ...fields })
  test('of two mugs at 12.50 with 1.00 each for the Alps and 6.90 once', () => {
    expect(totalsOf({})).toMatchObject({ ok: true, value: { goods: { minor: 2_500 }, shipping: { minor: 890 }, total: { minor: 3_390 } } })
    expect(totalsOf({ zone: null })).toMatchObject({ ok: true, value: { shipping: { minor: 0 }, total: { minor: 2_500 } } })
  })
  test('without a rate stand in euros only', () => {
    expect(totalsOf({ rates: new Map() })).toMatchObject({ ok: true, value: { total: { minor: 3_390 }, totalMsat: null, rate: null } })
  })
  test('of two currencies are converted per sum, and need every rate', () => {
    const sticker: Product = { ...mug, id: 'sticker', address: toAddress(kinds.product, people.merchant, 'sticker'), currency: 'SAT', price: { currency: 'SAT', minor: 2_500_500 }, zoneExtras: new Map() }
    const cart = { ...withMug(2), lines: [{ product: mug.address, quantity: 2 }, { product: sticker.address, quantity: 1 }] }
    const both = totalsOf({ cart, products: shelfOf([mug, sticker]) })
    // 33.90 EUR are 55 361 sat, rounded up, and 2 500.5 sat besides; the invoice asks whole sats.
    expect(both).toMatchObject({ ok: true, value: { total: { currency: 'SAT', minor: 57_861_500 }, totalMsat: 57_862_000 } })
    expect(totalsOf({ cart, products: shelfOf([mug, sticker]), rates: new Map() })).toEqual({ ok: false, error: { code: 'no-rate', currency: 'EUR' } })
  })
  test('say what cannot be added up', () => {
    expect(totalsOf({ products: shelfOf([]) })).toEqual({ ok: false, error: { code: 'gone', product: mug.address } })
    expect(totalsOf({ products: shelfOf([{ ...mug, price: null }]) })).toEqual({ ok: false, error: { code: 'no-price', product: mug.address } })
    expect(totalsOf({ cart: emptyCart(stallOfShop) })).toEqual({ ok: false, error: { code: 'empty' } })
    expect(totalsOf({ products: shelfOf([{ ...mug, price: { currency: 'EUR', minor: Number.MAX_SAFE_INTEGER } }]) })).toEqual({ ok: false, error: { code: 'too-large' } })
  })
})
