import type { Dialect } from '../catalog/listing-base'
import type { NostrEvent } from './event'
import { kinds } from './event'
import { tagValue, tagValues } from './event-shape'

/** NIP-89: which application a person recommends for a kind (31989), and what an application says of itself (31990). */
export const APP_KINDS = [31_989, 31_990] as const

type Told = Pick<NostrEvent, 'kind' | 'tags' | 'content'>

/**
 * Which marketplace application a merchant's NIP-89 event speaks of (gamma.md §3). Shopstr writes both kinds on each listing,
 * in the merchant's own name. null: not about 30402, or an application that we cannot tell.
 */
export function readAppPreference(event: Told): Exclude<Dialect, 'nip15'> | null {
  const [recommendation, handler] = APP_KINDS
  const about = event.kind === recommendation ? [tagValue(event, 'd')] : event.kind === handler ? tagValues(event, 'k') : []
  if (!about.includes(String(kinds.gammaProduct)))
    return null
  // Names stand in addresses, in links and in the JSON about itself; a short look is enough to tell them.
  const words = [...event.tags.filter(([name]) => name === 'a' || name === 'web' || name === 'alt' || name === 'client').flatMap(tag => tag.slice(1, 4)), event.content]
    .join('\n').slice(0, 8_000)
  if (/shopstr/i.test(words))
    return 'shopstr'
  return /plebeian/i.test(words) ? 'plebeian' : null
}
