import type { StoredListing } from '../ports/listing-store'

/** NIP-01: greater time; at the same time the lowest id (transport.md §2). */
export function isNewer(one: StoredListing['event'], other: StoredListing['event']): boolean {
  return one.created_at > other.created_at || (one.created_at === other.created_at && one.id < other.id)
}

const MOST_RELAYS = 30

/** A deletion is kept under its own id; without it what it deleted would come back. */
const isDeletionKey = (key: string): boolean => !key.includes(':')

/** What has to go, so that so many stay: the oldest, with room for deletions apart. @param keys newest first */
export function overflow(keys: readonly string[], most: number): readonly string[] {
  const deletions = keys.filter(isDeletionKey)
  const room = Math.min(deletions.length, Math.floor(most / 3))
  return [...keys.filter(key => !isDeletionKey(key)).slice(most - room), ...deletions.slice(room)]
}

/** The newer version, with the relays where any version was seen. */
export function mergeListing(former: StoredListing | undefined, next: StoredListing): StoredListing {
  if (!former)
    return next
  if (former.event.id === next.event.id)
    return { ...former, relays: [...new Set([...former.relays, ...next.relays])] }
  // Where any version was seen one may be still: a deletion has to get there too.
  const relays = [...new Set([...former.relays, ...next.relays])].slice(0, MOST_RELAYS)
  return { ...isNewer(next.event, former.event) ? next : former, relays }
}

/** A batch may hold several versions of one listing. */
export function mergeBatch(listings: readonly StoredListing[]): readonly StoredListing[] {
  const byKey = new Map<string, StoredListing>()
  for (const listing of listings)
    byKey.set(listing.key, mergeListing(byKey.get(listing.key), listing))
  return [...byKey.values()]
}
