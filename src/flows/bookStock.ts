import type { Pubkey } from '../domain/brand'
import { stockToBook } from '../domain/order/stock'
import type { Shelf } from '../domain/order/pricing'
import type { Order } from '../domain/order/types'
import type { Product } from '../domain/catalog/types'
import { ok, type Result } from '../domain/result'
import type { Journal, StorageError } from '../ports/journal'
import { factId, localFact } from './local-fact'
import { composeListing, nextVersionAt, publishListing, type PublishListingDeps, type PublishListingError } from './publishListing'

export interface BookStockDeps extends PublishListingDeps {
  readonly journal: Journal
  readonly shelf: () => Shelf
  readonly orders: () => Iterable<Order>
}

/**
 * Takes paid pieces off the listings that do not count them yet, never below zero (T11). Whose pieces a version counts is
 * kept before it is published: after a crash nothing is counted twice, and what was not published is found again.
 * @returns the new versions
 */
export async function bookStock(deps: BookStockDeps): Promise<Result<readonly Product[], StorageError | PublishListingError>> {
  const me: Pubkey = deps.signer.pubkey
  // NIP-99 listings count in tags, which we do not write anew yet.
  const own = new Map([...deps.shelf().products].filter(([, { author, nip99 }]) => author === me && nip99 === undefined))
  const published: Product[] = []
  for (const { product: address, stock, taken } of stockToBook(own, deps.orders(), deps.clock.now())) {
    const product = own.get(address)
    if (product === undefined)
      continue
    const listingAt = nextVersionAt(product, deps.clock.now())
    const facts = taken.map(({ order, quantity }) =>
      localFact({ id: factId('stock-taken', order, address, String(listingAt)), me, order, at: listingAt }, { type: 'stock-taken', product: address, quantity, listingAt }))
    const event = await composeListing(deps, product, stock, listingAt)
    if (!event.ok)
      return event
    const kept = await deps.journal.appendAll(facts)
    if (!kept.ok)
      return kept
    const next = await publishListing(deps, product, event.value, stock)
    if (!next.ok)
      return next
    published.push(next.value)
  }
  return ok(published)
}
