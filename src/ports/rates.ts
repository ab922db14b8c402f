import type { CurrencyCode, Rate, RateDoubt } from '../domain/money/types'
import type { Result } from '../domain/result'

/**
 * `detail` is `sources-disagree` where some answered and lie too far apart: what they say is `estimate`, to be shown and not to be
 * priced by.
 */
export interface NoRate { readonly code: 'no-rate', readonly detail: string, readonly estimate?: Rate }
export const SOURCES_DISAGREE: RateDoubt = 'sources-disagree'

/** Price of one bitcoin, from two or more sources, the median, dated (payments.md §8.2). */
export interface Rates {
  /** From memory when younger than `maxAgeSeconds` (600 unless told); one that a single source stands for says so, and is asked again soon. */
  /** Never older than an hour: what is priced is priced at the rate of now, or not at all (payments.md §8.1). */
  rate(currency: CurrencyCode, maxAgeSeconds?: number): Promise<Result<Rate, NoRate>>
  /** The last one that was heard of, whatever its age, also from before this page was opened: to be shown with its age. */
  last?(currency: CurrencyCode): Promise<Rate | null>
  /** Further addresses to ask beside the usual ones: the merchant's own LNbits. In place of those named before. */
  also?(urls: readonly string[]): void
}
