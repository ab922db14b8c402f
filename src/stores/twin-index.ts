import type { Address, Pubkey, Seconds } from '../domain/brand'
import { isListed } from '../domain/catalog/product'
import { joinTwins } from '../domain/catalog/twins'
import type { Product } from '../domain/catalog/types'

/** Which products are one thing in two dialects. Looked at again only for merchants whose listings changed. */
export interface TwinIndex {
  /** As it is now, and as it was before. */
  put(product: Product): void
  remove(product: Product): void
  /** Sees to what changed since, and to what ran out meanwhile. */
  settle(now: Seconds): void
  /** The market shows it: on sale or sold out, and not the lesser one of two. */
  isShown(product: Product, now: Seconds): boolean
  twinOf(address: Address): Address | null
  /** When the next listing runs out; null: none does. */
  nextEnd(now: Seconds): Seconds | null
}

/** Of a key with more listings than that in two dialects all are shown: seeing a thing twice costs less than a page that stands still (T20). */
const MOST_JOINED = 4_000

export function createTwinIndex(): TwinIndex {
  const byAuthor = new Map<Pubkey, Map<Address, Product>>()
  const twins = new Map<Address, Address>()
  const lesser = new Set<Address>()
  const changed = new Set<Pubkey>()
  const ends = new Map<Address, Product>()
  let settledAt: Seconds | null = null

  const endOf = ({ nip99 }: Product): Seconds => nip99?.validUntil ?? Number.POSITIVE_INFINITY as Seconds

  function join(author: Pubkey, now: Seconds): void {
    const all = [...byAuthor.get(author)?.values() ?? []]
    for (const { address } of all) {
      twins.delete(address)
      lesser.delete(address)
    }
    // A merchant of one dialect has no twins.
    const isGamma = all[0]?.nip99 !== undefined
    if (all.length > MOST_JOINED || all.every(({ nip99 }) => (nip99 !== undefined) === isGamma))
      return
    for (const { shown, other } of joinTwins(all.filter(product => isListed(product, now)))) {
      if (other === null)
        continue
      twins.set(shown.address, other.address).set(other.address, shown.address)
      lesser.add(other.address)
    }
  }

  return {
    put(product) {
      const listings = byAuthor.get(product.author) ?? new Map<Address, Product>()
      byAuthor.set(product.author, listings.set(product.address, product))
      changed.add(product.author)
      if (Number.isFinite(endOf(product)))
        ends.set(product.address, product)
      else
        ends.delete(product.address)
    },
    remove(product) {
      byAuthor.get(product.author)?.delete(product.address)
      twins.delete(product.address)
      lesser.delete(product.address)
      ends.delete(product.address)
      changed.add(product.author)
    },
    settle(now) {
      for (const product of ends.values()) {
        if (endOf(product) <= now && (settledAt === null || endOf(product) > settledAt))
          changed.add(product.author)
      }
      settledAt = now
      changed.forEach(author => join(author, now))
      changed.clear()
    },
    isShown: (product, now) => isListed(product, now) && !lesser.has(product.address),
    twinOf: address => twins.get(address) ?? null,
    nextEnd(now) {
      let next = Number.POSITIVE_INFINITY
      for (const product of ends.values()) {
        const end = endOf(product)
        if (end > now && end < next)
          next = end
      }
      return Number.isFinite(next) ? next as Seconds : null
    },
  }
}
