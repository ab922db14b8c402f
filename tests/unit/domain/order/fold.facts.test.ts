import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { foldThread } from '../../../../src/domain/order/fold'
import { foldThreads } from '../../../support/folded'
import { mirrorKey, orderKey } from '../../../../src/domain/order/keys'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { chat, hex32, idOf, invoiceAt, KEY, local, merchantSays, ORDER_ID, people, placed, plan, receipt, refusal, request, settled, shopperSays, T0, unattributed, walletPaid } from '../../../support/order-messages'

function fold(...messages: readonly OrderMessage[]): Order {
  const order = foldThread(KEY, messages)
  if (order === undefined)
    throw new TypeError('no order')
  return order
}
const first = placed({ n: 1, at: 0 })
const asked = request({ n: 2, at: 10 }, invoiceAt(0))
const askedAnew = request({ n: 3, at: 20 }, invoiceAt(1))
const what = (order: Order) => order.timeline.map(entry => entry.what)

describe('T10: reissue', () => {
  test('T10: a reissued invoice supersedes the former', () => {
    const order = fold(first, asked, askedAnew)
    expect(order.request?.paymentHash).toBe(invoiceAt(1).paymentHash)
    expect(order.requests.map(request => request.supersededBy)).toEqual([askedAnew.id, null])
    expect(order.request).toMatchObject({ msat: 33_000, bolt11: invoiceAt(1).bolt11, expiresAt: T0 + 1 + 3_600 })
    expect(what(order)).toEqual(['placed', 'requested', 'reissued'])
  })
  test('T10: of two requests in one second the greater id is in force', () => {
    expect(fold(first, request({ n: 9, at: 20 }, invoiceAt(0)), askedAnew).request?.message).toBe(idOf(9))
  })
  test('a refusal supersedes a request, and a newer request the refusal', () => {
    const refused = fold(first, asked, refusal({ n: 5, at: 15 }))
    expect([refused.status, refused.request, refused.refusal?.text, refused.requests[0]?.supersededBy]).toEqual(['failed', null, 'sold out', idOf(5)])
    const again = fold(first, asked, refusal({ n: 5, at: 15 }), askedAnew)
    expect(again).toMatchObject({ status: 'payment_requested', refusal: null, requests: [{ supersededBy: idOf(5) }, { supersededBy: null }] })
    expect(what(again)).toEqual(['placed', 'requested', 'refused', 'requested'])
  })
  test('a payee of a share is asked for apart from the merchant', () => {
    const order = fold(first, asked, request({ n: 3, at: 20 }, invoiceAt(1), { recipient: people.stranger }))
    expect(order.requests.map(request => request.supersededBy)).toEqual([null, null])
    expect(order.request?.paymentHash).toBe(invoiceAt(0).paymentHash)
  })
  test('a reissue may name another zone; an invoice that cannot be read asks for nothing', () => {
    expect(fold(first, request({ n: 2, at: 10 }, invoiceAt(0), { zoneId: 'zone-9' })).zoneId).toBe('zone-9')
    expect(fold(first, request({ n: 2, at: 10 }, 'lnbc1damaged')).request).toMatchObject({ bolt11: null, paymentHash: null, msat: null })
  })
  test('T9: the superseded invoice paid is a payment and a problem; both paid is twice', () => {
    expect(fold(first, asked, askedAnew, settled({ n: 5, at: 30 }, invoiceAt(0)))).toMatchObject({ status: 'payment_confirmed', payment: 'proved', paidMsat: 30_000, problems: ['paid-superseded'] })
    expect(fold(first, asked, askedAnew, settled({ n: 5, at: 30 }, invoiceAt(0)), settled({ n: 6, at: 31 }, invoiceAt(1)))).toMatchObject({ paidMsat: 63_000, problems: ['paid-superseded', 'paid-twice'] })
    expect(fold(first, asked, settled({ n: 5, at: 30 }, invoiceAt(0)), settled({ n: 6, at: 40 }, invoiceAt(0))).problems).toEqual([])
  })
  test('T9: the same invoice sent twice is one invoice: paying it is no problem', () => {
    const order = fold(first, asked, request({ n: 3, at: 20 }, invoiceAt(0)), settled({ n: 5, at: 30 }, invoiceAt(0)))
    expect(order.requests.map(({ supersededBy }) => supersededBy === null)).toEqual([false, true])
    expect(order.problems).toEqual([])
  })
})

describe('T8: strength of payment', () => {
  test('a preimage proves only what this order asked for', () => {
    expect(fold(first, asked, receipt({ n: 5, at: 20 }, invoiceAt(1))).payment).toBe('claimed')
    expect(fold(first, asked, receipt({ n: 5, at: 20 }, invoiceAt(0)))).toMatchObject({ payment: 'proved', paidMsat: 30_000 })
    expect(fold(first, receipt({ n: 5, at: 20 }, invoiceAt(0))).payment).toBe('claimed')
    expect(fold(first, asked, walletPaid({ n: 5, at: 20 }, invoiceAt(0)))).toMatchObject({ payment: 'proved', status: 'payment_confirmed' })
    expect(fold(first, asked, walletPaid({ n: 5, at: 20 }, { ...invoiceAt(0), preimage: 'd'.repeat(64) }))).toMatchObject({ payment: 'claimed', status: 'payment_requested' })
  })
  test('the merchant\'s wallet outranks a preimage for the same invoice, and it stays one payment', () => {
    const order = fold(first, asked, receipt({ n: 5, at: 20 }, invoiceAt(0)), settled({ n: 6, at: 30 }, invoiceAt(0)))
    expect(order.payments).toMatchObject([{ by: 'own-wallet', strength: 'proved' }])
  })
  test('paid: false takes nothing back; the merchant\'s own message does, with its reason on the timeline', () => {
    const said = merchantSays({ n: 5, at: 20 }, { saidPaid: true, shipped: false })
    expect(fold(first, asked, said, merchantSays({ n: 6, at: 30 }, { shipped: false })).payment).toBe('said')
    const taken = merchantSays({ n: 7, at: 30 }, { takesBackPaid: true, text: 'not received' })
    const order = fold(first, asked, said, taken)
    expect(order).toMatchObject({ payment: 'unpaid', status: 'payment_requested', paidMsat: null })
    expect(order.timeline.at(-1)).toMatchObject({ what: 'payment-taken-back', by: 'merchant', text: 'not received' })
    expect(fold(first, asked, said, taken, merchantSays({ n: 8, at: 40 }, { saidPaid: true }))).toMatchObject({ payment: 'said', payments: [{ at: T0 + 40 }] })
    expect(fold(first, asked, taken, settled({ n: 9, at: 50 }, invoiceAt(0))).payment).toBe('proved')
  })
  describe('the amount of the merchant\'s word', () => {
    const inWords = (n: number, at: number, msat: number | null, fields: Parameters<typeof request>[2] = {}) =>
      request({ n, at }, '', { options: [{ type: 'url', label: 'url', link: 'https://pay.example/7' }], ...msat !== null && { msat: toMsat(msat) }, ...fields })
    const word = merchantSays({ n: 9, at: 20 }, { saidPaid: true })
    const amount = (...messages: readonly OrderMessage[]) => fold(first, ...messages).paidMsat

    test('is what he asked for in words, where no invoice names it', () => {
      expect(fold(first, inWords(2, 10, 40_000), word)).toMatchObject({ payment: 'said', paidMsat: 40_000, payments: [{ strength: 'said', by: 'merchant', msat: 40_000 }] })
      expect(amount(inWords(2, 10, null), word)).toBeNull()
      expect(amount(word)).toBeNull()
    })
    test('an invoice\'s own amount goes before what was said beside it', () => {
      expect(amount(request({ n: 2, at: 10 }, invoiceAt(0), { msat: toMsat(99_000) }), word)).toBe(30_000)
    })
    test('is of the request before the word, whatever is asked later; where none was before, of what he asked later', () => {
      expect(amount(inWords(2, 8, 10_000), inWords(3, 10, 40_000), word, inWords(4, 30, 50_000))).toBe(40_000)
      expect(amount(request({ n: 2, at: 8 }, invoiceAt(0)), inWords(3, 10, 40_000), word)).toBe(40_000)
      expect(amount(word, inWords(4, 30, 50_000))).toBe(50_000)
    })
    test('of two in one second the ids decide, as everywhere', () => {
      expect(amount(inWords(2, 10, 40_000), inWords(8, 20, 50_000), word)).toBe(50_000)
      expect(amount(inWords(2, 10, 40_000), inWords(10, 20, 50_000), word)).toBe(40_000)
    })
    test('another payee\'s part is not his to confirm', () => {
      expect(amount(inWords(2, 10, 40_000), inWords(3, 12, 7_000, { recipient: people.stranger }), word)).toBe(40_000)
    })
  })
  test('the shopper cannot say paid, nor take the merchant\'s word back', () => {
    const lie = shopperSays({ n: 5, at: 20 }, { saidPaid: true })
    expect(fold(first, asked, lie).payment).toBe('unpaid')
    expect(fold(first, asked, merchantSays({ n: 6, at: 20 }, { saidPaid: true }), shopperSays({ n: 7, at: 30 }, { takesBackPaid: true })).payment).toBe('said')
  })
  test('a payment that was started stays under way until its outcome is known', () => {
    const started = local({ n: 5, at: 20 }, people.shopper, { type: 'paying', paymentHash: hex32(invoiceAt(0).paymentHash), via: 'nwc' })
    expect(fold(first, asked, started)).toMatchObject({ paying: invoiceAt(0).paymentHash, payingVia: 'nwc', payingSince: T0 + 20 })
    expect(fold(first, asked, started, local({ n: 6, at: 21 }, people.shopper, { type: 'paying-failed', paymentHash: hex32(invoiceAt(0).paymentHash), reason: 'no route' }))).toMatchObject({ paying: null, payingSince: null })
    expect(fold(first, asked, started, walletPaid({ n: 6, at: 21 }, invoiceAt(0))).paying).toBeNull()
  })
})

describe('which order message counts', () => {
  test('T1: the same content in a new event is a resend', () => {
    expect(fold(first, placed({ n: 2, at: 900 }))).toMatchObject({ resends: 1, problems: [], placedAt: T0 })
  })
  test('what the first lacks is filled in, per field from the smallest that has it', () => {
    const order = fold(placed({ n: 3, at: 3 }, { name: 'Ida', contact: { phone: '1' } }), first, placed({ n: 2, at: 2 }, { address: 'Bern', contact: { email: 'a@example.com' } }))
    expect(order).toMatchObject({ placedBy: idOf(1), name: 'Ida', address: 'Bern', contact: { email: 'a@example.com', phone: '1' }, resends: 0, problems: [] })
  })
  test('other goods, another zone or another value of a detail is rewritten, and changes nothing', () => {
    for (const fields of [{ items: [{ productId: 'mug', quantity: 99 }] }, { zoneId: 'zone-2' }]) {
      expect(fold(first, placed({ n: 2, at: 5 }, { ...fields, name: 'Eve' }))).toMatchObject({ items: [{ productId: 'mug', quantity: 1 }], zoneId: 'zone-1', name: '', problems: ['rewritten'] })
    }
    expect(fold(placed({ n: 1, at: 0 }, { address: 'Bern' }), placed({ n: 2, at: 5 }, { address: 'Rome', name: 'Eve' }))).toMatchObject({ address: 'Bern', name: '', problems: ['rewritten'] })
  })
  test('T3: a back-dated order message cannot replace the one that the merchant answered', () => {
    const backDated = placed({ n: 9, at: -500 }, { items: [{ productId: 'mug', quantity: 99 }] })
    expect(fold(first, backDated).items[0]?.quantity).toBe(99)
    const answers: readonly OrderMessage[] = [
      request({ n: 2, at: 10 }, invoiceAt(0), { pin: first.id }),
      refusal({ n: 2, at: 10 }, { pin: first.id }),
      merchantSays({ n: 2, at: 10 }, { saidPaid: true, pin: first.id }),
      local({ n: 2, at: 10 }, people.merchant, { type: 'pinned', orderMessage: first.id }),
    ]
    for (const answer of answers)
      expect(fold(first, backDated, answer)).toMatchObject({ placedBy: first.id, placedAt: T0, items: [{ quantity: 1 }], problems: expect.arrayContaining(['rewritten']) })
    expect(fold(first, backDated, request({ n: 2, at: 10 }, invoiceAt(0), { pin: first.id }), request({ n: 3, at: 20 }, invoiceAt(1), { pin: backDated.id })).placedBy).toBe(first.id)
  })
  test('an answer to an order message that is not here says so', () => {
    expect(fold(first, request({ n: 2, at: 10 }, invoiceAt(0), { pin: idOf(77) })).problems).toEqual(['rewritten'])
  })
  test('several lines of one Shopstr order are one order, the first message per item', () => {
    const line = (n: number, productId: string, quantity: number) => placed({ n, at: n, dialect: 'shopstr' }, { items: [{ productId, quantity }] })
    expect(fold(line(1, 'mug', 1), line(2, 'hat', 2))).toMatchObject({ items: [{ productId: 'mug' }, { productId: 'hat', quantity: 2 }], problems: [], resends: 0 })
    expect(fold(line(1, 'mug', 1), line(2, 'mug', 9))).toMatchObject({ items: [{ productId: 'mug', quantity: 1 }], problems: ['rewritten'] })
  })
})

describe('fulfilment', () => {
  const paid = merchantSays({ n: 4, at: 30 }, { saidPaid: true, shipped: false })
  const ship = (n: number, at: number, shipped: boolean, text = '') => merchantSays({ n, at }, { saidPaid: true, shipped, text })
  test('shipped goes on, off and on again; the time is of the run in force', () => {
    expect(fold(first, asked, paid, ship(5, 40, true))).toMatchObject({ status: 'shipped', shippedAt: T0 + 40 })
    expect(fold(first, asked, paid, ship(5, 40, true), ship(6, 50, false))).toMatchObject({ status: 'payment_confirmed', shipped: false, shippedAt: null })
    const order = fold(first, asked, paid, ship(5, 40, true), ship(6, 50, false), ship(7, 60, true), ship(8, 70, true))
    expect(order).toMatchObject({ status: 'shipped', shippedAt: T0 + 60, problems: [] })
    expect(what(order)).toEqual(['placed', 'requested', 'paid-said', 'shipped', 'unshipped', 'shipped'])
  })
  test('taking shipped back leaves delivered and completed', () => {
    expect(fold(first, paid, ship(5, 40, true), merchantSays({ n: 6, at: 45 }, { word: 'delivered' }), ship(7, 50, false)).status).toBe('delivered')
    expect(fold(first, paid, ship(5, 40, true), merchantSays({ n: 6, at: 45 }, { word: 'in_transit' }), ship(7, 50, false)).status).toBe('payment_confirmed')
  })
  test('received by the shopper is delivered and completed, by the shopper', () => {
    expect(fold(first, paid, ship(5, 40, true), shopperSays({ n: 6, at: 60 }, { word: 'completed' }))).toMatchObject({ status: 'completed', deliveredBy: 'shopper' })
    expect(fold(first, paid, ship(5, 40, true), merchantSays({ n: 6, at: 60 }, { word: 'completed' }))).toMatchObject({ status: 'completed', deliveredBy: null })
  })
  test('tracking is replaced field by field, and a delivery problem ends when the parcel moves on', () => {
    const sent = merchantSays({ n: 5, at: 40, dialect: 'gamma' }, { shipped: true, tracking: { number: 'A', carrier: 'C1' } })
    const trouble = merchantSays({ n: 6, at: 50, dialect: 'gamma' }, { word: 'exception', text: 'nobody home' })
    expect(fold(first, paid, sent, trouble)).toMatchObject({ status: 'shipped', exception: true, tracking: { number: 'A' } })
    expect(fold(first, paid, sent, trouble, merchantSays({ n: 7, at: 60, dialect: 'gamma' }, { shipped: true, tracking: { number: 'B' } })))
      .toMatchObject({ exception: false, tracking: { number: 'B', carrier: 'C1', url: '', eta: '' } })
  })
  test('NIP-15 empties the status text with its next message, the tags of Gamma do not', () => {
    expect(fold(first, ship(5, 40, true, 'DHL 1'), ship(6, 50, false)).statusText).toBe('')
    expect(fold(first, merchantSays({ n: 5, at: 40, dialect: 'gamma' }, { word: 'processing', text: 'soon' }), merchantSays({ n: 6, at: 50, dialect: 'gamma' }, { shipped: true })).statusText).toBe('soon')
  })
})

describe('how it ends', () => {
  const paid = merchantSays({ n: 4, at: 30 }, { saidPaid: true })
  const shipped = merchantSays({ n: 5, at: 40 }, { shipped: true })
  const merchantCancels = (at: number) => merchantSays({ n: 20, at }, { cancelled: true, text: 'sorry' })
  const shopperCancels = (at: number) => shopperSays({ n: 21, at }, { cancelled: true })
  test.each<[string, readonly OrderMessage[], Partial<Order>]>([
    ['merchant, unpaid', [asked, merchantCancels(15)], { status: 'cancelled', cancelledBy: 'merchant', problems: [] }],
    ['merchant, paid: money back', [asked, paid, merchantCancels(35)], { status: 'cancelled', cancelledBy: 'merchant', problems: ['refund-due'] }],
    ['merchant, then paid', [asked, merchantCancels(15), paid], { status: 'cancelled', problems: ['paid-after-end'] }],
    ['merchant, after shipping: too late', [asked, paid, shipped, merchantCancels(50)], { status: 'shipped', cancelledBy: null, problems: ['cancelled-after-shipped'] }],
    ['merchant, shipping taken back before', [asked, paid, shipped, merchantSays({ n: 6, at: 45 }, { shipped: false }), merchantCancels(50)], { status: 'cancelled', problems: ['refund-due'] }],
    ['merchant, after completion', [asked, paid, shipped, shopperSays({ n: 7, at: 60 }, { word: 'completed' }), merchantCancels(70)], { status: 'completed', problems: ['cancelled-after-completed'] }],
    ['merchant, then ships', [asked, paid, merchantCancels(35), shipped], { status: 'cancelled', problems: ['shipped-after-cancelled', 'refund-due'] }],
    ['shopper, unpaid', [asked, shopperCancels(15)], { status: 'cancelled', cancelledBy: 'shopper', problems: [] }],
    ['shopper, then paid', [asked, shopperCancels(15), settled({ n: 9, at: 20 }, invoiceAt(0))], { status: 'cancelled', payment: 'proved', problems: ['paid-after-end'] }],
    ['shopper, paid: only asks', [asked, paid, shopperCancels(35)], { status: 'payment_confirmed', cancelledBy: null, cancelRequestedBy: 'shopper', problems: [] }],
    ['shopper asks, merchant cancels', [asked, paid, shopperCancels(35), merchantCancels(36)], { status: 'cancelled', cancelledBy: 'merchant', cancelRequestedBy: null, problems: ['refund-due'] }],
    ['both in one second: the smaller id first', [asked, merchantSays({ n: 22, at: 30 }, { saidPaid: true }), shopperCancels(30)], { status: 'cancelled', problems: ['paid-after-end'] }],
    ['shopper, after an own claim that nothing proves', [asked, receipt({ n: 9, at: 20 }, invoiceAt(0), 'd'.repeat(64)), shopperCancels(25)], { status: 'cancelled', payment: 'claimed', problems: [] }],
    ['refused after paid', [asked, paid, refusal({ n: 9, at: 50 })], { status: 'payment_confirmed', problems: ['refused-after-paid'] }],
    ['money after a refusal', [asked, refusal({ n: 9, at: 15 }), settled({ n: 10, at: 20 }, invoiceAt(0))], { status: 'failed', payment: 'proved', problems: ['paid-after-end'] }],
    ['paid, says the merchant after his refusal', [asked, refusal({ n: 9, at: 15 }), paid], { status: 'payment_confirmed', problems: ['paid-after-end'] }],
  ])('cancelling and refusing: %s', (_name, messages, expected) => {
    expect(fold(first, ...messages)).toMatchObject(expected)
  })
  test('refunded when what came back covers what was paid, not before', () => {
    const refund = (n: number, msat: number) => merchantSays({ n, at: 60 + n }, { refund: { msat: toMsat(msat), proof: '' } })
    const history = [first, asked, settled({ n: 9, at: 20 }, invoiceAt(0)), merchantCancels(35)]
    expect(fold(...history, refund(30, 10_000))).toMatchObject({ status: 'cancelled', refundedMsat: 10_000, problems: ['refund-due'] })
    expect(fold(...history, refund(30, 10_000), refund(31, 20_000))).toMatchObject({ status: 'refunded', refundedMsat: 30_000, problems: [] })
    expect(fold(first, asked, refund(30, 10_000)).status).toBe('payment_requested')
  })
  test('a dispute ends by its opener, by the merchant\'s word or by a full refund, and nobody else', () => {
    const open = shopperSays({ n: 10, at: 50 }, { dispute: 'opened', text: 'broken' })
    expect(fold(first, asked, paid, shipped, open)).toMatchObject({ status: 'disputed', dispute: { by: 'shopper', reason: 'broken', open: true } })
    expect(fold(first, asked, paid, shipped, open, merchantSays({ n: 11, at: 60 }, { dispute: 'withdrawn' })).status).toBe('disputed')
    expect(fold(first, asked, paid, shipped, open, shopperSays({ n: 11, at: 60 }, { dispute: 'withdrawn' })).status).toBe('shipped')
    expect(fold(first, asked, paid, shipped, open, merchantSays({ n: 11, at: 60 }, { dispute: 'resolved' })).status).toBe('shipped')
    expect(fold(first, asked, paid, shipped, open, merchantSays({ n: 11, at: 60 }, { refund: { msat: toMsat(30_000), proof: '' } })).status).toBe('refunded')
  })
})

describe('whose thread it is', () => {
  test('T3: what either may say goes to the thread that has the order', () => {
    const mirror = mirrorKey(KEY)
    const cancel = shopperSays({ n: 9, at: 5 }, { cancelled: true })
    expect(foldThreads([first, cancel]).orders.get(KEY)?.cancelledBy).toBe('shopper')
    const other = placed({ n: 8, at: 0, shopper: people.merchant, merchant: people.shopper })
    expect(foldThreads([other, cancel]).orders.get(mirror ?? KEY)?.cancelledBy).toBe('merchant')
    // Both: the smaller key, and a problem there.
    const both = foldThreads([first, other, cancel]).orders
    expect(both.get(KEY)).toMatchObject({ cancelledBy: 'shopper', problems: ['ambiguous-author'] })
    expect(both.get(mirror ?? KEY)).toMatchObject({ cancelledBy: null, problems: [] })
  })
  test('T4: an orphan that either may have said waits once', () => {
    expect([...foldThreads([chat({ n: 1, at: 0 }, 'shopper', 'hello')]).orphans.values()].flat()).toHaveLength(1)
  })
  test('a plan to oneself and the words of a throw-away key join by id, and change no fact until recognised', () => {
    const unknown = unattributed({ n: 5, at: 40 }, { tracking: { number: 'Z' } })
    const order = foldThreads([first, plan({ n: 3, at: 2 }), unknown]).orders.get(KEY)
    expect(order).toMatchObject({ plans: 1, unattributed: 1, status: 'payment_pending', tracking: null })
    const mine = local({ n: 6, at: 50 }, people.shopper, { type: 'accept-unattributed', message: unknown.id })
    expect(foldThreads([first, unknown, mine]).orders.get(KEY)).toMatchObject({ unattributed: 0, status: 'shipped', tracking: { number: 'Z' } })
    // Only whom it was sent to can recognise it.
    expect(foldThreads([first, unknown, { ...mine, author: people.merchant, receiver: people.merchant }]).orders.get(KEY)).toMatchObject({ unattributed: 1, status: 'payment_pending' })
  })
  test('private messages that name no order are found by the other person', () => {
    const hello = { ...chat({ n: 1, at: 0 }, 'merchant', 'hello') }
    const { orderId: _orderId, ...loose } = hello
    const folded = foldThreads([loose])
    expect(folded.chat.get(people.merchant)).toEqual([loose])
    expect(folded.orphans.size).toBe(0)
  })
  test('T3: a stranger with the id makes a thread of his own', () => {
    const folded = foldThreads([first, request({ n: 2, at: 1, merchant: people.stranger }, invoiceAt(0))])
    expect(folded.orders.get(KEY)?.status).toBe('payment_pending')
    expect([...folded.orphans.keys()]).toEqual([orderKey(people.shopper, people.stranger, ORDER_ID)])
  })
})

test('T4: orphans are bounded per key, per author, in all and in age; the oldest go first', () => {
  const waits = (n: number, at: number, orderId: string) => merchantSays({ n, at, orderId }, { saidPaid: true })
  const perKey = foldThreads(Array.from({ length: 60 }, (_, i) => waits(i + 1, i, 'x')))
  expect([...perKey.orphans.values()].flat().map(message => message.sentAt)[0]).toBe(T0 + 10)
  expect(perKey.dropped).toBe(10)
  expect([...foldThreads(Array.from({ length: 300 }, (_, i) => waits(i + 1, i, `o${i}`))).orphans.values()].flat()).toHaveLength(200)
  const now = toSeconds(T0 + 91 * 86_400)
  expect(foldThreads([waits(1, 0, 'x'), waits(2, 5 * 86_400, 'y')], { now }).orphans.size).toBe(1)
  // A time that has not come yet does not outlast the honest ones.
  const future = Array.from({ length: 60 }, (_, i) => waits(i + 100, 10_000_000, 'x'))
  expect([...foldThreads([waits(1, 0, 'x'), ...future], { now: toSeconds(T0) }).orphans.values()].flat().some(message => message.sentAt === T0)).toBe(true)
})

test('times are believed for ten years after the order and no longer', () => {
  const order = fold(first, merchantSays({ n: 9, at: 900_000_000 }, { saidPaid: true }))
  expect(order.updatedAt).toBeLessThanOrEqual(T0 + 3_652 * 86_400)
  expect(order.payment).toBe('said')
})

test('T3: names from an object\'s insides are ids like any other', () => {
  const folded = foldThreads(['__proto__', 'constructor', 'a:b'].map((orderId, i) => placed({ n: i + 1, at: 0, orderId })))
  expect([...folded.orders.values()].map(order => order.id).sort()).toEqual(['__proto__', 'a:b', 'constructor'])
})
