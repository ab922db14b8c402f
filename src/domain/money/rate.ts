import type { Msat, Seconds } from '../brand'
import type { CurrencyCode, Money, Rate } from './types'
import { toMsat } from '../brand'
import { bitcoinMsat, exponentOf } from './fiat'

const DECIMAL = /^(\d{1,15})(?:\.(\d{1,12}))?$/
const SAT_PER_BTC = 100_000_000n

/** Numerator and denominator of a decimal text: floats never hold money. null for anything else or zero. */
function fraction(text: string): { readonly over: bigint, readonly under: bigint } | null {
  const match = DECIMAL.exec(text)
  if (match === null)
    return null
  const decimals = match[2] ?? ''
  const over = BigInt((match[1] ?? '0') + decimals)
  return over === 0n ? null : { over, under: 10n ** BigInt(decimals.length) }
}

/**
 * What a sum costs: whole satoshi, in msat, rounded up, at least one satoshi unless the sum is zero (payments.md §8.1).
 * Convert once, after summing. Sums in SAT need no rate and keep their msat.
 * null: no rate, or one of another currency.
 */
export function toMsatAt(sum: Money, rate: Rate | null): Msat | null {
  const direct = bitcoinMsat(sum)
  if (direct !== null)
    return direct
  const exponent = exponentOf(sum.currency)
  const price = rate !== null && rate.currency === sum.currency ? fraction(rate.btcPrice) : null
  if (price === null || exponent === undefined)
    return null
  const over = BigInt(sum.minor) * SAT_PER_BTC * price.under
  const under = price.over * 10n ** BigInt(exponent)
  const sat = Number((over + under - 1n) / under)
  return Number.isSafeInteger(sat * 1000) ? toMsat(sat * 1000) : null
}

/** For display beside the price: the smallest unit, rounded up as everywhere. null when there is no rate. */
export function fromMsatAt(msat: Msat, currency: CurrencyCode, rate: Rate | null): Money | null {
  if (currency === 'SAT' || currency === 'BTC')
    return { currency, minor: msat }
  const exponent = exponentOf(currency)
  const price = rate !== null && rate.currency === currency ? fraction(rate.btcPrice) : null
  if (price === null || exponent === undefined)
    return null
  const over = BigInt(msat) * price.over * 10n ** BigInt(exponent)
  const under = SAT_PER_BTC * 1000n * price.under
  const minor = Number((over + under - 1n) / under)
  return Number.isSafeInteger(minor) ? { currency, minor } : null
}

/** A rate older than this is asked again; none newer than an hour: do not invoice in that currency (payments.md §8.1). */
export const RATE_REFRESH_SECONDS = 600
export const RATE_LIMIT_SECONDS = 3_600

/** Clocks are set right at times: a rate of the day after tomorrow is none of now. */
const AHEAD_SECONDS = 600

export const isFresh = (rate: Rate, now: Seconds, maxAge = RATE_LIMIT_SECONDS): boolean => now - rate.at <= maxAge && rate.at - now <= AHEAD_SECONDS
