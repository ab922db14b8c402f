import type { Address, EventId, Seconds } from '../brand'
import type { UnsignedEvent } from './event'
import { kinds } from './event'

/** What is to go: every version of an address up to now, and the version that is known by its id. */
export interface Doomed { readonly address: Address, readonly eventId: EventId, readonly publishedAt: Seconds }

/** NIP-09. Relays that know only ids, and those that know only addresses, both understand it; never older than what it deletes. */
export function encodeDeletion(doomed: readonly Doomed[], now: Seconds): UnsignedEvent {
  const kindsOf = [...new Set(doomed.map(({ address }) => String(Number.parseInt(address, 10))))]
  return {
    kind: kinds.deletion,
    created_at: doomed.reduce((latest, { publishedAt }) => publishedAt > latest ? publishedAt : latest, now),
    tags: [...doomed.map(({ address }) => ['a', address]), ...doomed.map(({ eventId }) => ['e', eventId]), ...kindsOf.map(kind => ['k', kind])],
    content: '',
  }
}
