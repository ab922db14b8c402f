import type { Address, Seconds } from '../brand'
import { needsChoice, whyNotOrderable } from '../catalog/product'
import type { Product, Stall } from '../catalog/types'
import { limits } from '../limits'
import type { Money } from '../money/types'
import { err, ok, type Result } from '../result'
import type { CartLine, StallCart } from './types'

/** `left`: pieces that could still be added. */
export type CartError = { readonly code: 'sold-out' | 'over-stock' | 'no-price' | 'not-active' | 'choice' | 'full', readonly left: number }

export const emptyCart = (stall: Stall): StallCart =>
  ({ stall: stall.address, merchant: stall.author, stallName: stall.name, lines: [], zoneId: null, orderId: null })

const isCount = (quantity: number): boolean => Number.isInteger(quantity) && quantity >= 1
/** How many of a product one order may hold. */
export const mostOf = (product: Product): number => whyNotOrderable(product) === 'sold-out' ? 0 : Math.min(product.stock ?? limits.quantity, limits.quantity)

/** Adds pieces to what is there; never more than the stock. The line remembers what was on the shelf. */
export function addToCart(cart: StallCart, product: Product, quantity: number, now: Seconds): Result<StallCart, CartError> {
  const why = whyNotOrderable(product, now)
  if (why !== null)
    return err({ code: why, left: 0 })
  // A line cannot say which yet; the price of the first would be a guess.
  if (needsChoice(product))
    return err({ code: 'choice', left: 0 })
  const line = lineOf(cart, product.address)
  const left = mostOf(product) - (line?.quantity ?? 0)
  if (!isCount(quantity) || quantity > left)
    return err({ code: 'over-stock', left: Math.max(0, left) })
  if (line === undefined && cart.lines.length >= limits.orderItems)
    return err({ code: 'full', left: 0 })
  const fresh = { product: product.address, quantity: (line?.quantity ?? 0) + quantity, addedAt: line?.addedAt ?? now, seen: seenOf(product) }
  return ok({ ...cart, lines: line === undefined ? [...cart.lines, fresh] : cart.lines.map(one => one === line ? fresh : one) })
}

/**
 * Another number of pieces, 0 takes the line out. What cannot be ordered any more may still be lowered.
 * @param product null when the listing is gone
 */
export function changeQuantity(cart: StallCart, address: Address, quantity: number, product: Product | null): Result<StallCart, CartError> {
  const line = lineOf(cart, address)
  if (line === undefined)
    return ok(cart)
  if (quantity === 0)
    return ok(removeFromCart(cart, address))
  const most = product === null || whyNotOrderable(product) !== null ? 0 : mostOf(product)
  if (!isCount(quantity) || (quantity > most && quantity >= line.quantity))
    return err({ code: most === 0 ? 'sold-out' : 'over-stock', left: Math.max(0, most - line.quantity) })
  return ok({ ...cart, lines: cart.lines.map(one => one === line ? { ...one, quantity } : one) })
}

export const removeFromCart = (cart: StallCart, address: Address): StallCart =>
  ({ ...cart, lines: cart.lines.filter(line => line.product !== address) })

export const lineOf = (cart: StallCart, address: Address): CartLine | undefined => cart.lines.find(line => line.product === address)
export const piecesOf = (cart: StallCart): number => cart.lines.reduce((sum, line) => sum + line.quantity, 0)

export const seenOf = ({ name, images, price, stock }: Product): CartLine['seen'] => ({ name, image: images[0] ?? '', price, stock })

/** What happened to a line's listing since it was put in, old to new; `gone` and `not-for-sale` block the order. */
export type CartChange = { readonly product: Address, readonly name: string } & (
  | { readonly type: 'gone' }
  | { readonly type: 'not-for-sale' }
  | { readonly type: 'price', readonly from: Money | null, readonly to: Money }
  /** Less in stock than the line wants. */
  | { readonly type: 'stock', readonly wanted: number, readonly left: number }
)

/** @param products what is on the shelf now; a product that is missing there is gone */
export function cartChanges(cart: StallCart, products: ReadonlyMap<Address, Product>, now?: Seconds): readonly CartChange[] {
  return cart.lines.flatMap((line): readonly CartChange[] => {
    const product = products.get(line.product)
    const named = { product: line.product, name: product?.name ?? line.seen.name }
    if (product === undefined)
      return [{ ...named, type: 'gone' }]
    const { price } = product
    if (price === null || whyNotOrderable(product, now) === 'not-active' || needsChoice(product))
      return [{ ...named, type: 'not-for-sale' }]
    const left = mostOf(product)
    return [
      ...(samePrice(line.seen.price, price) ? [] : [{ ...named, type: 'price', from: line.seen.price, to: price } as const]),
      ...(line.quantity > left ? [{ ...named, type: 'stock', wanted: line.quantity, left } as const] : []),
    ]
  })
}

const samePrice = (a: Money | null, b: Money): boolean => a !== null && a.currency === b.currency && a.minor === b.minor

/** The shopper has seen the changes: lines hold what can be had now, at today's prices; what is gone is out. */
export function acceptChanges(cart: StallCart, products: ReadonlyMap<Address, Product>, now?: Seconds): StallCart {
  const lines = cart.lines.flatMap((line): readonly CartLine[] => {
    const product = products.get(line.product)
    if (product === undefined || whyNotOrderable(product, now) !== null || needsChoice(product))
      return []
    return [{ ...line, quantity: Math.min(line.quantity, mostOf(product)), seen: seenOf(product) }]
  })
  return { ...cart, lines }
}
