import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toSeconds, type Hex32, type OrderKey } from '../../../../src/domain/brand'
import { receivedMsat } from '../../../../src/domain/order/excess'
import { foldThread } from '../../../../src/domain/order/fold'
import { foldedOf, foldThreads } from '../../../support/folded'
import { looseKey, mirrorKey } from '../../../../src/domain/order/keys'
import { isHeld } from '../../../../src/domain/order/held-money'
import { paymentHashOwners } from '../../../../src/domain/order/hash-owners'
import { paymentPanel } from '../../../../src/domain/order/payment-panel'
import { addMessage, createThreadIndex, removeMessage } from '../../../../src/domain/order/thread-index'
import { orderOf } from '../../../../src/domain/order/thread-order'
import type { OrderMessage } from '../../../../src/domain/order/types'
import { history, hostileMessages, shuffledWithRepeats } from '../../../support/order-histories'
import { invoices, KEY, people, placed, T0 } from '../../../support/order-messages'

const runs = { numRuns: 300 }
const shuffled = history().chain(messages => fc.tuple(fc.constant(messages), shuffledWithRepeats(messages)))

test('T2: neither sequence nor repeats change an order, nor what waits', () => {
  fc.assert(fc.property(shuffled, ([messages, mixed]) => {
    expect(foldThreads(mixed)).toEqual(foldThreads(messages))
    expect(foldThread(KEY, mixed)).toEqual(foldThread(KEY, messages))
  }), runs)
})

test('T2: folding message by message ends where folding the whole set does', () => {
  fc.assert(fc.property(history(), hostileMessages, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), (messages, hostile, looks) => {
    const index = createThreadIndex()
    for (const [i, message] of [...messages, ...hostile].entries()) {
      const changed = addMessage(index, message)
      // Looking in between fills what is kept: it must not go stale.
      for (const key of looks[i % looks.length] ? changed : [])
        orderOf(index, key)
    }
    const { orders, orphans } = foldThreads([...messages, ...hostile])
    expect(foldedOf(index).orders).toEqual(orders)
    expect(foldedOf(index).orphans).toEqual(orphans)
  }), runs)
})

test('T2: an order that comes later the other way round moves what either may have said', () => {
  const mirrored = placed({ n: 2_000, at: 0, shopper: people.merchant, merchant: people.shopper })
  fc.assert(fc.property(history(6).chain(messages => fc.shuffledSubarray([...messages, mirrored], { minLength: messages.length + 1 })), (mixed) => {
    const index = createThreadIndex()
    for (const message of mixed) {
      for (const key of addMessage(index, message))
        orderOf(index, key)
    }
    foldedOf(index)
    expect(foldedOf(index).orders).toEqual(foldThreads(mixed).orders)
    // What an act reads before it speaks is what the list shows.
    for (const key of [KEY, mirrorKey(KEY) ?? KEY])
      expect(foldThread(key, mixed)).toEqual(foldThreads(mixed).orders.get(key))
    removeMessage(index, mirrored.id)
    expect(foldedOf(index).orders).toEqual(foldThreads(mixed.filter(message => message !== mirrored)).orders)
  }), runs)
})

test('T2: a message taken out again leaves nothing of itself', () => {
  fc.assert(fc.property(history(), hostileMessages, fc.nat(), (messages, hostile, pick) => {
    const all = [...messages, ...hostile]
    const index = createThreadIndex()
    for (const message of all)
      addMessage(index, message)
    foldedOf(index)
    const gone = all[pick % all.length]
    if (gone === undefined)
      return
    removeMessage(index, gone.id)
    const left = foldThreads(all.filter(message => message !== gone))
    expect(foldedOf(index).orders).toEqual(left.orders)
    expect(foldedOf(index).orphans).toEqual(left.orphans)
  }), runs)
})

test('T2: only the keys that are named can have changed', () => {
  fc.assert(fc.property(history(), hostileMessages, (messages, hostile) => {
    const index = createThreadIndex()
    for (const message of [...messages, ...hostile]) {
      const before = foldedOf(index).orders
      const changed = new Set(addMessage(index, message))
      const after = foldedOf(index).orders
      for (const key of new Set([...before.keys(), ...after.keys()])) {
        if (!changed.has(key))
          expect(after.get(key)).toBe(before.get(key))
      }
    }
  }), { numRuns: 150 })
})

test('T3: nobody else moves an order, and neither party in the other\'s role', () => {
  fc.assert(fc.property(history(), hostileMessages, (messages, hostile) => {
    const expected = foldThreads(messages).orders.get(KEY)
    expect(foldThreads([...hostile, ...messages]).orders.get(KEY)).toEqual(expected)
    expect(foldThread(KEY, [...hostile, ...messages])).toEqual(expected)
  }), runs)
})

test('T3: without the merchant nothing is asked, said, shipped or refunded', () => {
  fc.assert(fc.property(history(), (messages) => {
    const order = foldThread(KEY, messages.filter(message => message.author !== foldThread(KEY, messages)?.merchant && message.type !== 'accept-unattributed' && message.type !== 'escrow'))
    expect(order?.requests).toEqual([])
    expect(['unpaid', 'claimed']).toContain(order?.payment)
    expect(order?.shipped).toBe(false)
    expect(order?.tracking).toBeNull()
    expect(order?.refundedMsat).toBe(0)
    expect(['payment_pending', 'cancelled', 'delivered', 'completed', 'disputed']).toContain(order?.status)
  }), runs)
})

test('T8: what is only reserved, or in escrow, is never paid; and it is taken only by the wallet\'s own word', () => {
  fc.assert(fc.property(history(), (messages) => {
    const pays = (message: OrderMessage): boolean => ['receipt', 'wallet-settled', 'wallet-paid', 'unattributed'].includes(message.type) || (message.type === 'status' && (message.saidPaid === true || message.excess !== undefined))
    const order = foldThread(KEY, messages.filter(message => !pays(message)))
    expect(order?.payment ?? 'unpaid').toBe('unpaid')
    expect(order?.holds.every(({ state }) => state !== 'taken') ?? true).toBe(true)
    for (const whole of [foldThread(KEY, messages)?.holds ?? []]) {
      expect(new Set(whole.map(({ paymentHash }) => paymentHash)).size).toBe(whole.length)
      // What is back or taken is not held as well.
      expect(whole.filter(isHeld).every(({ state }) => state !== 'released' && state !== 'taken')).toBe(true)
    }
  }), runs)
})

test('T4: what comes before its order waits, and counts as if it had always been there', () => {
  fc.assert(fc.property(history(), (messages) => {
    const rest = messages.filter(message => message.type !== 'order')
    const waiting = foldThreads(rest)
    expect(waiting.orders.size).toBe(0)
    const named = rest.filter(message => looseKey(message) === undefined)
    expect([...waiting.orphans.values()].flat().map(message => message.id).sort()).toEqual(named.map(message => message.id).sort())
    const index = createThreadIndex()
    for (const message of rest)
      addMessage(index, message)
    expect(orderOf(index, KEY)).toBeUndefined()
    for (const message of messages)
      addMessage(index, message)
    expect(foldedOf(index)).toEqual(foldThreads(messages))
  }), runs)
})

test('T6: every amount of an order is a whole number of msat', () => {
  fc.assert(fc.property(history(), (messages) => {
    const order = foldThread(KEY, messages)
    const amounts = [order?.paidMsat, order?.refundedMsat, ...order?.requests.map(request => request.msat) ?? [], ...order?.payments.map(payment => payment.msat) ?? []]
    for (const amount of amounts)
      expect(amount === null || amount === undefined || (Number.isSafeInteger(amount) && amount >= 0)).toBe(true)
  }), runs)
})

test('T6: no sum of refunds is above what was received, where that is known', () => {
  fc.assert(fc.property(history(), (messages) => {
    const order = foldThread(KEY, messages)
    if (order !== undefined && order.payment !== 'unpaid' && order.payment !== 'claimed' && order.paidMsat !== null)
      // The merchant's own word may be of more than a preimage from outside shows.
      expect(order.refundedMsat).toBeLessThanOrEqual(Math.max(order.paidMsat, receivedMsat(order) ?? Infinity))
  }), runs)
})

test('T9: of refunds that are not paid at most one is open, and one under way is never another one\'s place', () => {
  fc.assert(fc.property(history(), (messages) => {
    const open = foldThread(KEY, messages)?.refunds.filter(({ state }) => state === 'asked' || state === 'ready') ?? []
    expect(open.length).toBeLessThanOrEqual(1)
  }), runs)
})

const panelOf = (messages: readonly OrderMessage[], now: number, knownHashes: ReadonlyMap<Hex32, OrderKey> = new Map()) => {
  const order = foldThread(KEY, messages)
  return order === undefined ? undefined : { order, state: paymentPanel({ order, now: toSeconds(now), outboxWaiting: false, network: 'mainnet', knownHashes, accepted: null }) }
}

test('T10: at most one request is in force, and only that one can be paid', () => {
  fc.assert(fc.property(history(), fc.integer({ min: -10, max: 5_000 }), (messages, later) => {
    const panel = panelOf(messages, T0 + later)
    const inForce = panel?.order.requests.filter(request => request.supersededBy === null) ?? []
    expect(inForce.length).toBeLessThanOrEqual(1)
    expect(panel?.order.request ?? undefined).toBe(inForce[0])
    if (panel?.state.type === 'ready')
      expect(panel.state.bolt11).toBe(panel.order.request?.bolt11)
    if (panel !== undefined && panel.order.payment !== 'unpaid')
      expect(['paid', 'underpaid', 'overpaid', 'paid-twice', 'paid-late', 'refund-due', 'ended', 'paying', 'outcome-unknown', 'expired-while-paying', 'could-not-check', 'reserved', 'released']).toContain(panel.state.type)
  }), runs)
})

test('T7: an invoice that another order asked with first is never payable', () => {
  fc.assert(fc.property(history(), (messages) => {
    const elsewhere = 'other' as OrderKey
    const known = new Map(invoices.map(invoice => [invoice.paymentHash as Hex32, elsewhere]))
    expect(panelOf(messages, T0 + 20, known)?.state.type).not.toBe('ready')
    const order = foldThread(KEY, messages)
    if (order !== undefined)
      expect([...paymentHashOwners([order]).values()].every(owner => owner === KEY)).toBe(true)
  }), runs)
})
