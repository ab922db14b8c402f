import type { Address } from '../brand'
import type { Product } from './types'

/** Lower case without accents, so that `cafe` finds `Café`. */
export const foldText = (text: string): string => text.normalize('NFD').replace(/\p{M}+/gu, '').toLowerCase()

/** What is looked through, prepared once per product version: a search then costs microseconds per product. */
export interface SearchEntry { readonly address: Address, readonly name: string, readonly all: string }

export function searchEntry(product: Product, stallName: string): SearchEntry {
  const name = foldText(product.name)
  return { address: product.address, name, all: `${name}\n${foldText(`${product.categories.join(' ')} ${stallName} ${product.description}`)}` }
}

export const searchWords = (query: string): readonly string[] => foldText(query).split(/\s+/).filter(word => word !== '').slice(0, 12)

/** Every word must occur. Higher is better: at the start of the name, in the name, elsewhere. 0 = no match. */
export function matchScore(entry: SearchEntry, words: readonly string[]): number {
  let score = 1
  for (const word of words) {
    if (!entry.all.includes(word))
      return 0
    const at = entry.name.indexOf(word)
    if (at >= 0)
      score += at === 0 ? 4 : 2
  }
  return score
}
