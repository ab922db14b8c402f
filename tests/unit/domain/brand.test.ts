import { expect, test } from 'vitest'
import { isPubkey, isSeconds, toMsat, toSeconds } from '../../../src/domain/brand'

test('a pubkey is 64 lower-case hex characters and nothing else', () => {
  expect(isPubkey('a'.repeat(64))).toBe(true)
  for (const wrong of ['A'.repeat(64), 'a'.repeat(63), 'g'.repeat(64), '', null, 5])
    expect(isPubkey(wrong)).toBe(false)
})

test('times and amounts are whole, safe and not negative', () => {
  expect(isSeconds(1.5)).toBe(false)
  expect(() => toSeconds(-1)).toThrow(RangeError)
  expect(() => toMsat(2 ** 53)).toThrow(RangeError)
  expect(toMsat(21_000)).toBe(21_000)
})
