import { expect, test } from 'vitest'
import type { Address } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { implicitStall } from '../../../src/domain/catalog/implicit-stall'
import type { ShippingOption } from '../../../src/domain/catalog/nip99-types'
import { placeOrder, type Checkout } from '../../../src/flows/placeOrder'
import { flowPerson, pubkeyOf } from '../../support/flow-people'
import { gammaProduct, optionRef, shippingOption } from '../../support/gamma-listings'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'

const by = pubkeyOf('merchant')
const clock = manualClock()
const at = clock.now() - 1_000
const post = shippingOption('post', ['5', 'SAT'], [], { by, at, n: 1 })
const van = shippingOption('van', ['9', 'SAT'], [], { by, at, n: 2 })
const sold = (id: string, option: string, n: number) => gammaProduct(id, [['price', '10', 'SAT'], ['type', 'simple', 'physical'], ['shipping_option', optionRef(option, by)]], { by, at, n })
const [mug, jug] = [sold('mug', 'post', 3), sold('jug', 'van', 4)]

function checkout(products: readonly typeof mug[], zoneId: Address | null, shippingOptions: readonly ShippingOption[] = [post, van]): Checkout {
  const stall = implicitStall({ author: by, profile: null, shop: null, shippingOptions, collections: [], products })
  if (stall === null)
    throw new TypeError('no stall')
  const cart = products.reduce((filled, one) => {
    const next = addToCart(filled, one, 1, clock.now())
    return next.ok ? next.value : filled
  }, emptyCart(stall))
  return { cart: { ...cart, zoneId, orderId: 'o-1' }, orderId: 'o-1', stall, products: new Map(products.map(one => [one.address, one])), rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' }
}

test.each([
  ['without a delivery', checkout([mug], null)],
  ['by one that is another product\'s', checkout([mug], optionRef('van', by))],
  ['by one of two that cannot go together', checkout([mug, jug], optionRef('post', by))],
  ['by one that is not here', checkout([mug], optionRef('post', by), [van])],
  ['while none is here', checkout([mug], null, [])],
])('nothing is ordered %s', async (_, wish) => {
  const shopper = flowPerson('shopper', createHub(), clock)
  expect(await placeOrder(shopper.deps, wish)).toEqual({ ok: false, error: { code: 'no-zone' } })
  expect((await shopper.orders()).size).toBe(0)
})

test('by its own delivery it is, at what that costs', async () => {
  const shopper = flowPerson('shopper', createHub(), clock)
  const placed = await placeOrder(shopper.deps, checkout([mug], optionRef('post', by)))
  expect(placed.ok).toBe(true)
  const [order] = (await shopper.orders()).values()
  expect(order).toMatchObject({ zoneId: optionRef('post', by), items: [{ product: mug.address, quantity: 1 }], snapshot: { totals: { totalMsat: 15_000 } } })
})

const shopstrCup = gammaProduct('cup', [['price', '10', 'SAT'], ['t', 'shopstr'], ['shipping', 'Free', '0', 'SAT']], { by, at, n: 5 })

test('goods that no one program of the merchant\'s reads together are not ordered in one, and nothing is lost', async () => {
  const shopper = flowPerson('shopper', createHub(), clock)
  expect(await placeOrder(shopper.deps, checkout([mug, shopstrCup], optionRef('post', by)))).toEqual({ ok: false, error: { code: 'read-apart' } })
  expect((await shopper.orders()).size).toBe(0)
})

test.each([['gamma', mug], ['shopstr', shopstrCup]] as const)('of a shop with both, a %s thing is ordered in its own dialect', async (dialect, thing) => {
  const shopper = flowPerson('shopper', createHub(), clock)
  const wish = checkout([mug, shopstrCup], null)
  const only = { ...wish, cart: { ...wish.cart, lines: wish.cart.lines.filter(({ product }) => product === thing.address), zoneId: thing === mug ? optionRef('post', by) : thing.zoneIds?.[0] ?? null } }
  expect(only.stall.dialect).toBe('shopstr')
  expect(await placeOrder(shopper.deps, only)).toMatchObject({ ok: true })
  const [order] = (await shopper.orders()).values()
  expect(order).toMatchObject({ dialect, items: [{ product: thing.address }] })
})
