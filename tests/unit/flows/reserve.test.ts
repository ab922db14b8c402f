import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { isHex32, type Hex32, type OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { orderKey } from '../../../src/domain/order/keys'
import { openInvoices } from '../../../src/domain/order/own-invoices'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import { nextStep, paymentBadge } from '../../../src/domain/order/status'
import type { LocalFact } from '../../../src/domain/order/types'
import { wantsInvoice } from '../../../src/flows/autoInvoice'
import { cancelOrder } from '../../../src/flows/order-words'
import { composeOwnNote } from '../../../src/flows/own-notes'
import { payOrder, resolvePayment } from '../../../src/flows/payOrder'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sendChat } from '../../../src/flows/sendChat'
import { HOLD_SECONDS, settleHold, type SettleHoldDeps } from '../../../src/flows/settleHold'
import type { Wallet } from '../../../src/ports/wallet'
import { fuse } from '../../support/crashing'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'

const mug = productOfMerchant('mug', { stock: 1 })
const soap = productOfMerchant('soap', { stock: null })
const notice = 'Your money comes back by itself'
let shelf = shelfWith(mug, soap)
let hub: ReturnType<typeof createHub>
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let merchant: FlowPerson
let shopper: FlowPerson
let second: FlowPerson
let secrets = 0

beforeEach(() => {
  shelf = shelfWith(mug, soap)
  hub = createHub()
  clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  second = flowPerson('shopper2', hub, clock)
})

/** The counter of a merchant who reserves first. */
async function counter(person = merchant, complete = true): Promise<SettleHoldDeps & Awaited<ReturnType<typeof deskOf>>> {
  const desk = await deskOf(person, () => shelf, ledger)
  return {
    ...desk,
    shelfComplete: () => complete,
    isCurrent: () => complete,
    reserve: { wanted: () => true, preimage: newSecret, text: notice },
    paidWords: 'taken, thank you',
    holdWords: { held: 'reserved, not yet taken', soldOut: 'gone', released: reason => `not taken: ${reason}` },
  }
}
function newSecret(): Hex32 {
  const text = (secrets += 1).toString(16).padStart(64, '7')
  if (!isHex32(text))
    throw new TypeError('no secret')
  return text
}

async function place(person: FlowPerson, who: 'shopper' | 'shopper2', product: Product, orderId = 'order-1'): Promise<OrderKey> {
  const placed = await placeOrder(person.deps, checkoutOf(shelf, product, { orderId }))
  if (!placed.ok)
    throw new Error(placed.error.code)
  await person.post()
  await merchant.fetch()
  return orderKey(pubkeyOf(who), pubkeyOf('merchant'), orderId)
}
async function at(person: FlowPerson, key: OrderKey) {
  const found = (await person.orders()).get(key)
  if (found === undefined)
    throw new Error('no such order')
  return found
}
async function exchange(): Promise<void> {
  for (const person of [merchant, shopper, second])
    await person.post()
  await Promise.all([merchant.fetch(), shopper.fetch(), second.fetch()])
}
const panel = async (person: FlowPerson, key: OrderKey) =>
  paymentPanel({ order: await at(person, key), now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
const hashOf = async (key: OrderKey): Promise<Hex32> => {
  const hash = (await at(merchant, key)).issued.at(-1)?.paymentHash
  if (hash === undefined)
    throw new Error('nothing issued')
  return hash
}

/** Asked for and read by the shopper. */
async function asked(person: FlowPerson, who: 'shopper' | 'shopper2', product: Product, orderId?: string): Promise<OrderKey> {
  const key = await place(person, who, product, orderId)
  expect(await requestPayment(await counter(), key)).toMatchObject({ ok: true })
  await clock.advance(2)
  await exchange()
  return key
}
/** Paid by somebody who now waits; `result` once the wallet knows. */
async function reserved(key: OrderKey) {
  const bolt11 = (await at(merchant, key)).issued.at(-1)?.bolt11 ?? ''
  const end: { result: Awaited<ReturnType<LedgerBackend['pay']>> | null } = { result: null }
  void ledger.pay(bolt11).then((result) => { end.result = result })
  await Promise.resolve()
  return end
}
const settle = async (key: OrderKey, change: Partial<SettleHoldDeps> = {}, choice: Parameters<typeof settleHold>[3] = null) =>
  settleHold({ ...await counter(), ...change }, key, await hashOf(key), choice)

describe('asking to reserve', () => {
  test('the shopper reads before paying that money comes back by itself; the secret was kept before the wallet was asked', async () => {
    const key = await asked(shopper, 'shopper', soap)
    expect(await panel(shopper, key)).toMatchObject({ type: 'ready', reserve: true })
    expect((await at(shopper, key)).request).toMatchObject({ reserve: true, text: expect.stringContaining(notice) })
    const [hold] = (await at(merchant, key)).holds
    expect(hold).toMatchObject({ state: 'asked', attempt: 1, paymentHash: await hashOf(key) })
    expect(hold?.preimage).not.toBeNull()
    // The number that takes the money is the merchant's own.
    expect((await at(shopper, key)).holds[0]?.preimage ?? null).toBeNull()
    expect(JSON.stringify(await shopper.journal.messagesOf(key))).not.toContain(hold?.preimage)
  })

  test('wherever it crashes, one secret, one invoice and one request come of it', async () => {
    const key = await place(shopper, 'shopper', soap)
    const probe = fuse(0, 'before')
    const counting = await counter()
    await requestPayment({ ...counting, journal: probe.wrap(merchant.journal), mail: probe.wrap(merchant.deps.mail), source: probe.wrap(counting.source) }, key)
    for (let step = 1; step <= probe.used(); step += 1) {
      for (const when of ['before', 'after'] as const) {
        const fresh = flowPerson('merchant', hub, clock)
        await fresh.fetch()
        const desk = await counter(fresh)
        const line = fuse(step, when)
        await line.run(() => requestPayment({ ...desk, journal: line.wrap(fresh.journal), mail: line.wrap(fresh.deps.mail), source: line.wrap(desk.source) }, key))
        const crashed = (await fresh.orders()).get(key)
        // Whatever the wallet made can be taken: its secret is here.
        expect(desk.source.made.length === 0 || crashed?.holds.some(({ preimage }) => preimage !== null)).toBe(true)
        if ((await fresh.journal.undelivered()).length === 0)
          expect(await requestPayment(desk, key)).toMatchObject({ ok: true })
        const after = (await fresh.orders()).get(key)
        expect([after?.holds.length, after?.issued.length, after?.requests.length, desk.source.made.length]).toEqual([1, 1, 1, 1])
        expect(after?.request).toMatchObject({ reserve: true })
      }
    }
  })

  test('a wallet that makes another invoice than was asked is not asked for the same hash again', async () => {
    const key = await place(shopper, 'shopper', soap)
    const desk = await counter()
    let wrong = true
    const source = { ...desk.source, create: (request: Parameters<typeof desk.source.create>[0]) => wrong ? Promise.resolve({ ok: false as const, error: { code: 'source_bad_invoice' as const, detail: '' } }) : desk.source.create(request) }
    expect(await requestPayment({ ...desk, source }, key)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
    wrong = false
    expect(await requestPayment({ ...desk, source }, key)).toMatchObject({ ok: true })
    const { holds } = await at(merchant, key)
    expect(holds.map(({ state }) => state).toSorted()).toEqual(['asked', 'released'])
    expect(holds.find(({ state }) => state === 'asked')?.paymentHash).toBe(await hashOf(key))
  })
})

describe('what is reserved', () => {
  test('is taken when the goods are there: proved to the merchant, told to the shopper, once', async () => {
    const key = await asked(shopper, 'shopper', mug)
    const end = await reserved(key)
    expect(await settle(key)).toMatchObject({ ok: true, value: { state: { status: 'settled' }, found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
    expect(await settle(key)).toMatchObject({ ok: true, value: { found: 'nothing' } })
    await exchange()
    expect(await at(merchant, key)).toMatchObject({ status: 'payment_confirmed', payment: 'proved', holds: [{ state: 'taken' }], problems: [] })
    const theirs = await at(shopper, key)
    expect(theirs).toMatchObject({ status: 'payment_confirmed', payment: 'said' })
    expect(theirs.timeline.filter(({ what }) => what === 'paid-said').map(({ text }) => text)).toEqual(['taken, thank you'])
    expect(await panel(shopper, key)).toMatchObject({ type: 'paid' })
  })

  test('by a push message alone nothing is taken: only the wallet\'s own answer counts', async () => {
    const key = await asked(shopper, 'shopper', mug)
    expect(await settle(key)).toMatchObject({ ok: true, value: { state: { status: 'pending' } } })
    expect((await at(merchant, key)).holds).toMatchObject([{ state: 'asked' }])
  })

  test('T11: sold out meanwhile: it goes back in full, the shopper reads why, and nothing is owed', async () => {
    const key = await asked(shopper, 'shopper', mug)
    const end = await reserved(key)
    shelf = shelfWith(productOfMerchant('mug', { stock: 0 }), soap)
    expect(await settle(key)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await clock.advance(2)
    await exchange()
    for (const person of [merchant, shopper])
      expect(await at(person, key)).toMatchObject({ status: 'failed', payment: 'unpaid', refusal: { text: 'refused: stock-too-low' }, problems: [] })
    expect(await panel(shopper, key)).toEqual({ type: 'refused', text: 'refused: stock-too-low', released: true })
    expect((await at(shopper, key)).timeline.filter(({ what }) => what === 'hold-released').map(({ text }) => text)).toEqual(['not taken: sold-out'])
    expect(openInvoices(await at(merchant, key))).toEqual([])
    expect(ledger.received(await hashOf(key))).toBeUndefined()
  })

  test.each([['the first'], ['the second']])('T11: two shoppers pay for the last piece, %s pays first: the same one gets it, the other gets the money back', async (first) => {
    const [one, two] = [await asked(shopper, 'shopper', mug), await asked(second, 'shopper2', mug)]
    const [endOne, endTwo] = [await reserved(one), await reserved(two)]
    // Both are held before either is judged.
    const open = await counter(merchant, false)
    for (const key of first === 'the first' ? [one, two] : [two, one])
      await settleHold(open, key, await hashOf(key))
    for (const key of first === 'the first' ? [one, two] : [two, one])
      expect(await settle(key)).toMatchObject({ ok: true })
    expect(endOne.result).toMatchObject({ paid: true })
    expect(endTwo.result).toEqual({ paid: false, reason: 'returned' })
    await clock.advance(2)
    await exchange()
    expect(await at(shopper, one)).toMatchObject({ status: 'payment_confirmed' })
    expect(await at(second, two)).toMatchObject({ status: 'failed', payment: 'unpaid' })
  })

  test('T11: who is only asked to reserve keeps nobody waiting who has paid', async () => {
    const [one, two] = [await asked(shopper, 'shopper', mug), await asked(second, 'shopper2', mug)]
    const end = await reserved(two)
    expect(await settle(two)).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
    const late = await reserved(one)
    expect(await settle(one)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(late.result).toEqual({ paid: false, reason: 'returned' })
  })

  test('while the listings are not all here it waits, reserved and told as that; at ten minutes it goes back by itself', async () => {
    const key = await asked(shopper, 'shopper', mug)
    const end = await reserved(key)
    const wait = { shelfComplete: () => false, isCurrent: () => false }
    for (const _ of [1, 2])
      expect(await settle(key, wait)).toMatchObject({ ok: true, value: { state: { status: 'accepted' } } })
    await clock.advance(2)
    await exchange()
    for (const [person, role] of [[merchant, 'merchant'], [shopper, 'shopper']] as const) {
      const order = await at(person, key)
      expect(order).toMatchObject({ status: 'escrow_locked', payment: 'unpaid' })
      expect(paymentBadge(order, role)).toBe('reserved')
      expect(order.timeline.filter(({ what }) => what === 'held')).toHaveLength(1)
    }
    expect(nextStep(await at(merchant, key), 'merchant')).toMatchObject({ code: 'take-or-release', mine: true })
    expect(await panel(shopper, key)).toEqual({ type: 'reserved', sure: true })
    expect(await requestPayment(await counter(), key)).toMatchObject({ ok: false, error: { code: 'reserved' } })

    await clock.advance(HOLD_SECONDS)
    expect(await settle(key, wait)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await clock.advance(2)
    await exchange()
    expect(await panel(shopper, key)).toEqual({ type: 'released', back: true })
    expect(await at(shopper, key)).toMatchObject({ status: 'payment_requested', payment: 'unpaid', problems: [] })
    // They may ask again, and get an invoice that can be paid.
    expect(wantsInvoice(await at(merchant, key), clock.now())).toBe(false)
    await sendChat(shopper.deps, key, 'Please send me a new one')
    await exchange()
    expect(wantsInvoice(await at(merchant, key), clock.now())).toBe(true)
    expect(await requestPayment(await counter(), key)).toMatchObject({ ok: true })
    await clock.advance(2)
    await exchange()
    expect(await panel(shopper, key)).toMatchObject({ type: 'ready', reserve: true })
  })

  test('the merchant never came back: the wallet gave it back by itself, and both are told when the desk opens again', async () => {
    const key = await asked(shopper, 'shopper', mug)
    const end = await reserved(key)
    await clock.advance(3_600 * 8)
    ledger.tick()
    await new Promise(resolve => setTimeout(resolve))
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    expect(openInvoices(await at(merchant, key))).toHaveLength(1)
    for (const _ of [1, 2])
      expect(await settle(key)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' }, found: 'nothing' } })
    await clock.advance(2)
    await exchange()
    expect((await at(merchant, key)).holds).toMatchObject([{ state: 'released', reason: 'by-wallet' }])
    expect((await at(shopper, key)).timeline.filter(({ what }) => what === 'hold-released').map(({ text }) => text)).toEqual(['not taken: by-wallet'])
    expect(await panel(shopper, key)).toEqual({ type: 'released', back: true })
    expect(openInvoices(await at(merchant, key))).toEqual([])
  })

  test('the order was cancelled meanwhile: it goes back; one that nobody has paid can no longer be paid', async () => {
    const [one, two] = [await asked(shopper, 'shopper', soap), await asked(second, 'shopper2', soap)]
    const end = await reserved(one)
    await cancelOrder(shopper.deps, one, 'shopper', 'changed my mind')
    await cancelOrder(second.deps, two, 'shopper', 'changed my mind')
    await exchange()
    expect(await settle(one)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await settle(two)
    expect((await ledger.pay((await at(merchant, two)).issued[0]?.bolt11 ?? '')).paid).toBe(false)
    await clock.advance(2)
    await exchange()
    expect(await at(shopper, one)).toMatchObject({ status: 'cancelled', problems: [] })
    expect((await at(shopper, one)).timeline.some(({ what }) => what === 'hold-released')).toBe(true)
    expect((await at(second, two)).timeline.some(({ what }) => what === 'hold-released')).toBe(false)
  })

  test.each(['take', 'release'] as const)('by hand: %s', async (choice) => {
    const key = await asked(shopper, 'shopper', mug)
    const end = await reserved(key)
    await settle(key, { shelfComplete: () => false, isCurrent: () => false })
    await settle(key, { shelfComplete: () => false, isCurrent: () => false }, choice)
    expect(end.result?.paid).toBe(choice === 'take')
    expect((await at(merchant, key)).holds).toMatchObject([choice === 'take' ? { state: 'taken' } : { state: 'released', reason: 'by-hand' }])
  })
})

describe('crashes and devices', () => {
  test.each([['taken', 1], ['released', 0]] as const)('a crash between any two steps ends in the same place: %s', async (word, stock) => {
    const probe = fuse(0, 'before')
    const base = await asked(shopper, 'shopper', mug, 'probe')
    await reserved(base)
    shelf = shelfWith(productOfMerchant('mug', { stock }), soap)
    const counting = await counter()
    await settleHold({ ...counting, journal: probe.wrap(merchant.journal), mail: probe.wrap(merchant.deps.mail), source: probe.wrap(counting.source) }, base, await hashOf(base))
    expect(probe.used()).toBeGreaterThan(8)
    for (let step = 1; step <= probe.used(); step += 1) {
      for (const when of ['before', 'after'] as const) {
        shelf = shelfWith(productOfMerchant('mug', { stock: 1 }), soap)
        const fresh = { hub: createHub(), clock: manualClock() }
        hub = fresh.hub
        clock = fresh.clock
        ledger = new LedgerBackend(() => clock.now())
        merchant = flowPerson('merchant', hub, clock)
        shopper = flowPerson('shopper', hub, clock)
        second = flowPerson('shopper2', hub, clock)
        const key = await asked(shopper, 'shopper', mug)
        const end = await reserved(key)
        shelf = shelfWith(productOfMerchant('mug', { stock }), soap)
        const desk = await counter()
        const hash = await hashOf(key)
        const line = fuse(step, when)
        await line.run(() => settleHold({ ...desk, journal: line.wrap(merchant.journal), mail: line.wrap(merchant.deps.mail), source: line.wrap(desk.source) }, key, hash))
        // The shelf is another one now: what was decided stands.
        for (let round = 0; round < 3; round += 1)
          expect(await settleHold(await counter(), key, hash)).toMatchObject({ ok: true })
        await clock.advance(2)
        await exchange()
        expect(end.result?.paid, `${step} ${when}`).toBe(word === 'taken')
        const [mine, theirs] = [await at(merchant, key), await at(shopper, key)]
        expect(mine.holds).toMatchObject([{ state: word }])
        expect(theirs.timeline.filter(({ what }) => what === (word === 'taken' ? 'paid-said' : 'hold-released'))).toHaveLength(1)
        expect(theirs.timeline.filter(({ what }) => what === 'refused')).toHaveLength(word === 'taken' ? 0 : 1)
        expect(openInvoices(mine)).toEqual([])
      }
    }
  })

  test('T5: on another device of the merchant the reservation is there with its secret, and can be taken', async () => {
    const deps = { notes: (facts: readonly LocalFact[]) => composeOwnNote(merchant.deps, facts) }
    const key = await place(shopper, 'shopper', mug)
    await requestPayment({ ...await counter(), ...deps }, key)
    await exchange()
    const end = await reserved(key)
    const other = flowPerson('merchant', hub, clock)
    await other.fetch()
    expect((await at(other, key)).holds).toMatchObject([{ state: 'asked', preimage: expect.any(String) }])
    expect(await settleHold(await counter(other), key, await hashOf(key))).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
  })

  test('T9: a shopper\'s wallet that times out leaves it open, never as failed: nothing is offered to be paid again', async () => {
    ledger = new LedgerBackend(() => clock.now(), undefined, 6 * 3_600)
    const key = await asked(shopper, 'shopper', mug)
    const inner = ledgerWallet(ledger)
    const wallet: Wallet = {
      ...inner,
      async pay(invoice) {
        void inner.pay(invoice)
        return { status: 'unknown', reason: 'no answer yet' }
      },
      resolve: async hash => ledger.received(hash) === undefined && !ledger.isReturned(hash) ? { status: 'unknown', reason: 'the wallet is still trying' } : inner.resolve(hash),
    }
    const deps = { ...shopper.deps, wallet, network: 'regtest' as const, knownHashes: () => new Map(), accepted: null }
    expect(await payOrder(deps, key)).toMatchObject({ ok: true, value: { status: 'unknown' } })
    await clock.advance(120)
    expect(await panel(shopper, key)).toEqual({ type: 'reserved', sure: false })
    expect(await payOrder(deps, key)).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'reserved' } })
    // Long after the invoice has run out: a hold may still be open somewhere on its way.
    await clock.advance(3_600 + 900)
    expect(await panel(shopper, key)).toEqual({ type: 'reserved', sure: false })
    expect(await resolvePayment(deps, key)).toMatchObject({ ok: true, value: { status: 'unknown' } })
    expect(await panel(shopper, key)).toEqual({ type: 'reserved', sure: false })
    expect(await settle(key, {}, 'release')).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    await clock.advance(2)
    await exchange()
    expect(await panel(shopper, key)).toEqual({ type: 'released', back: false })
    expect(await resolvePayment(deps, key)).toMatchObject({ ok: true, value: { status: 'failed' } })
    expect(await panel(shopper, key)).toEqual({ type: 'released', back: true })
  })
})
