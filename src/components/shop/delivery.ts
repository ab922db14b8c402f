import type { Money } from '../../domain/money/types'
import type { Product, ShippingZone, Stall } from '../../domain/catalog/types'
import { isWorldwide } from '../../domain/catalog/countries'
import { extraFor, isDigitalZone } from '../../domain/catalog/product'
import { needsZone, zonesFor } from '../../domain/catalog/shipping'
import { addMoney } from '../../domain/money/fiat'

/** What one piece costs to send to each zone, and each further one; null where two currencies meet. */
export interface ZoneCost { readonly zone: ShippingZone, readonly first: Money | null, readonly more: Money }

export interface DeliverySummary {
  readonly zones: readonly ZoneCost[]
  /** The merchant says how it is sent, and none of it is here. */
  readonly missing: boolean
  readonly digital: boolean
  readonly pickup: 'no' | 'too' | 'only'
  readonly worldwide: boolean
  /** The merchant adds to some cost. */
  readonly atLeast: boolean
  /** Names of countries, or of zones where no country is named; the merchant's own words. */
  readonly places: readonly string[]
  readonly byCountry: boolean
  /** Cheapest and dearest for one piece; null when unknown. */
  readonly from: Money | null
  readonly to: Money | null
}

/** Where a product goes and for how much, in short. */
export function deliveryOf(product: Product, stall: Stall): DeliverySummary {
  const ways = zonesFor([product], stall)
  const zones = ways.map((zone): ZoneCost => {
    const more = extraFor(product, zone.id)
    const first = more.minor === 0 ? zone.cost : zone.cost.minor === 0 ? more : zone.cost.currency === more.currency ? addMoney(zone.cost, more) : null
    return { zone, first, more }
  })
  const sent = ways.filter(({ service }) => service !== 'pickup')
  const countries = [...new Set(sent.flatMap(zone => zone.countries))]
  const known = zones.flatMap(({ first }) => first ?? []).toSorted((a, b) => a.minor - b.minor)
  const same = new Set(known.map(money => money.currency)).size === 1
  return {
    zones,
    missing: ways.length === 0 && needsZone([product], stall),
    digital: ways.length > 0 && ways.every(isDigitalZone),
    pickup: sent.length === ways.length ? 'no' : sent.length === 0 ? 'only' : 'too',
    // NIP-15 has the merchant's own words for it.
    worldwide: product.nip99 !== undefined && countries.some(isWorldwide),
    atLeast: ways.some(zone => zone.atLeast === true),
    places: countries.length > 0 ? countries : sent.map(zone => zone.name).filter(name => name !== ''),
    byCountry: countries.length > 0,
    from: same ? known[0] ?? null : null,
    to: same ? known.at(-1) ?? null : null,
  }
}
