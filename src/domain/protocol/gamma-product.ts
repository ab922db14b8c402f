import type { Nip99, ShippingRef } from '../catalog/nip99-types'
import type { Product } from '../catalog/types'
import type { CurrencyCode } from '../money/types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError, ListingRules } from './nip15-listings'
import * as v from 'valibot'
import { isEventId, isSeconds } from '../brand'
import { resolveShipping } from '../catalog/shipping'
import { stallAddressOf } from '../catalog/implicit-stall'
import { limits } from '../limits'
import { readMoney, zero } from '../money/fiat'
import { err, ok } from '../result'
import { kinds } from './event'
import { tagValue, tagValues } from './event-shape'
import { name, schemaError, words } from './fields'
import { distinct, listingBase, ownReference, readPriceTag, readWhole, rowsOf, shownValue, wordOf } from './listing-tags'
import { readDimensions, readOwnShipping, readVariants, readWeight } from './gamma-variants'
import { readImages } from './images'
import { withoutUnseen } from './shown-text'

const Head = v.object({ title: name, description: words(limits.listingContent) })

/** NIP-99 kind 30402 and its drafts, 30403, by the Gamma spec with what Plebeian and Shopstr write (gamma.md §1). */
export function decodeGammaProduct(event: NostrEvent, rules: ListingRules = { loopbackImages: false }): Result<Product, ListingError> {
  const base = listingBase(event)
  if (!base.ok)
    return base
  const summary = shownValue(event, 'summary', limits.tagValue)
  const head = v.safeParse(Head, { title: tagValue(event, 'title'), description: event.content === '' ? summary : event.content })
  if (!head.success)
    return err(schemaError(head.issues))
  const priced = readPriceTag(event)
  if (!priced.ok)
    return priced
  const { currency, price } = priced.value
  const nip99: Nip99 = { ...readNip99(event, currency), summary, variants: readVariants(event, currency, price) }
  return ok(resolveShipping({
    ...base.value,
    // No stall is named: the merchant is one (docs/decisions/0010).
    stallAddress: stallAddressOf(event.pubkey),
    stallId: '',
    name: head.output.title,
    description: head.output.description,
    images: readOrderedImages(event, rules),
    currency,
    price,
    stock: readStock(event),
    active: !nip99.draft && nip99.visibility !== 'hidden',
    categories: readCategories(event),
    specs: readSpecs(event),
    zoneExtras: new Map(),
    nip99,
  }))
}

function readNip99(event: NostrEvent, currency: CurrencyCode): Omit<Nip99, 'summary' | 'variants'> {
  const [type, goods] = rowsOf(event, 'type')[0] ?? []
  const format = wordOf(['simple', 'variable', 'variation'], type) ?? 'simple'
  const ownShipping = readOwnShipping(event, currency)
  const frequency = rowsOf(event, 'price')[0]?.[2] ?? ''
  const migrated = tagValue(event, 'migrated')
  const parents = distinct(tagValues(event, 'a').map(text => ownReference(text, event.pubkey, [kinds.gammaProduct])), 1)
  return {
    format,
    // Shopstr never writes the type: what it sends is physical. Else the spec's default.
    goods: wordOf(['physical', 'digital'], goods) ?? (hasTag(event, 'shipping') && ownShipping?.type !== 'N/A' ? 'physical' : 'digital'),
    visibility: wordOf(['hidden', 'pre-order'], tagValue(event, 'visibility')) ?? 'on-sale',
    status: wordOf(['sold'], tagValue(event, 'status')) ?? 'active',
    draft: event.kind === kinds.gammaDraft,
    frequency: frequency === '' || frequency.length > 32 ? null : withoutUnseen(frequency),
    parent: format === 'variation' ? parents[0] ?? null : null,
    collections: distinct([
      ...tagValues(event, 'a').map(text => ownReference(text, event.pubkey, [kinds.collection])),
      ...tagValues(event, 'collection').map(text => ownReference(text, event.pubkey, [kinds.collection], kinds.collection)),
    ], limits.zones),
    shippingOptions: readRefs(event, currency),
    ownShipping,
    namesShipping: hasTag(event, 'shipping') || hasTag(event, 'shipping_option'),
    weight: readWeight(event),
    dimensions: readDimensions(event),
    location: shownValue(event, 'location'),
    geohash: /^[0-9b-hjkmnp-z]{1,12}$/.exec(tagValue(event, 'g'))?.[0] ?? '',
    requiredInfo: shownValue(event, 'required') || shownValue(event, 'required_customer_info'),
    pickupLocations: tagValues(event, 'pickup_location').filter(text => text !== '' && text.length <= limits.name).slice(0, limits.zones).map(withoutUnseen),
    condition: shownValue(event, 'condition'),
    restrictions: shownValue(event, 'restrictions', limits.tagValue),
    validUntil: readTime(tagValue(event, 'valid_until')) ?? readTime(tagValue(event, 'expiration')),
    client: shownValue(event, 'client'),
    migratedFrom: isEventId(migrated) ? migrated : null,
    sensitive: event.tags.some(([tag, first, second]) => tag === 'content-warning' || (tag === 'L' && first === 'content-warning') || (tag === 'l' && second === 'content-warning')),
  }
}

const hasTag = (event: NostrEvent, name: string): boolean => event.tags.some(([first]) => first === name)

function readTime(text: string): Nip99['validUntil'] {
  const at = readWhole(text)
  return isSeconds(at) ? at : null
}

/** An unreadable extra cost takes the reference out: it must not become free. */
function readRefs(event: NostrEvent, currency: CurrencyCode): readonly ShippingRef[] {
  const refs = rowsOf(event, 'shipping_option').slice(0, limits.zones).flatMap(([text, cost = '']) => {
    const ref = ownReference(text, event.pubkey, [kinds.shippingOption, kinds.collection], kinds.shippingOption)
    const extra = cost.trim() === '' ? zero(currency) : readMoney(cost, currency)
    return ref === null || extra === null ? [] : [{ ref, extra }]
  })
  return [...new Map(refs.map(one => [one.ref, one])).values()]
}

/** `stock` wins over Shopstr's `quantity`. Neither: not tracked. Unreadable: none. */
function readStock(event: NostrEvent): number | null {
  const text = tagValue(event, 'stock') || tagValue(event, 'quantity')
  return text.trim() === '' ? null : readWhole(text) ?? 0
}

/** By their order number; those without one follow as they stand. */
function readOrderedImages(event: NostrEvent, rules: ListingRules): readonly string[] {
  const rows = rowsOf(event, 'image').map(([url = '', , place]) => ({ url, place: readWhole(place) ?? Infinity }))
  const sorted = rows.toSorted((a, b) => a.place === b.place ? 0 : a.place - b.place)
  return readImages(sorted.map(({ url }) => url), '', rules.loopbackImages)
}

/** Shopstr drops categories over 100 characters or with control characters; its own mark among them is none. */
const readCategories = (event: NostrEvent): readonly string[] =>
  distinct(tagValues(event, 't').map(text => text.trim()).map(text => text === '' || text === 'shopstr' || text.length > 100 || /\p{Cc}/u.test(text) ? null : withoutUnseen(text)), limits.categories)

const readSpecs = (event: NostrEvent): Product['specs'] =>
  rowsOf(event, 'spec').slice(0, limits.specs).flatMap(([key, value]) => key === undefined || value === undefined || key.length > limits.name ? [] : [[withoutUnseen(key), withoutUnseen(value)] as const])
