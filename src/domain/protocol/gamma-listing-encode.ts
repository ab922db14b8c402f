import type { Seconds } from '../brand'
import type { Collection, Nip99, ShippingOption } from '../catalog/nip99-types'
import type { Product } from '../catalog/types'
import type { Money } from '../money/types'
import type { UnsignedEvent } from './event'
import { moneyText } from '../money/fiat'
import { kinds } from './event'

/**
 * Listings as we write them for the peers of the Gamma spec (gamma.md §1–2): tags with exactly the elements that both
 * Plebeian and Shopstr read, empty ones left out, `type` always there since its default makes all goods digital.
 */
type Tag = readonly string[]

/** Plebeian and Shopstr both write the plural; readers take it in any case. */
const wireCurrency = (code: string): string => code === 'SAT' ? 'SATS' : code
const priceTag = (price: Money, more: readonly string[] = []): Tag => ['price', moneyText(price), wireCurrency(price.currency), ...more]
const filled = (name: string, value: string): readonly Tag[] => value === '' ? [] : [[name, value]]

export type GammaProductDraft = Pick<Product, 'id' | 'name' | 'description' | 'images' | 'stock' | 'categories' | 'specs'> & { readonly price: Money, readonly nip99: Omit<Nip99, 'client'> }

/** Kind 30402, or 30403 for a draft. */
export function encodeGammaProduct({ id, name, description, images, price, stock, categories, specs, nip99 }: GammaProductDraft, at: Seconds): UnsignedEvent {
  const tags: readonly Tag[] = [
    ['d', id],
    ['title', name],
    priceTag(price, nip99.frequency === null ? [] : [nip99.frequency]),
    ['type', nip99.format, nip99.goods],
    ['visibility', nip99.visibility],
    ...(stock === null ? [] : [['stock', String(stock)]]),
    ...filled('summary', nip99.summary),
    ...images.map((url, place) => ['image', url, '', String(place)]),
    ...specs.map(([key, value]) => ['spec', key, value]),
    ...(nip99.weight === null ? [] : [['weight', nip99.weight.value, nip99.weight.unit]]),
    ...(nip99.dimensions === null ? [] : [['dim', nip99.dimensions.value, nip99.dimensions.unit]]),
    ...filled('location', nip99.location),
    ...filled('g', nip99.geohash),
    ...categories.map(category => ['t', category]),
    ...(nip99.parent === null ? [] : [['a', nip99.parent]]),
    ...nip99.collections.map(collection => ['a', collection]),
    ...nip99.shippingOptions.map(({ ref, extra }) => ['shipping_option', ref, ...(extra.minor === 0 ? [] : [moneyText(extra)])]),
    ...shopstrTags(nip99),
    ...(nip99.validUntil === null ? [] : [['valid_until', String(nip99.validUntil)]]),
    ...(nip99.migratedFrom === null ? [] : [['migrated', nip99.migratedFrom]]),
    ...(nip99.sensitive ? [['content-warning', 'nsfw']] : []),
  ]
  return { kind: nip99.draft ? kinds.gammaDraft : kinds.gammaProduct, created_at: at, tags, content: description }
}

/** What only Shopstr has words for. `status` is read by both NIP-99 and Shopstr, so it is always said. */
function shopstrTags({ status, ownShipping, variants, requiredInfo, pickupLocations, condition, restrictions }: GammaProductDraft['nip99']): readonly Tag[] {
  return [
    ['status', status],
    ...(ownShipping === null ? [] : [['shipping', ownShipping.type, moneyText(ownShipping.cost), wireCurrency(ownShipping.cost.currency)]]),
    ...variants.sizes.map(size => ['size', size.name, ...(size.stock === null ? [] : [String(size.stock)])]),
    ...variants.volumes.map(volume => ['volume', volume.name, moneyText(volume.price)]),
    ...variants.weights.map(weight => ['weight', weight.name, moneyText(weight.price)]),
    ...variants.bulk.map(bulk => ['bulk', String(bulk.units), moneyText(bulk.price)]),
    ...filled('required', requiredInfo),
    ...pickupLocations.map(place => ['pickup_location', place]),
    ...filled('condition', condition),
    ...filled('restrictions', restrictions),
  ]
}

export type ShippingOptionDraft = Pick<ShippingOption, 'id' | 'title' | 'description' | 'cost' | 'countries' | 'regions' | 'service' | 'carrier' | 'duration' | 'pickup'>

/** Kind 30406. Worldwide is no `country` tag: Plebeian's way, and the only one that any peer has. */
export function encodeShippingOption({ id, title, description, cost, countries, regions, service, carrier, duration, pickup }: ShippingOptionDraft, at: Seconds): UnsignedEvent {
  const tags: readonly Tag[] = [
    ['d', id],
    ['title', title],
    priceTag(cost),
    ...(countries === 'worldwide' ? [] : [['country', ...countries]]),
    ['service', service],
    ...filled('carrier', carrier),
    ...(regions.length === 0 ? [] : [['region', ...regions]]),
    ...(duration === null ? [] : [['duration', String(duration.min), String(duration.max), duration.unit]]),
    ...filled('pickup-address', pickup),
  ]
  return { kind: kinds.shippingOption, created_at: at, tags, content: description }
}

export type CollectionDraft = Pick<Collection, 'id' | 'title' | 'summary' | 'description' | 'image' | 'products' | 'shippingOptions'>

/** Kind 30405. References are whole addresses: a bare id is Plebeian's slip, which others drop. */
export function encodeCollection({ id, title, summary, description, image, products, shippingOptions }: CollectionDraft, at: Seconds): UnsignedEvent {
  const tags: readonly Tag[] = [
    ['d', id],
    ['title', title],
    ...products.map(product => ['a', product]),
    ...filled('summary', summary),
    ...filled('image', image),
    ...shippingOptions.map(option => ['shipping_option', option]),
  ]
  return { kind: kinds.collection, created_at: at, tags, content: description }
}
