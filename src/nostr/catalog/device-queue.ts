import type { StoredListing } from '../../ports/listing-store'
import { some, takeAll } from './page-queue'

/** What the device has not been told yet: events to keep, and records to forget. */
export interface DeviceQueue {
  keep(listing: StoredListing): void
  /** The device had it: nothing to write, nor to forget. */
  hadIt(key: string): void
  forget(key: string): void
  toKeep(most: number): readonly StoredListing[]
  toForget(): readonly string[]
}

export function createDeviceQueue(): DeviceQueue {
  const keep = new Map<string, StoredListing>()
  const forget = new Set<string>()
  return {
    keep(listing) {
      forget.delete(listing.key)
      keep.set(listing.key, listing)
    },
    hadIt: (key) => { forget.delete(key) },
    forget(key) {
      keep.delete(key)
      forget.add(key)
    },
    toKeep: most => some(keep, most),
    toForget: () => takeAll(forget),
  }
}
