import type { Version } from './latest'
import type { Listing } from './types'

/** What decides whether a listing counts; null for what is kept by another rule (deletions, profiles, markets). */
export function versionOf(listing: Listing): Version | null {
  switch (listing.type) {
    case 'stall': return listing.stall
    case 'product': return listing.product
    case 'shipping-option': return listing.option
    case 'collection': return listing.collection
    case 'review': return listing.review
    case 'payment-detail': return listing.detail
    case 'shop-profile': return listing.shop
    case 'deletion':
    case 'market':
    case 'profile':
      return null
  }
}
