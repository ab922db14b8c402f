/** What surrounds a case: who is who, what was known before, what time it is. */
import { toMsat, toSeconds, type Address, type Pubkey, type Seconds } from '../../src/domain/brand'
import { toAddress } from '../../src/domain/catalog/address'
import { applyDeletion, createLatest, offer, type Latest } from '../../src/domain/catalog/latest'
import { versionOf } from '../../src/domain/catalog/listing-version'
import type { Listing, Product, Stall } from '../../src/domain/catalog/types'
import { kinds } from '../../src/domain/protocol/event'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { readEvent } from '../../src/domain/protocol/event-shape'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { numberOf, recordOf, records, textOf, type Case, type Fields, type FixtureFile, type FixtureSet, type Person } from './fixture-set'

export interface World {
  readonly set: FixtureSet
  readonly file: FixtureFile
  /** What a device's clock says where a case names no time: no earlier than most public events of the folder. */
  readonly clock: Seconds
}

const DAY = 86_400

export function worldOf(set: FixtureSet, file: FixtureFile): World {
  const times = set.files.flatMap(({ cases }) => cases.flatMap(({ payload }) => {
    const event = recordOf(payload['event'])
    return event['kind'] === kinds.directMessage ? [] : numberOf(event['created_at']) ?? []
  })).sort((a, b) => a - b)
  const middle = times[Math.floor(times.length / 2)] ?? 0
  return { set, file, clock: toSeconds(Math.max(Math.floor(Date.now() / 1000), Math.ceil(middle) + DAY)) }
}

/** `now` of the case, or the given time. */
export const nowOf = ({ payload }: Case, otherwise: Seconds): Seconds => toSeconds(numberOf(payload['now']) ?? otherwise)

export const personNamed = ({ set }: World, name: unknown): Person | undefined => set.people.get(textOf(name))
export const personOf = ({ set }: World, pubkey: Pubkey): Person | undefined => [...set.people.values()].find(person => person.pubkey === pubkey)

const isRole = (role: 'shopper' | 'merchant', person: Person | undefined): boolean => person?.name.startsWith(role) === true

/**
 * The two parties of the order that a message between these people is about: who is named shopper and who merchant in
 * keys.json. Where neither side is a merchant, it is `merchant`'s order that the message speaks of.
 */
export function partiesOf(world: World, author: Pubkey, receiver: Pubkey): { readonly shopper: Pubkey, readonly merchant: Pubkey } | null {
  const sides = [personOf(world, author), personOf(world, receiver)]
  const shopper = sides.find(side => isRole('shopper', side)) ?? personNamed(world, 'shopper')
  const merchant = sides.find(side => isRole('merchant', side)) ?? personNamed(world, 'merchant')
  return shopper === undefined || merchant === undefined ? null : { shopper: shopper.pubkey, merchant: merchant.pubkey }
}

/** Events accepted before, in a market of their own. */
export interface Market { readonly latest: Latest, readonly stalls: Map<Address, Stall>, readonly products: Map<Address, Product> }

export function marketOf(known: readonly Fields[], now: Seconds): Market {
  const market: Market = { latest: createLatest(), stalls: new Map(), products: new Map() }
  for (const raw of known) {
    const event = readEvent(raw)
    const listing = event.ok ? decodePublic(event.value) : null
    if (listing?.ok === true)
      absorb(market, listing.value, now)
  }
  return market
}

function absorb(market: Market, listing: Listing, now: Seconds): void {
  if (listing.type === 'deletion') {
    applyDeletion(market.latest, listing.deletion)
    return
  }
  const version = versionOf(listing)
  if (version === null || !offer(market.latest, version, now).take)
    return
  if (listing.type === 'stall')
    market.stalls.set(version.address, listing.stall)
  else if (listing.type === 'product')
    market.products.set(version.address, listing.product)
}

export const knownOf = ({ payload }: Case): readonly Fields[] => records(payload['known'])

export const eventVersion = (event: NostrEvent, id = '') =>
  ({ address: toAddress(event.kind, event.pubkey, id), author: event.pubkey, eventId: event.id, publishedAt: event.created_at })

export const msatOf = (text: unknown) => typeof text === 'string' && /^\d{1,16}$/.test(text) ? toMsat(Number(text)) : undefined
