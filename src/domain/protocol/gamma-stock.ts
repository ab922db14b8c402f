import type { StockLeft } from '../order/stock'
import type { NostrEvent } from './event'
import { readWhole } from './listing-tags'
import { withoutUnseen } from './shown-text'

type Tags = NostrEvent['tags']

/**
 * The tags of a NIP-99 listing with these pieces left, and every other tag and element as its client wrote it. `stock` and
 * Shopstr's `quantity` say the same thing (gamma.md §1), so both follow; a size counts in its second element.
 * null: it does not count what should be written.
 */
export function withStock(tags: Tags, { stock, sizes }: StockLeft): Tags | null {
  const written = new Set<string>()
  const next = tags.map((tag) => {
    const [name = '', first = '', second = '', ...more] = tag
    if (stock !== null && (name === 'stock' || name === 'quantity') && readWhole(first) !== null) {
      written.add('')
      return [name, String(stock), ...tag.slice(2)]
    }
    const size = name === 'size' ? sizes.get(withoutUnseen(first)) : undefined
    if (size === undefined || readWhole(second) === null)
      return tag
    written.add(`size ${withoutUnseen(first)}`)
    return [name, first, String(size), ...more]
  })
  return (stock === null || written.has('')) && [...sizes.keys()].every(name => written.has(`size ${name}`)) ? next : null
}
