import type { Address } from '../brand'
import type { Money } from '../money/types'
import type { Product, ShippingZone, Stall } from './types'
import { zero } from '../money/fiat'

/** Why a product cannot be put in the cart; null when it can. */
export function whyNotOrderable(product: Product): 'not-active' | 'no-price' | 'sold-out' | null {
  if (!product.active)
    return 'not-active'
  if (product.price === null)
    return 'no-price'
  return product.stock === 0 ? 'sold-out' : null
}

export const isOrderable = (product: Product): boolean => whyNotOrderable(product) === null

/** A product belongs to a stall of the same author only: an id alone proves nothing (nip15.md §12). */
export function stallOf(product: Product, stalls: ReadonlyMap<Address, Stall>): Stall | null {
  const stall = stalls.get(product.stallAddress)
  return stall !== undefined && stall.author === product.author ? stall : null
}

/** Extra cost of one piece for a zone, in the product's currency. */
export const extraFor = (product: Product, zoneId: string): Money => product.zoneExtras.get(zoneId) ?? zero(product.currency)

const DIGITAL = /digital|download|e-?mail|online/i

/** Free and named so: the only sign of digital goods that NIP-15 has (nip15.md §2). */
export const isDigitalZone = (zone: ShippingZone): boolean => zone.cost.minor === 0 && DIGITAL.test(zone.name)

/** Nothing is sent by post, so no address is asked. */
export const needsAddress = (zone: ShippingZone | null): boolean => zone === null || !isDigitalZone(zone)

const WORLD = /^(?:world ?wide|world|everywhere|global|all countries|any)$/i

/** `unknown`: the merchant named no countries. Names are free text, so only an equal name counts as served. */
export function zoneServes(zone: ShippingZone, country: string): 'yes' | 'no' | 'unknown' {
  if (zone.countries.length === 0 || country.trim() === '')
    return 'unknown'
  const wanted = country.trim().toLowerCase()
  return zone.countries.some(name => WORLD.test(name.trim()) || name.trim().toLowerCase() === wanted) ? 'yes' : 'no'
}
