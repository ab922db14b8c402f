import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { allowedActs } from '../../../../src/domain/order/acts'
import { foldThread } from '../../../../src/domain/order/fold'
import { refundObjection, refundOffer } from '../../../../src/domain/order/refund-offer'
import { readRefundTarget, usedHashesOf } from '../../../../src/domain/order/refund-target'
import { nextStep, orderGroup, paymentBadge } from '../../../../src/domain/order/status'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { makeInvoice } from '../../../support/order-invoices'
import { chat, hex32, invoiceAt, KEY, merchantSays, people, placed, receipt, refundPaid, refusal, request, settled, shopperSays, T0 } from '../../../support/order-messages'

function fold(...messages: readonly OrderMessage[]): Order {
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...messages])
  if (order === undefined)
    throw new TypeError('no order')
  return order
}
/** Asks 30 sat for the order; the shopper's own invoices are over 10 and 20. */
const asked = request({ n: 2, at: 10 }, invoiceAt(0))
const paid = settled({ n: 3, at: 20 }, invoiceAt(0))
const cancelled = merchantSays({ n: 4, at: 30 }, { cancelled: true, text: 'broken' })
const back = makeInvoice({ preimage: '7'.repeat(64), msat: 10_000, createdAt: T0 + 40 })
const rest = makeInvoice({ preimage: '8'.repeat(64), msat: 20_000, createdAt: T0 + 40 })
const ask = (n: number, id: string, msat: number, more: { readonly rest?: 'kept' } = {}) => merchantSays({ n, at: 30 + n }, { refundStep: { step: 'ask', id, msat: toMsat(msat), ...more }, text: 'sorry' })
const give = (n: number, id: string, to: string) => shopperSays({ n, at: 30 + n }, { refundStep: { step: 'to', id, to } })
const returned = (n: number, id: string, msat: number, proof = '') => merchantSays({ n, at: 30 + n }, { refund: { msat: toMsat(msat), proof, id }, text: 'here it is' })
const one = (order: Order) => order.refunds.map(({ state }) => state)

describe('a refund goes through its states', () => {
  test('asked, given a way, paid; a preimage of the shopper\'s own invoice proves it to both', () => {
    expect(fold(asked, paid, ask(10, 'a', 10_000)).refunds).toMatchObject([{ id: 'a', state: 'asked', msat: 10_000, reason: 'sorry', target: '' }])
    expect(fold(asked, paid, ask(10, 'a', 10_000), give(11, 'a', back.bolt11)).refunds).toMatchObject([{ state: 'ready', target: back.bolt11 }])
    const order = fold(asked, paid, ask(10, 'a', 10_000), give(11, 'a', back.bolt11), returned(12, 'a', 10_000, back.preimage))
    expect(order.refunds).toMatchObject([{ state: 'paid', proved: true, told: true, paymentHash: back.paymentHash, preimage: back.preimage, arrived: false }])
    expect(order.refundedMsat).toBe(10_000)
    expect(order.timeline.slice(-3).map(({ what, verified }) => [what, verified])).toEqual([['refund-asked', false], ['refund-given', false], ['refunded', true]])
  })
  test('without a proof, or with the proof of something else, it is said and no more', () => {
    const said = fold(asked, paid, ask(10, 'a', 10_000), give(11, 'a', back.bolt11), returned(12, 'a', 10_000))
    expect(said.refunds).toMatchObject([{ state: 'paid', proved: false }])
    expect(fold(asked, paid, ask(10, 'a', 10_000), give(11, 'a', back.bolt11), returned(12, 'a', 10_000, invoiceAt(0).preimage)).refunds).toMatchObject([{ proved: false }])
    expect(said.timeline.at(-1)).toMatchObject({ what: 'refunded', verified: false })
    expect(fold(asked, paid, ask(10, 'a', 10_000), returned(12, 'a', 10_000), shopperSays({ n: 13, at: 60 }, { refundStep: { step: 'got', id: 'a' } })).refunds).toMatchObject([{ arrived: true }])
  })
  test('a proof shows the amount of its own invoice, and pays one refund only', () => {
    const order = fold(asked, paid, ask(10, 'a', 10_000), give(11, 'a', back.bolt11), returned(12, 'a', 30_000, back.preimage), returned(13, 'b', 10_000, back.preimage))
    expect([order.refundedMsat, order.refunds.length]).toEqual([10_000, 1])
  })
  test('the merchant\'s own wallet: under way, no answer, failed, paid; one line on the timeline for the fact and the word', () => {
    const begun = refundPaid({ n: 12, at: 42 }, 'a', { state: 'begun', preimage: '' })
    expect(fold(asked, paid, begun).refunds).toMatchObject([{ state: 'paying', via: 'nwc', begunAt: T0 + 42 }])
    expect(one(fold(asked, paid, begun, refundPaid({ n: 13, at: 43 }, 'a', { state: 'unknown', reason: 'silence' })))).toEqual(['unknown'])
    expect(fold(asked, paid, begun, refundPaid({ n: 13, at: 43 }, 'a', { state: 'failed', reason: 'no route' })).refunds).toMatchObject([{ state: 'failed', failure: 'no route' }])
    const done = fold(asked, paid, begun, refundPaid({ n: 13, at: 43 }, 'a', { msat: toMsat(10_000), fee: toMsat(7) }), returned(14, 'a', 10_000, invoiceAt(3).preimage))
    expect(done.refunds).toMatchObject([{ state: 'paid', proved: true, fee: 7, told: true }])
    expect(done.timeline.filter(({ what }) => what === 'refunded')).toHaveLength(1)
  })
  test('T9: two devices that both paid: all that went is counted', () => {
    const order = fold(asked, paid, refundPaid({ n: 12, at: 42 }, 'a', { msat: toMsat(10_000) }), refundPaid({ n: 13, at: 43 }, 'a', { msat: toMsat(10_000), paymentHash: hex32(back.paymentHash), preimage: back.preimage }))
    expect([order.refunds.map(({ msat }) => msat), order.refundedMsat]).toEqual([[20_000], 20_000])
  })
  test('a new offer replaces one that was not begun; to take it back leaves none', () => {
    expect(one(fold(asked, paid, ask(10, 'a', 10_000), ask(11, 'b', 20_000)))).toEqual(['replaced', 'asked'])
    expect(one(fold(asked, paid, ask(10, 'a', 10_000), merchantSays({ n: 11, at: 41 }, { refundStep: { step: 'none' } })))).toEqual(['replaced'])
  })
  test('an invoice of exactly that amount in plain words is an answer; another amount is not', () => {
    const says = (text: string) => one(fold(asked, paid, ask(10, 'a', 10_000), chat({ n: 11, at: 50 }, 'shopper', text)))
    expect(says(`please: lightning:${back.bolt11.toUpperCase()}.`)).toEqual(['ready'])
    expect(says(`please ${rest.bolt11}`)).toEqual(['asked'])
  })
  test('an address given once stands for what comes later; nobody else can give one', () => {
    expect(fold(asked, paid, give(9, '', 'ida@wool.example'), ask(10, 'a', 10_000)).refunds).toMatchObject([{ state: 'ready', target: 'ida@wool.example' }])
    const thief = shopperSays({ n: 9, at: 39, shopper: people.stranger }, { refundStep: { step: 'to', id: 'a', to: 'thief@example.org' } })
    expect(fold(asked, paid, ask(10, 'a', 10_000), thief, merchantSays({ n: 12, at: 45 }, { refundStep: { step: 'to', id: 'a', to: 'me@shop.example' } })).refunds).toMatchObject([{ state: 'asked', target: '' }])
  })
})

describe('what it makes of the order', () => {
  test('part, then all: the badge, the status, and what is left to give back', () => {
    const part = fold(asked, paid, returned(10, 'a', 10_000))
    expect([part.status, paymentBadge(part, 'merchant'), refundObjection(part, 21_000), refundObjection(part, 20_000)]).toEqual(['payment_confirmed', 'partly-refunded', 'too-much', null])
    const all = fold(asked, paid, returned(10, 'a', 10_000), returned(11, 'b', 20_000))
    expect([all.status, paymentBadge(all, 'merchant'), all.refundedMsat, allowedActs(all, 'merchant')]).toEqual(['refunded', 'refunded', 30_000, []])
  })
  test('nothing above what was received, however much is said', () => {
    expect(fold(asked, paid, returned(10, 'a', 77_000_000), returned(11, 'b', 5_000)).refundedMsat).toBe(30_000)
  })
  test('a payment with a part of a sat is given back when every whole sat is', () => {
    const odd = makeInvoice({ preimage: '9'.repeat(64), msat: 30_500, createdAt: T0 })
    const order = (...more: readonly OrderMessage[]) => fold(request({ n: 2, at: 10 }, odd), settled({ n: 3, at: 20 }, odd), cancelled, ...more)
    expect(refundOffer(order())).toEqual({ msat: 30_000, why: 'ended' })
    expect(order(returned(10, 'a', 30_000)).status).toBe('refunded')
  })
  test('cancelled when it was paid: offered, asked, and not asked again while it is on its way', () => {
    const due = fold(asked, paid, cancelled)
    expect([due.problems, refundOffer(due), nextStep(due, 'merchant').code, orderGroup(due)]).toEqual([['refund-due'], { msat: 30_000, why: 'ended' }, 'refund', 'problem'])
    const waits = fold(asked, paid, cancelled, ask(10, 'a', 30_000))
    expect([refundOffer(waits), nextStep(waits, 'merchant'), nextStep(waits, 'shopper')]).toEqual([null, { who: 'shopper', code: 'wait-for-refund-target', mine: false }, { who: 'shopper', code: 'give-refund-target', mine: true }])
    const ready = fold(asked, paid, cancelled, ask(10, 'a', 10_000), give(11, 'a', back.bolt11))
    expect([nextStep(ready, 'merchant').code, nextStep(ready, 'shopper').code]).toEqual(['refund', 'wait-for-refund'])
    const doubtful = fold(asked, paid, cancelled, refundPaid({ n: 12, at: 42 }, 'a', { state: 'unknown' }))
    expect([nextStep(doubtful, 'merchant').code, refundObjection(doubtful, 1_000)]).toEqual(['check-refund', 'under-way'])
  })
  test('a part with the rest kept, or nothing at all: decided and said, no longer due', () => {
    const none = fold(asked, paid, cancelled, merchantSays({ n: 10, at: 40 }, { refundStep: { step: 'none' }, text: 'it was made for you' }))
    expect([none.problems, none.refundDeclined?.text, refundOffer(none), nextStep(none, 'merchant').code]).toEqual([['refund-declined'], 'it was made for you', null, 'nothing'])
    const part = [asked, paid, cancelled, ask(10, 'a', 10_000, { rest: 'kept' })] as const
    expect(fold(...part).problems).toEqual(['refund-due'])
    expect(fold(...part, returned(12, 'a', 10_000)).problems).toEqual(['refund-declined'])
    expect(fold(...part, ask(14, 'b', 30_000)).refundDeclined).toBeNull()
  })
  test('T9: a payment that comes when the order had ended is found and offered back', () => {
    const late = fold(asked, refusal({ n: 5, at: 15 }), paid)
    expect([late.status, late.problems.includes('paid-after-end'), refundOffer(late)]).toEqual(['failed', true, { msat: 30_000, why: 'ended' }])
    expect(allowedActs(late, 'merchant')).toContain('refund')
    expect(refundOffer(fold(asked, shopperSays({ n: 5, at: 15 }, { cancelled: true }), paid))).toEqual({ msat: 30_000, why: 'ended' })
  })
  test('T9: the second of two payments is offered back, and settled when it went', () => {
    const twice = [asked, request({ n: 6, at: 12 }, invoiceAt(1)), paid, settled({ n: 7, at: 21 }, invoiceAt(1))] as const
    expect(refundOffer(fold(...twice))).toEqual({ msat: 30_000, why: 'paid-twice' })
    const settledAll = fold(...twice, returned(12, 'a', 30_000))
    expect([settledAll.problems, refundOffer(settledAll), settledAll.status]).toEqual([['paid-superseded'], null, 'payment_confirmed'])
  })
  test('T8: a preimage that leaked is no second payment to the merchant: nothing is offered for it, and what came covers what went back', () => {
    const leaked = [asked, request({ n: 6, at: 12 }, invoiceAt(1)), paid, receipt({ n: 7, at: 21 }, invoiceAt(1))] as const
    expect(refundOffer(fold(...leaked))).toBeNull()
    expect(refundOffer(fold(...leaked, cancelled))).toEqual({ msat: 30_000, why: 'ended' })
    expect([refundObjection(fold(...leaked), 31_000), refundObjection(fold(...leaked), 30_000)]).toEqual(['too-much', null])
    const back = fold(...leaked, cancelled, returned(12, 'a', 30_000))
    expect([back.status, back.refundedMsat, back.problems.includes('refund-due')]).toEqual(['refunded', 30_000, false])
    expect(fold(...leaked, returned(12, 'a', 60_000)).refundedMsat).toBe(30_000)
    const said = fold(asked, request({ n: 6, at: 12 }, invoiceAt(1)), receipt({ n: 7, at: 21 }, invoiceAt(0)), receipt({ n: 8, at: 22 }, invoiceAt(1)), merchantSays({ n: 9, at: 23 }, { saidPaid: true }))
    expect(refundOffer(said)).toBeNull()
  })
  test('T9: more than was asked is offered back from 1 % and 100 sat on', () => {
    const large = makeInvoice({ preimage: 'c'.repeat(64), msat: 5_000_000, createdAt: T0 })
    const paidWith = (msat: number) => refundOffer(fold(request({ n: 2, at: 10 }, large), settled({ n: 3, at: 20 }, large, msat)))
    expect([paidWith(5_099_000), paidWith(5_100_000)]).toEqual([null, { msat: 100_000, why: 'overpaid' }])
    const small = (msat: number) => refundOffer(fold(asked, settled({ n: 3, at: 20 }, invoiceAt(0), msat)))
    expect([small(129_000), small(130_000)]).toEqual([null, { msat: 100_000, why: 'overpaid' }])
  })
  test('nothing is given back of what the own wallet has not seen', () => {
    const claimed = fold(asked, merchantSays({ n: 4, at: 30 }, { cancelled: true }))
    expect(refundObjection(claimed, 30_000)).toBe('not-paid')
  })
})

describe('I1–I6 turned round: where it may go', () => {
  const needs = { msat: toMsat(10_000), now: toSeconds(T0 + 50), network: 'mainnet' as const, usedHashes: new Set<string>(), leastSeconds: 30 }
  const code = (text: string, more: Partial<typeof needs> = {}): string => {
    const read = readRefundTarget(text, { ...needs, ...more })
    return read.ok ? read.value.kind : read.error.code
  }
  test.each([
    ['an invoice of exactly that amount', back.bolt11, {}, 'invoice'],
    ['with its scheme, in capitals', `LIGHTNING:${back.bolt11.toUpperCase()}`, {}, 'invoice'],
    ['an address', ' Ida@Wool.example ', {}, 'address'],
    ['another amount', rest.bolt11, {}, 'amount_mismatch'],
    ['no amount', makeInvoice({ preimage: '7'.repeat(64), msat: null, createdAt: T0 }).bolt11, {}, 'amount_missing'],
    ['another network', makeInvoice({ preimage: '7'.repeat(64), msat: 10_000, createdAt: T0, prefix: 'lnbcrt' }).bolt11, {}, 'wrong_network'],
    ['one that is over', back.bolt11, { now: toSeconds(T0 + 3_641) }, 'expired'],
    ['one that is over in a moment', back.bolt11, { now: toSeconds(T0 + 3_620) }, 'expires-soon'],
    ['one that some order has seen', back.bolt11, { usedHashes: new Set([back.paymentHash]) }, 'payment_hash_reused'],
    ['a forged signature', makeInvoice({ preimage: '7'.repeat(64), msat: 10_000, createdAt: T0, forgeSignature: true }).bolt11, {}, 'bad_signature'],
    ['damaged', `${back.bolt11}q`, {}, 'bad_checksum'],
    ['words', 'to my account please', {}, 'not-a-target'],
  ] as const)('%s', (_name, text, more, expected) => {
    expect(code(text, more)).toBe(expected)
  })
  test('hashes of requests and of other refunds are used, those of this one are not', () => {
    const order = fold(asked, paid, ask(10, 'a', 10_000), give(11, 'a', back.bolt11))
    expect([...usedHashesOf([order], { order: KEY, refund: 'a' })]).toEqual([invoiceAt(0).paymentHash])
    expect(usedHashesOf([order], { order: KEY, refund: 'b' }).has(back.paymentHash as never)).toBe(true)
  })
})
