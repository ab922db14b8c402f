import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import type { OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import type { Order } from '../../../src/domain/order/types'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { cancelOrder, confirmReceived, shipOrder } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sendChat } from '../../../src/flows/sendChat'
import { settlePayment } from '../../../src/flows/settlePayment'
import { deskOf, flowPerson, pubkeyOf, secrets, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf, WORLD } from '../../support/gamma-shelf'
import { createHub, type Hub } from '../../support/memory-hub'
import { manualClock } from '../../support/manual-clock'
import { person, signed } from '../../support/signed'

const merchantKey = { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }
let hub: Hub
let clock: ReturnType<typeof manualClock>
let shopper: FlowPerson
let merchant: FlowPerson
let ledger: LedgerBackend
let goods: ReturnType<typeof gammaShelf>

beforeEach(() => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  shopper = flowPerson('shopper', hub, clock)
  merchant = flowPerson('merchant', hub, clock)
  ledger = new LedgerBackend(() => clock.now())
  goods = gammaShelf(clock.now() - 1_000)
})

const at = async (person: FlowPerson, key: OrderKey): Promise<Order> => {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new TypeError('no such order')
  return order
}

async function exchange(): Promise<void> {
  await shopper.post()
  await merchant.post()
  await shopper.fetch()
  await merchant.fetch()
}

async function place(): Promise<OrderKey> {
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 2, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: EU, orderId: 'order-4711' }, orderId: 'order-4711', stall: goods.stall, products: goods.shelf.products, rate: null, name: 'Sam Private', address: '1 Secret Road', contact: { email: 'sam@private.example' }, shopperMessage: 'Ring twice' })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange()
  return placed.value
}

async function paidSale(): Promise<OrderKey> {
  const key = await place()
  const desk = await deskOf(merchant, () => goods.shelf, ledger)
  expect(await autoInvoice(desk, { key })).toMatchObject({ ok: true, value: { type: 'asked' } })
  await clock.advance(2)
  await exchange()
  const [issued] = (await at(merchant, key)).issued
  if (issued === undefined)
    throw new TypeError('nothing issued')
  await ledger.pay(issued.bolt11)
  await settlePayment({ ...desk, paidWords: 'Thank you' }, key, issued.paymentHash)
  await clock.advance(2)
  await exchange()
  return key
}

/** What both sides see of an order, without what rests on one device only. */
const shared = ({ status, payment, items, zoneId, address, contact, shopperMessage, shipped, tracking, statusText, chat, placedBy, dialect }: Order) =>
  ({ status, payment, items, zoneId, address, contact, shopperMessage, shipped, tracking, statusText, chat, placedBy, dialect })

describe('a sale in the Gamma dialect, by gift wraps', () => {
  test('from the order to the parcel', async () => {
    const key = await place()
    expect(await at(merchant, key)).toMatchObject({ dialect: 'gamma', status: 'payment_pending', zoneId: EU, items: [{ product: goods.mug.address, quantity: 2 }], shopperMessage: 'Ring twice', contact: { email: 'sam@private.example' } })
    expect((await at(merchant, key)).address).toContain('1 Secret Road')
    expect((await at(shopper, key)).number).toBe((await at(merchant, key)).number)

    const desk = await deskOf(merchant, () => goods.shelf, ledger)
    await autoInvoice(desk, { key })
    await clock.advance(2)
    await exchange()
    const asked = await at(shopper, key)
    expect(asked.request?.msat).toBe(25_000_000)
    expect(paymentPanel({ order: asked, now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })).toMatchObject({ type: 'ready', msat: 25_000_000, checks: { amount: 'within' } })

    const hash = (await at(merchant, key)).issued[0]
    if (hash === undefined)
      throw new TypeError('nothing issued')
    await ledger.pay(hash.bolt11)
    expect(await settlePayment({ ...desk, paidWords: 'Thank you' }, key, hash.paymentHash)).toMatchObject({ value: { found: 'payment' } })
    await clock.advance(2)
    await exchange()
    expect((await at(shopper, key)).payment).toBe('said')

    expect(await shipOrder(merchant.deps, key, { text: 'On its way', carrier: 'Post', number: 'RR1' })).toMatchObject({ ok: true })
    await clock.advance(2)
    await exchange()
    expect(await at(shopper, key)).toMatchObject({ status: 'shipped', tracking: { carrier: 'Post', number: 'RR1' }, statusText: 'On its way', problems: [] })

    expect(await confirmReceived(shopper.deps, key, 'It is here')).toMatchObject({ ok: true })
    await clock.advance(2)
    await exchange()
    expect(['delivered', 'completed']).toContain((await at(merchant, key)).status)
  })

  test('T10: sent by another zone than was chosen: said in words, known on both sides, at its own total', async () => {
    goods = gammaShelf(clock.now() - 1_000, { world: true })
    const key = await place()
    const desk = await deskOf(merchant, () => goods.shelf, ledger)
    await autoInvoice(desk, { key })
    await clock.advance(2)
    await exchange()
    const counter = { ...desk, words: (...asked: Parameters<typeof desk.words>) => ({ ...desk.words(...asked), rezoned: 'By Worldwide' }) }
    expect(await requestPayment(counter, key, { zoneId: WORLD, despite: ['former-payable'] })).toMatchObject({ ok: true })
    await clock.advance(2)
    await exchange()
    for (const person of [shopper, merchant])
      expect(await at(person, key)).toMatchObject({ zoneId: WORLD, request: { msat: 29_000_000 } })
    const asked = await at(shopper, key)
    expect(asked.timeline.some(({ text }) => text === 'By Worldwide')).toBe(true)
    const panel = paymentPanel({ order: asked, now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
    expect(panel).toMatchObject({ type: 'mismatch', codes: ['amount_mismatch'], payable: true, rezoned: true })
  })

  test('words about the order go both ways, and belong to it', async () => {
    const key = await place()
    await sendChat(shopper.deps, key, 'Is it blue?')
    await exchange()
    await clock.advance(2)
    await sendChat(merchant.deps, key, 'Very.')
    await exchange()
    for (const person of [shopper, merchant])
      expect((await at(person, key)).chat.map(({ by, text }) => `${by}: ${text}`)).toEqual(['shopper: Is it blue?', 'merchant: Very.'])
  })

  test('cancelled before anything was paid', async () => {
    const key = await place()
    await clock.advance(2)
    expect(await cancelOrder(shopper.deps, key, 'shopper', 'Changed my mind')).toMatchObject({ ok: true })
    await exchange()
    expect(await at(merchant, key)).toMatchObject({ status: 'cancelled', cancelledBy: 'shopper' })
  })

  test('T14: on the wire are wraps alone; nothing names the buyer, the basket, or the pair', async () => {
    await paidSale()
    expect(hub.kept.length).toBeGreaterThan(5)
    expect(new Set(hub.kept.map(({ kind }) => kind))).toEqual(new Set([1059]))
    // Every wrap is by a key of its own, and names nobody but its reader.
    expect(new Set(hub.kept.map(({ pubkey }) => pubkey)).size).toBe(hub.kept.length)
    for (const { tags, pubkey } of hub.kept) {
      expect(tags).toHaveLength(1)
      expect([pubkeyOf('shopper'), merchantKey.pubkey]).not.toContain(pubkey)
    }
    for (const { content } of hub.kept) {
      // Longer than what base64 spells by chance.
      for (const mark of ['"mug', 'Secret', 'private', 'order-4711', pubkeyOf('shopper'), merchantKey.pubkey])
        expect(content.includes(mark), mark).toBe(false)
    }
    // Their times tell nothing either: a sale of some seconds is spread over two days.
    const times = hub.kept.map(({ created_at: time }) => time)
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3_600)
  })

  test('T5: an empty device of either side finds the whole order again, and equals what was there', async () => {
    const key = await paidSale()
    await shipOrder(merchant.deps, key, { text: 'On its way', carrier: 'Post', number: 'RR1' })
    await clock.advance(2)
    await exchange()
    for (const [who, person] of [['shopper', shopper], ['merchant', merchant]] as const) {
      const emptied = flowPerson(who, hub, clock)
      await emptied.fetch()
      const [before, after] = [await at(person, key), await at(emptied, key)]
      // The merchant's wallet alone proves; its word to the shopper rests with the relays.
      expect(shared({ ...after, payment: before.payment })).toEqual(shared(before))
      expect(['said', 'proved']).toContain(after.payment)
    }
  })

  test('what was opened once is not opened again; rubbish in a wrap is counted once', async () => {
    const key = await place()
    hub.kept.push(signed({ kind: 1059, tags: [['p', merchantKey.pubkey]], content: 'A'.repeat(200) }, person()))
    await merchant.fetch()
    expect(await merchant.journal.has(hub.kept.filter(({ tags }) => tags[0]?.[1] === merchantKey.pubkey).map(({ id }) => id))).toHaveProperty('size', 2)
    let asked = 0
    const { signer } = merchant.deps
    Object.assign(signer, { nip44Decrypt: async () => {
      asked += 1
      return { ok: false, error: { code: 'decrypt' } }
    } })
    await merchant.fetch()
    expect(asked).toBe(0)
    expect(await merchant.journal.spoilt()).toMatchObject([{ spoilt: 'decrypt' }])
    expect((await at(merchant, key)).status).toBe('payment_pending')
  })
})
