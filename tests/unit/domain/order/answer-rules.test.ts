import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { awaitsInvoice, DAY_MINUTES, failureCode, failureReason, heldReason, isOverLimit, isWithin, noRules, wantsInvoice, type HeldNeeds } from '../../../../src/domain/order/answer-rules'
import { anOrder } from '../../../component/order/orders'

const at = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

describe('hours', () => {
  test.each([
    ['08:00', '20:00', '07:59', false], ['08:00', '20:00', '08:00', true], ['08:00', '20:00', '19:59', true], ['08:00', '20:00', '20:00', false], ['08:00', '20:00', '00:00', false],
    ['22:00', '06:00', '21:59', false], ['22:00', '06:00', '22:00', true], ['22:00', '06:00', '23:59', true], ['22:00', '06:00', '00:00', true], ['22:00', '06:00', '05:59', true], ['22:00', '06:00', '06:00', false],
    ['00:00', '06:00', '00:00', true], ['18:00', '00:00', '23:59', true], ['18:00', '00:00', '00:00', false], ['09:00', '09:00', '03:00', true],
  ])('%s–%s at %s: %s', (from, to, minute, open) => expect(isWithin({ from: at(from), to: at(to) }, at(minute))).toBe(open))

  test('what is open at one minute is closed with the edges changed round, all day long', () => {
    for (const [from, to] of [[480, 1_200], [1_320, 360], [0, 1], [1_439, 0]] as const)
      for (let minute = 0; minute < DAY_MINUTES; minute++)
        expect(isWithin({ from, to }, minute)).toBe(!isWithin({ from: to, to: from }, minute))
    expect(isWithin(null, 3)).toBe(true)
  })
})

test('a total up to the bound, and of it, is answered', () => {
  expect([999_999_000, 1_000_000_000, 1_000_000_001].map(msat => isOverLimit({ ...noRules, maxSat: 1_000_000 }, toMsat(msat)))).toEqual([false, false, true])
  expect(isOverLimit(noRules, toMsat(Number.MAX_SAFE_INTEGER))).toBe(false)
})

const NOW = toSeconds(2_000_000)
const order = anOrder({ placedAt: NOW })
const needs: HeldNeeds = { order, now: NOW, minute: at('12:00'), rules: { maxSat: 10_000, hours: { from: at('08:00'), to: at('20:00') } }, on: true, hasWallet: true, refusal: null, total: toMsat(5_000_000), failure: null }

test.each<[string, Partial<HeldNeeds>, string]>([
  ['nothing holds it', {}, 'soon'],
  ['too few pieces', { refusal: { code: 'stock-too-low', left: 1 } }, 'stock'],
  ['too few pieces, and no wallet: what no setting mends comes first', { refusal: { code: 'stock-too-low' }, hasWallet: false }, 'stock'],
  ['another zone', { refusal: { code: 'unknown-zone' } }, 'zone'],
  ['no such product', { refusal: { code: 'unknown-product' } }, 'listing'],
  ['no wallet', { hasWallet: false, on: false }, 'no-wallet'],
  ['switched off', { on: false, minute: at('23:00') }, 'off'],
  ['old', { now: toSeconds(NOW + 15 * 86_400) }, 'old'],
  ['at night', { minute: at('23:00'), total: toMsat(50_000_000) }, 'hours'],
  ['too much', { total: toMsat(50_000_000) }, 'amount'],
  ['too much, as the attempt found with a rate', { total: null, failure: 'over-limit' }, 'amount'],
  ['no rate', { total: null, failure: 'no_rate' }, 'no-rate'],
  ['sources of rates that disagree', { total: null, failure: failureCode({ code: 'no_rate', detail: 'sources-disagree' }) }, 'rates-disagree'],
  ['wallet away', { failure: 'source_offline' }, 'wallet-offline'],
  ['wallet cannot reserve', { failure: 'cannot-reserve' }, 'cannot-reserve'],
  ['wallet said no', { failure: 'source_refused' }, 'wallet-refused'],
])('held: %s', (_name, part, reason) => expect(heldReason({ ...needs, ...part })).toBe(reason))

test('every other failure has a word, too', () => {
  expect(['declined', '__proto__', 'unknown-zone', 'unknown-stall'].map(failureReason)).toEqual(['failed', 'failed', 'zone', 'listing'])
})

test('an order waits for an invoice when it is new, or its invoice is dead and the shopper wrote since', () => {
  expect(awaitsInvoice(order, NOW)).toBe(true)
  expect(wantsInvoice(order, toSeconds(NOW + 15 * 86_400))).toBe(false)
  expect(awaitsInvoice(order, toSeconds(NOW + 15 * 86_400))).toBe(true)
  expect(awaitsInvoice(anOrder({ payment: 'claimed' }), NOW)).toBe(false)
  expect(awaitsInvoice(anOrder({ refusal: { text: '', at: NOW } }), NOW)).toBe(false)
})
