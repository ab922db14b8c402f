import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Pubkey } from '../../../../src/domain/brand'
import { orderKey } from '../../../../src/domain/order/keys'
import { addMessage, createThreadIndex, removeMessage } from '../../../../src/domain/order/thread-index'
import { orderOf, ownerOf } from '../../../../src/domain/order/thread-order'
import type { Order, OrderMessage, PlacedMessage } from '../../../../src/domain/order/types'
import { foldThreads } from '../../../support/folded'
import { chat, invoiceAt, merchantSays, ORDER_ID, people, placed, request, shopperSays } from '../../../support/order-messages'

const { merchant, throwAway, stranger } = people
/** Whom the order says it is from. */
const claimed = people.shopper
const orderBy = (key: Pubkey, n: number, at: number, fields: Partial<PlacedMessage> = {}): PlacedMessage =>
  placed({ n, at, shopper: key, dialect: 'shopstr' }, { throwAway: { claims: claimed }, address: '1 Elm', ...fields })
const key = orderKey(throwAway, merchant, ORDER_ID)
const sale = orderBy(throwAway, 1, 0)
const answers: readonly OrderMessage[] = [
  request({ n: 2, at: 10, dialect: 'shopstr' }, invoiceAt(0)),
  merchantSays({ n: 3, at: 20, dialect: 'shopstr' }, { saidPaid: true }),
  merchantSays({ n: 4, at: 30, dialect: 'shopstr' }, { shipped: true }),
  chat({ n: 5, at: 40, dialect: 'shopstr' }, 'merchant', 'on its way'),
  shopperSays({ n: 6, at: 50, dialect: 'shopstr' }, { word: 'delivered' }),
]
const ordersOf = (messages: readonly OrderMessage[]): ReadonlyMap<string, Order> => foldThreads(messages).orders
const facts = (order: Order | undefined) => order && { status: order.status, payment: order.payment, requests: order.requests.length, shipped: order.shipped, chat: order.chat.map(({ text, by }) => [text, by]), problems: order.problems, waiting: order.deliveredBy }

describe('what the merchant says to whom a throw-away order claims to be from', () => {
  test('is said of that order, in whatever sequence it comes', () => {
    const expected = { status: 'delivered', payment: 'said', requests: 1, shipped: true, chat: [['on its way', 'merchant']], problems: [], waiting: 'shopper' }
    fc.assert(fc.property(fc.shuffledSubarray([sale, ...answers], { minLength: 6 }), (messages) => {
      expect([...ordersOf(messages).keys()]).toEqual([key])
      expect(facts(ordersOf(messages).get(key))).toEqual(expected)
    }), { numRuns: 40 })
  })

  test('the lines of one cart, by a key each, are one order with it', () => {
    const second = orderBy(stranger, 7, 1, { items: [{ productId: 'pot', quantity: 1 }] })
    const orders = ordersOf([sale, second, ...answers])
    expect([...orders.values()].map(({ items, payment }) => [items.length, payment])).toEqual([[2, 'said']])
  })

  test('T3: of two that name the same person, and are not one hand\'s, neither gets it; and it is said', () => {
    const rogue = orderBy(stranger, 7, -50, { address: 'Elsewhere' })
    for (const messages of [[sale, rogue, ...answers], [...answers, rogue, sale], [rogue, ...answers, sale]]) {
      const orders = [...ordersOf(messages).values()]
      expect(orders.map(({ payment, shipped, problems }) => ({ payment, shipped, problems }))).toEqual(Array.from({ length: 2 }, () => ({ payment: 'unpaid', shipped: false, problems: ['ambiguous-author'] })))
    }
  })

  test('T3: an order that the person placed with the own key keeps what is said of it', () => {
    const own = placed({ n: 8, at: 5, dialect: 'shopstr' })
    const orders = ordersOf([own, sale, ...answers])
    expect(orders.get(orderKey(claimed, merchant, ORDER_ID))).toMatchObject({ payment: 'said', problems: [] })
    expect(orders.get(key)).toMatchObject({ payment: 'unpaid', problems: [] })
  })

  test('a rival that is taken out again leaves no trace', () => {
    const index = createThreadIndex()
    const rogue = orderBy(stranger, 7, 1, { address: 'Elsewhere' })
    for (const message of [sale, ...answers, rogue])
      addMessage(index, message)
    expect(orderOf(index, key)?.payment).toBe('unpaid')
    expect(removeMessage(index, rogue.id)).toContain(key)
    expect(orderOf(index, key)?.payment).toBe('said')
    expect(ownerOf(index, orderKey(claimed, merchant, ORDER_ID))).toBe(key)
  })

  test('T20: a thousand orders that name one person cost no more than so many orders', () => {
    const index = createThreadIndex()
    const touched = Array.from({ length: 1_000 }, (_, i) => addMessage(index, orderBy((i + 16).toString(16).padStart(64, '3') as Pubkey, 100 + i, i, { address: `${i}` })).length)
    expect(Math.max(...touched.slice(60))).toBeLessThan(5)
    expect(addMessage(index, answers[1] ?? sale).length).toBeLessThan(5)
  })
})
