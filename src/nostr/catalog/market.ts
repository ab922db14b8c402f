import type { Pubkey, RelayUrl, Seconds } from '../../domain/brand'
import { stallAddressOf } from '../../domain/catalog/implicit-stall'
import type { Version } from '../../domain/catalog/latest'
import { versionOf } from '../../domain/catalog/listing-version'
import type { Listing } from '../../domain/catalog/types'
import type { NostrEvent } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import { listingBase } from '../../domain/protocol/listing-tags'
import { decodePublic } from '../../domain/protocol/public-events'
import type { CatalogBatch } from '../../ports/catalog-feed'
import type { StoredListing } from '../../ports/listing-store'
import { createDeviceQueue } from './device-queue'
import { createHeldBack } from './held-back'
import type { MarketLimits } from './newest'
import { addressOf, createNewest, marketLimits } from './newest'
import { createProfiles } from './profiles'
import { createShelf } from './shelf'
import { createSightings } from './sightings'

/** What one market knows of both dialects, and what the page has not heard yet. Takes checked events only (T22). */
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

const MOST_PEOPLE = 5_000

interface MarketParts { readonly now: () => Seconds, readonly loopbackImages: boolean, readonly limits?: Partial<MarketLimits> }
interface Arrival { readonly event: NostrEvent, readonly relays: readonly RelayUrl[], readonly from: CatalogBatch['from'] }

export function createMarket({ now, loopbackImages, limits }: MarketParts): Market {
  const most = { ...marketLimits, ...limits }
  const newest = createNewest(most, now)
  const held = createHeldBack()
  const profiles = createProfiles()
  const sightings = createSightings()
  const shelf = createShelf({ sightings, profileOf: profiles.of, reviewsPerProduct: most.reviewsPerProduct })
  const device = createDeviceQueue()
  const people = new Set<Pubkey>()
  let source: CatalogBatch['from'] = 'device'
  let received = 0
  let refused = 0

  function meet(person: Pubkey): void {
    if (people.size < MOST_PEOPLE)
      people.add(person)
  }

  function remember(key: string, { event, relays, from }: Arrival): void {
    if (from === 'relay')
      device.keep({ key, event, relays })
    else
      device.hadIt(key)
  }

  /** Where goods and their stall are: there the merchant can be reached. */
  function saw({ event, relays }: Arrival): void {
    if (event.kind === kinds.product || event.kind === kinds.stall || event.kind === kinds.gammaProduct)
      sightings.add(addressOf(event), relays)
    if (event.kind === kinds.gammaProduct)
      sightings.add(stallAddressOf(event.pubkey), relays)
  }

  function takeOff(version: Version): void {
    shelf.takeOff(version)
    device.forget(version.address)
  }

  /** true: this version counts now. */
  function counts(version: Version, arrival: Arrival): boolean {
    const verdict = newest.offer(version)
    if (!verdict.take) {
      if (verdict.reason === 'future')
        held.hold(arrival)
      else if (verdict.reason === 'deleted' && verdict.gone !== null)
        takeOff(verdict.gone)
      return false
    }
    remember(version.address, arrival)
    received++
    return true
  }

  /** Only that it is there matters, not what stands in it: drafts are often half written. */
  function takeDraft(arrival: Arrival): void {
    const draft = listingBase(arrival.event)
    if (!draft.ok)
      refused++
    else if (counts(draft.value, arrival))
      shelf.draft(draft.value)
  }

  function takeListing(listing: Listing, version: Version, arrival: Arrival): void {
    if (!counts(version, arrival))
      return
    saw(arrival)
    if (listing.type === 'product' || listing.type === 'stall')
      meet(version.author)
    for (const evicted of shelf.put(listing)) {
      newest.evict(evicted)
      takeOff(evicted)
    }
  }

  /** What is kept by another rule than the newest version. */
  function other(listing: Listing, arrival: Arrival): void {
    if (listing.type === 'market') {
      listing.market.merchants.forEach(meet)
    }
    else if (listing.type === 'profile' && profiles.put(arrival.event, listing.profile)) {
      shelf.profile(listing.profile)
      remember(`0:${listing.profile.pubkey}`, arrival)
    }
    else if (listing.type === 'deletion') {
      const gone = newest.delete(listing.deletion)
      gone?.forEach(takeOff)
      if (gone !== null)
        remember(listing.eventId, arrival)
    }
  }

  function take(event: NostrEvent, relays: readonly RelayUrl[], from: CatalogBatch['from']): void {
    const arrival = { event, relays, from }
    source = from
    // The same version from another relay: only where it was seen is new.
    if (newest.has(event))
      return saw(arrival)
    if (newest.isTooMany(event)) {
      refused++
      return
    }
    if (event.kind === kinds.gammaDraft)
      return takeDraft(arrival)
    const listing = decodePublic(event, { loopbackImages })
    if (!listing.ok) {
      refused++
      return
    }
    const version = versionOf(listing.value)
    return version === null ? other(listing.value, arrival) : takeListing(listing.value, version, arrival)
  }

  return {
    take,
    isTooMany: newest.isTooMany,
    drain: parts => shelf.drain(parts, source),
    releaseHeld: () => held.due(now()).forEach(({ event, relays, from }) => take(event, relays, from)),
    toKeep: device.toKeep,
    toForget: device.toForget,
    people: () => people,
    get received() { return received },
    get refused() { return refused },
  }
}
