import { beforeEach, describe, expect, test } from 'vitest'
import { toSeconds, type Hex32, type Msat } from '../../../src/domain/brand'
import { wantsInvoice } from '../../../src/domain/order/answer-rules'
import { openInvoices } from '../../../src/domain/order/own-invoices'
import { nextStep, paymentBadge } from '../../../src/domain/order/status'
import { err, ok } from '../../../src/domain/result'
import type { WalletErrorCode } from '../../../src/ports/invoices'
import { cancelOrder } from '../../../src/flows/order-words'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sayAbout } from '../../../src/flows/send'
import { sendChat } from '../../../src/flows/sendChat'
import { HOLD_SECONDS } from '../../../src/domain/order/held-money'
import { settleHold } from '../../../src/flows/settleHold'
import { flowPerson } from '../../support/flow-people'
import { makeInvoice } from '../../support/order-invoices'
import { mug, notice, Reserving, shelfOf, soap } from '../../support/reserving'

let s: Reserving
beforeEach(() => { s = new Reserving() })

describe('asking to reserve', () => {
  test('the shopper reads before paying that money comes back by itself; the secret was kept before the wallet was asked', async () => {
    const key = await s.asked('shopper', soap)
    expect(await s.panel(s.shopper, key)).toMatchObject({ type: 'ready', reserve: true })
    expect((await s.at(s.shopper, key)).request).toMatchObject({ reserve: true, text: expect.stringContaining(notice) })
    const [hold] = (await s.at(s.merchant, key)).holds
    expect(hold).toMatchObject({ state: 'asked', attempt: 1, paymentHash: await s.hashOf(key) })
    expect(hold?.preimage).not.toBeNull()
    // The number that takes the money is the merchant's own.
    expect((await s.at(s.shopper, key)).holds[0]?.preimage ?? null).toBeNull()
    expect(JSON.stringify(await s.shopper.journal.messagesOf(key))).not.toContain(hold?.preimage)
  })

  test('a wallet that makes another invoice than was asked is not asked for the same hash again', async () => {
    const key = await s.place('shopper', soap)
    const desk = await s.counter()
    let wrong = true
    const source = { ...desk.source, create: (request: Parameters<typeof desk.source.create>[0]) => wrong ? Promise.resolve({ ok: false as const, error: { code: 'source_bad_invoice' as const, detail: '' } }) : desk.source.create(request) }
    expect(await requestPayment({ ...desk, source }, key)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
    wrong = false
    expect(await requestPayment({ ...desk, source }, key)).toMatchObject({ ok: true })
    const { holds } = await s.at(s.merchant, key)
    expect(holds.map(({ state }) => state).toSorted()).toEqual(['asked', 'released'])
    expect(holds.find(({ state }) => state === 'asked')?.paymentHash).toBe(await s.hashOf(key))
  })
})

describe('a wallet that cannot reserve any more', () => {
  type Source = Awaited<ReturnType<typeof s.counter>>['source']
  const refusing = (source: Source, code: WalletErrorCode, hold: boolean | null): Source => ({
    ...source,
    create: request => request.hold === undefined ? source.create(request) : Promise.resolve(err({ code, detail: '' })),
    capabilities: async () => hold === null ? err({ code: 'source_offline', detail: '' }) : ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: '', ...hold && { hold } }),
  })

  test.each<[WalletErrorCode, boolean | null, string]>([
    ['not_implemented', null, 'cannot-reserve'],
    ['source_unauthorized', false, 'cannot-reserve'],
    ['source_refused', false, 'cannot-reserve'],
    // Something else is wrong, or nobody knows.
    ['source_refused', true, 'source_refused'],
    ['source_unauthorized', null, 'source_unauthorized'],
    ['source_offline', false, 'source_offline'],
  ])('T11: %s, and holding: %s: no ordinary invoice is made in its place; the reason is %s', async (code, hold, reason) => {
    const key = await s.place('shopper', mug)
    const desk = await s.counter()
    const source = refusing(desk.source, code, hold)
    expect(await requestPayment({ ...desk, source }, key)).toMatchObject({ ok: false, error: { code: reason } })
    expect(await s.at(s.merchant, key)).toMatchObject({ issued: [], request: null, status: 'payment_pending' })
    // The merchant's choice: ordinary, and without the promise that money comes back.
    const { reserve: _, ...ordinary } = { ...desk, source }
    expect(await requestPayment(ordinary, key)).toMatchObject({ ok: true })
    await s.exchange()
    const { request } = await s.at(s.shopper, key)
    expect([request?.reserve, request?.text.includes(notice)]).toEqual([undefined, false])
    // The number that was prepared is no way to reserve it any more.
    expect(await s.ledger.pay(request?.bolt11 ?? '')).toMatchObject({ paid: true })
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(await s.at(s.merchant, key)).toMatchObject({ payment: 'proved', status: 'payment_confirmed' })
  })
})

describe('what is reserved', () => {
  test('is taken when the goods are there: proved to the s.merchant, told to the s.shopper, once', async () => {
    const key = await s.asked('shopper', mug)
    const end = await s.reserved(key)
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { state: { status: 'settled' }, found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { found: 'nothing' } })
    await s.exchange()
    expect(await s.at(s.merchant, key)).toMatchObject({ status: 'payment_confirmed', payment: 'proved', holds: [{ state: 'taken' }], problems: [] })
    const theirs = await s.at(s.shopper, key)
    expect(theirs).toMatchObject({ status: 'payment_confirmed', payment: 'said' })
    expect(theirs.timeline.filter(({ what }) => what === 'paid-said').map(({ text }) => text)).toEqual(['taken, thank you'])
    expect(await s.panel(s.shopper, key)).toMatchObject({ type: 'paid' })
  })

  test('while the wallet cannot take it, the shopper is told that it is reserved, once; then it is taken', async () => {
    const key = await s.asked('shopper', mug)
    const end = await s.reserved(key)
    const { source } = await s.counter()
    const unable = { ...source, lookup: source.lookup.bind(source), settleHold: async () => err({ code: 'source_offline' as const, detail: 'no answer' }) }
    for (let again = 0; again < 2; again += 1)
      expect(await s.settle(key, { source: unable })).toMatchObject({ ok: true, value: { state: { status: 'accepted' } } })
    await s.exchange()
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'reserved', sure: true })
    expect((await s.at(s.shopper, key)).timeline.filter(({ what }) => what === 'held')).toHaveLength(1)
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { state: { status: 'settled' } } })
    expect(end.result).toMatchObject({ paid: true })
  })

  test('by a push message alone nothing is taken: only the wallet\'s own answer counts', async () => {
    const key = await s.asked('shopper', mug)
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { state: { status: 'pending' } } })
    expect((await s.at(s.merchant, key)).holds).toMatchObject([{ state: 'asked' }])
  })

  test('T11: sold out meanwhile: it goes back in full, the shopper reads why, and nothing is owed', async () => {
    const key = await s.asked('shopper', mug)
    const end = await s.reserved(key)
    s.shelf = shelfOf(0)
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await s.exchange()
    for (const person of [s.merchant, s.shopper])
      expect(await s.at(person, key)).toMatchObject({ status: 'failed', payment: 'unpaid', refusal: { text: 'refused: stock-too-low' }, problems: [] })
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'refused', text: 'refused: stock-too-low', released: true })
    expect((await s.at(s.shopper, key)).timeline.filter(({ what }) => what === 'hold-released').map(({ text }) => text)).toEqual(['not taken: sold-out'])
    expect(openInvoices(await s.at(s.merchant, key))).toEqual([])
    expect(s.ledger.received(await s.hashOf(key))).toBeUndefined()
  })

  test.each([['the first'], ['the second']])('T11: two shoppers pay for the last piece, %s pays first: the same one gets it, the other gets the money back', async (first) => {
    const [one, two] = [await s.asked('shopper', mug), await s.asked('shopper2', mug)]
    const [endOne, endTwo] = [await s.reserved(one), await s.reserved(two)]
    // Both are held before either is judged.
    const open = await s.counter(s.merchant, false)
    for (const key of first === 'the first' ? [one, two] : [two, one])
      await settleHold(open, key, await s.hashOf(key))
    for (const key of first === 'the first' ? [one, two] : [two, one])
      expect(await s.settle(key)).toMatchObject({ ok: true })
    expect(endOne.result).toMatchObject({ paid: true })
    expect(endTwo.result).toEqual({ paid: false, reason: 'returned' })
    await s.exchange()
    expect(await s.at(s.shopper, one)).toMatchObject({ status: 'payment_confirmed' })
    expect(await s.at(s.second, two)).toMatchObject({ status: 'failed', payment: 'unpaid' })
  })

  test('T11: who is only asked to reserve keeps nobody waiting who has paid', async () => {
    const [one, two] = [await s.asked('shopper', mug), await s.asked('shopper2', mug)]
    const end = await s.reserved(two)
    expect(await s.settle(two)).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
    const late = await s.reserved(one)
    expect(await s.settle(one)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(late.result).toEqual({ paid: false, reason: 'returned' })
  })

  test('while the listings are not all here it waits, reserved and told as that; at ten minutes it goes back by itself', async () => {
    const key = await s.asked('shopper', mug)
    const end = await s.reserved(key)
    const wait = { shelfComplete: () => false, isCurrent: () => false }
    for (const _ of [1, 2])
      expect(await s.settle(key, wait)).toMatchObject({ ok: true, value: { state: { status: 'accepted' } } })
    await s.exchange()
    for (const [person, role] of [[s.merchant, 'merchant'], [s.shopper, 'shopper']] as const) {
      const order = await s.at(person, key)
      expect(order).toMatchObject({ status: 'escrow_locked', payment: 'unpaid' })
      expect(paymentBadge(order, role)).toBe('reserved')
      expect(order.timeline.filter(({ what }) => what === 'held')).toHaveLength(1)
    }
    expect(nextStep(await s.at(s.merchant, key), 'merchant')).toMatchObject({ code: 'take-or-release', mine: true })
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'reserved', sure: true })
    expect(await requestPayment(await s.counter(), key)).toMatchObject({ ok: false, error: { code: 'reserved' } })

    await s.clock.advance(HOLD_SECONDS)
    expect(await s.settle(key, wait)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await s.exchange()
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'released', back: true })
    expect(await s.at(s.shopper, key)).toMatchObject({ status: 'payment_requested', payment: 'unpaid', problems: [] })
    // They may ask again, and get an invoice that can be paid.
    expect(wantsInvoice(await s.at(s.merchant, key), s.clock.now())).toBe(false)
    await sendChat(s.shopper.deps, key, 'Please send me a new one')
    await s.exchange()
    expect(wantsInvoice(await s.at(s.merchant, key), s.clock.now())).toBe(true)
    expect(await requestPayment(await s.counter(), key)).toMatchObject({ ok: true })
    await s.exchange()
    expect(await s.panel(s.shopper, key)).toMatchObject({ type: 'ready', reserve: true })
  })

  test('T8: a preimage of a former ordinary invoice, which may have leaked, gives nothing back that is held now', async () => {
    const key = await s.place('shopper', soap)
    const { reserve: _reserve, ...ordinary } = await s.counter()
    const preimage = 'a1'.repeat(32)
    // By a wallet whose server shows the preimage to anybody, before anything was paid (payments.md §3.5).
    const source = { create: async ({ amount }: { readonly amount: Msat }) => {
      const { bolt11, paymentHash, expiresAt } = makeInvoice({ preimage, msat: amount, createdAt: s.clock.now(), prefix: 'lnbcrt' })
      return ok({ bolt11, paymentHash: paymentHash as Hex32, amount, createdAt: s.clock.now(), expiresAt: toSeconds(expiresAt) })
    } }
    expect(await requestPayment({ ...ordinary, source }, key)).toMatchObject({ ok: true })
    await s.exchange()
    const former = (await s.at(s.merchant, key)).issued[0]
    await s.clock.advance(4_000)
    expect(await requestPayment(await s.counter(), key)).toMatchObject({ ok: true })
    await s.exchange()
    const end = await s.reserved(key)
    await sayAbout(s.shopper.deps, await s.at(s.shopper, key), { say: 'receipt', msat: former?.asked ?? null, invoice: former?.bolt11 ?? '', preimage, text: 'paid' })
    await s.exchange()
    expect((await s.at(s.merchant, key)).payments).toMatchObject([{ strength: 'proved', by: 'shopper' }])
    expect(await s.settle(key)).toMatchObject({ ok: true, value: { found: 'payment' } })
    expect(end.result).toMatchObject({ paid: true })
  })

  test('a device without the secret cannot take it; what nobody decided in time it gives back, by the hash alone', async () => {
    const key = await s.asked('shopper', mug)
    const hash = await s.hashOf(key)
    const end = await s.reserved(key)
    const other = flowPerson('merchant', s.hub, s.clock)
    await other.fetch()
    expect((await s.at(other, key)).holds).toMatchObject([{ preimage: null }])
    const look = async () => settleHold(await s.counter(other), key, hash, 'take')
    expect(await look()).toMatchObject({ ok: true, value: { state: { status: 'accepted' } } })
    expect((await s.at(other, key)).status).toBe('escrow_locked')
    await s.clock.advance(HOLD_SECONDS - 10)
    expect(await look()).toMatchObject({ ok: true, value: { state: { status: 'accepted' } } })
    // A minute for the device that can decide.
    await s.clock.advance(70)
    expect(await look()).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await other.post()
    await s.exchange()
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'released', back: true })
  })

  test('the merchant never came back: the wallet gave it back by itself, and both are told when the desk opens again', async () => {
    const key = await s.asked('shopper', mug)
    const end = await s.reserved(key)
    await s.clock.advance(3_600 * 8)
    s.ledger.tick()
    await new Promise(resolve => setTimeout(resolve))
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    expect(openInvoices(await s.at(s.merchant, key))).toHaveLength(1)
    for (const _ of [1, 2])
      expect(await s.settle(key)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' }, found: 'nothing' } })
    await s.exchange()
    expect((await s.at(s.merchant, key)).holds).toMatchObject([{ state: 'released', reason: 'by-wallet' }])
    expect((await s.at(s.shopper, key)).timeline.filter(({ what }) => what === 'hold-released').map(({ text }) => text)).toEqual(['not taken: by-wallet'])
    expect(await s.panel(s.shopper, key)).toEqual({ type: 'released', back: true })
    expect(openInvoices(await s.at(s.merchant, key))).toEqual([])
  })

  test('the order was cancelled meanwhile: it goes back; one that nobody has paid can no longer be paid', async () => {
    const [one, two] = [await s.asked('shopper', soap), await s.asked('shopper2', soap)]
    const end = await s.reserved(one)
    await cancelOrder(s.shopper.deps, one, 'shopper', 'changed my mind')
    await cancelOrder(s.second.deps, two, 'shopper', 'changed my mind')
    await s.exchange()
    expect(await s.settle(one)).toMatchObject({ ok: true, value: { state: { status: 'cancelled' } } })
    expect(end.result).toEqual({ paid: false, reason: 'returned' })
    await s.settle(two)
    expect((await s.ledger.pay((await s.at(s.merchant, two)).issued[0]?.bolt11 ?? '')).paid).toBe(false)
    await s.exchange()
    expect(await s.at(s.shopper, one)).toMatchObject({ status: 'cancelled', problems: [] })
    expect((await s.at(s.shopper, one)).timeline.some(({ what }) => what === 'hold-released')).toBe(true)
    expect((await s.at(s.second, two)).timeline.some(({ what }) => what === 'hold-released')).toBe(false)
  })

  test.each(['take', 'release'] as const)('by hand: %s', async (choice) => {
    const key = await s.asked('shopper', mug)
    const end = await s.reserved(key)
    await s.settle(key, { shelfComplete: () => false, isCurrent: () => false })
    await s.settle(key, { shelfComplete: () => false, isCurrent: () => false }, choice)
    expect(end.result?.paid).toBe(choice === 'take')
    expect((await s.at(s.merchant, key)).holds).toMatchObject([choice === 'take' ? { state: 'taken' } : { state: 'released', reason: 'by-hand' }])
  })
})
