import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { priceOrder } from '../../../../src/domain/order/pricing'
import { reprice, snapshotOfCart } from '../../../../src/domain/order/snapshot'
import { stallAddressOf, implicitStall } from '../../../../src/domain/catalog/implicit-stall'
import { gammaProduct, optionRef, shippingOption } from '../../../support/gamma-listings'
import { people, T0 } from '../../../support/order-messages'
import { product, productAddressOf, shelf, stall, stallAddress, stalls } from '../../../support/shelf'

const { merchant } = people
const rate = { currency: 'EUR', btcPrice: '80000', source: 'test', at: toSeconds(T0) }

test('T6: goods, shipping per order and extra per piece add up in whole units, converted once and rounded up', () => {
  const hat = product('hat', { stall: 'euro', currency: 'EUR', minor: 1_999, zoneExtras: new Map([['zone-1', { currency: 'EUR', minor: 25 }]]) })
  const priced = priceOrder({ merchant, items: [{ productId: 'hat', quantity: 3 }], zoneId: 'zone-1', shelf: shelf(hat), rate })
  // 59.97 + 4.90 + 0.75 = 65.62 EUR at 80000: 82 025 sat.
  expect(priced).toMatchObject({ ok: true, value: { stallName: 'Stall euro', zone: { id: 'zone-1' }, totals: { goods: { minor: 5_997 }, shipping: { minor: 565 }, total: { currency: 'EUR', minor: 6_562 }, totalMsat: 82_025_000, rate } } })
  expect(priced.ok && priced.value.lines[0]).toMatchObject({ name: 'Product hat', unitPrice: { minor: 1_999 }, shippingExtra: { minor: 25 }, subtotal: { minor: 6_072 }, listing: hat.eventId })
})

test('prices in sat need no rate; others without one have no msat yet', () => {
  expect(priceOrder({ merchant, items: [{ productId: 'mug', quantity: 2 }], zoneId: 'zone-2', shelf: shelf(product('mug')), rate: null })).toMatchObject({ ok: true, value: { totals: { totalMsat: 29_000, rate: null } } })
  expect(priceOrder({ merchant, items: [{ productId: 'hat', quantity: 1 }], zoneId: 'zone-1', shelf: shelf(product('hat', { stall: 'euro', currency: 'EUR' })), rate: null })).toMatchObject({ ok: true, value: { totals: { totalMsat: null } } })
})

test('T6: no sum is ever rounded by the machine: what is too large is refused', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 1, max: 1_000_000 }), (minor, quantity) => {
    const priced = priceOrder({ merchant, items: [{ productId: 'mug', quantity }], zoneId: '', shelf: shelf(product('mug', { stall: 'pickup', minor })), rate: null })
    const exact = BigInt(minor) * BigInt(quantity)
    if (priced.ok)
      expect(BigInt(priced.value.totals.total.minor)).toBe(exact)
    else
      // In whole sats rounded up, it has to fit as well.
      expect((exact + 999n) / 1000n * 1000n > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true)
  }))
})

test('a stall is its author\'s, and one currency is added to another only by a rate', () => {
  expect(priceOrder({ merchant, items: [{ productId: 'mug', quantity: 1 }], zoneId: 'zone-1', shelf: { ...shelf(product('mug')), stalls: new Map() }, rate })).toEqual({ ok: false, error: { code: 'unknown-stall', productId: 'mug' } })
  const mixed = { merchant, items: [{ productId: 'mug', quantity: 1 }], zoneId: 'zone-1', shelf: shelf(product('mug', { currency: 'EUR', minor: 800 })) }
  expect(priceOrder({ ...mixed, rate: null })).toEqual({ ok: false, error: { code: 'several-currencies' } })
  // 8 EUR at 80000 are 10 000 sat, and 5 sat for the zone.
  expect(priceOrder({ ...mixed, rate })).toMatchObject({ ok: true, value: { totals: { totalMsat: 10_005_000 } } })
})

test('the shopper keeps the cart\'s view, the merchant his own; a reissue may take another zone', () => {
  const mug = product('mug', { active: false })
  const items = [{ productId: 'mug', quantity: 1 }]
  expect(reprice({ merchant, items, zoneId: 'zone-1' }, shelf(mug), null)).toMatchObject({ ok: true, value: { type: 'snapshot', side: 'merchant', totals: { totalMsat: 15_000 } } })
  expect(reprice({ merchant, items, zoneId: 'zone-1' }, shelf(mug), null, 'zone-2')).toMatchObject({ ok: true, value: { zone: { id: 'zone-2' }, totals: { totalMsat: 19_000 } } })
  const cart = { stall: stallAddress('sat'), merchant, stallName: 'Stall sat', zoneId: 'zone-1', orderId: 'o', lines: [{ product: productAddressOf('a:b'), quantity: 2, addedAt: toSeconds(T0), seen: { name: '', image: '', price: null, stock: null } }] }
  const [sat = stall('sat', 'SAT', [])] = stalls
  expect(snapshotOfCart(cart, sat, shelf(product('a:b')).products, null)).toMatchObject({ ok: true, value: { side: 'shopper', lines: [{ productId: 'a:b', quantity: 2 }], totals: { totalMsat: 25_000 } } })
})

test('a NIP-99 order is priced by its own addresses and zones, never by what NIP-15 has under the same id', () => {
  const post = shippingOption('post', ['5', 'EUR'])
  const mug = gammaProduct('mug', [['type', 'simple', 'physical'], ['shipping_option', optionRef('post'), '1']])
  const jug = gammaProduct('jug', [['type', 'simple', 'physical'], ['shipping_option', optionRef('van')]])
  const stallNow = implicitStall({ author: merchant, profile: null, shop: null, shippingOptions: [post], collections: [], products: [mug, jug] })
  if (stallNow === null)
    throw new TypeError('no stall')
  const both = { products: new Map([product('mug', { minor: 1 }), product('jug', { minor: 1 }), mug, jug].map(one => [one.address, one])), stalls: new Map([...stalls, stallNow].map(one => [one.address, one])) }
  const order = { merchant, rate, shelf: both }
  const line = { productId: 'mug', product: mug.address, quantity: 2 }
  // 18 + 5 + 2
  expect(priceOrder({ ...order, items: [line], zoneId: optionRef('post') })).toMatchObject({ ok: true, value: { stall: stallAddressOf(merchant), totals: { total: { minor: 2_500 } } } })
  expect(priceOrder({ ...order, items: [line], zoneId: '' })).toMatchObject({ ok: false, error: { code: 'unknown-zone' } })
  expect(priceOrder({ ...order, items: [line, { productId: 'jug', product: jug.address, quantity: 1 }], zoneId: optionRef('post') })).toEqual({ ok: false, error: { code: 'unknown-zone', productId: 'jug' } })
  expect(priceOrder({ ...order, items: [line, { productId: 'jug', quantity: 1 }], zoneId: optionRef('post') })).toEqual({ ok: false, error: { code: 'unknown-product', productId: 'jug' } })
})
