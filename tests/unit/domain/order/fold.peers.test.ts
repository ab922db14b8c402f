import { describe, expect, test } from 'vitest'
import { toMsat } from '../../../../src/domain/brand'
import { foldThread } from '../../../../src/domain/order/fold'
import { foldThreads } from '../../../support/folded'
import { mirrorKey, orderKey } from '../../../../src/domain/order/keys'
import { weighReceipt } from '../../../../src/domain/order/receipt-proof'
import type { OrderMessage } from '../../../../src/domain/order/types'
import { idOf, invoiceAt, KEY, merchantSays, people, placed, receipt, request, shopperSays } from '../../../support/order-messages'

const first = placed({ n: 1, at: 0, dialect: 'plebeian' })
const asked = request({ n: 2, at: 10, dialect: 'gamma' }, invoiceAt(0))
const byShopper: OrderMessage = { ...asked, author: people.shopper, receiver: people.merchant }

describe('an order named by its order message (gamma.md §5)', () => {
  const paid = merchantSays({ n: 3, at: 5, dialect: 'plebeian', orderId: idOf(1) }, { saidPaid: true })
  const cancel = shopperSays({ n: 4, at: 3, dialect: 'plebeian', orderId: idOf(1) }, { cancelled: true })
  test('is that order, whichever comes first, and nothing of it waits', () => {
    for (const sequence of [[first, paid], [paid, first]]) {
      const folded = foldThreads(sequence)
      expect(folded.orders.get(KEY)).toMatchObject({ payment: 'said', messageCount: 2 })
      expect(folded.orphans.size).toBe(0)
      expect(foldThread(KEY, sequence)).toEqual(folded.orders.get(KEY))
    }
    expect(foldThreads([first, cancel])).toMatchObject({ orphans: new Map(), orders: new Map([[KEY, { cancelledBy: 'shopper' }]]) })
    expect(foldThreads([paid]).orphans.size).toBe(1)
  })
  test('T3: not by a stranger, and not where an order has that very id', () => {
    const stranger = merchantSays({ n: 5, at: 5, merchant: people.stranger, orderId: idOf(1) }, { saidPaid: true })
    expect(foldThreads([first, stranger]).orders.get(KEY)?.payment).toBe('unpaid')
    const second = placed({ n: 6, at: 1, orderId: idOf(1) })
    const { orders } = foldThreads([first, paid, second])
    expect(orders.get(KEY)?.payment).toBe('unpaid')
    expect(orders.get(orderKey(people.shopper, people.merchant, idOf(1)))?.payment).toBe('said')
    expect(foldThread(KEY, [first, paid, second])?.payment).toBe('unpaid')
  })
})

describe('a Gamma request by either side (gamma.md §8.4)', () => {
  test('by the shopper it is a plan: nothing asked, nothing payable', () => {
    expect(foldThreads([first, byShopper]).orders.get(KEY)).toMatchObject({ plans: 1, requests: [], request: null, status: 'payment_pending' })
    expect(foldThreads([first, byShopper]).orphans.size).toBe(0)
    // In NIP-15 only a merchant asks: it waits for an order in which the author sells.
    expect(foldThreads([first, { ...byShopper, dialect: 'nip15' }])).toMatchObject({ orphans: new Map([[mirrorKey(KEY), [{ id: idOf(2) }]]]) })
  })
  test('where the two trade both ways under one id, it is of the order in which its author sells, and nothing is ambiguous', () => {
    const mirror = mirrorKey(KEY) ?? KEY
    const other = placed({ n: 8, at: 0, shopper: people.merchant, merchant: people.shopper, dialect: 'gamma' })
    const { orders } = foldThreads([first, other, asked, { ...byShopper, id: idOf(9) }])
    expect(orders.get(KEY)).toMatchObject({ plans: 0, request: { message: asked.id }, problems: [] })
    expect(orders.get(mirror)).toMatchObject({ plans: 0, request: { message: idOf(9) }, problems: [] })
  })
})

test('another amount is another order; the same in other words is not', () => {
  const of = (n: number, sat: number, text = String(sat)) => placed({ n, at: n, dialect: 'gamma' }, { amount: { msat: toMsat(sat * 1000), text } })
  expect(foldThreads([of(1, 77), of(2, 77, '77.00')]).orders.get(KEY)).toMatchObject({ problems: [], resends: 1 })
  expect(foldThreads([of(1, 77), of(2, 78)]).orders.get(KEY)).toMatchObject({ problems: ['rewritten'] })
})

describe('T8: a receipt is worth what it proves by itself', () => {
  const { bolt11, preimage, paymentHash } = invoiceAt(0)
  const [asks, asksNothing] = [(hash: string) => hash === paymentHash, () => false]
  test.each([
    ['what this order asked', preimage, bolt11, asks, { strength: 'proved', paymentHash, problem: null }],
    ['what this order asked, whatever invoice comes along', preimage.toUpperCase(), '', asks, { strength: 'proved', paymentHash, problem: null }],
    ['its own invoice alone', preimage, bolt11, asksNothing, { strength: 'proof-of-invoice', paymentHash, problem: null }],
    ['nothing', 'e'.repeat(64), bolt11, asks, { strength: 'claimed', paymentHash, problem: 'preimage-mismatch' }],
    ['no preimage', 'external-payment', bolt11, asks, { strength: 'claimed', paymentHash, problem: null }],
    ['no invoice either', '', 'shop@pay.example', asks, { strength: 'claimed', paymentHash: null, problem: null }],
  ])('%s', (_name, proof, invoice, isAsked, worth) => {
    expect(weighReceipt({ preimage: proof, invoice }, isAsked)).toEqual(worth)
  })
})

describe('an order of which several people are paid a part (gamma.md §4, §8.4)', () => {
  const artist = people.merchant2
  const shares = [request({ n: 2, at: 1, dialect: 'gamma' }, invoiceAt(0)), request({ n: 3, at: 2, dialect: 'gamma' }, invoiceAt(1), { recipient: artist })]
  test('paying each part is not paying twice', () => {
    const paid = [receipt({ n: 4, at: 5, dialect: 'gamma' }, invoiceAt(0)), receipt({ n: 5, at: 6, dialect: 'gamma' }, invoiceAt(1))]
    expect(foldThread(KEY, [first, ...shares, ...paid])).toMatchObject({ payment: 'proved', paidMsat: 63_000, problems: [] })
    // Two invoices for one part are.
    const again = [request({ n: 6, at: 7, dialect: 'gamma' }, invoiceAt(2)), receipt({ n: 7, at: 8, dialect: 'gamma' }, invoiceAt(2))]
    expect(foldThread(KEY, [first, ...shares, ...paid, ...again])?.problems).toContain('paid-twice')
  })
  test('"paid" is the merchant\'s word for what is asked for himself', () => {
    expect(foldThread(KEY, [first, ...shares, merchantSays({ n: 8, at: 9, dialect: 'gamma' }, { saidPaid: true })])).toMatchObject({ payment: 'said', paidMsat: 30_000 })
  })
})
