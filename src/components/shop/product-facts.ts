import type { Product } from '../../domain/catalog/types'
import { words } from '../words'

/** What a listing says of its goods, in rows: what the merchant named first, then what every listing may have. */
export function factsOf({ specs, nip99 }: Product): readonly (readonly [string, string])[] {
  const w = words.product.facts
  if (nip99 === undefined)
    return specs
  const { condition, weight, dimensions, location, pickupLocations, restrictions, requiredInfo } = nip99
  const rows = [
    [w.condition, condition],
    [w.weight, weight === null ? '' : `${weight.value} ${weight.unit}`],
    [w.dimensions, dimensions === null ? '' : `${dimensions.value.replaceAll(/x/gi, ' × ')} ${dimensions.unit}`],
    [w.location, location],
    [w.pickup, pickupLocations.join(', ')],
    [w.restrictions, restrictions],
    [w.required, requiredInfo],
  ] as const
  return [...specs, ...rows.filter(([, value]) => value !== '')]
}
