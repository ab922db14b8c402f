/** A page that listens to a market, and nothing else. */
import type { PaymentDetail, Review } from '../../src/domain/catalog/nip99-types'
import type { Product, Profile, Stall } from '../../src/domain/catalog/types'
import type { Market } from '../../src/nostr/catalog/market'

export function pageOf(market: Market) {
  const products = new Map<string, Product>()
  const stalls = new Map<string, Stall>()
  const reviews = new Map<string, Review>()
  const payments = new Map<string, PaymentDetail>()
  const profiles = new Map<string, Profile>()
  /** How often the page was told of each address. */
  const told = new Map<string, number>()

  function listen(): void {
    for (let batch = market.drain(3); batch !== null; batch = market.drain(3)) {
      batch.products.forEach(one => products.set(one.address, one))
      batch.stalls.forEach(one => stalls.set(one.address, one))
      batch.reviews.forEach(one => reviews.set(one.address, one))
      batch.paymentDetails.forEach(one => payments.set(one.address, one))
      batch.profiles.forEach(one => profiles.set(one.pubkey, one))
      for (const { address } of [...batch.products, ...batch.stalls])
        told.set(address, (told.get(address) ?? 0) + 1)
      for (const address of batch.gone)
        [products, stalls, reviews, payments].forEach(shelf => shelf.delete(address))
    }
  }
  const sorted = <T>(from: ReadonlyMap<string, T>) => [...from].toSorted(([a], [b]) => a < b ? -1 : 1)
  return {
    products, stalls, reviews, payments, told, listen,
    /** Everything that a person could see. */
    all: () => ({ products: sorted(products), stalls: sorted(stalls), reviews: sorted(reviews), payments: sorted(payments), profiles: sorted(profiles) }),
  }
}
