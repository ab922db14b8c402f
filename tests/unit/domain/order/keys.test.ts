import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { orderKey, orderNumber, splitKey } from '../../../../src/domain/order/keys'
import { isoUtc } from '../../../../src/domain/utc'
import { orderRouteId, parseRouteId } from '../../../../src/domain/order/route-id'
import { KEY, people, T0 } from '../../../support/order-messages'

const ids = fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }).filter(id => id.length <= 128)

test('T3: a key names both parties and is read back whole, whatever the id holds', () => {
  fc.assert(fc.property(ids, (id) => {
    expect(splitKey(orderKey(people.shopper, people.merchant, id))).toEqual({ shopper: people.shopper, merchant: people.merchant, id })
  }))
  for (const wrong of ['', 'a:b:c', `${people.shopper}:${people.merchant}:`, `${people.shopper}x${people.merchant}:1`, `${people.shopper}:${people.merchant.toUpperCase()}:1`])
    expect(splitKey(wrong)).toBeUndefined()
})

test('an order\'s address survives any id, and a router that decodes once too often', () => {
  fc.assert(fc.property(ids, (id) => {
    const key = orderKey(people.shopper, people.merchant, id)
    const route = orderRouteId(key)
    expect(route).toMatch(/^[\w.~!*'()-]+$/)
    expect(parseRouteId(route)).toEqual({ ok: true, value: key })
    expect(parseRouteId(decodeURIComponent(route))).toEqual({ ok: true, value: key })
  }))
  expect(orderRouteId({ key: KEY })).toBe(`${people.shopper}~${people.merchant}~order-1`)
})

test('what is no order in the address bar is an answer, not a crash', () => {
  for (const wrong of ['', '~~', `${people.shopper}~${people.merchant}`, `${people.shopper}~${people.merchant}~`, `${people.shopper}~${people.merchant}~!ZZ`, `${people.shopper}~${people.merchant}~a~b`, `${people.shopper}~${people.merchant}~${'x'.repeat(129)}`, `x~${people.merchant}~1`])
    expect(parseRouteId(wrong)).toEqual({ ok: false, error: { code: 'not-an-order' } })
})

test('days and times are counted in UTC', () => {
  const same = (at: number): void => {
    expect(isoUtc(toSeconds(at))).toBe(new Date(at * 1_000).toISOString().replace('.000', ''))
  }
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 }), same))
  for (const text of ['2024-02-29T23:59:59Z', '2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z', '2000-03-01T00:00:00Z', '2100-02-28T23:59:59Z'])
    same(Date.parse(text) / 1_000)
})

test('an order\'s number is short, the same on both sides, and follows its key', () => {
  expect(orderNumber(KEY, toSeconds(T0))).toMatch(/^ORD-2026-[A-Z2-7]{6}$/)
  expect(orderNumber(KEY, toSeconds(T0))).toBe('ORD-2026-6IB7RQ')
  expect(orderNumber(orderKey(people.shopper2, people.merchant, 'order-1'), toSeconds(T0))).not.toBe(orderNumber(KEY, toSeconds(T0)))
})
