import type { CurrencyCode, Rate } from '../domain/money/types'
import type { Result } from '../domain/result'

/** Price of one bitcoin, from two or more sources, the median, dated (payments.md §8.2). */
export interface Rates {
  /** From memory when younger than `maxAgeSeconds` (600 unless told). */
  rate(currency: CurrencyCode, maxAgeSeconds?: number): Promise<Result<Rate, { readonly code: 'no-rate', readonly detail: string }>>
}
