import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox'
import type { OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { stallOf } from '../../../src/domain/catalog/product'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import type { Shelf } from '../../../src/domain/order/pricing'
import type { Order } from '../../../src/domain/order/types'
import { readNwcUri } from '../../../src/domain/wallet/nwc-uri'
import { autoInvoice, type AutoInvoiceDeps } from '../../../src/flows/autoInvoice'
import { bookStock } from '../../../src/flows/bookStock'
import { shipOrder } from '../../../src/flows/order-words'
import { payOrder, type PayOrderDeps } from '../../../src/flows/payOrder'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settlePayment } from '../../../src/flows/settlePayment'
import { openNwcSource } from '../../../src/payments/nwc-source'
import { openNwcWallet } from '../../../src/payments/nwc-wallet'
import { createRates } from '../../../src/payments/rates'
import { lnbitsRateSource } from '../../../src/payments/rate-sources'
import { personAt, until } from '../../support/sale-people'
import { relayUrl } from '../../support/signed'

let sandbox: Sandbox
let shopper: ReturnType<typeof personAt>
let merchant: ReturnType<typeof personAt>
let shelf: Shelf
const close: (() => void)[] = []

const connection = (uri: string) => {
  const read = readNwcUri(uri)
  if (!read.ok)
    throw new TypeError('no connection')
  return read.value
}

beforeAll(async () => {
  sandbox = await startSandbox({ lightning: 'ledger' })
  shopper = personAt(sandbox.relayUrl, sandbox.personas.shopper.nsec)
  merchant = personAt(sandbox.relayUrl, sandbox.personas.merchant.nsec)
  shopper.receive()
  merchant.receive()
  shelf = await shopper.shelf()
}, 30_000)

afterAll(async () => {
  close.forEach(end => end())
  shopper.close()
  merchant.close()
  await sandbox.stop()
})

function desk(): AutoInvoiceDeps & { readonly source: ReturnType<typeof openNwcSource> } {
  const source = openNwcSource({ connection: connection(sandbox.personas.merchant.wallet.uri), relays: merchant.relays, clock: merchant.deps.clock, network: 'regtest' })
  close.push(() => source.dispose())
  return {
    ...merchant.deps,
    source,
    former: null,
    rates: createRates([lnbitsRateSource(sandbox.walletUrl)], merchant.deps.clock),
    shelf: () => shelf,
    ownerOf: merchant.ownerOf,
    orders: () => merchant.orders().values(),
    shelfComplete: () => true,
    isCurrent: () => true,
    refusalWords: ({ code }) => code,
    words: (order, priced) => ({ description: order.number, text: JSON.stringify(priced.totals.total) }),
  }
}

function pocket(): PayOrderDeps {
  const wallet = openNwcWallet({ connection: connection(sandbox.personas.shopper.walletUri), relays: shopper.relays, clock: shopper.deps.clock })
  close.push(() => wallet.dispose())
  return { ...shopper.deps, wallet, network: 'regtest', knownHashes: () => new Map(), accepted: null }
}

/** Places an order for one piece of the stall's first product that can be had. */
async function place(stallId: string, quantity = 1): Promise<OrderKey> {
  const me = merchant.deps.signer.pubkey
  const product = [...shelf.products.values()].find(one => one.author === me && one.stallId === stallId && one.stock !== 0)
  const stall = product === undefined ? null : stallOf(product, shelf.stalls)
  if (product === undefined || stall === null)
    throw new TypeError('nothing for sale')
  const cart = addToCart(emptyCart(stall), product, quantity, shopper.deps.clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const zoneId = stall.zones[0]?.id ?? null
  const rates = createRates([lnbitsRateSource(sandbox.walletUrl)], shopper.deps.clock)
  const rate = stall.currency === 'SAT' ? null : await rates.rate(stall.currency)
  const placed = await placeOrder(shopper.deps, {
    cart: { ...cart.value, zoneId }, orderId: shopper.deps.clock.newId(), stall, products: shelf.products, rate: rate?.ok ? rate.value : null,
    name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: 'By the door, please',
  })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  return placed.value
}

const at = (person: typeof shopper, key: OrderKey, holds: (order: Order) => boolean, what: string): Promise<Order> =>
  until(() => {
    const order = person.orders().get(key)
    return order !== undefined && holds(order) ? order : undefined
  }, what)

describe.each([['sat', 'bramble-and-bee', 'SAT'], ['euro', 'slow-light', 'EUR']])('a whole sale in %s', (_name, stallId, currency) => {
  test('from the order to the parcel, over a real relay and real invoices', async () => {
    const key = await place(stallId)
    expect(shopper.orders().get(key)?.status).toBe('payment_pending')
    await shopper.post()
    const arrived = await at(merchant, key, () => true, 'the order at the merchant')
    expect(arrived).toMatchObject({ address: 'Sam\n1 Lake Road', shopperMessage: 'By the door, please', name: 'Sam' })

    const counter = desk()
    const answered = await autoInvoice(counter, arrived)
    expect(answered).toMatchObject({ ok: true, value: { type: 'asked' } })
    await merchant.post()
    const asked = await at(shopper, key, ({ request }) => request !== null, 'the invoice at the shopper')
    expect(asked.snapshot?.totals.total.currency).toBe(currency)
    expect(asked.request?.msat).toBe(asked.snapshot?.totals.totalMsat)
    const panel = paymentPanel({ order: asked, now: shopper.deps.clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
    expect(panel).toMatchObject({ type: 'ready', checks: { amount: 'within', oneTap: true } })

    const paid = await payOrder(pocket(), key)
    expect(paid).toMatchObject({ ok: true, value: { status: 'paid' } })
    expect(shopper.orders().get(key)).toMatchObject({ payment: 'proved', paying: null })
    // A second tap is none.
    expect(await payOrder(pocket(), key)).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'paid' } })

    const hash = merchant.orders().get(key)?.issued[0]?.paymentHash
    if (hash === undefined)
      throw new TypeError('nothing issued')
    expect(await settlePayment({ ...counter, paidWords: 'Thank you' }, key, hash)).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(await settlePayment({ ...counter, paidWords: 'Thank you' }, key, hash)).toMatchObject({ ok: true, value: { found: 'nothing' } })
    await merchant.post()
    const told = await at(shopper, key, ({ payments }) => payments.some(({ strength }) => strength === 'said'), 'the word of payment')
    expect(told.status).toBe('payment_confirmed')
    expect([...merchant.messages.values()].filter(message => message.type === 'status')).toHaveLength(currency === 'SAT' ? 1 : 3)

    const line = told.items[0]
    const product = [...shelf.products.values()].find(one => one.author === told.merchant && one.id === line?.productId)
    const booked = await bookStock({ ...counter, relays: merchant.relays, relaysFor: () => [relayUrl(sandbox.relayUrl)], orders: () => merchant.orders().values() })
    expect(booked).toMatchObject({ published: [{ id: line?.productId, stock: (product?.stock ?? 0) - 1 }], failed: null })
    shelf = await merchant.shelf()
    expect(shelf.products.get(product?.address as never)?.stock).toBe((product?.stock ?? 0) - 1)
    // What is counted is not counted again.
    expect(await bookStock({ ...counter, relays: merchant.relays, relaysFor: () => [relayUrl(sandbox.relayUrl)], orders: () => merchant.orders().values() })).toEqual({ published: [], failed: null })

    expect(await shipOrder(merchant.deps, key, { text: 'On its way', carrier: 'Post', number: 'RR123456785DE' })).toMatchObject({ ok: true })
    await merchant.post()
    const shipped = await at(shopper, key, order => order.shipped, 'the parcel')
    expect(shipped).toMatchObject({ status: 'shipped', statusText: 'On its way', tracking: { carrier: 'Post', number: 'RR123456785DE' }, problems: [] })
    expect(merchant.orders().get(key)).toMatchObject({ status: 'shipped', problems: [] })
  }, 40_000)
})

test('T10: an invoice for another zone supersedes the former on both sides, at its own total', async () => {
  const key = await place('bramble-and-bee')
  await shopper.post()
  const order = await at(merchant, key, () => true, 'the order')
  const counter = desk()
  await autoInvoice(counter, order)
  await merchant.post()
  const first = await at(shopper, key, ({ request }) => request !== null, 'the first invoice')
  expect(await requestPayment(counter, key, { zoneId: 'world' })).toMatchObject({ ok: true })
  await merchant.post()
  const second = await at(shopper, key, ({ requests }) => requests.length === 2, 'the second invoice')
  expect(second.requests[0]?.supersededBy).toBe(second.request?.message)
  expect(second.request?.msat).toBeGreaterThan(first.request?.msat ?? 0)
  expect(second.zoneId).toBe('world')
  expect(merchant.orders().get(key)?.requests[0]?.supersededBy).toBe(second.request?.message)
  // More than agreed: shown, and not payable by one tap.
  expect(await payOrder(pocket(), key)).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'mismatch' } })
}, 30_000)
