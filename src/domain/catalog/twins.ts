import type { EventId, Pubkey } from '../brand'
import type { Product } from './types'
import { isOrderable } from './product'
import { foldText } from './search'

/** One thing for sale. `other`: the same, listed by its merchant in the other dialect. */
export interface Listed { readonly shown: Product, readonly other: Product | null }

/** So long an id is hardly given twice for two things. */
const TELLING_LENGTH = 12

/**
 * Whether one merchant lists one thing in both dialects. Plebeian says so (`migrated`); else the ids must be equal, and where
 * an id is as short as `1` the names as well. If unsure they are two: a thing shown twice costs less than a wrong price.
 */
export function sameProduct(a: Product, b: Product): boolean {
  const [old, gamma] = a.nip99 === undefined ? [a, b] : [b, a]
  if (old.author !== gamma.author || old.nip99 !== undefined || gamma.nip99 === undefined || gamma.nip99.draft)
    return false
  return gamma.nip99.migratedFrom === old.eventId
    || (old.id === gamma.id && (old.id.length >= TELLING_LENGTH || sameName(old, gamma)))
}

const sameName = (a: Product, b: Product): boolean => foldText(a.name).trim() === foldText(b.name).trim()

/** Each product once, in the sequence given. Only pairs of which neither side has a second match are joined. */
export function joinTwins(products: readonly Product[]): readonly Listed[] {
  const other = twinsAmong(products)
  return products.flatMap((product): readonly Listed[] => {
    const twin = other.get(product)
    if (twin === undefined)
      return [{ shown: product, other: null }]
    return leads(product, twin) ? [{ shown: product, other: twin }] : []
  })
}

function twinsAmong(products: readonly Product[]): ReadonlyMap<Product, Product> {
  const old = products.filter(({ nip99 }) => nip99 === undefined)
  const byId = new Map<`${Pubkey}:${string}`, Product>(old.map(product => [`${product.author}:${product.id}`, product]))
  const byEvent = new Map<EventId, Product>(old.map(product => [product.eventId, product]))
  const matches = products.flatMap((product) => {
    const named = product.nip99?.migratedFrom
    const candidates = new Set([byId.get(`${product.author}:${product.id}`), named ? byEvent.get(named) : undefined])
    return [...candidates].flatMap(one => one !== undefined && one !== product && sameProduct(one, product) ? [[one, product] as const] : [])
  })
  const uses = new Map<Product, number>()
  for (const product of matches.flat())
    uses.set(product, (uses.get(product) ?? 0) + 1)
  const pairs = matches.filter(pair => pair.every(product => uses.get(product) === 1))
  return new Map(pairs.flatMap(([a, b]) => [[a, b], [b, a]] as const))
}

/** What can be ordered; then what replaces the other by its own word; then the newer; then NIP-15, whose merchants send invoices. */
function leads(a: Product, b: Product): boolean {
  if (isOrderable(a) !== isOrderable(b))
    return isOrderable(a)
  if (replaces(a, b) || replaces(b, a))
    return replaces(a, b)
  return a.publishedAt === b.publishedAt ? a.nip99 === undefined : a.publishedAt > b.publishedAt
}

const replaces = (a: Product, b: Product): boolean => a.nip99?.migratedFrom === b.eventId
