import type { Pubkey } from '../../domain/brand'
import type { Version } from '../../domain/catalog/latest'
import type { Listing, Profile } from '../../domain/catalog/types'
import type { CatalogBatch } from '../../ports/catalog-feed'
import type { Draft } from './merchants'
import { createMerchants } from './merchants'
import { createPageQueue } from './page-queue'
import { createReviews } from './reviews'
import type { Sightings } from './sightings'

/** What is on the shelf now, in both dialects, and what the page has not heard of it. Told only what counts. */
export interface Shelf {
  /** What had to go for it. */
  put(listing: Listing): readonly Version[]
  draft(draft: Draft): void
  profile(profile: Profile): void
  takeOff(version: Version): void
  drain(most: number, from: CatalogBatch['from']): CatalogBatch | null
}

interface Parts { readonly sightings: Sightings, readonly profileOf: (person: Pubkey) => Profile | null, readonly reviewsPerProduct: number }

export function createShelf({ sightings, profileOf, reviewsPerProduct }: Parts): Shelf {
  const page = createPageQueue(sightings)
  const merchants = createMerchants(profileOf)
  const reviews = createReviews(reviewsPerProduct)

  return {
    put(listing) {
      switch (listing.type) {
        case 'product':
          // How a NIP-99 product is sent hangs on its merchant's other listings.
          if (listing.product.nip99 === undefined)
            page.product(listing.product)
          else
            merchants.product(listing.product)
          return []
        case 'stall':
          page.stall(listing.stall)
          return []
        case 'shipping-option':
          merchants.option(listing.option)
          return []
        case 'collection':
          merchants.collection(listing.collection)
          return []
        case 'shop-profile':
          merchants.shop(listing.shop)
          return []
        case 'payment-detail':
          page.paymentDetail(listing.detail)
          return []
        case 'review': {
          page.review(listing.review)
          const oldest = reviews.put(listing.review)
          return oldest === null ? [] : [oldest]
        }
        case 'profile':
        case 'market':
        case 'deletion':
          return []
      }
    },
    draft: merchants.draft,
    profile(profile) {
      page.profile(profile)
      merchants.renamed(profile.pubkey)
    },
    takeOff(version) {
      merchants.takeOff(version)
      reviews.takeOff(version.address)
      page.gone(version.address)
    },
    drain(most, from) {
      merchants.settle(page)
      return page.drain(most, from)
    },
  }
}
