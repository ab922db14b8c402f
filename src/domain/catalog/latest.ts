import type { Address, EventId, Pubkey, Seconds } from '../brand'
import type { Deletion } from './types'
import { toSeconds } from '../brand'
import { limits } from '../limits'
import { parseAddress } from './address'

/** One version of a listing: what decides which counts. */
export interface Version { readonly address: Address, readonly author: Pubkey, readonly eventId: EventId, readonly publishedAt: Seconds }

/** Greater time wins; in one second the smaller id (NIP-01, replaceable events). Never the arrival. */
export const isNewer = (a: Version, b: Version): boolean =>
  a.publishedAt !== b.publishedAt ? a.publishedAt > b.publishedAt : a.eventId < b.eventId

export type Verdict =
  | { readonly take: true, readonly supersedes: EventId | null }
  | { readonly take: false, readonly reason: 'older-version' | 'same' | 'future' }
  /** `gone`: an older version that was shown till now; a deleted one had taken its place. */
  | { readonly take: false, readonly reason: 'deleted', readonly gone: Version | null }

/** Which versions count, and what was deleted. The state of one market; changed only by the two functions below. */
export interface Latest {
  readonly current: Map<Address, Version>
  /** Where each current version stands, so that a deletion costs what it names. */
  readonly byId: Map<EventId, Address>
  /** Ids hidden by their author. */
  readonly deletedIds: Map<EventId, Set<Pubkey>>
  /** Newest version by address that was met and is deleted: what it superseded does not come back. */
  readonly overtaken: Map<Address, Version>
  /** Addresses hidden up to a time. */
  readonly deletedUntil: Map<Address, Seconds>
}

export const createLatest = (): Latest => ({ current: new Map(), byId: new Map(), deletedIds: new Map(), overtaken: new Map(), deletedUntil: new Map() })

/** Asks for one version, and keeps it when it counts. Events ahead of the clock are held: they win nothing before their time. */
export function offer(latest: Latest, version: Version, now: Seconds): Verdict {
  if (version.publishedAt > now + limits.futureSeconds)
    return { take: false, reason: 'future' }
  if (isDeleted(latest, version))
    return { take: false, reason: 'deleted', gone: overtake(latest, version) }
  const held = latest.current.get(version.address)
  if (held?.eventId === version.eventId)
    return { take: false, reason: 'same' }
  const overtaken = latest.overtaken.get(version.address)
  if ((held !== undefined && !isNewer(version, held)) || (overtaken !== undefined && !isNewer(version, overtaken)))
    return { take: false, reason: 'older-version' }
  if (held !== undefined)
    latest.byId.delete(held.eventId)
  latest.current.set(version.address, version)
  latest.byId.set(version.eventId, version.address)
  return { take: true, supersedes: held?.eventId ?? null }
}

/** A deleted version still supersedes older ones (NIP-01), in whatever sequence they come. */
function overtake(latest: Latest, deleted: Version): Version | null {
  const known = latest.overtaken.get(deleted.address)
  if (known === undefined || isNewer(deleted, known))
    latest.overtaken.set(deleted.address, deleted)
  const held = latest.current.get(deleted.address)
  if (held === undefined || (held.eventId !== deleted.eventId && !isNewer(deleted, held)))
    return null
  latest.current.delete(held.address)
  latest.byId.delete(held.eventId)
  return held
}

const isDeleted = (latest: Latest, version: Version): boolean =>
  latest.deletedIds.get(version.eventId)?.has(version.author) === true
  || version.publishedAt <= (latest.deletedUntil.get(version.address) ?? -1)

/**
 * Takes in a deletion and remembers it, since relays return old versions. Only the author's own listings are hidden:
 * `e` that version, `a` all up to the deletion's time (NIP-09). Returns what is gone from the market now.
 */
export function applyDeletion(latest: Latest, deletion: Deletion): readonly Version[] {
  for (const id of deletion.eventIds)
    latest.deletedIds.set(id, (latest.deletedIds.get(id) ?? new Set()).add(deletion.author))
  const own = deletion.addresses.filter(address => parseAddress(address)?.author === deletion.author)
  for (const address of own)
    latest.deletedUntil.set(address, toSeconds(Math.max(deletion.at, latest.deletedUntil.get(address) ?? 0)))

  const named = new Set([...own, ...deletion.eventIds.flatMap(id => latest.byId.get(id) ?? [])])
  const gone = [...named].flatMap(address => latest.current.get(address) ?? [])
    .filter(version => version.author === deletion.author && isDeleted(latest, version))
  for (const version of gone)
    overtake(latest, version)
  return gone
}
