import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { allowedActs, transitions, type Act } from '../../../../src/domain/order/acts'
import { foldThread } from '../../../../src/domain/order/fold'
import { nextStep, orderGroup, paymentBadge } from '../../../../src/domain/order/status'
import type { EscrowFact, HoldFact } from '../../../../src/domain/order/held-money'
import type { Order, OrderMessage, OrderStatus } from '../../../../src/domain/order/types'
import { hex32, invoiceAt, KEY, local, merchantSays, people, placed, receipt, refusal, request, settled, shopperSays, T0 } from '../../../support/order-messages'

function fold(...messages: readonly OrderMessage[]): Order {
  const order = foldThread(KEY, [placed({ n: 1, at: 0 }), ...messages])
  if (order === undefined)
    throw new TypeError('no order')
  return order
}

const asked = request({ n: 2, at: 10 }, invoiceAt(0))
const paid = merchantSays({ n: 3, at: 20 }, { saidPaid: true, shipped: false })
const held = local({ n: 3, at: 15 }, people.merchant, { type: 'hold', paymentHash: hex32(invoiceAt(0).paymentHash), step: 'held', msat: toMsat(30_000), releaseAt: toSeconds(T0 + 615) })
const shipped = merchantSays({ n: 4, at: 30 }, { saidPaid: true, shipped: true })
const word = (n: number, word: Parameters<typeof merchantSays>[1]['word'] & string) => merchantSays({ n, at: 30 + n }, { word })

/** One history per word of orders.md §3.2, from the top. */
const histories: Readonly<Record<OrderStatus, readonly OrderMessage[]>> = {
  disputed: [asked, paid, shipped, shopperSays({ n: 9, at: 90 }, { dispute: 'opened', text: 'broken' })],
  refunded: [asked, paid, merchantSays({ n: 9, at: 90 }, { cancelled: true }), merchantSays({ n: 10, at: 95 }, { refund: { msat: toMsat(30_000), proof: '' } })],
  cancelled: [asked, shopperSays({ n: 9, at: 90 }, { cancelled: true })],
  completed: [asked, paid, shipped, word(9, 'delivered'), shopperSays({ n: 10, at: 95 }, { word: 'completed' })],
  delivered: [asked, paid, shipped, word(9, 'delivered')],
  out_for_delivery: [asked, paid, shipped, word(9, 'in_transit'), word(10, 'out_for_delivery')],
  in_transit: [asked, paid, shipped, word(9, 'in_transit')],
  shipped: [asked, paid, word(5, 'processing'), shipped],
  ready_to_ship: [asked, paid, word(5, 'processing'), word(6, 'ready_to_ship')],
  processing: [asked, paid, word(5, 'processing')],
  order_confirmed: [asked, paid, word(5, 'accepted')],
  escrow_locked: [asked, held],
  payment_confirmed: [asked, paid],
  failed: [asked, refusal({ n: 9, at: 90 })],
  payment_requested: [asked],
  payment_pending: [],
}
const rows = Object.entries(histories) as [OrderStatus, readonly OrderMessage[]][]

test.each(rows)('T2: facts give the status %s', (status, messages) => {
  expect(fold(...messages).status).toBe(status)
})

describe('money that is neither the one\'s nor the other\'s', () => {
  const escrow = (n: number, state: EscrowFact['state'], proof = '') => local({ n, at: n * 10 }, people.merchant, { type: 'escrow', provider: 'escrow.example', ref: 'lock-1', state, msat: toMsat(30_000), proof })

  test('an escrow that is locked may be accepted, cancelled or disputed; a reservation is taken by stock, not by a word', () => {
    expect(transitions.escrow_locked.map(({ act }) => act)).toEqual(['accept', 'cancel', 'dispute'])
    const locked = fold(asked, escrow(3, 'locked', 'signature'))
    expect(locked.status).toBe('escrow_locked')
    expect(paymentBadge(locked)).toBe('reserved')
    expect(allowedActs(locked, 'merchant')).toEqual(['accept', 'cancel', 'dispute'])
    expect(allowedActs(locked, 'shopper')).toEqual(['dispute'])
    expect(locked.timeline.at(-1)).toMatchObject({ what: 'escrow-locked', status: 'escrow_locked', by: 'system', text: 'escrow.example', verified: true })
    expect(nextStep(locked, 'merchant').code).toBe('accept-or-ship')
  })

  test('it goes on to disputed, and ends released or refunded; its end is its end', () => {
    expect(fold(asked, escrow(3, 'locked'), escrow(4, 'disputed')).status).toBe('disputed')
    expect(fold(asked, escrow(3, 'locked'), escrow(4, 'disputed'), escrow(5, 'released')).status).toBe('completed')
    const back = fold(asked, escrow(3, 'locked'), escrow(4, 'refunded'), escrow(5, 'released'), escrow(6, 'locked'))
    expect(back).toMatchObject({ status: 'refunded', escrow: { state: 'refunded', provider: 'escrow.example', ref: 'lock-1' } })
    expect(fold(asked, escrow(3, 'locked'), shipped).status).toBe('shipped')
  })

  test('reserved, decided, given back: and what is only decided about an unpaid invoice locks nothing', () => {
    const step = (n: number, body: Omit<HoldFact, 'type' | 'paymentHash'>) => local({ n, at: n * 10 }, people.merchant, { type: 'hold', paymentHash: hex32(invoiceAt(0).paymentHash), ...body })
    expect(fold(asked, step(4, { step: 'releasing', reason: 'order-over' })).status).toBe('payment_requested')
    expect(fold(asked, held, step(4, { step: 'releasing', reason: 'sold-out' })).holds).toMatchObject([{ state: 'releasing' }])
    expect(fold(asked, held, step(4, { step: 'taking' }), step(5, { step: 'releasing', reason: 'sold-out' })).holds).toMatchObject([{ state: 'taking' }])
    expect(fold(asked, held, step(4, { step: 'released', reason: 'sold-out' })).status).toBe('payment_requested')
    expect(fold(asked, held, step(4, { step: 'taking' }), settled({ n: 6, at: 60 }, invoiceAt(0)))).toMatchObject({ status: 'payment_confirmed', holds: [{ state: 'taken' }] })
  })
})

/** orders.md §3.1, one line per status: the merchant's buttons, then the shopper's. */
const buttons: Readonly<Record<OrderStatus, readonly [merchant: readonly Act[], shopper: readonly Act[]]>> = {
  payment_pending: [['ask-payment', 'mark-paid', 'cancel', 'refuse'], ['cancel']],
  payment_requested: [['reissue', 'mark-paid', 'cancel', 'refuse'], ['pay', 'cancel']],
  payment_confirmed: [['accept', 'process', 'ship', 'cancel', 'refund', 'take-back-paid'], ['dispute', 'ask-cancel']],
  escrow_locked: [['cancel'], []],
  order_confirmed: [['process', 'ship', 'cancel', 'refund', 'dispute', 'take-back-paid'], ['dispute', 'ask-cancel']],
  processing: [['ready', 'ship', 'deliver', 'cancel', 'dispute', 'take-back-paid', 'refund'], ['dispute', 'ask-cancel']],
  ready_to_ship: [['ship', 'deliver', 'cancel', 'dispute', 'take-back-paid', 'refund'], ['dispute', 'ask-cancel']],
  shipped: [['in-transit', 'out-for-delivery', 'deliver', 'dispute', 'unship', 'take-back-paid', 'refund'], ['confirm-received', 'dispute']],
  in_transit: [['out-for-delivery', 'deliver', 'dispute', 'take-back-paid', 'refund'], ['confirm-received', 'dispute']],
  out_for_delivery: [['deliver', 'dispute', 'take-back-paid', 'refund'], ['confirm-received', 'dispute']],
  delivered: [['complete', 'refund', 'take-back-paid'], ['complete', 'dispute']],
  disputed: [['refund', 'cancel', 'resolve-dispute', 'take-back-paid'], ['withdraw-dispute']],
  completed: [['refund', 'take-back-paid'], []],
  cancelled: [[], []],
  refunded: [[], []],
  failed: [[], []],
}

test.each(rows)('the buttons at %s are those of the transition table', (status, messages) => {
  const [merchant, shopper] = buttons[status]
  expect(allowedActs(fold(...messages), 'merchant')).toEqual(merchant)
  expect(allowedActs(fold(...messages), 'shopper')).toEqual(shopper)
})

test('where each button leads stays inside the sixteen words, and ended orders are final', () => {
  for (const moves of Object.values(transitions)) {
    for (const { to } of moves)
      expect(Object.keys(transitions)).toContain(to)
  }
  for (const status of ['cancelled', 'refunded', 'failed'] as const)
    expect(transitions[status]).toEqual([])
})

test.each<[OrderStatus, string, string, string]>([
  ['payment_pending', 'ask-payment', 'wait-for-request', 'to-pay'],
  ['payment_requested', 'wait-for-payment', 'pay', 'to-pay'],
  ['payment_confirmed', 'accept-or-ship', 'wait-for-shipping', 'in-progress'],
  ['escrow_locked', 'take-or-release', 'wait-for-taking', 'in-progress'],
  ['order_confirmed', 'ship', 'wait-for-shipping', 'in-progress'],
  ['processing', 'ship', 'wait-for-shipping', 'in-progress'],
  ['ready_to_ship', 'ship', 'wait-for-shipping', 'in-progress'],
  ['shipped', 'wait-for-delivery', 'confirm-received', 'shipped'],
  ['in_transit', 'wait-for-delivery', 'confirm-received', 'shipped'],
  ['out_for_delivery', 'wait-for-delivery', 'confirm-received', 'shipped'],
  ['delivered', 'wait-for-received', 'confirm-received', 'done'],
  ['disputed', 'settle-dispute', 'settle-dispute', 'problem'],
  ['completed', 'nothing', 'nothing', 'done'],
  ['cancelled', 'nothing', 'nothing', 'done'],
  ['refunded', 'nothing', 'nothing', 'done'],
  ['failed', 'nothing', 'order-again', 'done'],
])('at %s each side reads what happens next', (status, merchant, shopper, group) => {
  const order = fold(...histories[status])
  expect(nextStep(order, 'merchant').code).toBe(merchant)
  expect(nextStep(order, 'shopper').code).toBe(shopper)
  expect(orderGroup(order)).toBe(group)
})

describe('T8: payment stands beside the status, as sure as it is', () => {
  test('unpaid, claimed, said and proved are four badges', () => {
    expect(paymentBadge(fold(asked))).toBe('unpaid')
    expect(paymentBadge(fold(asked, receipt({ n: 5, at: 20 }, invoiceAt(0), 'd'.repeat(64))))).toBe('claimed')
    expect(paymentBadge(fold(asked, paid))).toBe('said')
    expect(paymentBadge(fold(asked, receipt({ n: 5, at: 20 }, invoiceAt(0))))).toBe('proved')
  })

  test('a preimage proves to the shopper and is a hint to the merchant, until his own wallet says settled', () => {
    const shown = receipt({ n: 5, at: 20 }, invoiceAt(0))
    expect(paymentBadge(fold(asked, shown), 'merchant')).toBe('claimed')
    expect(paymentBadge(fold(asked, shown, paid), 'merchant')).toBe('said')
    expect(paymentBadge(fold(asked, shown, settled({ n: 6, at: 25 }, invoiceAt(0))), 'merchant')).toBe('proved')
  })

  test('T9: too much, too little, twice and given back are said', () => {
    expect(paymentBadge(fold(asked, settled({ n: 5, at: 20 }, invoiceAt(0), 29_999)))).toBe('underpaid')
    expect(paymentBadge(fold(asked, settled({ n: 5, at: 20 }, invoiceAt(0), 30_001)))).toBe('overpaid')
    expect(paymentBadge(fold(asked, request({ n: 6, at: 15 }, invoiceAt(1)), settled({ n: 5, at: 20 }, invoiceAt(0)), settled({ n: 7, at: 21 }, invoiceAt(1))))).toBe('paid-twice')
    expect(paymentBadge(fold(...histories.refunded))).toBe('refunded')
  })

  test('shipped and not paid is possible: the status says shipped, the badge unpaid, and the merchant may still be paid', () => {
    const order = fold(asked, merchantSays({ n: 4, at: 30 }, { shipped: true }))
    expect([order.status, paymentBadge(order), order.problems]).toEqual(['shipped', 'unpaid', ['shipped-before-paid']])
    expect(allowedActs(order, 'merchant')).toEqual(expect.arrayContaining(['mark-paid', 'reissue']))
  })
})

test('a refund that is due outranks every other step, for both', () => {
  const order = fold(asked, paid, merchantSays({ n: 9, at: 90 }, { cancelled: true }))
  expect([nextStep(order, 'merchant'), nextStep(order, 'shopper').code, orderGroup(order)])
    .toEqual([{ who: 'merchant', code: 'refund', mine: true }, 'wait-for-refund', 'problem'])
  expect(allowedActs(order, 'merchant')).toContain('refund')
})

test('T8: to the merchant a receipt with a proof is a reason to look into the wallet, and leaves every way to say paid', () => {
  const claimed = fold(asked, receipt({ n: 8, at: 20 }, invoiceAt(0)))
  expect(nextStep(claimed, 'merchant')).toMatchObject({ code: 'check-payment', mine: true })
  expect(allowedActs(claimed, 'merchant')).toEqual(expect.arrayContaining(['mark-paid', 'reissue']))
  expect(nextStep(claimed, 'shopper')).toMatchObject({ code: 'wait-for-shipping' })
  const proved = fold(asked, receipt({ n: 8, at: 20 }, invoiceAt(0)), settled({ n: 9, at: 30 }, invoiceAt(0)))
  expect(nextStep(proved, 'merchant')).toMatchObject({ code: 'accept-or-ship' })
  expect(allowedActs(proved, 'merchant')).not.toContain('mark-paid')
})
