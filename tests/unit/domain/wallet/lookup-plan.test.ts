import { expect, test } from 'vitest'
import { toMsat, type Hex32, type OrderKey, type Seconds } from '../../../../src/domain/brand'
import { foldThread } from '../../../../src/domain/order/fold'
import type { Order, OrderMessage } from '../../../../src/domain/order/types'
import { openInvoiceFinder, planLookups, type OpenInvoice } from '../../../../src/domain/wallet/lookup-plan'
import { hex32, invoiceAt, KEY, local, people, placed, request, settled, T0 } from '../../../support/order-messages'

const at = (seconds: number) => seconds as Seconds
const open = (count: number, expiresAt: number): readonly OpenInvoice[] =>
  Array.from({ length: count }, (_, i) => ({ order: `o${i}` as OrderKey, paymentHash: i.toString(16).padStart(64, '0') as Hex32, expiresAt: at(expiresAt - i) }))

/** Lookups by the minute, each answered at once. */
function lookups(invoices: readonly OpenInvoice[], minutes: number, visible = true): number[] {
  const lookedAt = new Map<Hex32, Seconds>()
  const perMinute = Array.from({ length: minutes }, () => 0)
  for (let now = 0; now < minutes * 60;) {
    const { due, pause } = planLookups({ open: invoices, lookedAt, busy: new Set(), visible, now: at(now) })
    for (const { paymentHash } of due)
      lookedAt.set(paymentHash, at(now))
    const minute = Math.floor(now / 60)
    perMinute[minute] = (perMinute[minute] ?? 0) + due.length
    // An answer wakes who waits: it is thought again at once.
    now += due.length > 0 ? 0 : Math.max(1, pause)
  }
  return perMinute
}

test('few are looked up often, many no oftener than a wallet takes', () => {
  expect(lookups(open(1, 36_000), 3)).toEqual([6, 6, 6])
  // 10 closely, every ten seconds; 5 once a minute.
  expect(Math.max(...lookups(open(15, 36_000), 10).slice(1))).toBe(65)
  const many = lookups(open(500, 36_000), 30).slice(5)
  expect(many.reduce((sum, one) => sum + one, 0) / many.length).toBeLessThanOrEqual(161)
  const hidden = lookups(open(500, 36_000), 30, false).slice(5)
  expect(hidden.reduce((sum, one) => sum + one, 0) / hidden.length).toBeLessThanOrEqual(101)
})

test('what is under way is not asked twice, and nothing open means a long nap', () => {
  const [one] = open(1, 36_000)
  expect(planLookups({ open: one ? [one] : [], lookedAt: new Map(), busy: new Set(one ? [one.paymentHash] : []), visible: true, now: at(0) })).toEqual({ due: [], pause: 30 })
  expect(planLookups({ open: [], lookedAt: new Map(), busy: new Set(), visible: true, now: at(0) })).toEqual({ due: [], pause: 30 })
})

test('an order that did not change is not looked into again', () => {
  const find = openInvoiceFinder()
  const asked = [placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0))]
  const waiting = foldThread(KEY, asked)
  const done = foldThread(KEY, [...asked, settled({ n: 3, at: 20 }, invoiceAt(0))])
  if (waiting === undefined || done === undefined)
    throw new TypeError('no order')
  let looks = 0
  const counted = (order: Order): Order => new Proxy(order, { get(target, name, receiver) {
    looks += name === 'issued' ? 1 : 0
    return Reflect.get(target, name, receiver)
  } })
  // Told by the merchant as well: nothing is left to do.
  const orders = [counted(waiting), counted({ ...done, payments: [...done.payments, ...done.payments.map(payment => ({ ...payment, strength: 'said' as const, by: 'merchant' as const, paymentHash: null }))] })]
  expect(find(orders, at(T0 + 30)).map(({ paymentHash }) => paymentHash)).toEqual([invoiceAt(0).paymentHash])
  const first = looks
  for (let i = 0; i < 5; i += 1)
    find(orders, at(T0 + 40 + i))
  expect(looks).toBe(first)
  expect(find(orders, at(T0 + 3_600 + 61 * 24 * 3_600))).toEqual([])
})

test('what is held is looked at as closely as what may still be paid, until it has ended', () => {
  const find = openInvoiceFinder()
  const hold = (n: number, step: 'held' | 'releasing' | 'released') => local({ n, at: 100 + n }, people.merchant, { type: 'hold', step, paymentHash: hex32(invoiceAt(0).paymentHash), msat: toMsat(30_000) })
  const asked = [placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0), { reserve: true })]
  const watched = (...steps: readonly OrderMessage[]) => {
    const order = foldThread(KEY, [...asked, ...steps])
    return order === undefined ? [] : find([order], at(T0 + 7_200))
  }
  const pauseFor = (open: readonly OpenInvoice[]) => planLookups({ open, lookedAt: new Map(open.map(({ paymentHash }) => [paymentHash, at(T0 + 7_199)])), busy: new Set(), visible: true, now: at(T0 + 7_200) }).pause
  expect(watched().map(({ expiresAt }) => expiresAt)).toEqual([invoiceAt(0).expiresAt])
  for (const steps of [[hold(3, 'held')], [hold(3, 'held'), hold(4, 'releasing')]]) {
    expect(watched(...steps).map(({ expiresAt }) => expiresAt)).toEqual([T0 + 103 + 86_400])
    expect(pauseFor(watched(...steps))).toBeLessThan(pauseFor(watched()))
  }
  expect(watched(hold(3, 'held'), hold(4, 'releasing'), hold(5, 'released')).map(({ expiresAt }) => expiresAt)).toEqual([invoiceAt(0).expiresAt])
})
