import { beforeEach, describe, expect, test } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import type { Shelf } from '../../../src/domain/order/pricing'
import type { Order } from '../../../src/domain/order/types'
import { cancelOrder, keepOrder, markPaid, sayDispute, sayStep, shipOrder } from '../../../src/flows/order-words'
import { placeOrder, type Checkout } from '../../../src/flows/placeOrder'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { checkoutOf, flowPerson, productOfMerchant, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'

let clock: ReturnType<typeof manualClock>
let merchant: FlowPerson
let shopper: FlowPerson
let key: OrderKey

const soap: Product = productOfMerchant('soap', { stock: null })
const shelf: Shelf = shelfWith(soap)
function gammaCheckout(): Checkout {
  const goods = gammaShelf(clock.now() - 1_000)
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 1, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  return { cart: { ...cart.value, zoneId: EU, orderId: 'order-1' }, orderId: 'order-1', stall: goods.stall, products: goods.shelf.products, rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' }
}

async function exchange(): Promise<void> {
  await clock.advance(2)
  await shopper.post()
  await merchant.post()
  await shopper.fetch()
  await merchant.fetch()
  await clock.advance(2)
}
async function at(person: FlowPerson): Promise<Order> {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new TypeError('no such order')
  return order
}
/** As both sides see it after the letters have come. */
async function both<T>(look: (order: Order) => T): Promise<readonly [T, T]> {
  await exchange()
  return [look(await at(shopper)), look(await at(merchant))]
}
const twice = <T>(one: T): readonly [T, T] => [one, one]
const whats = ({ timeline }: Order): readonly string[] => timeline.map(({ what }) => what)

describe.each(['nip15', 'gamma'] as const)('words between paid and done, in %s', (dialect) => {
  beforeEach(async () => {
    const hub = createHub()
    clock = { ...manualClock(), random: () => Math.random() }
    merchant = flowPerson('merchant', hub, clock)
    shopper = flowPerson('shopper', hub, clock)
    const placed = await placeOrder(shopper.deps, dialect === 'nip15' ? checkoutOf(shelf, soap) : gammaCheckout())
    if (!placed.ok)
      throw new TypeError(placed.error.code)
    key = placed.value
    await exchange()
    await markPaid(merchant.deps, key, 'Cash')
    await exchange()
    expect((await at(merchant)).dialect).toBe(dialect)
  })

  test('each step arrives as what it is, kept in the outbox until a relay has it', async () => {
    for (const [step, status] of [...dialect === 'nip15' ? [['accept', 'order_confirmed'] as const] : [], ['process', 'processing'], ['ready', 'ready_to_ship'], ['deliver', 'delivered'], ['complete', 'completed']] as const) {
      expect(await sayStep(merchant.deps, key, step, `Now: ${step}`)).toMatchObject({ ok: true })
      expect(await merchant.journal.undelivered()).not.toEqual([])
      expect(await both(({ status }) => status)).toEqual(twice(status))
      expect(await merchant.journal.undelivered()).toEqual([])
    }
    expect((await at(shopper)).timeline.at(-1)).toMatchObject({ what: 'completed', by: 'merchant', text: 'Now: complete' })
    expect(await sayStep(merchant.deps, key, 'ready', 'Again')).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
  })

  test('a wish to cancel is answered with a no and its reason; the order goes on, and may be asked about again', async () => {
    expect(await keepOrder(merchant.deps, key, 'Too early')).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    expect(await cancelOrder(shopper.deps, key, 'shopper', 'Changed my mind')).toMatchObject({ ok: true })
    expect(await both(({ cancelRequestedBy }) => cancelRequestedBy)).toEqual(twice('shopper'))
    expect(await keepOrder(shopper.deps, key, 'I say so')).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    expect(await keepOrder(merchant.deps, key, 'It is packed already')).toMatchObject({ ok: true })
    expect(await both(order => [order.cancelRequestedBy, order.cancelledBy, whats(order).includes('cancel-declined')])).toEqual(twice([null, null, true]))
    expect((await at(shopper)).timeline.find(({ what }) => what === 'cancel-declined')).toMatchObject({ by: 'merchant', text: 'It is packed already' })
    expect(await cancelOrder(shopper.deps, key, 'shopper', 'Please')).toMatchObject({ ok: true })
    expect(await both(({ cancelRequestedBy }) => cancelRequestedBy)).toEqual(twice('shopper'))
  })

  test('a shopper reports a problem and takes it back; another one the merchant calls solved', async () => {
    await shipOrder(merchant.deps, key, { text: 'Gone', carrier: 'Post', number: '1' })
    await exchange()
    expect(await sayDispute(shopper.deps, key, 'shopper', 'dispute', 'It came in two halves')).toMatchObject({ ok: true })
    expect(await both(({ status, dispute }) => [status, dispute?.by, dispute?.reason])).toEqual(twice(['disputed', 'shopper', 'It came in two halves']))
    expect(await sayDispute(merchant.deps, key, 'merchant', 'withdraw-dispute', 'No')).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    expect(await sayDispute(shopper.deps, key, 'shopper', 'withdraw-dispute', 'It was the neighbour\'s')).toMatchObject({ ok: true })
    expect(await both(({ status, dispute }) => [status, dispute?.open])).toEqual(twice(['shipped', false]))
    await sayDispute(shopper.deps, key, 'shopper', 'dispute', 'Mine is broken too')
    await exchange()
    expect(await sayDispute(merchant.deps, key, 'merchant', 'resolve-dispute', 'A new one is under way')).toMatchObject({ ok: true })
    expect(await both(order => [order.status, order.dispute?.open, whats(order).at(-1)])).toEqual(twice(['shipped', false, 'dispute-resolved']))
    expect((await at(shopper)).timeline.at(-1)).toMatchObject({ by: 'merchant', text: 'A new one is under way' })
  })
})
