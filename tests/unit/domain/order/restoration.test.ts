import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { orderKey } from '../../../../src/domain/order/keys'
import { restorationReport } from '../../../../src/domain/order/restoration'
import type { Shelf } from '../../../../src/domain/order/pricing'
import type { OrderMessage } from '../../../../src/domain/order/types'
import { history, hostileMessages, shuffledWithRepeats } from '../../../support/order-histories'
import { chat, idOf, invoiceAt, KEY, merchantSays, people, placed, request } from '../../../support/order-messages'
import { product, stall } from '../../../support/shelf'

const viewer = people.shopper
const mug = product('mug')
const sat = stall('sat', 'SAT', [{ id: 'zone-1', cost: { currency: 'SAT', minor: 1 } }])
const shelf: Shelf = { products: new Map([[mug.address, mug]]), stalls: new Map([[sat.address, sat]]) }
const bare: Shelf = { products: new Map(), stalls: new Map() }

const order = placed({ n: 1, at: 0 })
const asked = request({ n: 2, at: 5 }, invoiceAt(0))
const paid = merchantSays({ n: 3, at: 9 }, { saidPaid: true })

describe('what a restoration would do', () => {
  test.each([
    ['new', [], [order.id, asked.id, paid.id]],
    ['new', [asked], [order.id, paid.id]],
    ['partly', [order, paid], [asked.id]],
    ['here', [order, asked, paid], []],
  ] as const)('%s', (outcome, here, missing) => {
    const report = restorationReport({ found: [paid, order, asked], here, viewer })
    expect(report.items).toMatchObject([{ key: KEY, outcome, found: 3, missing, shopper: people.shopper, merchant: people.merchant, troubles: [] }])
    expect(report.counts).toEqual({ new: 0, partly: 0, here: 0, [outcome]: 1 })
  })

  test('what belongs to no order is counted apart, and so is what only this device has', () => {
    const words = { ...chat({ n: 9, at: 1 }, 'merchant', 'Hello'), orderId: undefined }
    const { orderId: _, ...plain } = words
    const orphan = merchantSays({ n: 8, at: 1, orderId: 'never-came' }, { shipped: true })
    const own = placed({ n: 7, at: 1, orderId: 'not-sent' })
    const report = restorationReport({ found: [plain, orphan, order], here: [own, orphan], viewer })
    expect(report).toMatchObject({ onlyHere: 1, rest: { found: 2, missing: [plain.id] }, counts: { new: 1 } })
  })

  test('one order alone, and no word of the others', () => {
    const other = placed({ n: 20, at: 0, orderId: 'order-2' })
    const report = restorationReport({ found: [order, other], here: [], viewer, only: orderKey(people.shopper, people.merchant, 'order-2') })
    expect(report.items.map(({ missing }) => missing)).toEqual([[other.id]])
    expect(report).toMatchObject({ counts: { new: 1 }, rest: { found: 0 }, onlyHere: 0 })
  })

  test('unreadable messages are counted once each, by their reason', () => {
    const unreadable = [{ id: idOf(1), reason: 'decrypt' }, { id: idOf(2), reason: 'schema' }, { id: idOf(1), reason: 'decrypt' }]
    expect(restorationReport({ found: [], here: [], unreadable, viewer }).unreadable).toEqual({ decrypt: 1, schema: 1 })
  })
})

describe('what a person should know', () => {
  const of = (shelf: Shelf | null, ...messages: readonly OrderMessage[]) => restorationReport({ found: messages, here: [], viewer, shelf }).items

  test('nothing is said to be gone before the listings are here', () => {
    expect(of(null, order)).toMatchObject([{ troubles: [], repaired: null }])
    expect(of(bare, order)).toMatchObject([{ troubles: ['product-gone'], repaired: 'ids', lines: [{ productId: 'mug' }] }])
  })

  test('stall and zone', () => {
    const ours = { ...order, items: [{ productId: 'mug', product: mug.address, quantity: 1 }] }
    expect(of({ ...shelf, stalls: new Map() }, ours)).toMatchObject([{ troubles: ['stall-gone'] }])
    expect(of({ ...shelf, stalls: new Map([[mug.stallAddress, { ...sat, zones: [] }]]) }, ours)).toMatchObject([{ troubles: ['zone-gone'] }])
  })

  test('one invoice for two orders', () => {
    const second = placed({ n: 30, at: 3, orderId: 'order-2' })
    const again = request({ n: 31, at: 6, orderId: 'order-2' }, invoiceAt(0))
    const [newer, older] = of(null, order, asked, second, again)
    expect(newer).toMatchObject({ troubles: ['same-invoice'], sameInvoice: [{ key: KEY, number: older?.number }] })
    expect(older).toMatchObject({ troubles: ['same-invoice'], sameInvoice: [{ key: newer?.key }] })
  })

  test('a rewritten order', () => {
    expect(of(null, order, placed({ n: 4, at: 2 }, { zoneId: 'zone-2' }))).toMatchObject([{ troubles: ['rewritten'], found: 2 }])
  })
})

test('T2, T5: neither sequence nor repeats change the report', () => {
  const sets = fc.tuple(history(), hostileMessages).chain(([messages, hostile]) => {
    const found = [...messages, ...hostile]
    return fc.tuple(fc.constant(found), shuffledWithRepeats(found), fc.subarray(found).chain(here => fc.tuple(fc.constant(here), shuffledWithRepeats(here))))
  })
  fc.assert(fc.property(sets, ([found, mixedFound, [here, mixedHere]]) => {
    const report = restorationReport({ found, here, viewer, shelf: bare })
    expect(restorationReport({ found: mixedFound, here: mixedHere, viewer, shelf: bare })).toEqual(report)
    // Once that is done, nothing is left to do.
    const after = restorationReport({ found, here: [...here, ...found], viewer, shelf: bare })
    expect(after.counts).toMatchObject({ new: 0, partly: 0 })
    expect(after.rest.missing).toEqual([])
  }), { numRuns: 200 })
})

test('times of the future and the past are as good as any', () => {
  expect(restorationReport({ found: [{ ...order, sentAt: toSeconds(2 ** 32) }], here: [], viewer }).counts.new).toBe(1)
})
