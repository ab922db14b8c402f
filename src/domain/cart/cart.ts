import type { Address, Seconds } from '../brand'
import { chosen, goodsOf, lineKey, roomFor, take, type LineRef } from '../catalog/choice'
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
/**
 * How many of it one line may hold.
 * @param used pieces of it that other lines of the cart take
 */
export function mostOf(product: Product, variant?: string, used: ReadonlyMap<string, number> = new Map()): number {
  const goods = chosen(product, variant)
  return goods === null || whyNotOrderable(goods) === 'sold-out' ? 0 : Math.min(roomFor(product, variant, used) ?? limits.quantity, limits.quantity)
}

/** What the other lines of the same listing leave of it: they are counted together. */
function usedBeside(cart: StallCart, product: Product, line: CartLine | undefined): ReadonlyMap<string, number> {
  const used = new Map<string, number>()
  cart.lines.filter(other => other !== line && other.product === product.address).forEach(other => take(used, product, other))
  return used
}

/**
 * Adds pieces to what is there; never more than the stock. The line remembers what was on the shelf.
 * @param variant which one, of a listing that offers several
 */
export function addToCart(cart: StallCart, product: Product, quantity: number, now: Seconds, variant?: string): Result<StallCart, CartError> {
  const goods = chosen(product, variant)
  const why = goods === null ? 'not-active' : whyNotOrderable(goods, now)
  if (goods === null || why !== null)
    return err({ code: why ?? 'not-active', left: 0 })
  // The price of the first would be a guess.
  if (needsChoice(goods))
    return err({ code: 'choice', left: 0 })
  const line = lineOf(cart, product.address, variant)
  const left = mostOf(product, variant, usedBeside(cart, product, line)) - (line?.quantity ?? 0)
  if (!isCount(quantity) || quantity > left)
    return err({ code: 'over-stock', left: Math.max(0, left) })
  if (line === undefined && cart.lines.length >= limits.orderItems)
    return err({ code: 'full', left: 0 })
  const fresh: CartLine = { product: product.address, ...(variant !== undefined && { variant }), quantity: (line?.quantity ?? 0) + quantity, addedAt: line?.addedAt ?? now, seen: seenOf(goods) }
  return ok({ ...cart, lines: line === undefined ? [...cart.lines, fresh] : cart.lines.map(one => one === line ? fresh : one) })
}

/**
 * Another number of pieces, 0 takes the line out. What cannot be ordered any more may still be lowered.
 * @param product its listing; null when that is gone
 */
export function changeQuantity(cart: StallCart, address: Address, quantity: number, product: Product | null, variant?: string): Result<StallCart, CartError> {
  const line = lineOf(cart, address, variant)
  if (line === undefined)
    return ok(cart)
  if (quantity === 0)
    return ok(removeFromCart(cart, address, variant))
  const goods = product === null ? null : chosen(product, variant)
  const most = product === null || goods === null || whyNotOrderable(goods) !== null ? 0 : mostOf(product, variant, usedBeside(cart, product, line))
  if (!isCount(quantity) || (quantity > most && quantity >= line.quantity))
    return err({ code: most === 0 ? 'sold-out' : 'over-stock', left: Math.max(0, most - line.quantity) })
  return ok({ ...cart, lines: cart.lines.map(one => one === line ? { ...one, quantity } : one) })
}

export function removeFromCart(cart: StallCart, address: Address, variant?: string): StallCart {
  const line = lineOf(cart, address, variant)
  return { ...cart, lines: cart.lines.filter(one => one !== line) }
}

export const lineOf = (cart: StallCart, address: Address, variant?: string): CartLine | undefined =>
  cart.lines.find(line => isLine(line, { product: address, variant }))
export const isLine = (line: LineRef, other: LineRef): boolean => lineKey(line) === lineKey(other)
export const piecesOf = (cart: StallCart): number => cart.lines.reduce((sum, line) => sum + line.quantity, 0)

export const seenOf = ({ name, images, price, stock }: Product): CartLine['seen'] => ({ name, image: images[0] ?? '', price, stock })

/** What happened to a line's listing since it was put in, old to new; `gone` and `not-for-sale` block the order. */
export type CartChange = { readonly product: Address, readonly variant?: string, readonly name: string } & (
  | { readonly type: 'gone' }
  | { readonly type: 'not-for-sale' }
  | { readonly type: 'price', readonly from: Money | null, readonly to: Money }
  /** Less in stock than the line wants. */
  | { readonly type: 'stock', readonly wanted: number, readonly left: number }
)

/** @param products what is on the shelf now; a product, or a choice, that is missing there is gone */
export function cartChanges(cart: StallCart, products: ReadonlyMap<Address, Product>, now?: Seconds): readonly CartChange[] {
  const used = new Map<string, number>()
  return cart.lines.flatMap((line): readonly CartChange[] => {
    const listing = products.get(line.product)
    const goods = goodsOf(products, line)
    const named = { product: line.product, ...(line.variant !== undefined && { variant: line.variant }), name: goods?.name ?? line.seen.name }
    if (listing === undefined || goods === undefined)
      return [{ ...named, type: 'gone' }]
    const { price } = goods
    if (price === null || whyNotOrderable(goods, now) === 'not-active' || needsChoice(goods))
      return [{ ...named, type: 'not-for-sale' }]
    const left = mostOf(listing, line.variant, used)
    take(used, listing, line)
    return [
      ...(samePrice(line.seen.price, price) ? [] : [{ ...named, type: 'price', from: line.seen.price, to: price } as const]),
      ...(line.quantity > left ? [{ ...named, type: 'stock', wanted: line.quantity, left } as const] : []),
    ]
  })
}

const samePrice = (a: Money | null, b: Money): boolean => a !== null && a.currency === b.currency && a.minor === b.minor

/** The shopper has seen the changes: lines hold what can be had now, at today's prices; what is gone is out. */
export function acceptChanges(cart: StallCart, products: ReadonlyMap<Address, Product>, now?: Seconds): StallCart {
  const used = new Map<string, number>()
  const lines = cart.lines.flatMap((line): readonly CartLine[] => {
    const listing = products.get(line.product)
    const goods = goodsOf(products, line)
    if (listing === undefined || goods === undefined || whyNotOrderable(goods, now) !== null || needsChoice(goods))
      return []
    const quantity = Math.min(line.quantity, mostOf(listing, line.variant, used))
    if (quantity === 0)
      return []
    const kept = { ...line, quantity, seen: seenOf(goods) }
    take(used, listing, kept)
    return [kept]
  })
  return { ...cart, lines }
}
