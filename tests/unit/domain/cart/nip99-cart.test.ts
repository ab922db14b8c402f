import { expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { acceptChanges, addToCart, cartChanges, emptyCart } from '../../../../src/domain/cart/cart'
import { implicitStall } from '../../../../src/domain/catalog/implicit-stall'
import { needsZone, zoneName, zonesFor } from '../../../../src/domain/catalog/shipping'
import type { Product } from '../../../../src/domain/catalog/types'
import { gammaProduct, optionRef } from '../../../support/gamma-listings'
import { people, T0 } from '../../../support/order-messages'

const NOW = toSeconds(T0)
function stallOf(...products: readonly Product[]) {
  const stall = implicitStall({ author: people.merchant, profile: null, shop: null, shippingOptions: [], collections: [], products })
  if (stall === null)
    throw new TypeError('no stall')
  return stall
}
const mug = gammaProduct('mug', [['valid_until', String(T0 + 100)]])
const filled = addToCart(emptyCart(stallOf(mug)), mug, 2, NOW)
const cart = filled.ok ? filled.value : emptyCart(stallOf(mug))
const now = (product: Product, at = NOW) => cartChanges(cart, new Map([[product.address, product]]), at).map(change => change.type === 'stock' ? `${change.type} ${change.left}` : change.type)

test('what ran out, was sold, or has sizes since stops the order', () => {
  expect(now(mug)).toEqual([])
  expect(now(mug, toSeconds(T0 + 100))).toEqual(['not-for-sale'])
  expect(now(gammaProduct('mug', [['status', 'sold']]))).toEqual(['stock 0'])
  expect(now(gammaProduct('mug', [['size', 'M', '2']]))).toEqual(['not-for-sale'])
  expect(acceptChanges(cart, new Map([[mug.address, mug]]), toSeconds(T0 + 100)).lines).toEqual([])
  expect(acceptChanges(cart, new Map([[mug.address, gammaProduct('mug', [['weight', '1kg', '7']])]]), NOW).lines).toEqual([])
})

test('what ran out, or needs a choice, is not put in', () => {
  expect(addToCart(emptyCart(stallOf(mug)), mug, 1, toSeconds(T0 + 100))).toMatchObject({ ok: false, error: { code: 'not-active' } })
  const oil = gammaProduct('oil', [['volume', '1 l', '20']])
  expect(addToCart(emptyCart(stallOf(oil)), oil, 1, NOW)).toEqual({ ok: false, error: { code: 'choice', left: 0 } })
})

test('goods that say how they are sent need a zone even while there is none; where nobody says, the merchant has to be asked', () => {
  const physical = ['type', 'simple', 'physical']
  const late = gammaProduct('late', [physical, ['shipping_option', optionRef('post')]])
  const mute = gammaProduct('mute', [physical])
  expect([needsZone([late], stallOf(late)), zonesFor([late], stallOf(late))]).toEqual([true, []])
  expect([needsZone([mute], stallOf(mute)), zonesFor([mute], stallOf(mute))]).toEqual([false, []])
  // Beside others that are sent it has no way of its own.
  expect(needsZone([mute], stallOf(mute, gammaProduct('file')))).toBe(true)
})

test('a zone has the merchant\'s name, else ours, else its id', () => {
  const own = { 'own:pickup': 'Pick-up' }
  expect([zoneName({ id: 'own:pickup', name: '' }, own), zoneName({ id: 'z', name: 'Europe' }, own), zoneName({ id: 'z', name: ' ' }, own), zoneName({ id: 'toString', name: '' }, own)]).toEqual(['Pick-up', 'Europe', 'z', 'toString'])
})
