import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { foldThreads } from '../../../support/folded'
import { nextStep } from '../../../../src/domain/order/status'
import { refusalFor, stockClaimants, stockToBook, stockVerdict } from '../../../../src/domain/order/stock'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { invoiceAt, local, merchantSays, people, placed, request, settled, shopperSays, T0, type Stamp } from '../../../support/order-messages'
import { orderKey } from '../../../../src/domain/order/keys'
import { product, productAddressOf, shelf } from '../../../support/shelf'

const now = toSeconds(T0 + 100)
const MUG = productAddressOf('mug')

/** Order `id`, placed `at`, wanting so many mugs. */
const wants = (id: number, at: number, quantity = 1): OrderMessage => placed({ n: id * 100, at, orderId: `o${id}` }, { items: [{ productId: 'mug', quantity }] })
const ask = (id: number, at: number): OrderMessage => request({ n: id * 100 + 1, at, orderId: `o${id}` }, invoiceAt(0))
const pays = (id: number, at: number): OrderMessage => merchantSays({ n: id * 100 + 2, at, orderId: `o${id}` }, { saidPaid: true })
const keyOf = (id: number) => orderKey(people.shopper, people.merchant, `o${id}`)
const fold = (messages: readonly OrderMessage[]): readonly Order[] => [...foldThreads(messages).orders.values()]
const words = (stock: number | null, messages: readonly OrderMessage[], at = now) => {
  const { orders, left } = stockVerdict(shelf(product('mug', { stock })).products, fold(messages), at)
  return { left: left.get(MUG), words: Object.fromEntries([...orders].map(([key, word]) => [key.split(':')[2], word])) }
}

describe('T11: the last piece', () => {
  test('T11: of two shoppers who order it, the earlier gets it and the other a clear refusal', () => {
    expect(words(1, [wants(2, 5), wants(1, 1)])).toEqual({ left: 0, words: { o1: 'reserved', o2: 'short' } })
    const things = shelf(product('mug', { stock: 1 }))
    const orders = fold([wants(2, 5), wants(1, 1)])
    const verdict = stockVerdict(things.products, orders, now)
    expect(orders.map(order => refusalFor(order, things, verdict))).toEqual([null, { code: 'stock-too-low', productId: 'mug', left: 0 }])
  })
  test('T11: who has paid keeps it, even if placed later; who can pay any moment is not overtaken by the queue', () => {
    expect(words(1, [wants(1, 1), wants(2, 5), pays(2, 10)]).words).toEqual({ o1: 'short', o2: 'kept' })
    expect(words(1, [wants(1, 1), wants(2, 5), ask(2, 6)]).words).toEqual({ o1: 'short', o2: 'reserved' })
    // The invoice died unpaid: the queue's sequence holds again.
    expect(words(1, [wants(1, 1), wants(2, 5), ask(2, 6)], toSeconds(T0 + 4_000)).words).toEqual({ o1: 'reserved', o2: 'short' })
  })
  test('T11: two who paid for one piece: the later is told, and money goes back', () => {
    expect(words(1, [wants(1, 1), pays(1, 20), wants(2, 5), pays(2, 10)])).toEqual({ left: 0, words: { o1: 'kept', o2: 'oversold' } })
  })
  test('cancelled, refused and refunded orders hold nothing', () => {
    const cancels = shopperSays({ n: 103, at: 8, orderId: 'o1' }, { cancelled: true })
    expect(words(1, [wants(1, 1), cancels, wants(2, 5)]).words).toEqual({ o2: 'reserved' })
  })
  test('what is not counted is free, and two lines of one product are one wish', () => {
    expect(words(null, [wants(1, 1, 900)]).words).toEqual({ o1: 'free' })
    const twice = placed({ n: 100, at: 1, orderId: 'o1' }, { items: [{ productId: 'mug', quantity: 1 }, { productId: 'mug', quantity: 1 }] })
    expect(words(1, [twice]).words).toEqual({ o1: 'short' })
  })
  test('an order that needs more than is left takes nothing from the next', () => {
    expect(words(2, [wants(1, 1, 3), wants(2, 5, 2)])).toEqual({ left: 0, words: { o1: 'short', o2: 'reserved' } })
  })

  const histories = fc.array(fc.record({ at: fc.nat(5), quantity: fc.integer({ min: 1, max: 4 }), fate: fc.constantFrom('waits', 'asked', 'paid', 'cancelled') }), { maxLength: 8 })
    .map(orders => orders.flatMap(({ at, quantity, fate }, id): OrderMessage[] => [
      wants(id, at, quantity),
      ...(fate === 'asked' || fate === 'paid' ? [ask(id, 10)] : []),
      ...(fate === 'paid' ? [pays(id, 20 + id)] : []),
      ...(fate === 'cancelled' ? [shopperSays({ n: id * 100 + 3, at: 8, orderId: `o${id}` }, { cancelled: true })] : []),
    ]))

  test('T11: what is over, or paid and counted by the listing, is passed by, and changes nobody\'s verdict', () => {
    fc.assert(fc.property(histories, fc.nat(6), fc.nat(40), (messages, stock, listedAt) => {
      // A listing of some moment among the payments: it counts those before it.
      const { products } = shelf({ ...product('mug', { stock }), publishedAt: toSeconds(T0 + listedAt) })
      const orders = fold(messages)
      const all = stockVerdict(products, orders, now)
      const claimants = stockClaimants()(products, orders)
      const some = stockVerdict(products, claimants, now)
      expect(some.left).toEqual(all.left)
      for (const { key } of orders)
        expect(some.orders.get(key) ?? 'passed by').toBe(claimants.some(one => one.key === key) ? all.orders.get(key) : 'passed by')
      for (const { key } of orders.filter(order => !claimants.includes(order)))
        expect(['kept', undefined]).toContain(all.orders.get(key))
    }))
  })

  test('an order that has not changed is not looked into again, until the shelf changes', () => {
    let looks = 0
    const watched = fold([wants(1, 1), pays(1, 10), wants(2, 5)]).map(order => ({ ...order, get payments() {
      looks += 1
      return order.payments
    } }))
    const claimantsAmong = stockClaimants()
    const { products } = shelf(product('mug', { stock: 3 }))
    const first = claimantsAmong(products, watched)
    const before = looks
    const changed = { ...fold([wants(3, 6)])[0] ?? watched[0] } as Order
    expect(claimantsAmong(products, [...watched, changed])).toEqual([...first, changed])
    expect(looks).toBe(before)
    claimantsAmong(new Map(products), watched)
    expect(looks).toBeGreaterThan(before)
  })

  test('T11: whatever the sequence of arrival, the verdict is the same and never gives more than there is', () => {
    fc.assert(fc.property(histories.chain(messages => fc.tuple(fc.constant(messages), fc.shuffledSubarray([...messages], { minLength: messages.length }))), fc.nat(6), ([messages, mixed], stock) => {
      const verdict = words(stock, messages)
      expect(words(stock, mixed)).toEqual(verdict)
      expect(verdict.left).toBeGreaterThanOrEqual(0)
      const given = fold(messages).filter(order => ['kept', 'reserved'].includes(verdict.words[order.id] ?? '')).reduce((sum, order) => sum + (order.items[0]?.quantity ?? 0), 0)
      expect(given).toBeLessThanOrEqual(stock)
    }), { numRuns: 300 })
  })

  test('T11: invoicing only what is reserved, one after the other and paid in any sequence, never sells more than there is', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 }), fc.nat(5), fc.infiniteStream(fc.nat()), (wishes, stock, dice) => {
      const things = shelf(product('mug', { stock }))
      const messages: OrderMessage[] = []
      const todo = wishes.map((quantity, id) => ({ id, quantity }))
      let clock = 10
      const asked: number[] = []
      while (todo.length > 0 || asked.length > 0) {
        const roll = dice.next().value ?? 0
        clock += 1
        if (asked.length > 0 && (todo.length === 0 || roll % 2 === 0)) {
          const [id = 0] = asked.splice(roll % asked.length, 1)
          messages.push(pays(id, clock))
          continue
        }
        const [next] = todo.splice(roll % todo.length, 1)
        if (next === undefined)
          break
        messages.push(wants(next.id, next.id % 3, next.quantity))
        const orders = fold(messages)
        const verdict = stockVerdict(things.products, orders, toSeconds(T0 + clock))
        const order = orders.find(one => one.key === keyOf(next.id))
        if (order !== undefined && refusalFor(order, things, verdict) === null) {
          messages.push(ask(next.id, clock))
          asked.push(next.id)
        }
      }
      const sold = fold(messages).filter(order => order.payment === 'said').reduce((sum, order) => sum + (order.items[0]?.quantity ?? 0), 0)
      expect(sold).toBeLessThanOrEqual(stock)
      expect(Object.values(words(stock, messages, toSeconds(T0 + clock)).words)).not.toContain('oversold')
    }), { numRuns: 200 })
  })
})

describe('T11: booking what was sold', () => {
  const taken = (stamp: Stamp, listingAt: number): OrderMessage => local(stamp, people.merchant, { type: 'stock-taken', product: MUG, quantity: 1, listingAt: toSeconds(T0 + listingAt) }, keyOf(1))
  const sale = [wants(1, 1), ask(1, 2), pays(1, 10)]
  test('a paid order is booked once, also after a crash between noting and publishing', () => {
    const before = shelf(product('mug', { stock: 3 })).products
    expect(stockToBook(before, fold(sale), now)).toEqual([{ product: MUG, stock: 2, sizes: new Map(), taken: [{ order: keyOf(1), quantity: 1 }] }])
    // Noted, not yet published: still to do.
    const noted = fold([...sale, taken({ n: 500, at: 11 }, 12)])
    expect(stockToBook(before, noted, now)).toHaveLength(1)
    const after = shelf(product('mug', { stock: 2, publishedAt: toSeconds(T0 + 12) })).products
    expect(stockToBook(after, noted, now)).toEqual([])
    expect(stockVerdict(after, noted, now).left.get(MUG)).toBe(2)
  })
  test('on an empty device a listing newer than the payment counts as knowing of it', () => {
    const listed = shelf(product('mug', { stock: 2, publishedAt: toSeconds(T0 + 50) })).products
    expect(stockToBook(listed, fold(sale), now)).toEqual([])
    expect(stockVerdict(listed, fold(sale), now)).toEqual({ orders: new Map([[keyOf(1), 'kept']]), left: new Map([[MUG, 2]]) })
  })
  test('who was paid for what was not there any more stays known once it is booked', () => {
    const both = [...sale, wants(2, 2), ask(2, 3), pays(2, 11)]
    const [booking] = stockToBook(shelf(product('mug', { stock: 1 })).products, fold(both), now)
    expect(booking).toMatchObject({ stock: 0, taken: [{ order: keyOf(1), quantity: 1 }, { order: keyOf(2), quantity: 1, short: true }] })
    const noted = fold([...both, local({ n: 500, at: 12 }, people.merchant, { type: 'stock-taken', product: MUG, quantity: 1, listingAt: toSeconds(T0 + 12), short: true }, keyOf(2))])
    expect(noted.filter(({ stockShort }) => stockShort).map(({ key }) => key)).toEqual([keyOf(2)])
    const loser = noted.find(({ key }) => key === keyOf(2))
    expect(loser?.problems).toEqual(['refund-due'])
    expect(loser && nextStep(loser, 'merchant').code).toBe('refund')
    expect(noted.find(({ key }) => key === keyOf(1))?.problems).toEqual([])
  })
  test('stock is never published below zero', () => {
    const few = shelf(product('mug', { stock: 1 })).products
    expect(stockToBook(few, fold([wants(1, 1, 5), ask(1, 2), settled({ n: 9, at: 10, orderId: 'o1' }, invoiceAt(0)), pays(1, 10)]), now)).toMatchObject([{ stock: 0 }])
  })
})

describe('what an automatic invoice refuses', () => {
  const things = shelf(product('mug', { stock: 5 }), product('hat', { stall: 'euro', currency: 'EUR', minor: 990 }), product('old', { active: false }), product('odd', { minor: null }))
  const check = (items: readonly { readonly productId: string, readonly quantity: number }[], zoneId = 'zone-1') => {
    const [order] = fold([placed({ n: 1, at: 0 }, { items, zoneId })])
    return order && refusalFor(order, things, stockVerdict(things.products, [order], now))
  }
  test.each([
    ['fine', [{ productId: 'mug', quantity: 2 }], 'zone-1', null],
    ['more than there is', [{ productId: 'mug', quantity: 6 }], 'zone-1', { code: 'stock-too-low', productId: 'mug', left: 5 }],
    ['what nobody sells', [{ productId: 'cat', quantity: 1 }], 'zone-1', { code: 'unknown-product', productId: 'cat' }],
    ['two stalls', [{ productId: 'mug', quantity: 1 }, { productId: 'hat', quantity: 1 }], 'zone-1', { code: 'several-stalls', productId: 'hat' }],
    ['a zone of nowhere', [{ productId: 'mug', quantity: 1 }], 'moon', { code: 'unknown-zone' }],
    ['no zone', [{ productId: 'mug', quantity: 1 }], '', { code: 'unknown-zone' }],
    ['what is off the shelf', [{ productId: 'old', quantity: 1 }], 'zone-1', { code: 'not-for-sale', productId: 'old' }],
    ['what has no price', [{ productId: 'odd', quantity: 1 }], 'zone-1', { code: 'not-for-sale', productId: 'odd' }],
    ['no number of pieces', [{ productId: 'mug', quantity: 0 }], 'zone-1', { code: 'quantity', productId: 'mug' }],
    ['too many to believe', [{ productId: 'mug', quantity: 1_000_001 }], 'zone-1', { code: 'quantity', productId: 'mug' }],
  ])('%s', (_name, items, zoneId, expected) => {
    expect(check(items, zoneId)).toEqual(expected)
  })
  test('T3: another merchant\'s product of the same id is none of this order', () => {
    const foreign = product('mug', { author: people.merchant2 })
    const [order] = fold([placed({ n: 1, at: 0 })])
    expect(order && refusalFor(order, shelf(foreign), stockVerdict(shelf(foreign).products, [order], now))).toEqual({ code: 'unknown-product', productId: 'mug' })
  })
})
