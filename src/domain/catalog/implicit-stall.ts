import type { Address, Pubkey } from '../brand'
import type { CurrencyCode } from '../money/types'
import type { ListingBase } from './listing-base'
import type { Collection, ShippingOption, ShopProfile } from './nip99-types'
import type { Product, Profile, ShippingZone, Stall } from './types'
import { zero } from '../money/fiat'
import { toAddress } from './address'
import { countryName } from './countries'
import { isNewer } from './latest'
import { ownZones } from './shipping'

/**
 * Gamma has no stall: each merchant is one (gamma.md §2). Its address is that of the merchant's own profile (NIP-01: kind 0,
 * empty `d`), which no listing can have and every client can resolve; docs/decisions/0010 has the reasons.
 */
export const stallAddressOf = (merchant: Pubkey): Address => toAddress(0, merchant, '')

export const isImplicit = (stall: Pick<Stall, 'address' | 'author'>): boolean => stall.address === stallAddressOf(stall.author)

/** What is on the shelf of one merchant now; deleted and superseded versions are not. Others' listings are passed over. */
export interface MerchantListings {
  readonly author: Pubkey
  readonly profile: Pick<Profile, 'name' | 'about'> | null
  readonly shop: Pick<ShopProfile, 'name' | 'about'> | null
  readonly shippingOptions: Iterable<ShippingOption>
  readonly collections: Iterable<Collection>
  readonly products: Iterable<Product>
}

/** The one stall of a merchant of NIP-99 listings; null for one without any. The sequence of what comes in changes nothing. */
export function implicitStall({ author, profile, shop, shippingOptions, collections, products }: MerchantListings): Stall | null {
  const options = ownSorted(shippingOptions, author)
  const groups = ownSorted(collections, author)
  const goods = ownSorted(products, author).filter(({ nip99 }) => nip99 !== undefined)
  const newest = newestOf([...goods, ...options, ...groups])
  if (newest === null)
    return null
  const currency = mostUsed(goods.length > 0 ? goods : options.map(({ cost }) => cost))
  const dialect = newestOf(goods.filter(product => product.dialect !== 'gamma'))?.dialect ?? 'gamma'
  return {
    address: stallAddressOf(author),
    author,
    id: '',
    eventId: newest.eventId,
    publishedAt: newest.publishedAt,
    dialect,
    name: shop?.name || profile?.name || '',
    description: shop?.about || profile?.about || '',
    currency,
    zones: [...options.map(zoneOf), ...ownZonesOf(goods, currency)],
    collections: groups,
  }
}

const ownSorted = <T extends ListingBase>(listings: Iterable<T>, author: Pubkey): readonly T[] =>
  [...listings].filter(listing => listing.author === author).toSorted((a, b) => a.address < b.address ? -1 : 1)

const newestOf = (listings: readonly ListingBase[]): ListingBase | null =>
  listings.reduce<ListingBase | null>((best, next) => best === null || isNewer(next, best) ? next : best, null)

/** Of two used equally often the first by name. */
function mostUsed(amounts: readonly { readonly currency: CurrencyCode }[]): CurrencyCode {
  const counts = new Map<CurrencyCode, number>()
  for (const { currency } of amounts)
    counts.set(currency, (counts.get(currency) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? 'SAT'
}

/** A shipping option as a zone: what an order costs to send once, each product's extra aside. */
const zoneOf = ({ address, title, cost, countries, service, pickup, addedBy, limits }: ShippingOption): ShippingZone => ({
  id: address,
  name: title,
  cost,
  countries: countries === 'worldwide' ? ['Worldwide'] : countries.map(countryName),
  service,
  ...(pickup === '' ? {} : { pickup }),
  ...(addedBy.length === 0 ? {} : { atLeast: true }),
  ...(limits !== undefined && { limits }),
})

const OWN = [
  { id: ownZones.delivery, service: 'standard' },
  { id: ownZones.pickup, service: 'pickup' },
  { id: ownZones.nothing, service: 'digital' },
] as const

/** Products' own deliveries cost what each piece adds, and nothing per order. Their names are ours to give, in the person's language. */
function ownZonesOf(goods: readonly Product[], currency: CurrencyCode): readonly ShippingZone[] {
  const used = new Set(goods.flatMap(({ zoneIds }) => zoneIds ?? []))
  return OWN.filter(({ id }) => used.has(id)).map(zone => ({ ...zone, name: '', cost: zero(currency), countries: [] }))
}
