import type { Address, OrderKey } from '../domain/brand'
import { cartChanges, type CartChange } from '../domain/cart/cart'
import type { StallCart } from '../domain/cart/types'
import { unfitFor } from '../domain/catalog/parcel'
import { needsZone, zonesFor } from '../domain/catalog/shipping'
import type { Dialect, Product, Stall } from '../domain/catalog/types'
import type { Rate } from '../domain/money/types'
import { dialectOfGoods, readTogether } from '../domain/order/dialect-choice'
import { orderKey } from '../domain/order/keys'
import type { PricingCode } from '../domain/order/pricing'
import { cartItems, snapshotOfCart } from '../domain/order/snapshot'
import type { Contact, OrderLine } from '../domain/order/types'
import { lettersOf } from '../domain/protocol/letters'
import { err, ok, type Result } from '../domain/result'
import { localFact } from './local-fact'
import { keepFacts } from './own-notes'
import { compose, type Composed, type SendDeps, type SendError } from './send'

export interface Checkout {
  readonly cart: StallCart
  /** Chosen when checkout opened, kept with the cart. */
  readonly orderId: string
  readonly stall: Stall
  /** In which dialect the merchant reads orders; absent: the listings'. */
  readonly dialect?: Dialect
  /** The shelf as it is now. */
  readonly products: ReadonlyMap<Address, Product>
  readonly rate: Rate | null
  readonly name: string
  readonly address: string
  readonly contact: Contact
  readonly shopperMessage: string
}

export type PlaceOrderError = SendError
  | { readonly code: 'empty-cart' | 'own-stall' | 'no-zone' | 'no-relay' }
  /** No one program of the merchant's reads an order for all of it. */
  | { readonly code: 'read-apart' }
  /** The shelf is not what was put in the cart: to be shown, old and new, and agreed to. */
  | { readonly code: 'gone' | 'not-for-sale' | 'over-stock' | 'price-changed', readonly changes: readonly CartChange[] }
  | { readonly code: PricingCode }

const CODE: Readonly<Record<CartChange['type'], 'gone' | 'not-for-sale' | 'over-stock' | 'price-changed'>> =
  { 'gone': 'gone', 'not-for-sale': 'not-for-sale', 'stock': 'over-stock', 'price': 'price-changed' }

/**
 * The order is in storage before it is sent, and in the outbox in the same transaction; only after that may the cart be
 * cleared. A second tap, or one after a crash, finds the same order (T1).
 */
export async function placeOrder(deps: SendDeps, checkout: Checkout): Promise<Result<OrderKey, PlaceOrderError>> {
  const { cart, orderId } = checkout
  const me = deps.signer.pubkey
  const order = orderKey(me, cart.merchant, orderId)
  const known = await deps.journal.messagesOf(order)
  if (!known.ok)
    return known
  const items = cartItems(cart)
  // An order may take several messages: what a crash kept from being placed is placed now, and nothing twice.
  const placed = new Set(known.value.flatMap(message => message.type === 'order' && message.orderId === orderId && message.author === me ? message.items.map(keyOf) : []))
  const missing = items.filter(line => !placed.has(keyOf(line)))
  if (placed.size > 0 && (missing.length === 0 || items.every(({ variant }) => variant === undefined)))
    return ok(order)
  const refused = whyNot(deps, checkout)
  if (refused !== null)
    return err(refused)

  const agreed = snapshotOfCart(cart, checkout.stall, checkout.products, checkout.rate)
  if (!agreed.ok)
    return agreed
  const { stall, name, address, contact, shopperMessage } = checkout
  // Only Shopstr's messages have words for what is chosen within a listing.
  const dialect = items.some(({ variant }) => variant !== undefined) ? 'shopstr' : checkout.dialect ?? dialectOfGoods(goodsOf(checkout)) ?? stall.dialect
  const letters = lettersOf(dialect, { orderId, shopper: me, merchant: cart.merchant, items }, { say: 'order', zoneId: cart.zoneId ?? '', msat: agreed.value.totals.totalMsat, name, address, contact, shopperMessage })
  if (!letters.ok)
    return letters
  const composed: Composed[] = []
  for (const letter of letters.value) {
    const one = await compose(deps, { to: cart.merchant, order, letter })
    if (!one.ok)
      return one
    composed.push(one.value)
  }
  // What was agreed to comes first: an order must never stand here without it, while it alone changes nothing.
  const snapshot = localFact({ id: deps.clock.newId(), me, order, at: deps.clock.now() }, agreed.value)
  const noted = await keepFacts(deps, [snapshot])
  if (!noted.ok)
    return noted
  for (const { message, deliveries } of composed) {
    if (placed.size > 0 && message.type === 'order' && message.items.every(line => placed.has(keyOf(line))))
      continue
    const kept = await deps.journal.append(message, deliveries)
    if (!kept.ok)
      return kept
  }
  return ok(order)
}

const goodsOf = ({ cart, products }: Pick<Checkout, 'cart' | 'products'>): readonly Product[] => cart.lines.flatMap(line => products.get(line.product) ?? [])

/** NIP-15 names a line by its product's id alone. */
const keyOf = ({ productId, variant }: OrderLine): string => JSON.stringify([productId, variant ?? ''])

function whyNot({ signer, clock, relaysFor }: SendDeps, { cart, stall, products }: Checkout): PlaceOrderError | null {
  if (cart.lines.length === 0)
    return { code: 'empty-cart' }
  if (cart.merchant === signer.pubkey)
    return { code: 'own-stall' }
  const changes = cartChanges(cart, products, clock.now())
  const worst = (['gone', 'not-for-sale', 'stock', 'price'] as const).find(type => changes.some(change => change.type === type))
  if (worst !== undefined)
    return { code: CODE[worst], changes }
  const goods = goodsOf({ cart, products })
  if (readTogether(goods).length > 1)
    return { code: 'read-apart' }
  if (needsZone(goods, stall) && !zonesFor(goods, stall).some(zone => zone.id === cart.zoneId && unfitFor(zone, cart.lines, products) === null))
    return { code: 'no-zone' }
  return relaysFor(cart.merchant).length === 0 ? { code: 'no-relay' } : null
}
