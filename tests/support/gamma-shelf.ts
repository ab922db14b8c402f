import { implicitStall } from '../../src/domain/catalog/implicit-stall'
import { resolveShipping } from '../../src/domain/catalog/shipping'
import type { Product, Stall } from '../../src/domain/catalog/types'
import type { Shelf } from '../../src/domain/order/pricing'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { pubkeyOf, secrets } from './flow-people'
import { signed } from './signed'

const merchantKey = { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }
export const EU = `30406:${merchantKey.pubkey}:eu`
export const WORLD = `30406:${merchantKey.pubkey}:world`

/** One mug and one way to send it, or two, as a Gamma client publishes them. */
export function gammaShelf(at: number, { world = false }: { readonly world?: boolean } = {}): { readonly shelf: Shelf, readonly mug: Product, readonly stall: Stall } {
  const read = (kind: number, tags: string[][], content = '') => {
    const listing = decodePublic(signed({ kind, created_at: at, tags, content }, merchantKey))
    if (!listing.ok)
      throw new TypeError(listing.error.code)
    return listing.value
  }
  const option = read(30_406, [['d', 'eu'], ['title', 'Europe'], ['price', '5000', 'SATS'], ['country', 'AT', 'DE'], ['service', 'standard']])
  const far = read(30_406, [['d', 'world'], ['title', 'Worldwide'], ['price', '9000', 'SATS'], ['country', 'AT', 'DE', 'JP'], ['service', 'standard']])
  const listing = read(30_402, [['d', 'mug-of-clay'], ['title', 'Mug of clay'], ['price', '10000', 'SATS'], ['type', 'simple', 'physical'], ['stock', '7'], ['shipping_option', EU], ...world ? [['shipping_option', WORLD]] : []], 'A mug.')
  if (listing.type !== 'product' || option.type !== 'shipping-option' || far.type !== 'shipping-option')
    throw new TypeError('read as something else')
  const mug = resolveShipping(listing.product)
  const stall = implicitStall({ author: mug.author, profile: null, shop: null, shippingOptions: [option.option, ...world ? [far.option] : []], collections: [], products: [mug] })
  if (stall === null)
    throw new TypeError('no stall')
  return { mug, stall, shelf: { products: new Map([[mug.address, mug]]), stalls: new Map([[stall.address, stall]]) } }
}
