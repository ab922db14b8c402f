import type { Address } from '../../domain/brand'
import { isNewer } from '../../domain/catalog/latest'
import type { Review } from '../../domain/catalog/nip99-types'

/** Anybody may review anything: of each product the newest so many are kept (T20). */
export interface Reviews {
  /** The one that has to go for it; null while there is room. It may be the very one that came. */
  put(review: Review): Review | null
  takeOff(address: Address): void
}

export function createReviews(most: number): Reviews {
  const byProduct = new Map<Address, Map<Address, Review>>()
  const productOf = new Map<Address, Address>()

  function takeOff(address: Address): void {
    const product = productOf.get(address)
    if (product === undefined)
      return
    productOf.delete(address)
    const reviews = byProduct.get(product)
    reviews?.delete(address)
    if (reviews?.size === 0)
      byProduct.delete(product)
  }

  return {
    put(review) {
      const reviews = byProduct.get(review.product) ?? new Map<Address, Review>()
      byProduct.set(review.product, reviews)
      reviews.set(review.address, review)
      productOf.set(review.address, review.product)
      if (reviews.size <= most)
        return null
      const oldest = [...reviews.values()].reduce((old, next) => isNewer(old, next) ? next : old)
      takeOff(oldest.address)
      return oldest
    },
    takeOff,
  }
}
