import type { Seconds } from '../brand'

/**
 * Upper-case ISO 4217 code, or `SAT`. Amounts in `SAT` are kept in msat (three decimals), so that one
 * integer unit serves prices with fractions of a satoshi too (payments.md §2).
 */
export type CurrencyCode = string

/** `minor`: safe integer in the currency's smallest unit (EUR: cent, JPY: yen, SAT: msat). */
export interface Money { readonly currency: CurrencyCode, readonly minor: number }

/** A dated price of one bitcoin. `btcPrice` is decimal text in whole units of `currency` (never a float). */
export interface Rate {
  readonly currency: CurrencyCode
  readonly btcPrice: string
  readonly source: string
  readonly at: Seconds
}
