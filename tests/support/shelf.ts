/** A merchant's shelf for tests: one stall in sat, one in euro. */
import { toSeconds, type Address } from '../../src/domain/brand'
import type { Product, ShippingZone, Stall } from '../../src/domain/catalog/types'
import type { Shelf } from '../../src/domain/order/pricing'
import { idOf, people, T0 } from './order-messages'

export const stallAddress = (id: string): Address => `30017:${people.merchant}:${id}` as Address
export const productAddressOf = (id: string): Address => `30018:${people.merchant}:${id}` as Address

const listing = { author: people.merchant, publishedAt: toSeconds(T0 - 1_000), dialect: 'nip15' as const }

export function stall(id: string, currency: string, zones: readonly Pick<ShippingZone, 'id' | 'cost'>[]): Stall {
  return { ...listing, address: stallAddress(id), id, eventId: idOf(900), name: `Stall ${id}`, description: '', currency, zones: zones.map(zone => ({ ...zone, name: zone.id, countries: [] })) }
}

/** @param minor in the currency's smallest unit; SAT: msat */
export function product(id: string, fields: { readonly stall?: string, readonly currency?: string, readonly minor?: number | null } & Partial<Product> = {}): Product {
  const { stall: stallId = 'sat', currency = 'SAT', minor = 10_000, ...rest } = fields
  return {
    ...listing, address: productAddressOf(id), id, eventId: idOf(800), stallAddress: stallAddress(stallId), stallId, name: `Product ${id}`, description: '', images: [`https://img.example/${id}`],
    currency, price: minor === null ? null : { currency, minor }, stock: null, active: true, categories: [], specs: [], zoneExtras: new Map(), ...rest,
  }
}

export const stalls: readonly Stall[] = [
  stall('sat', 'SAT', [{ id: 'zone-1', cost: { currency: 'SAT', minor: 5_000 } }, { id: 'zone-2', cost: { currency: 'SAT', minor: 9_000 } }]),
  stall('euro', 'EUR', [{ id: 'zone-1', cost: { currency: 'EUR', minor: 490 } }]),
  stall('pickup', 'SAT', []),
]

export const shelf = (...products: readonly Product[]): Shelf =>
  ({ products: new Map(products.map(one => [one.address, one])), stalls: new Map(stalls.map(one => [one.address, one])) })
