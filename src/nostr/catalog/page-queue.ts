import type { Address, Pubkey } from '../../domain/brand'
import type { PaymentDetail, Review } from '../../domain/catalog/nip99-types'
import type { Product, Profile, Stall } from '../../domain/catalog/types'
import type { CatalogBatch } from '../../ports/catalog-feed'
import type { Sightings } from './sightings'

/** What the page has not heard yet: of each thing its newest state, once. */
export interface PageQueue {
  product(product: Product): void
  stall(stall: Stall): void
  profile(profile: Profile): void
  review(review: Review): void
  paymentDetail(detail: PaymentDetail): void
  gone(address: Address): void
  /** Next part, at most `most` of each; null when the page has heard all. */
  drain(most: number, from: CatalogBatch['from']): CatalogBatch | null
}

export function createPageQueue(sightings: Sightings): PageQueue {
  const products = new Map<Address, Product>()
  const stalls = new Map<Address, Stall>()
  const profiles = new Map<Pubkey, Profile>()
  const reviews = new Map<Address, Review>()
  const paymentDetails = new Map<Address, PaymentDetail>()
  const gone = new Set<Address>()
  const byAddress = [products, stalls, reviews, paymentDetails]

  const put = <T extends { readonly address: Address }>(into: Map<Address, T>) => (listing: T): void => {
    gone.delete(listing.address)
    into.set(listing.address, listing)
  }

  return {
    product: put(products),
    stall: put(stalls),
    profile: (profile) => { profiles.set(profile.pubkey, profile) },
    review: put(reviews),
    paymentDetail: put(paymentDetails),
    gone(address) {
      byAddress.forEach(waiting => waiting.delete(address))
      gone.add(address)
    },
    drain(most, from) {
      if (byAddress.every(waiting => waiting.size === 0) && profiles.size + gone.size + sightings.size() === 0)
        return null
      return {
        stalls: some(stalls, most),
        products: some(products, most),
        profiles: some(profiles, most),
        reviews: some(reviews, most),
        paymentDetails: some(paymentDetails, most),
        gone: takeAll(gone),
        seen: sightings.take(2 * most),
        from,
      }
    },
  }
}

/** Takes the first ones out. */
export function some<T>(from: Map<unknown, T>, most: number): readonly T[] {
  const taken: T[] = []
  for (const [key, value] of from) {
    if (taken.length >= most)
      break
    taken.push(value)
    from.delete(key)
  }
  return taken
}

export function takeAll<T>(from: Set<T>): readonly T[] {
  const all = [...from]
  from.clear()
  return all
}
