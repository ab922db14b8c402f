import type { RelayUrl, Seconds } from '../domain/brand'
import type { NostrEvent } from '../domain/protocol/event'

/** A verified event of the market (listings of both dialects, profiles, deletions) and where it was seen. */
export interface StoredListing {
  /** `kind:pubkey:d`, `0:pubkey` of a profile, or the event id of a deletion: one record each, the newest version. */
  readonly key: string
  readonly event: NostrEvent
  readonly relays: readonly RelayUrl[]
}

/** What this device remembers of the market, so that it paints before any relay answers. Lives in the catalogue's worker. */
export interface ListingStore {
  /** The newest `count`, at once: the first screen. */
  loadFirst(count: number): Promise<readonly StoredListing[]>
  /** All that `loadFirst` did not give, newest first, in chunks; waits for the listener before the next chunk. */
  loadRest(onChunk: (listings: readonly StoredListing[]) => void | Promise<void>): Promise<void>
  /**
   * Keeps the newest version per key (ties: lowest id) and joins the relays. What does not fit any more is dropped
   * silently: relays have it again. Resolves false when nothing could be kept.
   */
  save(listings: readonly StoredListing[]): Promise<boolean>
  remove(keys: readonly string[]): Promise<void>
  /** Drops the oldest beyond this many, so that one flood does not fill the disk (T20). */
  trim(most: number): Promise<void>
  newest(): Promise<Seconds | null>
  close(): void
}
