import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds, type Hex32 } from '../../../../src/domain/brand'
import { isSure, prepaidClaim, prepaidMatches, type MatchNeeds, type PrepaidClaim } from '../../../../src/domain/order/prepaid-match'
import type { IncomingPayment } from '../../../../src/domain/wallet/incoming'
import { hex32 as toHash, invoiceAt, KEY, local, people, placed, receipt, T0, unattributed } from '../../../support/order-messages'

const hex32 = (digit: string): Hex32 => toHash(digit.repeat(64))
const AMOUNT = toMsat(30_000)
const claim: PrepaidClaim = { order: KEY, hashes: [hex32('a')], shown: [hex32('a')], amounts: [AMOUNT], placedAt: toSeconds(T0), claimedAt: toSeconds(T0 + 60) }
const payment = (more: Partial<IncomingPayment> = {}): IncomingPayment => ({ paymentHash: hex32('a'), msat: AMOUNT, settledAt: toSeconds(T0 + 30), description: '', ...more })
const matches = (incoming: readonly IncomingPayment[], more: Partial<MatchNeeds> = {}) =>
  prepaidMatches({ claim, price: AMOUNT, names: ['order-1', 'ORD-2026-ABCDEF'], incoming, ofOthers: new Set(), claimedElsewhere: new Set(), ...more })

describe('which payment is the one that the shopper speaks of', () => {
  test('the one that was named, of the right amount, in time: without doubt', () => {
    const [first, ...rest] = matches([payment(), payment({ paymentHash: hex32('b'), msat: toMsat(1) })])
    expect(first).toMatchObject({ by: 'hash', doubts: [] })
    expect(first !== undefined && isSure(first)).toBe(true)
    expect(rest).toEqual([])
  })

  test.each([
    ['of another order', {}, { ofOthers: new Set<Hex32>([hex32('a')]) }, ['other-order']],
    ['claimed by two', {}, { claimedElsewhere: new Set<Hex32>([hex32('a')]) }, ['claimed-twice']],
    ['of another amount', { msat: toMsat(29_999) }, {}, ['amount-differs']],
    ['of a small part', { msat: toMsat(10) }, {}, ['amount-differs', 'too-little']],
    ['of less than the goods cost', {}, { price: toMsat(40_000) }, ['too-little']],
    ['for goods without a price here', {}, { price: null }, ['no-price']],
    ['that anybody may have read of', {}, { claim: { ...claim, shown: [] } }, ['not-shown']],
    ['from long before', { settledAt: toSeconds(T0 - 7_200) }, {}, ['other-time']],
    ['from long after', { settledAt: toSeconds(T0 + 60 + 90_000) }, {}, ['other-time']],
  ] as const)('a named one %s never counts by itself, and the doubt is named', (_, more, needs, doubts) => {
    const found = matches([payment(more)], needs)
    expect(found).toMatchObject([{ by: 'hash', doubts }])
    expect(found.some(isSure)).toBe(false)
  })

  test('without a name: by words of the description, else by amount and time; never by itself, the nearest first', () => {
    const unnamed = { ...claim, hashes: [], shown: [] }
    const found = matches([
      payment({ paymentHash: hex32('c'), settledAt: toSeconds(T0 + 600) }),
      payment({ paymentHash: hex32('d'), settledAt: toSeconds(T0 + 61) }),
      payment({ paymentHash: hex32('e'), msat: toMsat(5), description: 'for ORD-2026-ABCDEF' }),
      payment({ paymentHash: hex32('f'), msat: toMsat(5) }),
    ], { claim: unnamed })
    expect(found.map(({ payment: { paymentHash }, by, doubts }) => [paymentHash, by, doubts])).toEqual([
      [hex32('e'), 'description', ['amount-differs', 'too-little']], [hex32('d'), 'amount', ['amount-only']], [hex32('c'), 'amount', ['amount-only']],
    ])
    expect(found.some(isSure)).toBe(false)
    // What is another order's already is offered to nobody who did not name it.
    expect(matches([payment({ paymentHash: hex32('c') })], { claim: unnamed, ofOthers: new Set([hex32('c')]) })).toEqual([])
  })
})

describe('what a shopper claims', () => {
  const order = { key: KEY, shopper: people.shopper, placedAt: toSeconds(T0) }
  const priced = (n: number, msat: number) => placed({ n, at: 0 }, { amount: { msat: toMsat(msat), text: '' } })

  test('nothing is claimed by an order alone, nor by anybody else\'s receipt', () => {
    expect(prepaidClaim(order, [priced(1, 30_000)])).toBeNull()
    expect(prepaidClaim(order, [priced(1, 30_000), { ...receipt({ n: 2, at: 1 }, invoiceAt(0)), author: people.merchant }])).toBeNull()
  })
  test('a receipt names its invoice and what its preimage hashes to; lines that were ordered one by one add up', () => {
    const { paymentHash } = invoiceAt(0)
    const found = prepaidClaim(order, [priced(1, 30_000), priced(2, 12_000), receipt({ n: 3, at: 9 }, invoiceAt(0))])
    expect(found).toMatchObject({ hashes: [paymentHash], claimedAt: T0 + 9 })
    expect(found?.amounts).toEqual([30_000, 12_000, 42_000])
  })
  test('words of a throw-away key count once the merchant recognises them', () => {
    const word = unattributed({ n: 4, at: 5 }, { subject: 'order-payment', payment: { medium: 'lightning', reference: invoiceAt(1).bolt11, token: '', preimage: '', msat: toMsat(33_000) } })
    const recognised = local({ n: 5, at: 6 }, word.receiver, { type: 'accept-unattributed', message: word.id })
    expect(prepaidClaim(order, [priced(1, 33_000), word])).toBeNull()
    expect(prepaidClaim(order, [priced(1, 33_000), word, recognised])).toMatchObject({ hashes: [invoiceAt(1).paymentHash], amounts: [33_000] })
  })
})
