import type { Seconds } from '../brand'

/**
 * Upper-case ISO 4217 code, or `SAT`. Amounts in `SAT` are kept in msat (three decimals), so that one
 * integer unit serves prices with fractions of a satoshi too (payments.md §2).
 */
export type CurrencyCode = string

/** `minor`: safe integer in the currency's smallest unit (EUR: cent, JPY: yen, SAT: msat). */
export interface Money { readonly currency: CurrencyCode, readonly minor: number }

/** `one-source`: of several that were asked, one answered. `sources-disagree`: they lie too far apart to price by (payments.md §8.2). */
export type RateDoubt = 'one-source' | 'sources-disagree'

/** A dated price of one bitcoin. `btcPrice` is decimal text in whole units of `currency` (never a float). */
export interface Rate {
  readonly currency: CurrencyCode
  readonly btcPrice: string
  readonly source: string
  readonly at: Seconds
  /** Absent: sources agreed, or the one that was chosen answered. */
  readonly doubt?: RateDoubt
}
