import { matchFilters } from 'nostr-tools/filter'
import type { NostrEvent, Filter } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import type { Lane } from '../gate'

/** One question to one relay (REQ), alive until it is ended; asked again after every reconnection. */
export interface RelayRequest {
  readonly filters: readonly Filter[]
  readonly lane: Lane
  /** false: had it, or has no use for it. Asked before any work is spent on an event. */
  readonly wants: (event: NostrEvent) => boolean
  /** An event of the right shape that matches, still unchecked: for counting and paging only. */
  readonly onHeard?: (event: NostrEvent) => void
  /** EOSE as it comes, before what precedes it is checked. null: the relay gave no hint (NIP-67). */
  readonly onPage?: (complete: boolean | null) => void
  /** Checked events (T22). */
  readonly onEvents: (events: readonly NostrEvent[]) => void
  /** After EOSE, when all before it was checked and handed over; or without it, when the time was over (`complete` false). */
  readonly onStored: (complete: boolean) => void
  readonly onClosed: (reason: string) => void
}

const PRIVATE: readonly number[] = [kinds.directMessage, kinds.giftWrap]

/** Stock strfry shows these to nobody who has not authenticated, and says nothing of it (transport.md §3). */
export const isPrivate = (filters: readonly Filter[]): boolean =>
  filters.some(filter => filter.kinds?.some(kind => PRIVATE.includes(kind)) === true)

/** Listings can wait a moment while a message is checked. */
export const laneOf = (filters: readonly Filter[]): Lane =>
  filters.every(filter => filter.kinds?.some(kind => kind >= 30_000 || kind === kinds.profile || kind === kinds.deletion) === true) ? 'bulk' : 'urgent'

/** A relay may send what was not asked for (transport.md §1). */
export const matches = (filters: readonly Filter[], event: NostrEvent): boolean =>
  matchFilters(filters as Parameters<typeof matchFilters>[0], event as unknown as Parameters<typeof matchFilters>[1])
