import type { CurrencyCode, Rate } from '../domain/money/types'
import type { Result } from '../domain/result'

/** Price of one bitcoin, from two or more sources, the median, dated (payments.md §8.2). */
export interface Rates {
  /** From memory when younger than `maxAgeSeconds` (600 unless told). */
  /** Never older than an hour: what is priced is priced at the rate of now, or not at all (payments.md §8.1). */
  rate(currency: CurrencyCode, maxAgeSeconds?: number): Promise<Result<Rate, { readonly code: 'no-rate', readonly detail: string }>>
  /** The last one that was heard of, whatever its age, also from before this page was opened: to be shown with its age. */
  last?(currency: CurrencyCode): Promise<Rate | null>
  /** Further addresses to ask beside the usual ones: the merchant's own LNbits. In place of those named before. */
  also?(urls: readonly string[]): void
}
