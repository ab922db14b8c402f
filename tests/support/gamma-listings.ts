/** Listings of NIP-99 for tests: raw events, and what is read of them. */
import { toSeconds, type Address, type Pubkey } from '../../src/domain/brand'
import type { Collection, ShippingOption } from '../../src/domain/catalog/nip99-types'
import type { Listing, Product } from '../../src/domain/catalog/types'
import { kinds, type NostrEvent } from '../../src/domain/protocol/event'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { idOf, people, T0 } from './order-messages'

export interface Made { readonly by?: Pubkey, readonly n?: number, readonly at?: number, readonly content?: string }

export const eventOf = (kind: number, tags: readonly (readonly string[])[], { by = people.merchant, n = 1, at = T0, content = '' }: Made = {}): NostrEvent =>
  ({ id: idOf(n), pubkey: by, created_at: toSeconds(at), kind, tags, content, sig: '0'.repeat(128) })

/** @throws TypeError when it is refused */
export function listingOf(event: NostrEvent): Listing {
  const read = decodePublic(event)
  if (!read.ok)
    throw new TypeError(`${read.error.code} ${read.error.detail}`)
  return read.value
}

type Rows = readonly (readonly string[])[]

/** A mug for nine euro, and what the tags say of it. */
export function gammaProduct(id: string, tags: Rows = [], made: Made = {}): Product {
  const named = (name: string) => tags.some(([tag]) => tag === name)
  const listing = listingOf(eventOf(kinds.gammaProduct, [['d', id], ...(named('title') ? [] : [['title', 'Mug']]), ...(named('price') ? [] : [['price', '9', 'EUR']]), ...tags], made))
  if (listing.type !== 'product')
    throw new TypeError('no product')
  return listing.product
}

export function shippingOption(id: string, price: readonly [string, string], tags: Rows = [], made: Made = {}): ShippingOption {
  const listing = listingOf(eventOf(kinds.shippingOption, [['d', id], ['title', id], ['price', ...price], ...tags], made))
  if (listing.type !== 'shipping-option')
    throw new TypeError('no shipping option')
  return listing.option
}

export function collection(id: string, tags: Rows, made: Made = {}): Collection {
  const listing = listingOf(eventOf(kinds.collection, [['d', id], ['title', id], ...tags], made))
  if (listing.type !== 'collection')
    throw new TypeError('no collection')
  return listing.collection
}

export const optionRef = (id: string, by: Pubkey = people.merchant): Address => `30406:${by}:${id}` as Address
export const collectionRef = (id: string, by: Pubkey = people.merchant): Address => `30405:${by}:${id}` as Address
