import type { Pubkey } from '../../domain/brand'
import type { Profile } from '../../domain/catalog/types'
import type { NostrEvent } from '../../domain/protocol/event'

/** The newest profile of each person. */
export interface Profiles {
  /** false: a newer one, or the same, is here. */
  put(event: NostrEvent, profile: Profile): boolean
  of(person: Pubkey): Profile | null
}

export function createProfiles(): Profiles {
  const known = new Map<Pubkey, { readonly event: NostrEvent, readonly profile: Profile }>()
  return {
    put(event, profile) {
      const held = known.get(event.pubkey)?.event
      if (held && (held.created_at > event.created_at || (held.created_at === event.created_at && held.id <= event.id)))
        return false
      known.set(event.pubkey, { event, profile })
      return true
    },
    of: person => known.get(person)?.profile ?? null,
  }
}
