import type { Collection } from './nip99-types'
import type { Product } from './types'

/** Either names the other (gamma.md §2); a product is in it also when one of its variations is. */
export const isIn = (collection: Collection, product: Product, variations: readonly Product[] = []): boolean =>
  [product, ...variations].some(({ address, author, nip99 }) => author === collection.author && (collection.products.includes(address) || nip99?.collections.includes(collection.address) === true))

export interface CollectionChoice { readonly collection: Collection, readonly count: number }

/** Those that hold something of what is shown, by title. @param variationsOf of a product on the shelf */
export const filledCollections = (collections: readonly Collection[], products: readonly Product[], variationsOf: (product: Product) => readonly Product[]): readonly CollectionChoice[] =>
  collections.map(collection => ({ collection, count: products.filter(product => isIn(collection, product, variationsOf(product))).length }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.collection.title.localeCompare(b.collection.title, 'en') || (a.collection.address < b.collection.address ? -1 : 1))
