import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toMsat, toSeconds } from '../../../../src/domain/brand'
import { EXPONENTS } from '../../../../src/domain/money/currencies'
import { addMoney, exponentOf, moneyText, parseMoney, readCurrency, readMoney, timesMoney } from '../../../../src/domain/money/fiat'
import { fromMsatAt, isFresh, toMsatAt } from '../../../../src/domain/money/rate'
import { currency, minor, moneyIn } from '../../../support/arbitraries'

const rateOf = (code: string, btcPrice: string) => ({ currency: code, btcPrice, source: 'test', at: toSeconds(1_000) })

describe('the currency table', () => {
  test('agrees with the maintained list', () => {
    const rows: readonly { code: string, digits: number, currency: string }[] = createRequire(import.meta.url)('currency-codes/data')
    expect(new Map([...EXPONENTS].sort())).toEqual(new Map(rows.filter(({ code, digits, currency }) => /^[A-Z]{3}$/.test(code) && Number.isInteger(digits) && !/no currency|testing/i.test(currency)).map(({ code, digits }): [string, number] => [code, digits]).sort()))
  })
  test('knows bitcoin in msat, and refuses what is no currency', () => {
    expect([exponentOf('SAT'), exponentOf('BTC'), exponentOf('JPY'), exponentOf('KWD')]).toEqual([3, 11, 0, 3])
    expect(['sat', 'Sats', 'eur', 'nonsense', '__proto__', 5].map(readCurrency)).toEqual(['SAT', 'SAT', 'EUR', null, null, null])
  })
})

describe('amounts as text', () => {
  test('whatever is written is read back', () => {
    fc.assert(fc.property(currency.chain(moneyIn), money => void expect(parseMoney(moneyText(money), money.currency)).toEqual(money)))
  })
  test('JSON numbers are read as the decimals they were on the wire', () => {
    fc.assert(fc.property(currency.chain(moneyIn), money => void expect(readMoney(Number(moneyText(money)), money.currency)).toEqual(money)))
  })
  test.each([['0.001', 'EUR', 1], ['1.999', 'EUR', 200], ['1.990', 'EUR', 199], ['100.1', 'JPY', 101], ['2.5', 'SAT', 2_500], ['0.0001', 'SAT', 1]])('%s %s has more decimals than there are: rounded up', (text, code, expected) => {
    expect(parseMoney(text, code)?.minor).toBe(expected)
  })
  test.each(['', '-1', '1e9', 'NaN', '1,5', '0x10', '.5', '9'.repeat(19), '1'.repeat(18)])('%j is no amount in EUR', (text) => {
    expect(parseMoney(text, 'EUR')).toBeNull()
  })
  test('neither a negative nor an endless number is an amount', () => {
    expect([-5, Number.NaN, Infinity, null, {}, 1e300].map(value => readMoney(value, 'SAT'))).toEqual([null, null, null, null, null, null])
  })
})

describe('sums', () => {
  test('are those of BigInt', () => {
    fc.assert(fc.property(fc.array(minor, { maxLength: 50 }), fc.integer({ min: 1, max: 1_000 }), (amounts, quantity) => {
      const sum = amounts.reduce((total, amount) => addMoney(total, timesMoney({ currency: 'EUR', minor: amount }, quantity)), { currency: 'EUR', minor: 0 })
      expect(BigInt(sum.minor)).toBe(amounts.reduce((total, amount) => total + BigInt(amount) * BigInt(quantity), 0n))
    }))
  })
  test('never leave the safe integers, and never mix currencies', () => {
    expect(() => addMoney({ currency: 'EUR', minor: Number.MAX_SAFE_INTEGER }, { currency: 'EUR', minor: 1 })).toThrow(RangeError)
    expect(() => timesMoney({ currency: 'EUR', minor: 2 ** 50 }, 100)).toThrow(RangeError)
    expect(() => addMoney({ currency: 'EUR', minor: 1 }, { currency: 'USD', minor: 1 })).toThrow(RangeError)
  })
})

describe('conversion', () => {
  const price = fc.tuple(fc.integer({ min: 1_000, max: 10_000_000 }), fc.nat(99)).map(([whole, cents]) => ({ text: `${whole}.${String(cents).padStart(2, '0')}`, cents: BigInt(whole) * 100n + BigInt(cents) }))
  test('is never below the listed price, and less than one satoshi above it', () => {
    fc.assert(fc.property(minor, price, (cents, { text, cents: btc }) => {
      const msat = toMsatAt({ currency: 'EUR', minor: cents }, rateOf('EUR', text))
      const sat = BigInt(msat ?? -1) / 1_000n
      expect(Number(msat) % 1_000).toBe(0)
      expect(sat * btc).toBeGreaterThanOrEqual(BigInt(cents) * 100_000_000n)
      expect((sat - 1n) * btc).toBeLessThan(BigInt(cents) * 100_000_000n || 1n)
    }))
  })
  test.each([[100, '100000.00', 1_000_000], [1, '100000', 10_000], [1, '10000000.00', 1_000], [100, '30000', 3_334_000]])('%i cents at %s a bitcoin', (cents, text, msat) => {
    expect(toMsatAt({ currency: 'EUR', minor: cents }, rateOf('EUR', text))).toBe(msat)
  })
  test('there and back never loses a cent', () => {
    fc.assert(fc.property(minor, price, (cents, { text }) => {
      const rate = rateOf('EUR', text)
      expect(fromMsatAt(toMsatAt({ currency: 'EUR', minor: cents }, rate) ?? toMsat(0), 'EUR', rate)?.minor).toBeGreaterThanOrEqual(cents)
    }))
  })
  test('sats need no rate; euros need one of their own, and a price', () => {
    expect(toMsatAt({ currency: 'SAT', minor: 21_500 }, null)).toBe(21_500)
    expect([null, rateOf('USD', '1'), rateOf('EUR', '0'), rateOf('EUR', 'cheap')].map(rate => toMsatAt({ currency: 'EUR', minor: 5 }, rate))).toEqual([null, null, null, null])
  })
  test('a rate grows old', () => {
    expect([1_000, 1_600, 1_601].map(now => isFresh(rateOf('EUR', '1'), toSeconds(now), 600))).toEqual([true, true, false])
  })
})
