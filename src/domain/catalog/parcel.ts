import type { Address } from '../brand'
import type { Measure } from './nip99-types'
import type { Product, ShippingZone } from './types'
import { goodsOf, unitsOf, type LineRef } from './choice'

const GRAMS: ReadonlyMap<string, number> = new Map([['mg', 0.001], ['g', 1], ['gr', 1], ['gram', 1], ['grams', 1], ['kg', 1_000], ['kilogram', 1_000], ['kilograms', 1_000], ['t', 1_000_000], ['oz', 28.349_523_125], ['lb', 453.592_37], ['lbs', 453.592_37]])
const MILLIMETRES: ReadonlyMap<string, number> = new Map([['mm', 1], ['cm', 10], ['m', 1_000], ['in', 25.4], ['inch', 25.4], ['"', 25.4], ['ft', 304.8]])

/** null: no measure, or in a unit that nobody knows. */
export function gramsOf(measure: Measure | null): number | null {
  const unit = measure === null ? undefined : GRAMS.get(measure.unit.trim().toLowerCase())
  const grams = measure === null || unit === undefined ? Number.NaN : Number(measure.value) * unit
  return Number.isFinite(grams) ? grams : null
}

/** `LxWxH` in any turn; null as above. */
export function sidesOf(measure: Measure | null): readonly number[] | null {
  const unit = measure === null ? undefined : MILLIMETRES.get(measure.unit.trim().toLowerCase())
  if (measure === null || unit === undefined)
    return null
  const sides = measure.value.split(/x/i).map(side => Number(side) * unit)
  return sides.every(Number.isFinite) ? sides.toSorted((a, b) => b - a) : null
}

export type Unfit = 'too-heavy' | 'too-light' | 'too-large' | 'too-small'

interface Line extends LineRef { readonly quantity: number }

/**
 * Why a delivery does not take these goods; null = it does, as far as anybody said. What has no weight or size is not held
 * against it: too light needs all weights, too heavy only those that are enough.
 */
export function unfitFor({ limits }: Pick<ShippingZone, 'limits'>, lines: readonly Line[], products: ReadonlyMap<Address, Product>): Unfit | null {
  if (limits === undefined)
    return null
  const sent = lines.flatMap((line) => {
    const goods = goodsOf(products, line)
    const listing = products.get(line.product)
    return goods?.nip99 === undefined || listing === undefined || goods.nip99.goods === 'digital' ? [] : [{ nip99: goods.nip99, pieces: line.quantity * unitsOf(listing, line.variant) }]
  })
  const grams = sent.map(({ nip99, pieces }) => ({ each: gramsOf(nip99.weight), pieces }))
  const sum = grams.reduce((all, { each, pieces }) => all + (each ?? 0) * pieces, 0)
  if (limits.maxGrams !== undefined && sum > limits.maxGrams)
    return 'too-heavy'
  if (limits.minGrams !== undefined && grams.length > 0 && grams.every(({ each }) => each !== null) && sum < limits.minGrams)
    return 'too-light'
  const sides = sent.flatMap(({ nip99 }) => { const one = sidesOf(nip99.dimensions); return one === null ? [] : [one] })
  const { minSides, maxSides } = limits
  if (maxSides !== undefined && sides.some(one => one.some((side, place) => side > (maxSides[place] ?? Infinity))))
    return 'too-large'
  return minSides !== undefined && sides.some(one => one.some((side, place) => side < (minSides[place] ?? 0))) ? 'too-small' : null
}
