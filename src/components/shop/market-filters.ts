import type { Address } from '../../domain/brand'
import type { BrowseFilter, SortBy } from '../../domain/catalog/browse'
import { everything } from '../../domain/catalog/browse'
import { fromNaddr, toNaddr } from '../../domain/catalog/naddr'

export const SORTS: readonly SortBy[] = ['newest', 'price-up', 'price-down', 'name']

type Query = Readonly<Record<string, unknown>>
const one = (value: unknown): string => typeof value === 'string' ? value.slice(0, 200) : ''

/** What an address bar says of the filters; anything unreadable counts as not set. */
export function filterFromQuery(query: Query): BrowseFilter {
  const stall = fromNaddr(one(query['stall']))
  return {
    query: one(query['q']),
    category: one(query['category']) || null,
    stall: stall.ok ? stall.value.address : null,
    inStock: query['stock'] === 'in',
    sort: SORTS.find(sort => sort === query['sort']) ?? everything.sort,
  }
}

/** The reverse: only what differs from showing everything. */
export function queryFromFilter(filter: BrowseFilter): Record<string, string> {
  return {
    ...(filter.query.trim() !== '' && { q: filter.query }),
    ...(filter.category !== null && { category: filter.category }),
    ...(filter.stall !== null && { stall: toNaddr(filter.stall) }),
    ...(filter.inStock && { stock: 'in' }),
    ...(filter.sort !== everything.sort && { sort: filter.sort }),
  }
}

export interface ActiveFilter { readonly key: 'query' | 'category' | 'stall' | 'inStock', readonly name: string, readonly without: BrowseFilter }

/** What narrows the list now, each with the filter that would be left without it. */
export function activeFilters(filter: BrowseFilter, names: { readonly query: string, readonly stall: string, readonly inStock: string }): readonly ActiveFilter[] {
  return [
    ...(filter.query.trim() === '' ? [] : [{ key: 'query', name: names.query, without: { ...filter, query: '' } } as const]),
    ...(filter.category === null ? [] : [{ key: 'category', name: filter.category, without: { ...filter, category: null } } as const]),
    ...(filter.stall === null ? [] : [{ key: 'stall', name: names.stall, without: { ...filter, stall: null } } as const]),
    ...(filter.inStock ? [{ key: 'inStock', name: names.inStock, without: { ...filter, inStock: false } } as const] : []),
  ]
}

export interface StallChoice { readonly address: Address, readonly name: string, readonly count: number }
export interface CategoryChoice { readonly name: string, readonly count: number }
