/** T7–T10 over whatever may be said, by either party and by strangers, in any sequence. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toMsat, toSeconds, type Hex32, type OrderKey } from '../../../../src/domain/brand'
import { deskPaymentState } from '../../../../src/domain/order/desk-payment-state'
import { foldThread } from '../../../../src/domain/order/fold'
import { paymentPanel } from '../../../../src/domain/order/payment-panel'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { history, hostileMessages } from '../../../support/order-histories'
import { hex32, invoiceAt, invoices, KEY, local, merchantSays, people, T0 } from '../../../support/order-messages'
import { agreedTo } from '../../../support/payment-facts'

const runs = { numRuns: 400 }
const PAID = ['paid', 'underpaid', 'overpaid', 'paid-twice', 'paid-late', 'refund-due']
const later = fc.integer({ min: -10, max: 9_000 })

const ofMerchant = (message: OrderMessage): boolean => message.transport !== 'local' || message.author === people.merchant
const desk = (order: Order, now: number, unreachable = false) => deskPaymentState({ order, now: toSeconds(T0 + now), network: 'mainnet', knownHashes: new Map(), unreachable })
const panel = (order: Order, now: number, more: Partial<Parameters<typeof paymentPanel>[0]> = {}) =>
  paymentPanel({ order, now: toSeconds(T0 + now), outboxWaiting: false, network: 'mainnet', knownHashes: new Map(), accepted: null, ...more })

test('T8: nothing but the own wallet and the merchant\'s own word makes a desk say paid, or owe anything back', () => {
  fc.assert(fc.property(history(), hostileMessages, later, fc.boolean(), (messages, hostile, now, unreachable) => {
    const known = [...messages, ...hostile].filter(ofMerchant).filter(({ type }) => type !== 'wallet-settled')
    const order = foldThread(KEY, known, { viewer: people.merchant })
    if (order === undefined || order.payments.some(({ strength }) => strength === 'said'))
      return
    expect(PAID).not.toContain(desk(order, now, unreachable).type)
    expect(order.problems.filter(problem => ['paid-twice', 'refund-due', 'underpaid', 'overpaid', 'paid-superseded', 'refused-after-paid'].includes(problem))).toEqual([])
  }), runs)
})

test('T9: what the own wallet has received is on the desk, whatever else is said, and a second payment is a second', () => {
  fc.assert(fc.property(history(), later, (messages, now) => {
    const order = foldThread(KEY, messages.filter(ofMerchant), { viewer: people.merchant })
    if (order === undefined)
      return
    const settled = new Set(order.payments.filter(({ by, strength }) => by === 'own-wallet' && strength === 'proved').map(({ paymentHash }) => paymentHash))
    const state = desk(order, now)
    if (settled.size > 0 && order.status !== 'refunded' && order.status !== 'cancelled')
      expect(PAID).toContain(state.type)
    if (settled.size > 1 && order.status !== 'refunded')
      expect(state.type).toBe('paid-twice')
    // The same word of the same wallet once more changes nothing.
    const again = foldThread(KEY, [...messages, ...messages].filter(ofMerchant), { viewer: people.merchant })
    expect(again && desk(again, now)).toEqual(state)
  }), runs)
})

test('T7, T9, T10: what may be paid is the newest invoice, alive, of nobody else, agreed to, and nothing else is paid or under way', () => {
  fc.assert(fc.property(history(), later, fc.constantFrom(30_000, 33_000, 77_000), (messages, now, agreed) => {
    const order = foldThread(KEY, [...messages, agreedTo(agreed)], { viewer: people.shopper })
    if (order === undefined)
      return
    const state = panel(order, now)
    if (state.type !== 'ready')
      return
    expect(order.payment).toBe('unpaid')
    expect(order.refusal).toBeNull()
    expect(order.request?.supersededBy).toBeNull()
    expect(state.bolt11).toBe(order.request?.bolt11)
    expect(toSeconds(T0 + now)).toBeLessThanOrEqual(state.expiresAt)
    expect(['within', 'below']).toContain(state.checks.amount)
    expect(['cancelled', 'refunded', 'failed']).not.toContain(order.status)
    if (order.paying !== null)
      expect(state.afterUnknown).toBe(true)
    const elsewhere = new Map(invoices.map(invoice => [invoice.paymentHash as Hex32, 'another' as OrderKey]))
    expect(panel(order, now, { knownHashes: elsewhere }).type).toBe('mismatch')
    expect(panel(order, now, { network: 'regtest' }).type).toBe('mismatch')
  }), runs)
})

test('T9: once a wallet was asked, no second way to pay is there before it has answered or nothing can come any more', () => {
  fc.assert(fc.property(history(), fc.nat(3), fc.integer({ min: 61, max: 5_000 }), (messages, which, passed) => {
    const quiet = messages.filter(({ type }) => type !== 'paying' && type !== 'paying-failed' && type !== 'wallet-paid')
    const begun = local({ n: 5_000, at: 20 }, people.shopper, { type: 'paying', paymentHash: hex32(invoiceAt(which).paymentHash), via: 'nwc' })
    const order = foldThread(KEY, [...quiet, begun, agreedTo(30_000)], { viewer: people.shopper })
    if (order === undefined || order.paying === null)
      return
    const dies = order.requests.find(({ paymentHash }) => paymentHash === order.paying)?.expiresAt ?? Infinity
    for (const canAsk of [true, false]) {
      if (T0 + 20 + passed <= dies + 600)
        expect(['ready', 'prepaid', 'waiting-for-merchant']).not.toContain(panel(order, 20 + passed, { canAsk }).type)
    }
  }), runs)
})

const tooMuch = fc.tuple(fc.constantFrom('twice' as const, 'late' as const), fc.nat(3), fc.integer({ min: -3, max: 40 }), fc.constantFrom(1, 30_000, 90_000))
  .map(([what, i, at, msat]) => merchantSays({ n: 7_000, at }, { excess: { what, hash: hex32(invoiceAt(i).paymentHash), msat: toMsat(msat) } }))

test('T8: to the merchant nothing follows from the own word about what the own wallet shows', () => {
  fc.assert(fc.property(history(), tooMuch, later, (messages, word, now) => {
    const known = messages.filter(ofMerchant)
    const order = foldThread(KEY, known, { viewer: people.merchant })
    const told = foldThread(KEY, [...known, word], { viewer: people.merchant })
    const shows = order?.payments.some(({ by, strength, paymentHash }) => by === 'own-wallet' && strength === 'proved' && paymentHash === word.excess?.hash)
    const saidBefore = order?.payments.some(({ excess, paymentHash }) => excess !== undefined && paymentHash === word.excess?.hash)
    if (order === undefined || told === undefined || !shows || saidBefore)
      return
    expect(desk(told, now)).toEqual(desk(order, now))
    expect([told.problems, told.status, told.paidMsat, told.refundedMsat, told.payment]).toEqual([order.problems, order.status, order.paidMsat, order.refundedMsat, order.payment])
  }), runs)
})

test('T9: what the merchant says to have come too much stands beside the order: no end, no word and no invoice of it is undone', () => {
  fc.assert(fc.property(history(), tooMuch, later, (messages, word, now) => {
    const known = messages.filter(({ transport, author }) => transport !== 'local' || author === people.shopper)
    const order = foldThread(KEY, known, { viewer: people.shopper })
    const told = foldThread(KEY, [...known, word], { viewer: people.shopper })
    if (order === undefined || told === undefined)
      return
    expect([told.cancelledBy, told.cancelRequestedBy, told.refusal, told.request, told.shipped]).toEqual([order.cancelledBy, order.cancelRequestedBy, order.refusal, order.request, order.shipped])
    const fact = told.payments.find(({ message }) => message === word.id)
    if (fact === undefined)
      return
    expect(told.requests.some(({ paymentHash }) => paymentHash === fact.paymentHash)).toBe(true)
    expect(['said', 'proved']).toContain(told.payment)
    if (fact.excess === 'late')
      expect(told.problems).toContain('paid-after-end')
    if (told.refundedMsat === 0 && fact.excess === 'twice')
      expect(told.problems).toContain('paid-twice')
    if (told.refundedMsat === 0 && told.refundDeclined === null && told.status !== 'cancelled' && told.status !== 'refunded')
      expect(['paid-twice', 'paid-late']).toContain(panel(told, now).type)
  }), runs)
})
