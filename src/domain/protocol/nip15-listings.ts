import type { CurrencyCode, Money } from '../money/types'
import type { Product, ShippingZone, Stall } from '../catalog/types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import * as v from 'valibot'
import { toAddress } from '../catalog/address'
import { limits } from '../limits'
import { readCurrency, readMoney, zero } from '../money/fiat'
import { err, ok } from '../result'
import { kinds } from './event'
import { tagValues } from './event-shape'
import { name as requiredName, schemaError, words } from './fields'
import { readImages } from './images'
import { field, isRecord, parseJson } from './json'
import { withoutUnseen } from './shown-text'

export type ListingError = { readonly code: 'not-json' | 'schema' | 'limit' | 'no-d' | 'quantity', readonly detail: string }

export interface ListingRules {
  /** Development only: pictures from this very machine. */
  readonly loopbackImages: boolean
}

/** Key of what only we understand: peers ignore unknown keys (nip15.md §13). */
const EXTRA = 'souk'

const Zone = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.orderId, 'limit')),
  name: words(limits.name),
  cost: v.optional(v.unknown()),
  regions: v.optional(v.unknown()),
  countries: v.optional(v.unknown()),
})

const StallBody = v.object({
  name: v.pipe(v.string(), v.maxLength(limits.name, 'limit'), v.transform(withoutUnseen)),
  description: words(limits.listingContent),
  currency: v.string(),
  shipping: v.nullish(v.array(v.unknown()), []),
})

const ProductBody = v.object({
  stall_id: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.name, 'limit')),
  name: requiredName,
  description: words(limits.listingContent),
  currency: v.string(),
})

/** The `d` tag is the id, whatever the content says (nip15.md §2). */
function identity(event: NostrEvent): Result<{ readonly id: string, readonly body: Readonly<Record<string, unknown>> }, ListingError> {
  const tag = event.tags.find(([name]) => name === 'd')
  const id = tag?.[1]
  if (id === undefined || id === '')
    return err({ code: 'no-d', detail: '' })
  if (id.length > limits.name)
    return err({ code: 'limit', detail: 'd' })
  const json = parseJson(event.content, limits.listingContent)
  if (!json.ok)
    return json
  return isRecord(json.value) ? ok({ id, body: json.value }) : err({ code: 'schema', detail: '' })
}

/** NIP-15 kind 30017, with nostrmarket's `countries` for `regions`. A zone that cannot be read is left out. */
export function decodeStall(event: NostrEvent): Result<Stall, ListingError> {
  const found = identity(event)
  if (!found.ok)
    return found
  const read = v.safeParse(StallBody, found.value.body)
  if (!read.success)
    return err(schemaError(read.issues))
  const currency = readCurrency(read.output.currency)
  if (currency === null)
    return err({ code: 'schema', detail: 'currency' })
  const { name, description, shipping } = read.output
  const zones = (shipping ?? []).slice(0, limits.zones).flatMap(zone => readZone(zone, currency))
  return ok({ ...base(event, kinds.stall, found.value.id), name, description, currency, zones })
}

function readZone(value: unknown, currency: CurrencyCode): readonly ShippingZone[] {
  const read = v.safeParse(Zone, value)
  if (!read.success)
    return []
  const cost = read.output.cost === undefined || read.output.cost === null ? zero(currency) : readMoney(read.output.cost, currency)
  const countries = [...texts(read.output.countries), ...texts(read.output.regions)]
  return cost === null ? [] : [{ id: read.output.id, name: read.output.name, cost, countries: [...new Set(countries)].slice(0, limits.zoneCountries) }]
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string' && entry !== '' && entry.length <= limits.name).map(withoutUnseen) : []

/** NIP-15 kind 30018. An unreadable price is null (shown, not for sale), an unreadable stock is none. */
export function decodeProduct(event: NostrEvent, rules: ListingRules = { loopbackImages: false }): Result<Product, ListingError> {
  const found = identity(event)
  if (!found.ok)
    return found
  const { id, body } = found.value
  const read = v.safeParse(ProductBody, body)
  if (!read.success)
    return err(schemaError(read.issues))
  const currency = readCurrency(read.output.currency)
  if (currency === null)
    return err({ code: 'schema', detail: 'currency' })
  const { stall_id: stallId, name, description } = read.output
  return ok({
    ...base(event, kinds.product, id),
    stallAddress: toAddress(kinds.stall, event.pubkey, stallId),
    stallId,
    name,
    description,
    images: readImages(field(body, 'images'), field(body, 'image'), rules.loopbackImages),
    currency,
    price: readMoney(field(body, 'price'), currency),
    stock: readStock(body),
    active: field(body, 'active') !== false,
    categories: tagValues(event, 't').filter(entry => entry.length <= limits.name).slice(0, limits.categories).map(withoutUnseen),
    specs: readSpecs(field(body, 'specs')),
    zoneExtras: readExtras(field(body, 'shipping'), currency),
  })
}

function readStock(body: Readonly<Record<string, unknown>>): number | null {
  const extra = field(body, EXTRA)
  const quantity = field(body, 'quantity')
  if (quantity === null || quantity === undefined || (isRecord(extra) && field(extra, 'unlimited') === true))
    return null
  return typeof quantity === 'number' && Number.isSafeInteger(quantity) && quantity >= 0 ? quantity : 0
}

function readSpecs(value: unknown): readonly (readonly [string, string])[] {
  const rows = Array.isArray(value) ? value as readonly unknown[] : []
  return rows.slice(0, limits.specs).flatMap((row) => {
    const [key, entry] = Array.isArray(row) ? row as readonly unknown[] : []
    return typeof key === 'string' && typeof entry === 'string' && key.length <= limits.name && entry.length <= limits.orderText ? [[withoutUnseen(key), withoutUnseen(entry)] as const] : []
  })
}

function readExtras(value: unknown, currency: CurrencyCode): ReadonlyMap<string, Money> {
  const rows = Array.isArray(value) ? (value as readonly unknown[]).slice(0, limits.zones) : []
  return new Map(rows.flatMap((row) => {
    const id = isRecord(row) ? field(row, 'id') : undefined
    const cost = isRecord(row) ? readMoney(field(row, 'cost'), currency) : null
    return typeof id === 'string' && cost !== null && cost.minor > 0 ? [[id, cost] as const] : []
  }))
}

const base = (event: NostrEvent, kind: number, id: string) =>
  ({ address: toAddress(kind, event.pubkey, id), author: event.pubkey, id, eventId: event.id, publishedAt: event.created_at, dialect: 'nip15' as const })
