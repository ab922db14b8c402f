import type { Address, OrderKey, Seconds } from '../brand'
import { countersOf, unitsOf, type Counter } from '../catalog/choice'
import type { Product } from '../catalog/types'
import { isHeld } from './held-money'
import { priceOrder, productAddress, type PricingCode, type Shelf } from './pricing'
import { isPaidTo } from './status'
import type { Order } from './types'

/**
 * `kept`: paid, the pieces are its own · `oversold`: paid, and they are gone: money goes back ·
 * `reserved`: not paid, and pieces are left for it · `short`: not paid, and none are left · `free`:
 * nothing of it is counted.
 */
export type StockWord = 'kept' | 'oversold' | 'reserved' | 'short' | 'free'

export interface StockVerdict {
  readonly orders: ReadonlyMap<OrderKey, StockWord>
  /** What is left for sale once every order above has what it got, by counter; never below zero. */
  readonly left: ReadonlyMap<string, number>
}

/** An invoice may be paid a little after its expiry: the wallet's clock decides (payments.md §8.4). */
const GRACE_SECONDS = 120

/** The merchant's pieces go by what he may take as paid (T8). */
const isPaid = (order: Order): boolean => isPaidTo(order, 'merchant')
const isOver = (order: Order): boolean => order.status === 'cancelled' || order.status === 'refunded' || order.status === 'failed'
  // What is on its way back wants no pieces.
  || order.holds.some(({ state }) => state === 'releasing')
/** It was decided that its money is taken: those pieces are nobody else's, whatever comes between. */
const isTaking = (order: Order): boolean => order.holds.some(({ state }) => state === 'taking')
/** A live invoice can be paid at any moment: its pieces are not given to another. */
const isAsked = (order: Order, now: Seconds): boolean => order.holds.some(isHeld)
  || (order.request !== null && !isReleased(order) && (order.request.expiresAt === null || now <= order.request.expiresAt + GRACE_SECONDS))

/** Earliest proof of the own wallet, or word, of payment. */
const paidAt = (order: Order): number => Math.min(...order.payments.filter(payment => payment.strength === 'said' || (payment.strength === 'proved' && payment.by === 'own-wallet')).map(payment => payment.at))

/** Whether the listing on the shelf already counts this order's pieces as sold. */
function isBooked(order: Order, product: Product): boolean {
  const listingAt = order.stockTaken[product.address]
  return product.publishedAt >= (listingAt ?? paidAt(order))
}

/** Its invoice is dead before its time. */
const isReleased = (order: Order): boolean => order.holds.some(({ state, paymentHash }) => state === 'released' && paymentHash === order.request?.paymentHash)
/** Nobody is kept waiting by an invoice whose money could still go back: who pays first comes before who was asked first. */
const isReservable = (order: Order): boolean => order.request?.reserve === true && !order.holds.some(isHeld)

const tier = (order: Order, now: Seconds): number => isPaid(order) || isTaking(order) ? 0 : !isAsked(order, now) ? 3 : isReservable(order) ? 2 : 1

/** One fixed sequence, whenever orders arrive: paid, then held or asked, then what may be paid and goes back if need be, then the queue; each by placing time, then key (T11). */
const inSequence = (orders: Iterable<Order>, now: Seconds): readonly Order[] =>
  [...orders].filter(order => !isOver(order)).toSorted((a, b) =>
    tier(a, now) - tier(b, now) || a.placedAt - b.placedAt || (a.key < b.key ? -1 : 1))

interface Wish { readonly product: Product, readonly counter: Counter, readonly quantity: number }

/** Pieces that an order wants where they are counted; two lines of one thing are one wish (nip15.md §7). */
function wantedOf(order: Order, products: ReadonlyMap<Address, Product>): readonly Wish[] {
  const wanted = new Map<string, Wish>()
  for (const line of order.items) {
    const product = products.get(productAddress(order.merchant, line))
    if (product === undefined || product.author !== order.merchant)
      continue
    for (const counter of countersOf(product, line.variant))
      wanted.set(counter.key, { product, counter, quantity: (wanted.get(counter.key)?.quantity ?? 0) + line.quantity * unitsOf(product, line.variant) })
  }
  return [...wanted.values()]
}

/**
 * Finds the orders that still weigh on the shelf: the others are over, or paid and counted by its listings, and no verdict of
 * these changes by them. An order that has not changed is looked into once for each shelf, so that a desk's past costs
 * nothing but being passed by. @param products a new map for every change
 */
export function stockClaimants(): (products: ReadonlyMap<Address, Product>, orders: readonly Order[]) => readonly Order[] {
  let shelf: ReadonlyMap<Address, Product> | undefined
  let known = new WeakMap<Order, boolean>()
  return (products, orders) => {
    if (products !== shelf) {
      shelf = products
      known = new WeakMap()
    }
    return orders.filter((order) => {
      const claims = known.get(order) ?? !(isOver(order) || (isPaid(order) && wantedOf(order, products).every(({ product }) => isBooked(order, product))))
      known.set(order, claims)
      return claims
    })
  }
}

/** Which orders get the last pieces (T11). @param orders of one merchant; others' products are none of his */
export function stockVerdict(products: ReadonlyMap<Address, Product>, orders: Iterable<Order>, now: Seconds): StockVerdict {
  const left = new Map<string, number>()
  for (const { address, stock } of products.values()) {
    if (stock !== null)
      left.set(address, stock)
  }
  const leftOf = ({ key, stock }: Counter): number => left.get(key) ?? stock
  const words = new Map<OrderKey, StockWord>()
  for (const order of inSequence(orders, now)) {
    const all = wantedOf(order, products)
    const wanted = all.filter(({ product }) => !isPaid(order) || !isBooked(order, product))
    const fits = wanted.every(({ counter, quantity }) => leftOf(counter) >= quantity)
    words.set(order.key, wordOf(order, fits, all.length > 0))
    // A paid order takes what there is, even if that is too little; an unpaid one takes all or nothing.
    if (fits || isPaid(order)) {
      for (const { counter, quantity } of wanted)
        left.set(counter.key, Math.max(0, leftOf(counter) - quantity))
    }
  }
  return { orders: words, left }
}

function wordOf(order: Order, fits: boolean, counted: boolean): StockWord {
  if (!counted)
    return 'free'
  if (isPaid(order))
    return fits ? 'kept' : 'oversold'
  return fits ? 'reserved' : 'short'
}

/** What a listing counts from now on: itself (null = not at all), and those of its sizes that changed. */
export interface StockLeft { readonly stock: number | null, readonly sizes: ReadonlyMap<string, number> }
export interface StockBooking extends StockLeft { readonly product: Address, readonly taken: readonly { readonly order: OrderKey, readonly quantity: number, readonly short?: true }[] }

/**
 * Listings to publish anew since paid pieces are not counted in them yet: the new stock, never below
 * zero, and whose pieces it counts (each a `stock-taken` fact, appended first). Run again it finds nothing.
 */
export function stockToBook(products: ReadonlyMap<Address, Product>, orders: Iterable<Order>, now: Seconds): readonly StockBooking[] {
  const bookings = new Map<Address, { stock: number | null, sizes: Map<string, number>, taken: Map<OrderKey, number>, short: Set<OrderKey> }>()
  for (const order of inSequence(orders, now).filter(isPaid)) {
    for (const { product, counter, quantity } of wantedOf(order, products)) {
      if (isBooked(order, product))
        continue
      const booking = bookings.get(product.address) ?? { stock: product.stock, sizes: new Map(), taken: new Map(), short: new Set() }
      const before = counter.size === null ? booking.stock ?? counter.stock : booking.sizes.get(counter.size) ?? counter.stock
      // Paid all the same: once it is booked, only this says that the money has to go back.
      if (before < quantity)
        booking.short.add(order.key)
      if (counter.size === null)
        booking.stock = Math.max(0, before - quantity)
      else
        booking.sizes.set(counter.size, Math.max(0, before - quantity))
      // A size's pieces are pieces of its listing, too, where that counts them.
      if (counter.size === null || product.stock === null)
        booking.taken.set(order.key, (booking.taken.get(order.key) ?? 0) + quantity)
      bookings.set(product.address, booking)
    }
  }
  return [...bookings].map(([product, { stock, sizes, taken, short }]) => ({ product, stock, sizes, taken: [...taken].map(([order, quantity]) => ({ order, quantity, ...short.has(order) && { short: true } })) }))
}

export type RefusalCode = PricingCode | 'stock-too-low'
export interface OrderRefusal { readonly code: RefusalCode, readonly productId?: string, readonly left?: number }

/** Why an order cannot be invoiced by itself, or null: what nostrmarket refuses, and what has gone to somebody else. */
export function refusalFor(order: Order, shelf: Shelf, verdict: StockVerdict): OrderRefusal | null {
  const priced = priceOrder({ merchant: order.merchant, items: order.items, zoneId: order.zoneId, shelf, rate: null })
  // No rate is asked for here: what several currencies come to is the invoice's question.
  if (!priced.ok && priced.error.code !== 'several-currencies')
    return priced.error
  if (verdict.orders.get(order.key) !== 'short')
    return null
  for (const { product, counter, quantity } of wantedOf(order, shelf.products)) {
    const left = verdict.left.get(counter.key) ?? counter.stock
    if (left < quantity)
      return { code: 'stock-too-low', productId: product.id, left }
  }
  return { code: 'stock-too-low' }
}
