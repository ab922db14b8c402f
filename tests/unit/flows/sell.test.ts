import { beforeEach, describe, expect, test } from 'vitest'
import { type Hex32, type OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { orderKey } from '../../../src/domain/order/keys'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sendChat } from '../../../src/flows/sendChat'
import { openInvoices } from '../../../src/domain/order/own-invoices'
import { rateSourcesFrom } from '../../../src/payments/rate-sources'
import { createRates } from '../../../src/payments/rates'
import { settlePayment } from '../../../src/flows/settlePayment'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { fuse } from '../../support/crashing'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'

const mug = productOfMerchant('mug', { stock: 1 })
const card = productOfMerchant('card', { stock: null, stall: 'euro', currency: 'EUR', minor: 250 })
const soap = productOfMerchant('soap', { stock: null })
let shelf = shelfWith(mug, card, soap)
let hub: ReturnType<typeof createHub>
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let merchant: FlowPerson
let shopper: FlowPerson
let second: FlowPerson

beforeEach(() => {
  shelf = shelfWith(mug, card, soap)
  hub = createHub()
  clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  second = flowPerson('shopper2', hub, clock)
})

async function order(person: FlowPerson, who: 'shopper' | 'shopper2', product: Product, orderId = 'order-1'): Promise<OrderKey> {
  const placed = await placeOrder(person.deps, checkoutOf(shelf, product, { orderId }))
  if (!placed.ok)
    throw new Error(placed.error.code)
  await person.post()
  return orderKey(pubkeyOf(who), pubkeyOf('merchant'), orderId)
}
const at = async (person: FlowPerson, key: OrderKey) => {
  const found = (await person.orders()).get(key)
  if (found === undefined)
    throw new Error('no such order')
  return found
}
const desk = () => deskOf(merchant, () => shelf, ledger)
const settling = async () => ({ ...await desk(), paidWords: 'Thank you' })
async function exchange(): Promise<void> {
  await merchant.post()
  await shopper.post()
  await Promise.all([merchant.fetch(), shopper.fetch(), second.fetch()])
}

describe('asking for payment', () => {
  test('I13: what was issued is kept before anybody can pay it, wherever it crashes; one invoice an attempt', async () => {
    const key = await order(shopper, 'shopper', soap)
    await merchant.fetch()
    const probe = fuse(0, 'before')
    const counting = await desk()
    await requestPayment({ ...counting, journal: probe.wrap(merchant.journal), mail: probe.wrap(merchant.deps.mail), source: probe.wrap(counting.source) }, key)
    const steps = probe.used()
    expect(steps).toBeGreaterThan(4)

    for (let step = 1; step <= steps; step += 1) {
      for (const when of ['before', 'after'] as const) {
        const fresh = flowPerson('merchant', hub, clock)
        await fresh.fetch()
        const counter = await deskOf(fresh, () => shelf, ledger)
        const line = fuse(step, when)
        await line.run(() => requestPayment({ ...counter, journal: line.wrap(fresh.journal), mail: line.wrap(fresh.deps.mail), source: line.wrap(counter.source) }, key))
        const crashed = (await fresh.orders()).get(key)
        // Nothing is in the outbox that is not among what was issued.
        expect(crashed?.requests.every(({ paymentHash }) => crashed.issued.some(issued => issued.paymentHash === paymentHash))).toBe(true)
        if ((await fresh.journal.undelivered()).length === 0)
          expect(await requestPayment(counter, key)).toMatchObject({ ok: true })
        const after = (await fresh.orders()).get(key)
        expect(after?.requests).toHaveLength(1)
        expect(after?.issued).toHaveLength(1)
        expect(counter.source.made).toHaveLength(1)
      }
    }
  })

  test('the amount is the order\'s total by the own listings, in euro at the rate of now, and the rate is kept', async () => {
    const key = await order(shopper, 'shopper', card)
    await merchant.fetch()
    expect(await requestPayment(await desk(), key)).toMatchObject({ ok: true })
    await exchange()
    const asked = await at(shopper, key)
    // 2.50 + 4.90 at 50,000 a bitcoin.
    expect(asked.request).toMatchObject({ msat: 14_800_000 })
    const own = await at(merchant, key)
    expect(own.issued[0]).toMatchObject({ attempt: 1, asked: 14_800_000, totals: { total: { currency: 'EUR', minor: 740 }, rate: { btcPrice: '50000', source: 'test' } } })
    expect((own.issued[0]?.expiresAt ?? 0) - clock.now()).toBeLessThanOrEqual(900)
  })

  test('no rate: nothing is made, and the reason is said', async () => {
    const key = await order(shopper, 'shopper', card)
    await merchant.fetch()
    const counter = await desk()
    const broken = { ...counter, rates: { rate: async () => ({ ok: false, error: { code: 'no-rate', detail: 'nobody answered' } }) as const } }
    expect(await requestPayment(broken, key)).toEqual({ ok: false, error: { code: 'no_rate', detail: 'nobody answered' } })
    expect((await at(merchant, key)).issued).toEqual([])
    const doubted = createRates(rateSourcesFrom(['https://mempool.space/', 'https://api.yadio.io/']), clock, async url => new Response(JSON.stringify(url.includes('mempool') ? { EUR: 60_000 } : { BTC: { EUR: 62_000 } })))
    expect(await requestPayment({ ...counter, rates: doubted }, key)).toEqual({ ok: false, error: { code: 'no_rate', detail: 'sources-disagree' } })
    expect((await at(merchant, key)).issued).toEqual([])
  })

  test('T10: asked anew after expiry: the former is superseded on both sides, the new one has its own hash and number', async () => {
    const key = await order(shopper, 'shopper', soap)
    await merchant.fetch()
    const counter = await desk()
    await requestPayment(counter, key)
    await clock.advance(4_000)
    expect(await requestPayment(counter, key)).toMatchObject({ ok: true })
    await exchange()
    for (const person of [shopper, merchant]) {
      const { requests, request } = await at(person, key)
      expect(requests.map(({ supersededBy }) => supersededBy)).toEqual([request?.message, null])
      expect(new Set(requests.map(({ paymentHash }) => paymentHash)).size).toBe(2)
    }
    expect((await at(merchant, key)).issued.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  test('a wallet that gives one hash twice is not believed', async () => {
    const first = await order(shopper, 'shopper', soap)
    const other = await order(shopper, 'shopper', soap, 'order-2')
    await merchant.fetch()
    const counter = await desk()
    await requestPayment(counter, first)
    await counter.refresh()
    const stuck = { ...counter, source: { create: (request: Parameters<typeof counter.source.create>[0]) => counter.source.create({ ...request, orderId: 'order-1', attempt: 1 }) } }
    expect(await requestPayment(stuck, other)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
  })
})

describe('answering by itself', () => {
  test('T11: two shoppers and one piece: the first gets an invoice, the other a refusal that says why', async () => {
    const first = await order(shopper, 'shopper', mug)
    await clock.advance(10)
    const other = await order(second, 'shopper2', mug)
    // The desk opens only now, an hour later.
    await clock.advance(3_600)
    await merchant.fetch()
    const counter = await desk()
    for (const key of [other, first]) {
      await counter.refresh()
      await autoInvoice(counter, { key })
    }
    await exchange()
    expect((await at(shopper, first)).status).toBe('payment_requested')
    expect(await at(second, other)).toMatchObject({ status: 'failed', refusal: { text: 'refused: stock-too-low' } })
  })

  test('an order is answered once; a dead invoice only when the shopper writes again', async () => {
    const key = await order(shopper, 'shopper', soap)
    await merchant.fetch()
    const counter = await desk()
    expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'asked' } })
    expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'wait' } })
    await exchange()
    await clock.advance(4_000)
    expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'wait' } })
    expect(await sendChat(shopper.deps, key, 'Please send a new one')).toMatchObject({ ok: true })
    await exchange()
    expect((await at(merchant, key)).chat).toMatchObject([{ by: 'shopper', text: 'Please send a new one' }])
    expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'asked' } })
    expect((await at(merchant, key)).requests).toHaveLength(2)
  })

  test('a listing that has not arrived yet is no reason to refuse', async () => {
    const key = await order(shopper, 'shopper', soap)
    await merchant.fetch()
    shelf = shelfWith(mug)
    const counter = await desk()
    expect(await autoInvoice({ ...counter, shelfComplete: () => false }, { key })).toEqual({ ok: true, value: { type: 'wait' } })
    expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'refused' } })
  })
})

describe('settling', () => {
  async function paid(product: Product = soap): Promise<{ readonly key: OrderKey, readonly hash: Hex32 }> {
    const key = await order(shopper, 'shopper', product)
    await merchant.fetch()
    await requestPayment(await desk(), key)
    const [issued] = (await at(merchant, key)).issued
    if (issued === undefined)
      throw new Error('nothing issued')
    await ledger.pay(issued.bolt11)
    return { key, hash: issued.paymentHash }
  }

  test('T9: two tabs, and a third look, find one payment and say it once', async () => {
    const { key, hash } = await paid()
    const deps = await settling()
    await Promise.all([settlePayment(deps, key, hash), settlePayment(deps, key, hash)])
    await settlePayment(deps, key, hash)
    await exchange()
    const order = await at(merchant, key)
    expect(order.payments.filter(({ by }) => by === 'own-wallet')).toHaveLength(1)
    expect(order.problems).toEqual([])
    expect(await at(shopper, key)).toMatchObject({ payment: 'said', status: 'payment_confirmed', paidMsat: 15_000 })
  })

  test('T9: a crash between any two steps: the payment is found, and the shopper hears of it', async () => {
    const { key, hash } = await paid()
    const deps = await settling()
    const probe = fuse(0, 'before')
    const other = flowPerson('merchant', hub, clock)
    await other.fetch()
    await probe.run(() => settlePayment({ ...deps, journal: probe.wrap(merchant.journal), mail: probe.wrap(merchant.deps.mail), source: probe.wrap(deps.source) }, key, hash))
    for (let step = 1; step <= probe.used(); step += 1) {
      const line = fuse(step, 'after')
      await line.run(() => settlePayment({ ...deps, journal: line.wrap(merchant.journal), mail: line.wrap(merchant.deps.mail), source: line.wrap(deps.source) }, key, hash))
    }
    await settlePayment(deps, key, hash)
    await exchange()
    expect((await at(shopper, key)).payments).toMatchObject([{ strength: 'said' }])
    expect((await at(merchant, key)).problems).toEqual([])
  })

  test('T5: an emptied device of the merchant knows its invoices by what it sent, finds the money and says so', async () => {
    const { key, hash } = await paid()
    await merchant.post()
    const emptied = flowPerson('merchant', hub, clock)
    await emptied.fetch()
    const before = await at(emptied, key)
    expect(before.issued).toEqual([])
    expect(openInvoices(before).map(({ paymentHash }) => paymentHash)).toEqual([hash])
    const deps = { ...emptied.deps, source: (await settling()).source, paidWords: 'Thank you' }
    expect(await settlePayment(deps, key, hash)).toMatchObject({ value: { found: 'payment' } })
    expect(openInvoices(await at(emptied, key))).toEqual([])
    await emptied.post()
    await shopper.fetch()
    expect((await at(shopper, key)).payments).toMatchObject([{ strength: 'said' }])
  })

  test('T9: proved and not yet said, an invoice stays open until the shopper was told', async () => {
    const { key, hash } = await paid()
    const deps = await settling()
    const locked = { ...deps, mail: { compose: async () => ({ ok: false, error: { code: 'locked' } }) as never } }
    expect(await settlePayment(locked, key, hash)).toMatchObject({ ok: false, error: { code: 'locked' } })
    expect(openInvoices(await at(merchant, key)).map(({ paymentHash }) => paymentHash)).toEqual([hash])
    await settlePayment(deps, key, hash)
    expect(openInvoices(await at(merchant, key))).toEqual([])
  })

  test('T9: both invoices paid: found, and said to be twice', async () => {
    const { key, hash } = await paid()
    await requestPayment(await desk(), key)
    const again = (await at(merchant, key)).issued.find(({ paymentHash }) => paymentHash !== hash)
    if (again === undefined)
      throw new Error('nothing issued')
    await ledger.pay(again.bolt11)
    const deps = await settling()
    expect(await settlePayment(deps, key, hash)).toMatchObject({ value: { found: 'payment' } })
    expect(await settlePayment(deps, key, again.paymentHash)).toMatchObject({ value: { found: 'second-payment' } })
    expect((await at(merchant, key)).problems).toContain('paid-twice')
  })

  test('less than was asked is not called paid to the shopper', async () => {
    const { key, hash } = await paid()
    const deps = await settling()
    const short = { ...deps, source: { lookup: async () => ({ status: 'settled', received: 1_000, settledAt: null, preimage: null }) as never } }
    await settlePayment(short, key, hash)
    expect((await at(merchant, key)).problems).toContain('underpaid')
    expect(await merchant.journal.undelivered()).toHaveLength(1)
  })
})
