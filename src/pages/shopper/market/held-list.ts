import type { Address } from '../../../domain/brand'
import type { Product } from '../../../domain/catalog/types'

export interface Held { readonly shown: readonly Product[], readonly waiting: number }

/**
 * What a person who has scrolled sees when the market changes: everything stays where it is, in its newest version; what
 * belongs after the last one is added there; what would push the rest down waits behind 'N new products'.
 */
export function holdBack(shown: readonly Product[], live: readonly Product[]): Held {
  const fresh = new Map<Address, Product>(live.map(product => [product.address, product]))
  const known = new Set(shown.map(product => product.address))
  let end = -1
  let before = 0
  live.forEach((product, index) => {
    if (known.has(product.address))
      end = index
  })
  for (let index = 0; index < end; index++) {
    const product = live[index]
    if (product !== undefined && !known.has(product.address))
      before += 1
  }
  return { shown: [...shown.map(product => fresh.get(product.address) ?? product), ...live.slice(end + 1)], waiting: before }
}
