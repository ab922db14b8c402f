/** Less arrived than was asked: what either side reads, and what the merchant may do about it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { toMsat } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { allowedActs } from '../../../src/domain/order/acts'
import { deskPaymentState } from '../../../src/domain/order/desk-payment-state'
import { orderKey } from '../../../src/domain/order/keys'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import { refundableMsat } from '../../../src/domain/order/refund-offer'
import { nextStep, paymentBadge } from '../../../src/domain/order/status'
import type { Order } from '../../../src/domain/order/types'
import { untoldOf } from '../../../src/domain/order/untold'
import { cancelOrder, inWord, markPaid, shipOrder } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sayAbout } from '../../../src/flows/send'
import { settlePayment } from '../../../src/flows/settlePayment'
import { tellUnderpaid } from '../../../src/flows/tellUntold'
import { payOrder } from '../../../src/flows/payOrder'
import { fuse } from '../../support/crashing'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub, type Hub } from '../../support/memory-hub'
import { ledgerSource, ledgerWallet } from '../../support/memory-services'

const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
const soap = productOfMerchant('soap')
/** Sat. */
const MISSING = 5
let hub: Hub
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let shopper: FlowPerson
let merchant: FlowPerson

beforeEach(() => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  ledger = new LedgerBackend(() => clock.now())
  shopper = flowPerson('shopper', hub, clock)
  merchant = flowPerson('merchant', hub, clock)
})

async function exchange(): Promise<void> {
  await clock.advance(2)
  await shopper.post()
  await merchant.post()
  await Promise.all([shopper.fetch(), merchant.fetch()])
}
const at = async (person: FlowPerson): Promise<Order> => (await person.orders()).get(KEY) ?? Promise.reject(new Error('no order'))
const panel = async () => paymentPanel({ order: await at(shopper), now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
const desk = async (person = merchant) => deskPaymentState({ order: await at(person), now: clock.now(), network: 'regtest', knownHashes: new Map(), unreachable: false })
const telling = (person = merchant) => ({ ...person.deps, underpaidWords: (_order: Order, arrived: number, asked: number) => `${arrived} of ${asked} arrived` })
const shortWords = async (person: FlowPerson) => {
  const kept = await person.journal.messagesOf(KEY)
  return kept.ok ? kept.value.flatMap(message => message.type === 'status' && message.underpaid !== undefined ? [message] : []) : []
}

/** Ordered, asked for, and settled for less. @returns what was asked and what arrived, msat */
async function shortOrder(dialect: 'nip15' | 'gamma', { shopperPays = false } = {}): Promise<{ readonly asked: number, readonly arrived: number }> {
  const goods = gammaShelf(clock.now() - 1_000)
  const shelf = dialect === 'nip15' ? shelfWith(soap) : goods.shelf
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 1, clock.now())
  if (!cart.ok)
    throw new Error(cart.error.code)
  await placeOrder(shopper.deps, dialect === 'nip15' ? checkoutOf(shelf, soap) : { ...checkoutOf(shelfWith(soap), soap), cart: { ...cart.value, zoneId: EU, orderId: 'order-1' }, stall: goods.stall, products: goods.shelf.products })
  await exchange()
  await requestPayment(await deskOf(merchant, () => shelf, ledger), KEY)
  await exchange()
  if (shopperPays)
    expect(await payOrder({ ...shopper.deps, wallet: ledgerWallet(ledger), network: 'regtest', knownHashes: () => new Map(), accepted: null }, KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
  const [invoice] = (await at(merchant)).issued
  if (invoice === undefined)
    throw new Error('nothing issued')
  const arrived = invoice.asked - MISSING * 1_000
  const source = { ...ledgerSource(ledger), lookup: async () => ({ status: 'settled', received: toMsat(arrived), settledAt: null, preimage: null }) as const }
  expect(await settlePayment({ ...merchant.deps, source, paidWords: 'Thank you' }, KEY, invoice.paymentHash)).toMatchObject({ ok: true })
  return { asked: invoice.asked, arrived }
}

describe.each(['nip15', 'gamma'] as const)('%s', (dialect) => {
  test('T9: the shopper is told how much arrived, once, and sees it as the merchant\'s word; nobody calls it paid', async () => {
    const { asked, arrived } = await shortOrder(dialect)
    expect(untoldOf(await at(merchant))).toEqual([{ what: 'underpaid' }])
    for (const _ of [1, 2])
      expect(await tellUnderpaid(telling(), KEY)).toMatchObject({ ok: true })
    expect(untoldOf(await at(merchant))).toEqual([])
    await exchange()
    expect((await shortWords(shopper)).map(({ text }) => text)).toEqual([`${arrived} of ${asked} arrived`])
    expect(await panel()).toMatchObject({ type: 'underpaid', strength: 'said', askedMsat: asked, msat: arrived })
    expect(await desk()).toEqual({ type: 'underpaid', askedMsat: asked, msat: arrived })
    for (const [person, role] of [[shopper, 'shopper'], [merchant, 'merchant']] as const) {
      const order = await at(person)
      expect(order.problems).toEqual(['underpaid'])
      expect(paymentBadge(order, role)).toBe('underpaid')
      expect(nextStep(order, role)).toMatchObject({ who: 'merchant', code: role === 'shopper' ? 'wait-underpaid' : 'settle-underpaid' })
    }
    // What arrived may go back, and no more.
    expect(refundableMsat(await at(merchant))).toBe(arrived)
    expect(allowedActs(await at(merchant), 'merchant')).toContain('refund')
  })

  test('T8: also where the shopper\'s own wallet has a preimage: what it let go, and what reached the merchant, are two things', async () => {
    const { asked, arrived } = await shortOrder(dialect, { shopperPays: true })
    expect(await panel()).toMatchObject({ type: 'paid', strength: 'proved' })
    await tellUnderpaid(telling(), KEY)
    await exchange()
    expect(await panel()).toMatchObject({ type: 'underpaid', strength: 'said', askedMsat: asked, msat: arrived, preimage: expect.any(String) })
  })

  test('T2, T9: what arrived goes back in full: over on both sides; to who holds a proof of the whole it stays part of it', async () => {
    for (const shopperPays of [false, true]) {
      hub = createHub()
      shopper = flowPerson('shopper', hub, clock)
      merchant = flowPerson('merchant', hub, clock)
      const { arrived } = await shortOrder(dialect, { shopperPays })
      await tellUnderpaid(telling(), KEY)
      await exchange()
      await sayAbout(merchant.deps, await at(merchant), inWord(await at(merchant), 'merchant', 'It is all back', { refund: { msat: toMsat(arrived), proof: '' } }))
      await exchange()
      expect((await at(merchant)).status).toBe('refunded')
      const theirs = await at(shopper)
      expect([theirs.status, theirs.refundedMsat, theirs.problems]).toEqual([shopperPays ? 'payment_confirmed' : 'refunded', arrived, []])
    }
  })

  test('T2, T9: cancelled with the money to come later: both sides read that it has to go back', async () => {
    await shortOrder(dialect)
    await tellUnderpaid(telling(), KEY)
    await exchange()
    expect(allowedActs(await at(shopper), 'shopper')).toEqual(expect.arrayContaining(['ask-cancel', 'dispute']))
    await cancelOrder(merchant.deps, KEY, 'merchant', 'I keep neither')
    await exchange()
    expect((await desk()).type).toBe('refund-due')
    expect((await panel()).type).toBe('refund-due')
  })

  test('the merchant takes it as paid: both sides are done with it', async () => {
    const { asked, arrived } = await shortOrder(dialect)
    await tellUnderpaid(telling(), KEY)
    await exchange()
    expect(allowedActs(await at(merchant), 'merchant')).toContain('mark-paid')
    expect(await markPaid(merchant.deps, KEY, 'That is fine')).toMatchObject({ ok: true })
    await exchange()
    expect(await panel()).toMatchObject({ type: 'paid', strength: 'said', msat: arrived })
    expect(await desk()).toEqual({ type: 'paid', strength: 'proved', msat: arrived, askedMsat: asked })
    expect(untoldOf(await at(merchant))).toEqual([])
    for (const [person, role] of [[shopper, 'shopper'], [merchant, 'merchant']] as const) {
      const order = await at(person)
      expect(order.problems).toEqual([])
      expect(nextStep(order, role).code).toBe(role === 'merchant' ? dialect === 'nip15' ? 'accept-or-ship' : 'ship' : 'wait-for-shipping')
    }
    expect(allowedActs(await at(merchant), 'merchant')).not.toContain('mark-paid')
  })
})

test('T9: a crash between any two steps of telling: told once', async () => {
  await shortOrder('nip15')
  const probe = fuse(0, 'before')
  const spare = flowPerson('merchant', hub, clock)
  await spare.fetch()
  await probe.run(() => tellUnderpaid({ ...telling(), journal: probe.wrap(merchant.journal), mail: probe.wrap({ compose: async () => ({ ok: false, error: { code: 'locked' } }) as never }) }, KEY))
  for (let step = 1; step <= probe.used() + 2; step += 1) {
    const line = fuse(step, 'after')
    await line.run(() => tellUnderpaid({ ...telling(), journal: line.wrap(merchant.journal), mail: line.wrap(merchant.deps.mail) }, KEY))
  }
  await tellUnderpaid(telling(), KEY)
  expect(await shortWords(merchant)).toHaveLength(1)
})

test('T5: a device that lost what its wallet said still reads its own word about it', async () => {
  const { asked, arrived } = await shortOrder('nip15')
  await tellUnderpaid(telling(), KEY)
  await exchange()
  const emptied = flowPerson('merchant', hub, clock)
  await emptied.fetch()
  expect(await desk(emptied)).toEqual({ type: 'underpaid', askedMsat: asked, msat: arrived })
})

test('shipping it all the same says nothing about the money', async () => {
  await shortOrder('nip15')
  expect(await shipOrder(merchant.deps, KEY, { text: 'On its way', carrier: '', number: '' })).toMatchObject({ ok: true })
  await exchange()
  expect((await at(shopper)).payment).toBe('unpaid')
  expect((await at(merchant)).problems).toContain('underpaid')
})

test('T3: nobody but the merchant can say it, and not of an invoice that was never asked, or of more than it asks', async () => {
  const { asked } = await shortOrder('nip15')
  const invoice = (await at(merchant)).issued[0]
  const order = await at(merchant)
  const say = async (person: FlowPerson, role: 'shopper' | 'merchant', hash: string, msat: number) => {
    await sayAbout(person.deps, order, inWord(order, role, 'less', { underpaid: { hash: hash as never, msat: toMsat(msat) } }))
    await exchange()
  }
  await say(shopper, 'shopper', invoice?.paymentHash ?? '', 1_000)
  await say(merchant, 'merchant', '9'.repeat(64), 1_000)
  await say(merchant, 'merchant', invoice?.paymentHash ?? '', asked)
  expect(await panel()).toMatchObject({ type: 'ready' })
})
