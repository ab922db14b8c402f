import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { allowedActs } from '../../../../src/domain/order/acts'
import { awaitsInvoice } from '../../../../src/domain/order/answer-rules'
import { foldThread } from '../../../../src/domain/order/fold'
import { nextStep } from '../../../../src/domain/order/status'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { isWork, workKinds, workOf, type WorkKind } from '../../../../src/domain/order/work'
import { hex32, idOf, invoiceAt, KEY, local, merchantSays, people, placed, receipt, refundPaid, refusal, request, settled, shopperSays, T0 } from '../../../support/order-messages'

const NOW = toSeconds(T0 + 100)
const toInvoice = (order: Order): boolean => awaitsInvoice(order, NOW)
function fold(messages: readonly OrderMessage[], dialect: Order['dialect'] = 'nip15'): Order {
  const order = foldThread(KEY, [placed({ n: 1, at: 0, dialect }), ...messages], { viewer: people.merchant })
  if (order === undefined)
    throw new TypeError('no order')
  return order
}
const asked = request({ n: 2, at: 10 }, invoiceAt(0))
const paid = merchantSays({ n: 3, at: 20 }, { saidPaid: true })
const proved = settled({ n: 4, at: 20 }, invoiceAt(0))
const short = settled({ n: 4, at: 20 }, invoiceAt(0), 20_000)
const shown = receipt({ n: 5, at: 15 }, invoiceAt(0))
const claimed = receipt({ n: 5, at: 15 }, invoiceAt(0), '')
const wish = shopperSays({ n: 6, at: 30 }, { cancelled: true, text: 'changed my mind' })
const cancelled = merchantSays({ n: 7, at: 40 }, { cancelled: true })
const offer = merchantSays({ n: 8, at: 50 }, { refundStep: { step: 'ask', id: 'r1', msat: toMsat(30_000) } })
const target = shopperSays({ n: 9, at: 60 }, { refundStep: { step: 'to', id: 'r1', to: 'sam@wallet.example' } })
const attempt = (state: 'begun' | 'unknown' | 'paid') => refundPaid({ n: 10, at: 70 }, 'r1', { state, msat: toMsat(30_000) })
const word = (name: 'accepted' | 'processing' | 'ready_to_ship' | 'delivered', at = 25) => merchantSays({ n: 11, at }, { word: name })
const held = local({ n: 12, at: 15 }, people.merchant, { type: 'hold', paymentHash: hex32(invoiceAt(0).paymentHash), step: 'held', msat: toMsat(30_000), releaseAt: toSeconds(T0 + 615) })
const escrow = local({ n: 12, at: 15 }, people.merchant, { type: 'escrow', provider: 'escrow.example', ref: 'lock-1', state: 'locked', msat: toMsat(30_000), proof: '' })

test.each<[string, readonly OrderMessage[], readonly WorkKind[], Order['dialect']?]>([
  ['new', [], ['invoice']],
  ['asked', [asked], ['unpaid']],
  ['accepted, and not paid', [asked, word('accepted')], ['unpaid']],
  ['to be paid unasked', [], ['unpaid'], 'plebeian'],
  ['paid by the merchant\'s word', [asked, paid], ['ship']],
  ['paid, the own wallet says', [asked, proved], ['ship']],
  ['packed', [asked, paid, word('ready_to_ship')], ['ship']],
  ['T8: paid by the shopper\'s preimage alone', [asked, shown], ['check']],
  ['T8: accepted, and paid by the shopper\'s preimage alone', [asked, shown, word('accepted')], ['check']],
  ['said to be paid', [asked, claimed], ['check']],
  ['said to be paid, and accepted', [asked, claimed, word('processing')], ['check']],
  ['said to be paid, and sent all the same', [asked, claimed, merchantSays({ n: 13, at: 30 }, { shipped: true })], ['problem', 'check']],
  ['paid unasked, and nobody has looked', [receipt({ n: 5, at: 15, dialect: 'plebeian' }, invoiceAt(0))], ['check'], 'plebeian'],
  ['reserved', [asked, held], ['check']],
  ['locked in escrow', [asked, escrow], ['check']],
  ['locked in escrow, and accepted', [asked, escrow, word('accepted')], ['ship']],
  ['the shopper asks to cancel', [asked, paid, wish], ['check']],
  ['the merchant keeps the order', [asked, paid, wish, merchantSays({ n: 14, at: 50 }, { keepsOrder: idOf(6), text: 'sent tomorrow' })], ['ship']],
  ['cancelled and paid: a refund is due', [asked, proved, cancelled], ['problem', 'refund']],
  ['the shopper is asked where the money goes', [asked, proved, cancelled, offer], ['problem']],
  ['where the money goes is here', [asked, proved, cancelled, offer, target], ['problem', 'refund']],
  ['a part goes back, the rest is to be sent', [asked, proved, merchantSays({ n: 8, at: 50 }, { refundStep: { step: 'ask', id: 'r1', msat: toMsat(5_000) } }), target], ['ship', 'refund']],
  ['a refund is being paid', [asked, proved, cancelled, offer, target, attempt('begun')], ['problem', 'refund']],
  ['a refund of unknown end', [asked, proved, cancelled, offer, target, attempt('unknown')], ['problem', 'refund']],
  ['a refund that was paid and not told', [asked, proved, cancelled, offer, target, attempt('paid')], ['refund']],
  ['a problem is reported', [asked, proved, merchantSays({ n: 13, at: 30 }, { shipped: true }), shopperSays({ n: 14, at: 50 }, { dispute: 'opened', text: 'broken' })], ['problem']],
  ['shipped', [asked, proved, merchantSays({ n: 13, at: 30 }, { shipped: true })], []],
  ['T9: too little arrived', [asked, short], ['problem', 'check']],
  ['T9: too little arrived, and the customer was told so', [asked, short, merchantSays({ n: 14, at: 30 }, { underpaid: { hash: hex32(invoiceAt(0).paymentHash), msat: toMsat(20_000) } })], ['problem', 'check']],
  ['T9: too little arrived, and that was taken as paid', [asked, short, merchantSays({ n: 14, at: 30 }, { saidPaid: true })], ['ship']],
  ['cancelled before it was paid', [asked, shopperSays({ n: 6, at: 12 }, { cancelled: true })], []],
  ['refused', [asked, refusal({ n: 6, at: 12 })], []],
])('%s', (_name, messages, kinds, dialect = 'nip15') => {
  const order = fold(messages, dialect)
  expect(workKinds.filter(kind => isWork(kind, order, toInvoice))).toEqual(kinds)
  expect(Object.entries(workOf([order], toInvoice)).filter(([, count]) => count === 1).map(([kind]) => kind)).toEqual(kinds)
})

test('a refund that is paid and untold is the merchant\'s next step', () => {
  expect(nextStep(fold([asked, proved, cancelled, offer, target, attempt('paid')]), 'merchant')).toMatchObject({ code: 'tell-refund', mine: true })
})

describe('a wish to cancel that the merchant says no to', () => {
  const keep = (n: number, at: number, which: number) => merchantSays({ n, at }, { keepsOrder: idOf(which), text: 'no' })

  test('is answered on both sides, whatever their clocks say, and may be uttered again', () => {
    const before = fold([asked, paid, wish])
    expect([before.cancelRequestedBy, allowedActs(before, 'merchant').includes('keep-order')]).toEqual(['shopper', true])
    const early = fold([asked, paid, keep(20, 21, 6), wish])
    expect([early.cancelRequestedBy, early.status]).toEqual([null, 'payment_confirmed'])
    expect(allowedActs(early, 'shopper')).toContain('ask-cancel')
    expect(allowedActs(early, 'merchant')).not.toContain('keep-order')
    expect(early.timeline.map(({ what }) => what)).toContain('cancel-declined')
    const again = fold([asked, paid, wish, keep(20, 40, 6), shopperSays({ n: 21, at: 50 }, { cancelled: true })])
    expect(again.cancelRequestedBy).toBe('shopper')
    expect(fold([asked, paid, wish, shopperSays({ n: 21, at: 50 }, { cancelled: true }), keep(22, 60, 21)]).cancelRequestedBy).toBeNull()
  })

  test('T3: nobody else says no, and of a wish that was never uttered it says nothing', () => {
    expect(fold([asked, paid, wish, shopperSays({ n: 20, at: 40 }, { keepsOrder: idOf(6) })]).cancelRequestedBy).toBe('shopper')
    expect(fold([asked, paid, wish, keep(20, 40, 99)]).cancelRequestedBy).toBe('shopper')
    expect(fold([asked, keep(20, 8, 6), shopperSays({ n: 6, at: 12 }, { cancelled: true })]).status).toBe('cancelled')
  })
})

test('the merchant\'s own word can be taken back also when a shopper\'s preimage stands beside it; what the own wallet saw can not', () => {
  expect(allowedActs(fold([asked, shown, paid]), 'merchant')).toContain('take-back-paid')
  expect(allowedActs(fold([asked, shown, paid, proved]), 'merchant')).not.toContain('take-back-paid')
  const back = fold([asked, shown, paid, merchantSays({ n: 30, at: 40 }, { takesBackPaid: true })])
  expect([nextStep(back, 'merchant').code, allowedActs(back, 'merchant').includes('take-back-paid')]).toEqual(['check-payment', false])
})

test.each(['accepted', 'processing', 'ready_to_ship'] as const)('T8: after %s too, a shopper\'s word is a reason to look, none to ship', (name) => {
  expect(nextStep(fold([asked, shown, word(name)]), 'merchant')).toMatchObject({ code: 'check-payment', mine: true })
  expect(nextStep(fold([asked, claimed, word(name)]), 'merchant')).toMatchObject({ code: 'check-payment', mine: true })
  expect(nextStep(fold([asked, claimed, word(name)]), 'shopper')).toMatchObject({ code: 'wait-for-check', mine: false })
  expect(nextStep(fold([asked, shown, proved, word(name)]), 'merchant')).toMatchObject({ code: 'ship' })
  expect(allowedActs(fold([asked, shown]), 'merchant')).not.toContain('accept')
})
