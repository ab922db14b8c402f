import type { Address, Seconds } from '../brand'
import type { Money } from '../money/types'
import type { Product, ShippingZone, Stall } from './types'
import { zero } from '../money/fiat'
import { countryCode, isWorldwide } from './countries'

/**
 * Why a product cannot be put in the cart; null when it can.
 * @param now without it nothing has run out
 */
export function whyNotOrderable(product: Product, now?: Seconds): 'not-active' | 'no-price' | 'sold-out' | null {
  // Of a `variable` product its variations are ordered (gamma.md §1).
  if (!product.active || isExpired(product, now) || product.nip99?.format === 'variable')
    return 'not-active'
  if (product.price === null)
    return 'no-price'
  return isSoldOut(product) ? 'sold-out' : null
}

export const isOrderable = (product: Product, now?: Seconds): boolean => whyNotOrderable(product, now) === null

/** Whether the market shows it, sold out or not. */
export const isListed = (product: Product, now?: Seconds): boolean => product.active && !isExpired(product, now)

const isExpired = ({ nip99 }: Product, now: Seconds | undefined): boolean =>
  now !== undefined && nip99?.validUntil !== undefined && nip99.validUntil !== null && nip99.validUntil <= now

function isSoldOut({ stock, nip99 }: Product): boolean {
  const sizes = nip99?.variants.sizes ?? []
  return stock === 0 || nip99?.status === 'sold' || (sizes.length > 0 && sizes.every(size => size.stock === 0))
}

/** The shopper has to say which: its price or stock hangs on it. */
export const needsChoice = ({ nip99 }: Product): boolean =>
  nip99 !== undefined && nip99.variants.sizes.length + nip99.variants.volumes.length + nip99.variants.weights.length > 0

/** A product belongs to a stall of the same author only: an id alone proves nothing (nip15.md §12). */
export function stallOf(product: Product, stalls: ReadonlyMap<Address, Stall>): Stall | null {
  const stall = stalls.get(product.stallAddress)
  return stall !== undefined && stall.author === product.author ? stall : null
}

/** Extra cost of one piece for a zone, in the product's currency. */
export const extraFor = (product: Product, zoneId: string): Money => product.zoneExtras.get(zoneId) ?? zero(product.currency)

const DIGITAL = /digital|download|e-?mail|online/i

/** Said so by its service; else free and named so: the only sign of digital goods that NIP-15 has (nip15.md §2). */
export const isDigitalZone = ({ service, cost, name }: ShippingZone): boolean =>
  service === undefined ? cost.minor === 0 && DIGITAL.test(name) : service === 'digital'

/** Where nothing is sent by post no address is asked. */
export const needsAddress = (zone: ShippingZone | null): boolean => zone === null || (zone.service !== 'pickup' && !isDigitalZone(zone))

/** `unknown`: the merchant named no countries. Names are free text: the same country, or an equal name, counts as served. */
export function zoneServes(zone: ShippingZone, country: string): 'yes' | 'no' | 'unknown' {
  if (zone.countries.length === 0 || country.trim() === '')
    return 'unknown'
  const wanted = comparable(country)
  return zone.countries.some(name => isWorldwide(name) || comparable(name) === wanted) ? 'yes' : 'no'
}

const comparable = (name: string): string => countryCode(name) ?? name.trim().toLowerCase()
