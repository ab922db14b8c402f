import { beforeEach, expect, test } from 'vitest'
import { toSeconds, type OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { implicitStall } from '../../../src/domain/catalog/implicit-stall'
import type { Product } from '../../../src/domain/catalog/types'
import { reprice } from '../../../src/domain/order/snapshot'
import type { Order } from '../../../src/domain/order/types'
import { err } from '../../../src/domain/result'
import { kinds, type NostrEvent } from '../../../src/domain/protocol/event'
import { decodeGammaProduct } from '../../../src/domain/protocol/gamma-product'
import { bookStock } from '../../../src/flows/bookStock'
import { markPaid } from '../../../src/flows/order-words'
import { placeOrder, type Checkout } from '../../../src/flows/placeOrder'
import { flowPerson, pubkeyOf, secrets, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub, HUB } from '../../support/memory-hub'
import { T0 } from '../../support/order-messages'
import { signed } from '../../support/signed'

const me = { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }
const listing = (id: string, tags: string[][]): NostrEvent =>
  signed({ kind: kinds.gammaProduct, created_at: T0 - 1_000, tags: [['alt', 'foreign'], ['d', id], ['title', 'Oil'], ['price', '10', 'SAT'], ...tags], content: 'As its client wrote it.' }, me)
const sized = listing('oil', [['client', 'Shopstr'], ['shipping', 'N/A', '0', 'SAT'], ['quantity', '9'], ['size', 'M', '3'], ['size', 'L', '4'], ['volume', '1 l', '20'], ['volume', '5 l', '90']])
const saddle = listing('saddle', [['type', 'variable', 'digital']])
const honey = listing('saddle-honey', [['type', 'variation', 'digital'], ['a', `30402:${me.pubkey}:saddle`], ['spec', 'Colour', 'Honey'], ['stock', '2'], ['x', '2']])

function read(event: NostrEvent): Product {
  const product = decodeGammaProduct(event)
  if (!product.ok)
    throw new TypeError(product.error.code)
  return product.value
}

let hub: ReturnType<typeof createHub>
let clock: ReturnType<typeof manualClock>
let merchant: FlowPerson
let shopper: FlowPerson
let products: Map<Product['address'], Product>

beforeEach(() => {
  hub = createHub()
  clock = manualClock()
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  hub.kept.push(sized, saddle, honey)
  products = new Map([sized, saddle, honey].map(read).map(one => [one.address, one]))
})

const at = (event: NostrEvent): Product => products.get(read(event).address) ?? read(event)
const stalls = () => {
  const stall = implicitStall({ author: me.pubkey, profile: null, shop: null, shippingOptions: [], collections: [], products: products.values() })
  if (stall === null)
    throw new TypeError('no stall')
  return new Map([[stall.address, stall]])
}
function checkout(lines: readonly (readonly [NostrEvent, number, string?])[]): Checkout {
  const [stall] = stalls().values()
  if (stall === undefined)
    throw new TypeError('no stall')
  const cart = lines.reduce((filled, [event, quantity, variant]) => {
    const next = addToCart(filled, at(event), quantity, clock.now(), variant)
    if (!next.ok)
      throw new TypeError(next.error.code)
    return next.value
  }, emptyCart(stall))
  const [zone] = stall.zones
  return { cart: { ...cart, zoneId: zone?.id ?? null, orderId: 'o-1' }, orderId: 'o-1', stall, products, rate: null, name: '', address: '', contact: {}, shopperMessage: '' }
}
const TWO_SIZES = [[sized, 1, 'size M, volume 1 l'], [sized, 2, 'size L, volume 5 l']] as const

async function atTheDesk(wish: Checkout): Promise<OrderKey> {
  const placed = await placeOrder(shopper.deps, wish)
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await shopper.post()
  await merchant.fetch()
  return placed.value
}
const deskOrder = async () => [...(await merchant.orders()).values()][0]
/** Shopstr has no word for 'paid' by the merchant: there the wallet said so. */
const settled = (order: Order): Order => order.dialect === 'shopstr' ? { ...order, payment: 'proved', payments: [{ strength: 'proved', paymentHash: null, preimage: '', msat: null, at: toSeconds(order.placedAt + 1), by: 'own-wallet', message: order.placedBy }] } : order
const booking = async () => {
  const orders = [...(await merchant.orders()).values()].map(settled)
  return bookStock({ ...merchant.deps, relays: hub.relays, relaysFor: () => [HUB], shelf: () => ({ products, stalls: stalls() }), orders: () => orders })
}
const newest = (id: string): NostrEvent | undefined => hub.kept.filter(event => event.kind === kinds.gammaProduct && event.tags.some(([name, value]) => name === 'd' && value === id)).at(-1)

test('two sizes of one thing: agreed to, read at the desk and invoiced by their own prices', async () => {
  await atTheDesk(checkout(TWO_SIZES))
  const mine = [...(await shopper.orders()).values()][0]
  expect(mine?.snapshot).toMatchObject({ lines: [{ variant: 'size M, volume 1 l', quantity: 1 }, { variant: 'size L, volume 5 l', quantity: 2 }], totals: { totalMsat: (20 + 2 * 90) * 1_000 } })
  const order = await deskOrder()
  expect(order?.items.map(({ variant, quantity }) => [variant, quantity]).toSorted()).toEqual([['size L, volume 5 l', 2], ['size M, volume 1 l', 1]])
  expect(order && reprice(order, { products, stalls: stalls() }, null)).toMatchObject({ ok: true, value: { totals: { totalMsat: 200_000 } } })
  // What is not listed has no price.
  expect(order && reprice({ ...order, items: order.items.map(line => ({ ...line, variant: 'size XXL, volume 1 l' })) }, { products, stalls: stalls() }, null)).toMatchObject({ ok: false, error: { code: 'not-for-sale' } })
})

test('T1: a crash between the messages of one order leaves none of its lines behind', async () => {
  const wish = checkout(TWO_SIZES)
  let left = 2
  const journal: typeof shopper.journal = { ...shopper.journal, append: async (message, deliveries) => left-- > 0 ? shopper.journal.append(message, deliveries) : err({ code: 'storage-full' }) }
  expect(await placeOrder({ ...shopper.deps, journal }, wish)).toMatchObject({ ok: false, error: { code: 'storage-full' } })
  expect([...(await shopper.orders()).values()][0]?.items).toHaveLength(1)
  await atTheDesk(wish)
  await atTheDesk(wish)
  expect([...(await shopper.orders()).values()].map(({ items, problems }) => [items.length, problems])).toEqual([[2, []]])
  expect((await deskOrder())?.items).toHaveLength(2)
})

test('T11: paid pieces are taken off the listing and off each size, once, and nothing else of the event changes', async () => {
  await atTheDesk(checkout(TWO_SIZES))
  const { published, failed } = await booking()
  expect(failed).toBeNull()
  expect(published).toMatchObject([{ stock: 6, nip99: { variants: { sizes: [{ name: 'M', stock: 2 }, { name: 'L', stock: 2 }] } } }])
  const expected = sized.tags.map(tag => tag[0] === 'quantity' ? ['quantity', '6'] : tag[1] === 'M' ? ['size', 'M', '2'] : tag[1] === 'L' ? ['size', 'L', '2'] : tag)
  expect(newest('oil')).toMatchObject({ tags: expected, content: sized.content })
  published.forEach(one => products.set(one.address, one))
  expect(await booking()).toEqual({ published: [], failed: null })
})

test('T11: a sold variation counts down by itself; its product and other tags stay', async () => {
  products.delete(at(sized).address)
  const key = await atTheDesk(checkout([[honey, 2]]))
  expect((await deskOrder())?.items).toEqual([{ productId: 'saddle-honey', product: at(honey).address, quantity: 2 }])
  expect(await markPaid(merchant.deps, key, 'Thanks')).toMatchObject({ ok: true })
  const { published } = await booking()
  expect(published.map(({ id, stock }) => [id, stock])).toEqual([['saddle-honey', 0]])
  expect(newest('saddle-honey')?.tags).toEqual(honey.tags.map(tag => tag[0] === 'stock' ? ['stock', '0'] : tag))
  expect(newest('saddle')?.id).toBe(saddle.id)
})
