import { expect, test } from 'vitest'
import { foldThread } from '../../../../src/domain/order/fold'
import { limits } from '../../../../src/domain/limits'
import { foldThreads } from '../../../support/folded'
import { addMessage, createThreadIndex } from '../../../../src/domain/order/thread-index'
import { orderOf } from '../../../../src/domain/order/thread-order'
import { chat, invoiceAt, KEY, local, merchantSays, people, placed, request, settled, shopperSays } from '../../../support/order-messages'
import { idOf } from '../../../support/order-messages'

const flood = (count: number) => Array.from({ length: count }, (_, i) => chat({ n: 10_000 + i, at: 100 + i % 50 }, 'merchant', `${i}`))
const start = [placed({ n: 1, at: 0 }), request({ n: 2, at: 1 }, invoiceAt(0)), shopperSays({ n: 3, at: 2 }, { cancelled: true }), settled({ n: 4, at: 3 }, invoiceAt(0))]

test('T20: a flooded thread keeps the order, all of our own and the newest, and says so', () => {
  const order = foldThread(KEY, [...flood(5_000), ...start], { viewer: people.shopper })
  expect(order?.problems).toContain('too-many-messages')
  expect(order?.placedBy).toBe(idOf(1))
  // Own: the shopper's word, and what this device noted.
  expect(order?.cancelledBy).toBe('shopper')
  expect(order?.payments).toHaveLength(1)
  // The other side's old request went, its newest chat stayed.
  expect(order?.requests).toHaveLength(0)
  expect(order?.messageCount).toBeLessThanOrEqual(1_000)
  expect(order?.chat.at(-1)?.at).toBe(1_793_610_149)
})

test('T2: a flood leaves the same order whether it comes at once, one by one or backwards', () => {
  const all = [...start, ...flood(7_000)]
  const whole = foldThreads(all, { viewer: people.shopper }).orders.get(KEY)
  expect(foldThreads(all.toReversed(), { viewer: people.shopper }).orders.get(KEY)).toEqual(whole)
  expect(foldThread(KEY, all, { viewer: people.shopper })).toEqual(whole)
  const index = createThreadIndex(people.shopper)
  for (const message of all)
    addMessage(index, message)
  expect(orderOf(index, KEY)).toEqual(whole)
})

test('T20: a thousand messages are not too many, and one message more in a flood folds one order, of no more than its bound', () => {
  expect(foldThread(KEY, [...start, ...flood(990)])?.problems).not.toContain('too-many-messages')
  const index = createThreadIndex(people.shopper)
  for (const message of [...start, ...flood(20_000)])
    addMessage(index, message)
  for (let i = 0; i < 50; i += 1) {
    expect(addMessage(index, merchantSays({ n: 90_000 + i, at: 9_999 }, { shipped: i % 2 === 0 }))).toEqual([KEY])
    expect(index.threads.get(KEY)?.messages.size).toBeLessThanOrEqual(3 * limits.messagesPerOrder)
    const order = orderOf(index, KEY)
    expect(order?.messageCount).toBeLessThanOrEqual(limits.messagesPerOrder)
    // Asked for again it is the very same: nothing is folded twice.
    expect(orderOf(index, KEY)).toBe(order)
  }
})

test('T20: a flood of order messages neither displaces the one that counts nor the one the merchant answered', () => {
  const many = Array.from({ length: 4_000 }, (_, i) => placed({ n: 10_000 + i, at: -1_000 + i % 900 }, { items: [{ productId: 'mug', quantity: 9 }] }))
  const pinned = local({ n: 5, at: 9 }, people.merchant, { type: 'pinned', orderMessage: idOf(1) })
  const order = foldThreads([...start, pinned, ...many]).orders.get(KEY)
  expect(order?.placedBy).toBe(idOf(1))
  expect(order?.items).toEqual([{ productId: 'mug', quantity: 1 }])
  expect(order?.problems).toEqual(expect.arrayContaining(['rewritten', 'too-many-messages']))
})
