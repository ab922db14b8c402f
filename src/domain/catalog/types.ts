import type { Address, EventId, Pubkey, RelayUrl, Seconds } from '../brand'
import type { CurrencyCode, Money } from '../money/types'
import type { ListingBase } from './listing-base'
import type { Collection, Nip99, ParcelLimits, PaymentDetail, Review, ShippingOption, ShippingService, ShopProfile } from './nip99-types'

export type { Dialect } from './listing-base'

/** Where a stall ships and for how much per order (NIP-15 `shipping[]`). */
export interface ShippingZone {
  readonly id: string
  readonly name: string
  readonly cost: Money
  /** Free text as the merchant wrote it; empty = the merchant named none. */
  readonly countries: readonly string[]
  /** How it travels. Absent: the dialect has no word for it (NIP-15). */
  readonly service?: ShippingService
  /** Where it can be fetched. */
  readonly pickup?: string
  /** The merchant adds by weight, volume or distance: `cost` is the least. */
  readonly atLeast?: true
  /** Weight and size that it takes. */
  readonly limits?: ParcelLimits
}

export interface Stall extends ListingBase {
  readonly name: string
  readonly description: string
  readonly currency: CurrencyCode
  readonly zones: readonly ShippingZone[]
  /** Groups within the one stall of a NIP-99 merchant. */
  readonly collections?: readonly Collection[]
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
  /** Ids of the zones that this product can go by. Absent: every zone of its stall (NIP-15). */
  readonly zoneIds?: readonly string[]
  /** What NIP-99 says beyond NIP-15; absent for 30018. */
  readonly nip99?: Nip99
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

/** How a merchant wants to be paid (gamma.md §3). `manual`: sends a request; also what is meant when nothing is said. */
export type PaymentPreference = 'manual' | 'ecash' | 'lud16' | 'fiat'

export interface Profile {
  readonly pubkey: Pubkey
  readonly name: string
  readonly about: string
  readonly picture: string
  readonly nip05: string
  /** Lightning address; '' when there is none. */
  readonly lud16: string
  readonly paymentPreference: PaymentPreference
  readonly at: Seconds
}

export type Listing =
  | { readonly type: 'stall', readonly stall: Stall }
  | { readonly type: 'product', readonly product: Product }
  | { readonly type: 'deletion', readonly deletion: Deletion, readonly eventId: EventId }
  | { readonly type: 'market', readonly market: Market }
  | { readonly type: 'profile', readonly profile: Profile }
  | { readonly type: 'shipping-option', readonly option: ShippingOption }
  | { readonly type: 'collection', readonly collection: Collection }
  | { readonly type: 'review', readonly review: Review }
  | { readonly type: 'payment-detail', readonly detail: PaymentDetail }
  | { readonly type: 'shop-profile', readonly shop: ShopProfile }

/** Where a listing was seen: that is where its merchant can be reached (nip15.md §11). */
export interface Seen { readonly address: Address, readonly relays: readonly RelayUrl[] }
