/** What the listings of NIP-99 and the Gamma market spec have beside NIP-15's (gamma.md §1–3). */
import type { Address, EventId, Pubkey, Seconds } from '../brand'
import type { Money } from '../money/types'
import type { ListingBase } from './listing-base'

export type ShippingService = 'standard' | 'express' | 'overnight' | 'pickup' | 'digital'

/** A product's word on one way to send it: a shipping option (30406), or all those of a collection (30405). */
export interface ShippingRef { readonly ref: Address, readonly extra: Money }

export type OwnShippingType = 'N/A' | 'Free' | 'Pickup' | 'Free/Pickup' | 'Added Cost' | 'Added Cost/Pickup'
/** Shopstr's `shipping` tag: this product's own delivery, `cost` per piece. */
export interface OwnShipping { readonly type: OwnShippingType, readonly cost: Money }

/** Shopstr's: a size has a stock, a volume or weight its own price, a bulk a price for all its pieces. */
export interface Variants {
  readonly sizes: readonly { readonly name: string, readonly stock: number | null }[]
  readonly volumes: readonly { readonly name: string, readonly price: Money }[]
  readonly weights: readonly { readonly name: string, readonly price: Money }[]
  readonly bulk: readonly { readonly units: number, readonly price: Money }[]
}

/** A number as it was written, and its unit. */
export interface Measure { readonly value: string, readonly unit: string }

export interface Nip99 {
  readonly summary: string
  /** `variable`: a parent of variations, not to be ordered itself. */
  readonly format: 'simple' | 'variable' | 'variation'
  readonly goods: 'physical' | 'digital'
  readonly visibility: 'on-sale' | 'hidden' | 'pre-order'
  readonly status: 'active' | 'sold'
  /** Kind 30403: a draft, or taken off the shelf. */
  readonly draft: boolean
  /** Period of a subscription as the price names it (`M`); null = paid once. */
  readonly frequency: string | null
  /** Of a variation. */
  readonly parent: Address | null
  readonly collections: readonly Address[]
  readonly shippingOptions: readonly ShippingRef[]
  readonly ownShipping: OwnShipping | null
  /** It says how it is sent, readable or not: what cannot be read must not become free. */
  readonly namesShipping: boolean
  readonly weight: Measure | null
  readonly dimensions: Measure | null
  readonly location: string
  readonly geohash: string
  readonly variants: Variants
  /** What the shopper must tell with the order. */
  readonly requiredInfo: string
  readonly pickupLocations: readonly string[]
  readonly condition: string
  readonly restrictions: string
  readonly validUntil: Seconds | null
  readonly client: string
  /** Plebeian's: the NIP-15 listing that this one replaces. */
  readonly migratedFrom: EventId | null
  readonly sensitive: boolean
}

/** What one delivery takes: grams of the whole parcel, and sides in millimetres of each thing, longest first (gamma.md §2). */
export interface ParcelLimits {
  readonly minGrams?: number
  readonly maxGrams?: number
  readonly minSides?: readonly number[]
  readonly maxSides?: readonly number[]
}

/** Kind 30406. */
export interface ShippingOption extends ListingBase {
  readonly title: string
  readonly description: string
  readonly cost: Money
  /** Alpha-2 codes, and what is no known country as it was written. */
  readonly countries: 'worldwide' | readonly string[]
  readonly regions: readonly string[]
  readonly service: ShippingService
  readonly carrier: string
  readonly duration: { readonly min: number, readonly max: number, readonly unit: 'H' | 'D' | 'W' } | null
  /** Where it can be fetched; '' unless the service is pickup. */
  readonly pickup: string
  /** The merchant adds by these measures: `cost` is the least. */
  readonly addedBy: readonly ('weight' | 'volume' | 'distance')[]
  /** Absent: it takes anything. */
  readonly limits?: ParcelLimits
}

/** Kind 30405: a group of the same merchant's products. Gives its shipping only to products that name it. */
export interface Collection extends ListingBase {
  readonly title: string
  readonly summary: string
  readonly description: string
  readonly image: string
  readonly products: readonly Address[]
  readonly shippingOptions: readonly Address[]
}

/** Kind 31555. Nothing proves a purchase. Ratings lie in 0…1. */
export interface Review extends ListingBase {
  readonly product: Address
  readonly thumb: number
  readonly categories: readonly { readonly name: string, readonly rating: number }[]
  /** Half thumb, half mean of the categories; the thumb alone where there are none. */
  readonly score: number
  readonly text: string
}

/** Plebeian's kind 30078: where a merchant is paid. `products` empty: for all of them. */
export interface PaymentDetail extends ListingBase {
  readonly merchant: Pubkey
  /** `ln` and whatever else the merchant names. */
  readonly method: string
  readonly destination: string
  readonly isDefault: boolean
  readonly products: readonly Address[]
}

/** Shopstr's kind 30019 with `d` = its author: one merchant's shop. */
export interface ShopProfile extends ListingBase {
  readonly merchant: Pubkey
  readonly name: string
  readonly about: string
  readonly picture: string
  readonly banner: string
}
