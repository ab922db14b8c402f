import type { Msat } from '../brand'
import type { CurrencyCode, Money } from './types'
import { toMsat } from '../brand'
import { EXPONENTS } from './currencies'

const DECIMAL = /^(\d{1,18})(?:\.(\d{1,18}))?$/

/** Decimals of a currency's smallest unit; undefined for a code that the list does not know. SAT: msat, BTC: msat. */
export function exponentOf(currency: CurrencyCode): number | undefined {
  if (currency === 'SAT')
    return 3
  if (currency === 'BTC')
    return 11
  return EXPONENTS.get(currency)
}

/** `sat`, `sats` and `btc` in any case, ISO 4217 codes in any case; null for anything else. */
export function readCurrency(text: unknown): CurrencyCode | null {
  if (typeof text !== 'string' || text.length > 8)
    return null
  const upper = text.trim().toUpperCase()
  const code = upper === 'SATS' || upper === 'SATOSHI' ? 'SAT' : upper
  return exponentOf(code) === undefined ? null : code
}

/**
 * Decimal text of whole units to the smallest unit. More decimals than the currency has are rounded up: a merchant never
 * gets less than was listed. null for anything that is no amount, is negative, or is too large to be safe.
 */
export function parseMoney(text: string, currency: CurrencyCode): Money | null {
  const match = DECIMAL.exec(text.trim())
  const exponent = exponentOf(currency)
  if (match === null || exponent === undefined)
    return null
  const fraction = match[2] ?? ''
  const kept = BigInt((match[1] ?? '0') + fraction.slice(0, exponent).padEnd(exponent, '0'))
  const more = /[1-9]/.test(fraction.slice(exponent)) ? 1n : 0n
  const minor = Number(kept + more)
  return Number.isSafeInteger(minor) ? { currency, minor } : null
}

/** A JSON number or decimal text, as peers write prices; null when it is neither, negative, or unreadable. */
export function readMoney(value: unknown, currency: CurrencyCode): Money | null {
  if (typeof value === 'number')
    return Number.isFinite(value) && value >= 0 ? parseMoney(plainDecimal(value), currency) : null
  return typeof value === 'string' ? parseMoney(value, currency) : null
}

/** A JSON number's shortest text without exponent: the decimal that was on the wire. */
function plainDecimal(value: number): string {
  const text = String(value)
  const match = /^(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null)
    return text
  const digits = (match[1] ?? '') + (match[2] ?? '')
  const point = (match[1] ?? '').length + Number(match[3])
  if (point <= 0)
    return `0.${'0'.repeat(-point)}${digits}`
  return point >= digits.length ? digits.padEnd(point, '0') : `${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Whole units as decimal text without trailing zeros: `1500`, `6.9`. For the wire. */
export function moneyText({ currency, minor }: Money): string {
  const exponent = exponentOf(currency) ?? 0
  const digits = String(minor).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const fraction = digits.slice(digits.length - exponent).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

export const zero = (currency: CurrencyCode): Money => ({ currency, minor: 0 })

/** @throws RangeError for two currencies, or a sum that is no safe integer: callers sum per currency and within limits. */
export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency)
    throw new RangeError('two currencies cannot be added')
  return checked(a.currency, a.minor + b.minor)
}

/** @throws RangeError when the product is no safe integer. */
export const timesMoney = (money: Money, quantity: number): Money => checked(money.currency, money.minor * quantity)

function checked(currency: CurrencyCode, minor: number): Money {
  if (!Number.isSafeInteger(minor) || minor < 0)
    throw new RangeError('amount out of range')
  return { currency, minor }
}

/** Prices in bitcoin units need no rate; msat. null for other currencies. */
export function bitcoinMsat({ currency, minor }: Money): Msat | null {
  return currency === 'SAT' || currency === 'BTC' ? toMsat(minor) : null
}

export const msatMoney = (msat: Msat): Money => ({ currency: 'SAT', minor: msat })
