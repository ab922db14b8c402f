import type { Address, Seconds } from '../brand'
import type { Money } from '../money/types'
import type { Product } from './types'
import { limits } from '../limits'
import { isListed, isOrderable } from './product'
import { foldText } from './search'

/** Ordered are its variations, which are listings of their own and name it (gamma.md §1). */
export const isVariable = ({ nip99 }: Product): boolean => nip99?.format === 'variable'

/** The product that it is a variation of, as long as that one is on the shelf; else it stands for itself. */
export function parentOf({ nip99, author }: Product, products: ReadonlyMap<Address, Product>, now?: Seconds): Product | null {
  const parent = nip99?.format !== 'variation' || nip99.parent === null ? undefined : products.get(nip99.parent)
  return parent !== undefined && parent.author === author && isVariable(parent) && isListed(parent, now) ? parent : null
}

/** Whether lists show it: a variation is chosen on the page of its product. */
export const isCard = (product: Product, products: ReadonlyMap<Address, Product>, now?: Seconds): boolean =>
  isListed(product, now) && parentOf(product, products, now) === null

/** Whether anything of it can be ordered. @param variations of a variable product */
export const isAvailable = (product: Product, variations: readonly Product[], now?: Seconds): boolean =>
  isVariable(product) ? variations.some(one => isOrderable(one, now)) : isOrderable(product, now)

/** The least that one of them costs, and whether others cost more; null where currencies meet or nothing has a price. */
export function priceFrom(variations: readonly Product[]): { readonly price: Money, readonly more: boolean } | null {
  const prices = variations.flatMap(({ price }) => price ?? [])
  const [first] = prices.toSorted((a, b) => a.minor - b.minor)
  return first === undefined || prices.some(({ currency }) => currency !== first.currency) ? null : { price: first, more: prices.some(({ minor }) => minor > first.minor) }
}

const LETTERS = ['xxxs', 'xxs', 'xs', 's', 'm', 'l', 'xl', 'xxl', 'xxxl']
/** Letter sizes as they grow, numbers as numbers, else by the alphabet: a sale must not move what it republishes. */
export function inNaturalOrder(a: string, b: string): number {
  const ranks = [a, b].map(text => LETTERS.indexOf(text.trim().toLowerCase()))
  const [left = -1, right = -1] = ranks
  return left >= 0 && right >= 0 ? left - right : a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : a > b ? 1 : 0)
}

/** One property in which variations differ, and the value of each. */
export interface Axis { readonly name: string, readonly valueOf: (variation: Product) => string }

const specOf = ({ specs }: Product, name: string): string | undefined => specs.find(([key]) => key === name)?.[1]

/**
 * The properties that tell all of these apart: every one names them, none is named in vain. Gamma has no tag for axes, so
 * they are read from `spec`. Empty: they are a plain list.
 */
export function axesOf(variations: readonly Product[]): readonly Axis[] {
  const [first] = variations
  if (first === undefined || variations.length < 2)
    return []
  const names = [...new Set(first.specs.map(([name]) => name))].filter((name) => {
    const values = variations.map(one => specOf(one, name))
    return values.every(value => value !== undefined && value !== '') && new Set(values).size > 1
  })
  const tellsApart = (keys: readonly string[]): boolean =>
    new Set(variations.map(one => JSON.stringify(keys.map(key => specOf(one, key))))).size === variations.length
  if (names.length === 0 || !tellsApart(names))
    return []
  const needed = names.reduceRight<readonly string[]>((keys, name) => {
    const without = keys.filter(key => key !== name)
    return without.length > 0 && tellsApart(without) ? without : keys
  }, names)
  return needed.map(name => ({ name, valueOf: one => specOf(one, name) ?? '' }))
}

/** Shown at most: a stranger's list of variations has an end. */
export const shownVariations = (variations: readonly Product[], now?: Seconds): readonly Product[] =>
  variations.filter(one => isListed(one, now)).toSorted((a, b) => inNaturalOrder(a.name, b.name) || (a.address < b.address ? -1 : 1)).slice(0, limits.specs)

const MOST_WORDS = 4

/** What sets a variation apart beyond its name: `Colour Honey, Width Wide`. '' for what is none. */
export function variationWords(product: Product, parent: Product | undefined): string {
  if (product.nip99?.format !== 'variation')
    return ''
  const name = foldText(product.name)
  return product.specs
    .filter(([key, value]) => parent === undefined || specOf(parent, key) !== value)
    .filter(([, value]) => !name.includes(foldText(value)))
    .slice(0, MOST_WORDS).map(([key, value]) => `${key} ${value}`).join(', ')
}

/** Which one of a product a line is, for people; '' where there is nothing to tell. */
export function lineWords(product: Product, variant: string | undefined, products: ReadonlyMap<Address, Product>): string {
  const parent = product.nip99?.parent
  return variant ?? variationWords(product, parent === null || parent === undefined ? undefined : products.get(parent))
}
