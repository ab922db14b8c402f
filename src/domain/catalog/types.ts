import type { Address, EventId, Pubkey, RelayUrl, Seconds } from '../brand'
import type { CurrencyCode, Money } from '../money/types'

export type Dialect = 'nip15' | 'gamma' | 'plebeian' | 'shopstr'

/** Where a stall ships and for how much per order (NIP-15 `shipping[]`). */
export interface ShippingZone {
  readonly id: string
  readonly name: string
  readonly cost: Money
  /** Free text as the merchant wrote it; empty = the merchant named none. */
  readonly countries: readonly string[]
}

interface ListingBase {
  readonly address: Address
  readonly author: Pubkey
  /** The `d` tag. */
  readonly id: string
  readonly eventId: EventId
  readonly publishedAt: Seconds
  readonly dialect: Dialect
}

export interface Stall extends ListingBase {
  readonly name: string
  readonly description: string
  readonly currency: CurrencyCode
  readonly zones: readonly ShippingZone[]
}

export interface Product extends ListingBase {
  /** Address the product claims; the stall may not be here yet, or ever. */
  readonly stallAddress: Address
  readonly stallId: string
  readonly name: string
  readonly description: string
  readonly images: readonly string[]
  readonly currency: CurrencyCode
  /** null = unreadable: shown, not for sale. */
  readonly price: Money | null
  /** null = unlimited or not tracked; 0 = sold out. */
  readonly stock: number | null
  readonly active: boolean
  readonly categories: readonly string[]
  readonly specs: readonly (readonly [string, string])[]
  /** Extra cost per piece by zone id. */
  readonly zoneExtras: ReadonlyMap<string, Money>
}

/** A deletion by `author` (NIP-09): event ids, and addresses up to `at`. */
export interface Deletion {
  readonly author: Pubkey
  readonly at: Seconds
  readonly eventIds: readonly EventId[]
  readonly addresses: readonly Address[]
}

/** NIP-15 kind 30019. */
export interface Market {
  readonly address: Address
  readonly author: Pubkey
  readonly name: string
  readonly merchants: readonly Pubkey[]
}

export interface Profile {
  readonly pubkey: Pubkey
  readonly name: string
  readonly about: string
  readonly picture: string
  readonly nip05: string
  readonly at: Seconds
}

export type Listing =
  | { readonly type: 'stall', readonly stall: Stall }
  | { readonly type: 'product', readonly product: Product }
  | { readonly type: 'deletion', readonly deletion: Deletion, readonly eventId: EventId }
  | { readonly type: 'market', readonly market: Market }
  | { readonly type: 'profile', readonly profile: Profile }

/** Where a listing was seen: that is where its merchant can be reached (nip15.md §11). */
export interface Seen { readonly address: Address, readonly relays: readonly RelayUrl[] }
