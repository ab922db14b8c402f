import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Address, type Pubkey } from '../../../../src/domain/brand'
import { orderKey } from '../../../../src/domain/order/keys'
import { addMessage, createThreadIndex, indexOf, removeMessage } from '../../../../src/domain/order/thread-index'
import { orderOf, ownerOf } from '../../../../src/domain/order/thread-order'
import type { Order, OrderMessage, PlacedMessage } from '../../../../src/domain/order/types'
import { createMemoryJournal } from '../../../../src/storage/memory'
import { readOrder } from '../../../../src/flows/read-order'
import { restorationReport } from '../../../../src/domain/order/restoration'
import { foldedOf, foldThreads } from '../../../support/folded'
import { local, ORDER_ID, people, placed, pubkey, T0, unattributed } from '../../../support/order-messages'

const { shopper, merchant, stranger } = people
const key = (digit: string): Pubkey => pubkey(digit.repeat(64))
const address = (id: string): Address => `30402:${merchant}:${id}` as Address

/** One line of a Shopstr cart, by a key made for it. */
const line = (n: number, by: Pubkey, product: string, fields: Partial<PlacedMessage> = {}): PlacedMessage => placed({ n, at: n, shopper: by, dialect: 'shopstr' }, {
  items: [{ productId: product, product: address(product), quantity: 1 }], zoneId: '', address: '1 Elm, Bern', contact: { nostr: shopper, phone: '+1 5' }, shopperMessage: `please send the ${product}`, throwAway: { claims: shopper }, ...fields,
})
const mug = line(1, key('c'), 'mug')
const bowl = line(2, key('d'), 'bowl')
const jug = line(3, key('1'), 'jug')
const cart = [mug, bowl, jug]
const ordersOf = (messages: readonly OrderMessage[]): readonly Order[] => [...foldThreads(messages, { viewer: merchant }).orders.values()]

describe('a cart of Shopstr, one message and one key for each line (gamma.md §6, §8)', () => {
  test('is one order where each says what only its writer knows', () => {
    const [order, ...more] = ordersOf(cart)
    expect(more).toEqual([])
    expect(order).toMatchObject({ shopper: key('c'), placedBy: mug.id, address: '1 Elm, Bern', contact: { nostr: shopper, phone: '+1 5' }, problems: [], messageCount: 3, resends: 0, shopperMessage: 'please send the mug\nplease send the bowl\nplease send the jug' })
    expect(order?.items.map(({ productId }) => productId)).toEqual(['mug', 'bowl', 'jug'])
  })

  test.each<[string, Partial<PlacedMessage>]>([
    ['another address', { address: '2 Elm, Bern' }],
    ['no address', { address: '' }],
    ['another telephone', { contact: { nostr: shopper, phone: '+1 6' } }],
    ['another shopper named', { throwAway: { claims: stranger } }],
    ['nobody named', { throwAway: { claims: null } }],
    ['another merchant', { receiver: people.merchant2 }],
    ['another order', { orderId: `${ORDER_ID}0` }],
  ])('%s: it stays apart, and changes nothing of the other', (_name, fields) => {
    const orders = ordersOf([mug, line(2, key('d'), 'bowl', fields)])
    expect(orders).toHaveLength(2)
    expect(orders.find(order => order.shopper === key('c'))).toEqual(ordersOf([mug])[0])
  })

  test('where nothing secret is said, the id and the name are no evidence; nor is where the merchant hands goods out', () => {
    const bare = { address: '', contact: { nostr: shopper } }
    expect(ordersOf([line(1, key('c'), 'mug', bare), line(2, key('d'), 'bowl', bare)])).toHaveLength(2)
    const pickup = { address: 'Stall 7', contact: {}, throwAway: { claims: shopper, pickup: true as const } }
    expect(ordersOf([line(1, key('c'), 'mug', pickup), line(2, key('d'), 'bowl', pickup)])).toHaveLength(2)
  })

  test('T3: by the real key it is that shopper\'s order, to which nobody adds a line', () => {
    const { throwAway: _, ...own } = line(1, shopper, 'mug')
    const orders = ordersOf([own, bowl])
    expect(orders).toHaveLength(2)
    expect(orders.find(order => order.shopper === shopper)).toEqual(ordersOf([own])[0])
  })

  test('the same line again is a resend; another number of pieces is a contradiction', () => {
    expect(ordersOf([...cart, line(9, key('2'), 'bowl')])).toMatchObject([{ resends: 1, problems: [] }])
    expect(ordersOf([...cart, line(9, key('2'), 'bowl', { items: [{ productId: 'bowl', product: address('bowl'), quantity: 5 }] })])).toMatchObject([{ problems: ['rewritten'] }])
  })

  const about = orderKey(key('d'), merchant, ORDER_ID)
  const note = local({ n: 20, at: 20 }, merchant, { type: 'note', text: 'fragile' }, about)
  const paid = unattributed({ n: 21, at: 21, shopper: merchant }, { subject: 'order-payment', text: 'paid' })

  test('T2: whatever comes first, message by message; what was noted on a part is on the whole', () => {
    const all: readonly OrderMessage[] = [...cart, note, paid, line(4, key('3'), 'bowl', { address: 'elsewhere' })]
    const expected = foldThreads(all, { viewer: merchant })
    expect([...expected.orders.values()].find(order => order.placedBy === mug.id)).toMatchObject({ note: 'fragile', unattributed: 1, messageCount: 4 })
    fc.assert(fc.property(fc.shuffledSubarray([...all], { minLength: all.length }), fc.nat(), (sequence, pick) => {
      const index = createThreadIndex(merchant)
      const shown = new Map<string, Order>()
      for (const message of sequence) {
        for (const changed of addMessage(index, message)) {
          const order = orderOf(index, changed)
          if (order === undefined)
            shown.delete(changed)
          else
            shown.set(changed, order)
        }
      }
      expect(foldedOf(index)).toEqual(expected)
      // A list that follows what is named as changed has the same.
      expect([...shown.values()].toSorted((a, b) => a.key < b.key ? -1 : 1)).toEqual([...expected.orders.values()])
      const gone = sequence[pick % sequence.length]
      if (gone !== undefined)
        removeMessage(index, gone.id)
      expect(foldedOf(index)).toEqual(foldThreads(sequence.filter(message => message !== gone), { viewer: merchant }))
    }), { numRuns: 60 })
  })

  test('found in the journal by any of its keys, and restored as one', async () => {
    const journal = createMemoryJournal({ now: () => toSeconds(T0) })
    await journal.appendAll([...cart, note, paid])
    const whole = foldThreads([...cart, note, paid], { viewer: merchant }).orders.get(orderKey(key('c'), merchant, ORDER_ID))
    for (const digit of ['c', 'd', '1']) {
      const read = await readOrder({ journal }, orderKey(key(digit), merchant, ORDER_ID), merchant)
      expect(read.ok && read.value.order).toEqual(whole)
    }
    const report = restorationReport({ found: [...cart, paid], here: [bowl], viewer: merchant, only: about })
    expect(report.items).toMatchObject([{ key: whole?.key, outcome: 'partly', found: 4, missing: [mug.id, jug.id, paid.id].toSorted() }])
    expect(report.rest).toEqual({ found: 0, missing: [] })
  })

  test('T20: more than a cart can have are no cart, and a flood of them costs no more than so many orders', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => line(i + 1, pubkey((i + 1).toString(16).padStart(64, '0')), `p${i}`))
    expect(ordersOf(many.slice(0, 50))).toMatchObject([{ items: { length: 50 } }])
    const index = indexOf(many.slice(0, 50), merchant)
    expect(addMessage(index, many[50] ?? mug)).toHaveLength(51)
    for (const message of many.slice(51))
      expect(addMessage(index, message)).toHaveLength(1)
    expect(foldedOf(index).orders.size).toBe(2_000)
    expect(ownerOf(index, about)).toBe(about)
  })
})
