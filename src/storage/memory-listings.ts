import type { ListingStore, StoredListing } from '../ports/listing-store'
import { isNewer, mergeListing, overflow } from './listing-merge'

/** Listings of this session: tests, and a browser without IndexedDB. */
export function createMemoryListings(): ListingStore {
  const kept = new Map<string, StoredListing>()
  let given = 0
  const newestFirst = () => [...kept.values()].sort((a, b) => isNewer(a.event, b.event) ? -1 : 1)

  return {
    async loadFirst(count) {
      given = count
      return newestFirst().slice(0, count)
    },
    async loadRest(onChunk) {
      const rest = newestFirst().slice(given)
      if (rest.length > 0)
        await onChunk(rest)
    },
    async save(listings) {
      for (const listing of listings)
        kept.set(listing.key, mergeListing(kept.get(listing.key), listing))
      return true
    },
    async remove(keys) {
      for (const key of keys)
        kept.delete(key)
    },
    async trim(most) {
      for (const key of overflow(newestFirst().map(listing => listing.key), most))
        kept.delete(key)
    },
    newest: async () => newestFirst()[0]?.event.created_at ?? null,
    close: () => kept.clear(),
  }
}
