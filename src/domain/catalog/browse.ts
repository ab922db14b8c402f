import type { Address, Msat } from '../brand'
import type { Rate } from '../money/types'
import type { SearchEntry } from './search'
import type { Product } from './types'
import { toMsatAt } from '../money/rate'
import { isOrderable } from './product'
import { matchScore, searchWords } from './search'

export type SortBy = 'newest' | 'price-up' | 'price-down' | 'name'

export interface BrowseFilter {
  readonly query: string
  readonly category: string | null
  readonly stall: Address | null
  readonly inStock: boolean
  readonly sort: SortBy
}

export const everything: BrowseFilter = { query: '', category: null, stall: null, inStock: false, sort: 'newest' }

export interface BrowseInput {
  readonly products: readonly Product[]
  readonly entries: ReadonlyMap<Address, SearchEntry>
  /** Rates by currency, for comparing prices of several currencies. */
  readonly rates: ReadonlyMap<string, Rate>
  /** Whether anything of it can be ordered; of a product with variations its listing alone cannot tell. */
  readonly isAvailable?: (product: Product) => boolean
  /** Stalls beside its own in which it stands: what is listed in two dialects is in one stall of each. */
  readonly otherStall?: (product: Product) => Address | null
}

/** Products that pass every filter, sorted. A search ranks by match first while the sort is the default one. */
export function browse({ products, entries, rates, isAvailable = one => isOrderable(one), otherStall = () => null }: BrowseInput, filter: BrowseFilter): readonly Product[] {
  const words = searchWords(filter.query)
  const scores = new Map<Address, number>()
  const kept = products.filter((product) => {
    if (filter.stall !== null && product.stallAddress !== filter.stall && otherStall(product) !== filter.stall)
      return false
    if (filter.category !== null && !product.categories.some(name => name.toLowerCase() === filter.category?.toLowerCase()))
      return false
    if (filter.inStock && !isAvailable(product))
      return false
    if (words.length === 0)
      return true
    const entry = entries.get(product.address)
    const score = entry === undefined ? 0 : matchScore(entry, words)
    scores.set(product.address, score)
    return score > 0
  })
  return kept.sort(comparison(filter.sort, words.length > 0, scores, rates))
}

type Compare = (a: Product, b: Product) => number

function comparison(sort: SortBy, searching: boolean, scores: ReadonlyMap<Address, number>, rates: BrowseInput['rates']): Compare {
  const newest: Compare = (a, b) => b.publishedAt - a.publishedAt || (a.address < b.address ? -1 : 1)
  switch (sort) {
    case 'newest':
      return searching ? (a, b) => (scores.get(b.address) ?? 0) - (scores.get(a.address) ?? 0) || newest(a, b) : newest
    case 'name':
      return (a, b) => a.name.localeCompare(b.name) || newest(a, b)
    case 'price-up':
    case 'price-down': {
      const prices = new Map<Address, number | null>()
      const price = (product: Product): number | null => {
        const known = prices.get(product.address)
        if (known !== undefined)
          return known
        const msat: Msat | null = product.price === null ? null : toMsatAt(product.price, rates.get(product.currency) ?? null)
        prices.set(product.address, msat)
        return msat
      }
      const sign = sort === 'price-up' ? 1 : -1
      // What cannot be compared stands last either way.
      return (a, b) => {
        const left = price(a)
        const right = price(b)
        if (left === null || right === null)
          return left === right ? newest(a, b) : left === null ? 1 : -1
        return sign * (left - right) || newest(a, b)
      }
    }
  }
}

/** Categories with how many products each has, most first; spelling of the first seen. */
export function categoryCounts(products: readonly Product[]): readonly { readonly name: string, readonly count: number }[] {
  const counts = new Map<string, { name: string, count: number }>()
  for (const product of products) {
    for (const key of new Set(product.categories.map(name => name.trim().toLowerCase()).filter(name => name !== ''))) {
      const known = counts.get(key)
      if (known === undefined)
        counts.set(key, { name: product.categories.find(name => name.trim().toLowerCase() === key)?.trim() ?? key, count: 1 })
      else
        known.count += 1
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
}
