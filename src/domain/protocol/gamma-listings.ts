import type { Listing } from '../catalog/types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError, ListingRules } from './nip15-listings'
import type { PaymentDetailError } from './payment-detail'
import type { ReviewError } from './gamma-review'
import { ok } from '../result'
import { kinds } from './event'
import { decodeCollection } from './gamma-collection'
import { decodeGammaProduct } from './gamma-product'
import { decodeReview } from './gamma-review'
import { decodeShippingOption } from './gamma-shipping'
import { decodePaymentDetail } from './payment-detail'

export type GammaError = ListingError | ReviewError | PaymentDetailError

/** Listings of NIP-99 and the Gamma market spec, by kind; null for any other kind. */
export function decodeGammaListing(event: NostrEvent, rules?: ListingRules): Result<Listing, GammaError> | null {
  switch (event.kind) {
    case kinds.gammaProduct:
    case kinds.gammaDraft: {
      const product = decodeGammaProduct(event, rules)
      return product.ok ? ok({ type: 'product', product: product.value }) : product
    }
    case kinds.shippingOption: {
      const option = decodeShippingOption(event)
      return option.ok ? ok({ type: 'shipping-option', option: option.value }) : option
    }
    case kinds.collection: {
      const collection = decodeCollection(event)
      return collection.ok ? ok({ type: 'collection', collection: collection.value }) : collection
    }
    case kinds.review: {
      const review = decodeReview(event)
      return review.ok ? ok({ type: 'review', review: review.value }) : review
    }
    case kinds.appData: {
      const detail = decodePaymentDetail(event)
      return detail.ok ? ok({ type: 'payment-detail', detail: detail.value }) : detail
    }
    default:
      return null
  }
}
