import type { Event as StoredEvent, Filter } from '@nostr-relay/common'
import type { Listing, Product } from '../../src/domain/catalog/types'
import type { Rate } from '../../src/domain/money/types'
import type { NostrEvent } from '../../src/domain/protocol/event'
import type { GammaQuote } from '../gamma-bot'
import { isPubkey, toSeconds } from '../../src/domain/brand'
import { implicitStall } from '../../src/domain/catalog/implicit-stall'
import { isOrderable } from '../../src/domain/catalog/product'
import { ownZones, resolveShipping } from '../../src/domain/catalog/shipping'
import { priceOrder, productAddress } from '../../src/domain/order/pricing'
import { kinds } from '../../src/domain/protocol/event'
import { decodePublic } from '../../src/domain/protocol/public-events'
import { SANDBOX_PRICES } from '../wallet/lnbits-api'

const RATES: ReadonlyMap<string, Rate> = new Map(Object.entries(SANDBOX_PRICES).map(([currency, price]) => [currency, { currency, btcPrice: String(price), source: 'sandbox', at: toSeconds(0) }]))
const NOT_OURS = { refusal: 'One of these goods, or the shipping, is not ours. Please look at the listing again.' }

/** Prices an order from what the merchant's Gamma listings on the relay say now. */
export function gammaQuoteFrom(find: (filter: Filter) => readonly StoredEvent[], author: string): GammaQuote {
  return (items, zoneId) => {
    if (!isPubkey(author))
      return NOT_OURS
    const listings = find({ kinds: [kinds.gammaProduct, kinds.collection, kinds.shippingOption], authors: [author] }).flatMap((event): readonly Listing[] => {
      const decoded = decodePublic(event as unknown as NostrEvent)
      return decoded.ok ? [decoded.value] : []
    })
    const collections = listings.flatMap(entry => (entry.type === 'collection' ? [entry.collection] : []))
    const byAddress = new Map(collections.map(collection => [collection.address, collection]))
    const goods = listings.flatMap((entry): readonly Product[] => (entry.type === 'product' ? [resolveShipping(entry.product, byAddress)] : []))
    const stall = implicitStall({ author, profile: null, shop: null, shippingOptions: listings.flatMap(entry => (entry.type === 'shipping-option' ? [entry.option] : [])), collections, products: goods })
    if (stall === null)
      return NOT_OURS
    const products = new Map(goods.map(product => [product.address, product]))
    // No shipping named: fine where nothing is to be sent.
    const priced = priceOrder({ merchant: author, items, zoneId: zoneId === '' ? ownZones.nothing : zoneId, shelf: { products, stalls: new Map([[stall.address, stall]]) }, rate: RATES.get(stall.currency) ?? null, rates: RATES })
    if (!priced.ok || priced.value.totals.totalMsat === null)
      return NOT_OURS
    const short = items.some((item) => {
      const product = products.get(productAddress(author, item))
      return product === undefined || !isOrderable(product) || (product.stock !== null && item.quantity > product.stock)
    })
    return short ? { refusal: 'There is not enough left of one of these. Sorry!' } : { msat: Math.max(1000, priced.value.totals.totalMsat) }
  }
}
