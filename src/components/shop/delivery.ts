import type { Money } from '../../domain/money/types'
import type { Product, ShippingZone, Stall } from '../../domain/catalog/types'
import { extraFor, isDigitalZone } from '../../domain/catalog/product'
import { addMoney } from '../../domain/money/fiat'

/** What one piece costs to send to each zone, and each further one; null where two currencies meet. */
export interface ZoneCost { readonly zone: ShippingZone, readonly first: Money | null, readonly more: Money }

export interface DeliverySummary {
  readonly zones: readonly ZoneCost[]
  readonly digital: boolean
  /** Names of countries, or of zones where no country is named; the merchant's own words. */
  readonly places: readonly string[]
  readonly byCountry: boolean
  /** Cheapest and dearest for one piece; null when unknown. */
  readonly from: Money | null
  readonly to: Money | null
}

/** Where a product goes and for how much, in short. */
export function deliveryOf(product: Product, stall: Stall): DeliverySummary {
  const zones = stall.zones.map((zone): ZoneCost => {
    const more = extraFor(product, zone.id)
    const first = more.minor === 0 ? zone.cost : zone.cost.minor === 0 ? more : zone.cost.currency === more.currency ? addMoney(zone.cost, more) : null
    return { zone, first, more }
  })
  const countries = [...new Set(stall.zones.flatMap(zone => zone.countries))]
  const known = zones.flatMap(({ first }) => first ?? []).toSorted((a, b) => a.minor - b.minor)
  const same = new Set(known.map(money => money.currency)).size === 1
  return {
    zones,
    digital: stall.zones.length > 0 && stall.zones.every(isDigitalZone),
    places: countries.length > 0 ? countries : stall.zones.map(zone => zone.name),
    byCountry: countries.length > 0,
    from: same ? known[0] ?? null : null,
    to: same ? known.at(-1) ?? null : null,
  }
}
