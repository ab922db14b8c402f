import type { Address, Pubkey, RelayUrl, Seconds } from '../../domain/brand'
import { toAddress } from '../../domain/catalog/address'
import type { Verdict } from '../../domain/catalog/latest'
import { applyDeletion, createLatest, offer } from '../../domain/catalog/latest'
import type { Deletion, Product, Profile, Stall } from '../../domain/catalog/types'
import type { NostrEvent } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import { tagValue } from '../../domain/protocol/event-shape'
import { decodePublic } from '../../domain/protocol/public-events'
import { assertNever } from '../../domain/result'
import type { CatalogBatch } from '../../ports/catalog-feed'
import type { StoredListing } from '../../ports/listing-store'
import { createHeldBack } from './held-back'
import { createSightings } from './sightings'

/** What one market knows: newest versions, deletions, and what the page has not heard yet. Takes checked events only (T22). */
export interface Market {
  take(event: NostrEvent, relays: readonly RelayUrl[], from: CatalogBatch['from']): void
  /** Events whose time has come since. */
  releaseHeld(): void
  /** true: its author has more listings than we keep of one (T20), so no work is spent on this one. */
  isTooMany(event: NostrEvent): boolean
  /** Next part for the page, at most `most` products; null when it has heard all. */
  drain(most: number): CatalogBatch | null
  /** Next part for the device. */
  toKeep(most: number): readonly StoredListing[]
  toForget(): readonly string[]
  /** Merchants whose profiles and deletions matter, in the sequence they were met. */
  people(): ReadonlySet<Pubkey>
  readonly received: number
  readonly refused: number
}

export interface MarketLimits { readonly perAuthor: number, readonly listings: number, readonly deletedPerAuthor: number }
export const marketLimits: MarketLimits = { perAuthor: 20_000, listings: 150_000, deletedPerAuthor: 20_000 }
const MOST_PEOPLE = 5_000

interface MarketParts { readonly now: () => Seconds, readonly loopbackImages: boolean, readonly limits?: MarketLimits }

export function createMarket({ now, loopbackImages, limits = marketLimits }: MarketParts): Market {
  const latest = createLatest()
  const perAuthor = new Map<Pubkey, number>()
  const deletedOf = new Map<Pubkey, number>()
  const profileVersions = new Map<Pubkey, NostrEvent>()
  const people = new Set<Pubkey>()
  const sightings = createSightings()
  const held = createHeldBack()
  const products = new Map<Address, Product>()
  const stalls = new Map<Address, Stall>()
  const profiles = new Map<Pubkey, Profile>()
  const gone = new Set<Address>()
  const keep = new Map<string, StoredListing>()
  const forget = new Set<string>()
  let source: CatalogBatch['from'] = 'device'
  let received = 0
  let refused = 0

  const addressOf = (event: NostrEvent): Address => toAddress(event.kind, event.pubkey, tagValue(event, 'd'))

  function meet(person: Pubkey): void {
    if (people.size < MOST_PEOPLE)
      people.add(person)
  }

  function isTooMany(event: NostrEvent): boolean {
    if (event.kind !== kinds.product && event.kind !== kinds.stall)
      return false
    const full = latest.current.size >= limits.listings || (perAuthor.get(event.pubkey) ?? 0) >= limits.perAuthor
    return full && !latest.current.has(addressOf(event))
  }

  function remember(key: string, event: NostrEvent, relays: readonly RelayUrl[], from: CatalogBatch['from']): void {
    forget.delete(key)
    if (from === 'relay')
      keep.set(key, { key, event, relays })
  }

  function takeDeletion(event: NostrEvent, deletion: Deletion, relays: readonly RelayUrl[], from: CatalogBatch['from']): void {
    const count = (deletedOf.get(deletion.author) ?? 0) + deletion.eventIds.length + deletion.addresses.length
    if (count > limits.deletedPerAuthor)
      return
    deletedOf.set(deletion.author, count)
    for (const { address, author } of applyDeletion(latest, deletion)) {
      perAuthor.set(author, (perAuthor.get(author) ?? 1) - 1)
      products.delete(address)
      stalls.delete(address)
      gone.add(address)
      keep.delete(address)
      forget.add(address)
    }
    remember(event.id, event, relays, from)
  }

  function takeProfile(event: NostrEvent, profile: Profile, relays: readonly RelayUrl[], from: CatalogBatch['from']): void {
    const held = profileVersions.get(event.pubkey)
    if (held && (held.created_at > event.created_at || (held.created_at === event.created_at && held.id <= event.id)))
      return
    profileVersions.set(event.pubkey, event)
    profiles.set(event.pubkey, profile)
    remember(`0:${event.pubkey}`, event, relays, from)
  }

  /** true: this version counts now. */
  function offered(event: NostrEvent, relays: readonly RelayUrl[], from: CatalogBatch['from'], listing: Product | Stall): boolean {
    const isNew = !latest.current.has(listing.address)
    const verdict: Verdict = offer(latest, listing, now())
    if (!verdict.take) {
      if (verdict.reason === 'future')
        held.hold({ event, relays, from })
      return false
    }
    if (isNew)
      perAuthor.set(listing.author, (perAuthor.get(listing.author) ?? 0) + 1)
    gone.delete(listing.address)
    sightings.add(listing.address, relays)
    meet(listing.author)
    remember(listing.address, event, relays, from)
    received++
    return true
  }

  function take(event: NostrEvent, relays: readonly RelayUrl[], from: CatalogBatch['from']): void {
    source = from
    const address = addressOf(event)
    // The same version from another relay: only where it was seen is new.
    if (latest.current.get(address)?.eventId === event.id)
      return sightings.add(address, relays)
    if (isTooMany(event)) {
      refused++
      return
    }
    const listing = decodePublic(event, { loopbackImages })
    if (!listing.ok) {
      refused++
      return
    }
    switch (listing.value.type) {
      case 'product':
        if (offered(event, relays, from, listing.value.product))
          products.set(address, listing.value.product)
        return
      case 'stall':
        if (offered(event, relays, from, listing.value.stall))
          stalls.set(address, listing.value.stall)
        return
      case 'deletion':
        return takeDeletion(event, listing.value.deletion, relays, from)
      case 'profile':
        return takeProfile(event, listing.value.profile, relays, from)
      case 'market':
        return listing.value.market.merchants.forEach(meet)
      // Not asked for yet: no relay sends them, and nothing is kept.
      case 'shipping-option':
      case 'collection':
      case 'review':
      case 'payment-detail':
      case 'shop-profile':
        return
      default:
        assertNever(listing.value)
    }
  }

  function drain(most: number): CatalogBatch | null {
    if (products.size + stalls.size + profiles.size + gone.size + sightings.size() === 0)
      return null
    return { stalls: some(stalls, most), products: some(products, most), profiles: some(profiles, most), gone: takeAll(gone), seen: sightings.take(2 * most), from: source }
  }

  return {
    take,
    drain,
    isTooMany,
    releaseHeld: () => held.due(now()).forEach(({ event, relays, from }) => take(event, relays, from)),
    toKeep: most => some(keep, most),
    toForget: () => takeAll(forget),
    people: () => people,
    get received() { return received },
    get refused() { return refused },
  }
}

/** Takes the first ones out. */
function some<T>(from: Map<string, T>, most: number): readonly T[] {
  const taken: T[] = []
  for (const [key, value] of from) {
    if (taken.length >= most)
      break
    taken.push(value)
    from.delete(key)
  }
  return taken
}

function takeAll<T>(from: Set<T>): readonly T[] {
  const all = [...from]
  from.clear()
  return all
}
