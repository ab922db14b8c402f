import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox'
import { isHex32, type Hex32, type OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { stallOf } from '../../../src/domain/catalog/product'
import type { Product } from '../../../src/domain/catalog/types'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import type { Shelf } from '../../../src/domain/order/pricing'
import type { Order } from '../../../src/domain/order/types'
import { readNwcUri } from '../../../src/domain/wallet/nwc-uri'
import { payOrder } from '../../../src/flows/payOrder'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settleHold, type SettleHoldDeps } from '../../../src/flows/settleHold'
import { openNwcSource } from '../../../src/payments/nwc-source'
import { openNwcWallet } from '../../../src/payments/nwc-wallet'
import type { InvoiceSource } from '../../../src/ports/invoices'
import { personAt, until } from '../../support/sale-people'

/** Two real Lightning nodes, a relay, a wallet service on either side. */
let sandbox: Sandbox
let shopper: ReturnType<typeof personAt>
let merchant: ReturnType<typeof personAt>
let shelf: Shelf
let source: InvoiceSource
const HOLD_SECONDS = 6
const close: (() => void)[] = []

const connection = (uri: string) => {
  const read = readNwcUri(uri)
  if (!read.ok)
    throw new TypeError('no connection')
  return read.value
}

beforeAll(async () => {
  sandbox = await startSandbox({ lightning: 'ldk', holdSeconds: HOLD_SECONDS })
  shopper = personAt(sandbox.relayUrl, sandbox.personas.shopper.nsec)
  merchant = personAt(sandbox.relayUrl, sandbox.personas.merchant.nsec)
  shopper.receive()
  merchant.receive()
  shelf = await shopper.shelf()
  source = openNwcSource({ connection: connection(sandbox.personas.merchant.wallet.uri), relays: merchant.relays, clock: merchant.deps.clock, network: 'regtest' })
  close.push(() => source.dispose())
}, 30_000)

afterAll(async () => {
  close.forEach(end => end())
  shopper.close()
  merchant.close()
  await sandbox.stop()
})

const desk = (): SettleHoldDeps & Parameters<typeof requestPayment>[0] => ({
  ...merchant.deps,
  source,
  former: null,
  rates: { rate: async currency => ({ ok: true, value: { currency, btcPrice: '50000', source: 'test', at: merchant.deps.clock.now() } }) },
  shelf: () => shelf,
  ownerOf: merchant.ownerOf,
  orders: () => merchant.orders().values(),
  shelfComplete: () => true,
  isCurrent: () => true,
  refusalWords: ({ code }) => code,
  words: order => ({ description: order.number, text: '' }),
  reserve: { wanted: () => true, preimage: secret, text: 'It comes back by itself' },
  paidWords: 'taken',
  holdWords: { held: 'reserved', soldOut: 'gone', released: reason => reason },
})
function secret(): Hex32 {
  const id: string = merchant.deps.clock.newId()
  if (!isHex32(id))
    throw new TypeError('no secret')
  return id
}

const at = (person: typeof shopper, key: OrderKey, holds: (order: Order) => boolean, what: string): Promise<Order> =>
  until(() => {
    const order = person.orders().get(key)
    return order !== undefined && holds(order) ? order : undefined
  }, what)

function goods(): Product {
  const found = [...shelf.products.values()].find(one => one.author === merchant.deps.signer.pubkey && one.stallId === 'bramble-and-bee' && one.stock !== null && one.stock > 0)
  if (found === undefined)
    throw new TypeError('nothing for sale')
  return found
}

/** Ordered, asked to be reserved, and being paid by the shopper's own wallet. */
async function reserved() {
  const product = goods()
  const stall = stallOf(product, shelf.stalls)
  const cart = stall === null ? null : addToCart(emptyCart(stall), product, 1, shopper.deps.clock.now())
  if (stall === null || cart?.ok !== true)
    throw new TypeError('not for sale')
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: stall.zones[0]?.id ?? null }, orderId: shopper.deps.clock.newId(), stall, products: shelf.products, rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  const key = placed.value
  await shopper.post()
  await at(merchant, key, () => true, 'the order')
  expect(await requestPayment(desk(), key)).toMatchObject({ ok: true })
  await merchant.post()
  await at(shopper, key, ({ request }) => request?.reserve === true, 'the request')
  const wallet = openNwcWallet({ connection: connection(sandbox.personas.shopper.walletUri), relays: shopper.relays, clock: shopper.deps.clock })
  close.push(() => wallet.dispose())
  const paying = payOrder({ ...shopper.deps, wallet, network: 'regtest', knownHashes: () => new Map(), accepted: null }, key)
  const hash = merchant.orders().get(key)?.issued[0]?.paymentHash
  if (hash === undefined)
    throw new TypeError('nothing issued')
  await until(() => sandbox.lightning.held(hash), 'the hold')
  return { key, hash, paying, product }
}
const panel = (key: OrderKey) => {
  const order = shopper.orders().get(key)
  if (order === undefined)
    throw new TypeError('no order')
  return paymentPanel({ order, now: shopper.deps.clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
}

test('real nodes: reserved, then taken: proved on both sides', async () => {
  const { key, hash, paying } = await reserved()
  expect(await source.lookup(hash)).toMatchObject({ status: 'accepted' })
  expect(await settleHold(desk(), key, hash)).toMatchObject({ ok: true, value: { found: 'payment' } })
  expect(await paying).toMatchObject({ ok: true, value: { status: 'paid' } })
  await merchant.post()
  const told = await at(shopper, key, ({ payments }) => payments.some(({ strength }) => strength === 'said'), 'the word of payment')
  expect(told).toMatchObject({ status: 'payment_confirmed', payment: 'proved', problems: [] })
  expect(merchant.orders().get(key)).toMatchObject({ status: 'payment_confirmed', payment: 'proved', problems: [], holds: [{ state: 'taken' }] })
}, 20_000)

test('real nodes: reserved, sold out meanwhile, given back: the wallet has its money and both sides the reason', async () => {
  const before = sandbox.accounts.shopper.balanceMsat
  const { key, hash, paying, product } = await reserved()
  shelf = { ...shelf, products: new Map(shelf.products).set(product.address, { ...product, stock: 0 }) }
  expect(await settleHold(desk(), key, hash)).toMatchObject({ ok: true })
  expect(await paying).toMatchObject({ ok: true, value: { status: 'failed' } })
  // The nodes need a moment to hand it back; the next look finds it back.
  expect(await settleHold(desk(), key, hash)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
  await merchant.post()
  await at(shopper, key, ({ refusal }) => refusal !== null, 'the refusal')
  expect(panel(key)).toEqual({ type: 'refused', text: 'stock-too-low', released: true })
  expect(sandbox.accounts.shopper.balanceMsat).toBe(before)
  shelf = { ...shelf, products: new Map(shelf.products).set(product.address, product) }
}, 20_000)

test('real nodes: the merchant\'s tab is gone: the wallet gives it back at its deadline, and both are told afterwards', async () => {
  const before = sandbox.accounts.shopper.balanceMsat
  const { key, hash, paying } = await reserved()
  expect(await paying).toMatchObject({ ok: true, value: { status: 'failed' } })
  expect(sandbox.accounts.shopper.balanceMsat).toBe(before)
  expect(await settleHold(desk(), key, hash)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
  await merchant.post()
  await at(shopper, key, ({ holds }) => holds.some(({ state }) => state === 'released'), 'the word')
  expect(panel(key)).toEqual({ type: 'released', back: true })
  expect(merchant.orders().get(key)?.holds).toMatchObject([{ state: 'released', reason: 'by-wallet' }])
}, 30_000)
