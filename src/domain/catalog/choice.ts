import type { Address } from '../brand'
import type { Money } from '../money/types'
import type { Variants } from './nip99-types'
import type { Product } from './types'

/** What can be chosen within one listing, in the sequence in which it is written (Shopstr, gamma.md §1 and §6). */
export const choiceAxes = ['size', 'volume', 'weight', 'bulk'] as const
export type ChoiceAxis = typeof choiceAxes[number]
/** One value per axis; `bulk` is the number of pieces that one price buys. */
export type Choice = Readonly<Partial<Record<ChoiceAxis, string>>>

const NONE: Variants = { sizes: [], volumes: [], weights: [], bulk: [] }

/** Names that one axis of a listing offers. */
export function valuesOf({ nip99 }: Product, axis: ChoiceAxis): readonly string[] {
  const { sizes, volumes, weights, bulk } = nip99?.variants ?? NONE
  switch (axis) {
    case 'size': return sizes.map(({ name }) => name)
    case 'volume': return volumes.map(({ name }) => name)
    case 'weight': return weights.map(({ name }) => name)
    case 'bulk': return bulk.map(({ units }) => String(units))
  }
}

/** `size M, volume 1 l`: how a line names its choice, here and on the wire's other side. */
export const choiceText = (choice: Choice): string =>
  choiceAxes.flatMap(axis => choice[axis] === undefined ? [] : [`${axis} ${choice[axis]}`]).join(', ')

/** The choice that a text of `choiceText` means for this listing; null when the listing does not offer it, or lacks a part of it. */
export function readChoice(product: Product, text: string): Choice | null {
  const read = (axes: readonly ChoiceAxis[], rest: string, chosen: Choice): Choice | null => {
    const [axis, ...later] = axes
    if (axis === undefined)
      return rest === '' ? chosen : null
    // A name may hold a comma: the longest that fits wins, and another is tried where what follows makes no sense.
    for (const value of valuesOf(product, axis).toSorted((a, b) => b.length - a.length)) {
      const said = `${axis} ${value}`
      if (rest !== said && !rest.startsWith(`${said}, `))
        continue
      const found = read(later, rest.slice(said.length).replace(/^, /, ''), { ...chosen, [axis]: value })
      if (found !== null)
        return found
    }
    return axis === 'bulk' || valuesOf(product, axis).length === 0 ? read(later, rest, chosen) : null
  }
  return read(choiceAxes, text, {})
}

/** How many pieces one of it is: a bulk counts as one thing with one price. */
export function unitsOf(product: Product, variant: string | undefined): number {
  const bulk = variant === undefined ? undefined : readChoice(product, variant)?.bulk
  return bulk === undefined ? 1 : Number(bulk)
}

/** Shopstr's own sequence: a bulk's price, else the volume's, else the weight's. */
function priceOf({ price, nip99 }: Product, { volume, weight, bulk }: Choice): Money | null {
  const { volumes, weights, bulk: bulks } = nip99?.variants ?? NONE
  return bulks.find(({ units }) => String(units) === bulk)?.price
    ?? volumes.find(({ name }) => name === volume)?.price
    ?? weights.find(({ name }) => name === weight)?.price
    ?? price
}

/**
 * The listing as it stands for one choice: with its price and stock, and nothing left to choose. Without a choice it is the
 * listing itself; null when the choice is none of its own.
 */
export function chosen(product: Product, variant: string | undefined): Product | null {
  if (variant === undefined || variant === '')
    return product
  const choice = readChoice(product, variant)
  if (choice === null || product.nip99 === undefined)
    return null
  const room = roomFor(product, variant, new Map())
  return { ...product, price: priceOf(product, choice), stock: room, nip99: { ...product.nip99, variants: NONE } }
}

/** What a line of an order or a cart stands for on the shelf. */
export interface LineRef { readonly product: Address, readonly variant?: string | undefined }
export const lineKey = ({ product, variant }: LineRef): string => variant === undefined ? product : JSON.stringify([product, variant])
/** undefined: the listing is gone, or does not offer that choice any more. */
export function goodsOf(products: ReadonlyMap<Address, Product>, { product, variant }: LineRef): Product | undefined {
  const listing = products.get(product)
  return listing === undefined ? undefined : chosen(listing, variant) ?? undefined
}

/** Where pieces are counted: on the listing (`key` is its address), and of one of its sizes. Uncounted stock has none. */
export interface Counter { readonly key: string, readonly size: string | null, readonly stock: number }

export function countersOf(product: Product, variant: string | undefined): readonly Counter[] {
  const size = variant === undefined ? undefined : readChoice(product, variant)?.size
  const sized = product.nip99?.variants.sizes.find(({ name }) => name === size)?.stock ?? null
  return [
    ...(product.stock === null ? [] : [{ key: product.address, size: null, stock: product.stock }]),
    ...(size === undefined || sized === null ? [] : [{ key: JSON.stringify([product.address, size]), size, stock: sized }]),
  ]
}

/**
 * How many of it there still are; null = not counted.
 * @param used pieces that other lines take, by counter
 */
export function roomFor(product: Product, variant: string | undefined, used: ReadonlyMap<string, number>): number | null {
  const units = unitsOf(product, variant)
  const rooms = countersOf(product, variant).map(({ key, stock }) => Math.floor(Math.max(0, stock - (used.get(key) ?? 0)) / units))
  return rooms.length === 0 ? null : Math.min(...rooms)
}

/** Adds what a line takes to `used`. */
export function take(used: Map<string, number>, product: Product, { variant, quantity }: { readonly variant?: string | undefined, readonly quantity: number }): void {
  for (const { key } of countersOf(product, variant))
    used.set(key, (used.get(key) ?? 0) + quantity * unitsOf(product, variant))
}
