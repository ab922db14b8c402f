import type { StoredListing } from '../ports/listing-store'

/** NIP-01: greater time; at the same time the lowest id (transport.md §2). */
export function isNewer(one: StoredListing['event'], other: StoredListing['event']): boolean {
  return one.created_at > other.created_at || (one.created_at === other.created_at && one.id < other.id)
}

/** The newer version, with the relays where this very version was seen. */
export function mergeListing(former: StoredListing | undefined, next: StoredListing): StoredListing {
  if (!former)
    return next
  if (former.event.id === next.event.id)
    return { ...former, relays: [...new Set([...former.relays, ...next.relays])] }
  return isNewer(next.event, former.event) ? next : former
}

/** A batch may hold several versions of one listing. */
export function mergeBatch(listings: readonly StoredListing[]): readonly StoredListing[] {
  const byKey = new Map<string, StoredListing>()
  for (const listing of listings)
    byKey.set(listing.key, mergeListing(byKey.get(listing.key), listing))
  return [...byKey.values()]
}
