import type { Address, OrderKey, Pubkey, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import { stockToBook, type StockBooking } from '../domain/order/stock'
import type { Shelf } from '../domain/order/pricing'
import type { Order } from '../domain/order/types'
import type { Product } from '../domain/catalog/types'
import { err, ok, type Result } from '../domain/result'
import type { StorageError } from '../ports/journal'
import { factId, localFact } from './local-fact'
import { keepFacts, type NoteDeps } from './own-notes'
import { composeListing, nextVersionAt, publishListing, type PublishListingDeps, type PublishListingError } from './publishListing'
import { readOrder, type ReadOrderError } from './read-order'

export interface BookStockDeps extends PublishListingDeps, NoteDeps {
  readonly shelf: () => Shelf
  readonly orders: () => Iterable<Order>
}

export type BookStockError = StorageError | ReadOrderError | PublishListingError
/** The new versions, and the first thing that kept another from being one. */
export interface Booked { readonly published: readonly Product[], readonly failed: BookStockError | null }

/** What is wrong with one listing alone; after anything else the next one would fail as well, or ask the person again. */
const ITS_OWN: ReadonlySet<BookStockError['code']> = new Set(['no-original', 'no-relay', 'not-yours', 'no-order'])

/**
 * Takes paid pieces off the listings that do not count them yet, never below zero (T11). Whose pieces a version counts is
 * kept before it is published: after a crash nothing is counted twice, and what was not published is found again.
 */
export async function bookStock(deps: BookStockDeps): Promise<Booked> {
  const me: Pubkey = deps.signer.pubkey
  const own = new Map([...deps.shelf().products].filter(([, { author }]) => author === me))
  const published: Product[] = []
  let failed: BookStockError | null = null
  for (const booking of stockToBook(own, deps.orders(), deps.clock.now())) {
    const product = own.get(booking.product)
    const booked = product === undefined ? null : await book(deps, product, booking)
    if (booked?.ok === true)
      published.push(booked.value)
    else if (booked !== null)
      failed ??= booked.error
    if (booked?.ok === false && !ITS_OWN.has(booked.error.code))
      break
  }
  return { published, failed }
}

async function book(deps: BookStockDeps, product: Product, { product: address, taken, ...left }: StockBooking): Promise<Result<Product, BookStockError>> {
  const kept = await unpublished(deps, product, taken.map(({ order }) => order))
  if (!kept.ok)
    return kept
  const newly = taken.filter(({ order }) => !kept.value.has(order))
  // A version that counts the same orders is the same version, tried again: each try would else leave a fact in each order.
  const last = Math.max(0, ...kept.value.values())
  const listingAt = toSeconds(newly.length === 0 ? last : Math.max(nextVersionAt(product, deps.clock.now()), last + 1))
  const event = await composeListing(deps, product, left, listingAt)
  if (!event.ok)
    return event
  // A person may take minutes to sign: that was for the listing as it stood then.
  if (deps.shelf().products.get(address)?.eventId !== product.eventId)
    return err({ code: 'no-original' })
  const me = deps.signer.pubkey
  const facts = await keepFacts(deps, newly.map(({ order, quantity, short }) =>
    localFact({ id: factId('stock-taken', order, address, String(listingAt)), me, order, at: listingAt }, { type: 'stock-taken', product: address, quantity, listingAt, ...short && { short } })))
  return facts.ok ? publishListing(deps, product, event.value, left) : facts
}

/** For which version of the listing each of these orders was counted that nobody has seen yet; by the journal, since what the page shows may be older. */
async function unpublished(deps: BookStockDeps, { address, publishedAt }: { readonly address: Address, readonly publishedAt: Seconds }, orders: readonly OrderKey[]): Promise<Result<ReadonlyMap<OrderKey, Seconds>, ReadOrderError>> {
  const found = new Map<OrderKey, Seconds>()
  for (const key of orders) {
    const read = await readOrder(deps, key, deps.signer.pubkey)
    if (!read.ok)
      return read
    const at = read.value.order.stockTaken[address]
    if (at !== undefined && at > publishedAt)
      found.set(key, at)
  }
  return ok(found)
}
