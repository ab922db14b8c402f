import type { Measure, OwnShipping, OwnShippingType, ParcelLimits, Variants } from '../catalog/nip99-types'
import { gramsOf, sidesOf } from '../catalog/parcel'
import type { CurrencyCode, Money } from '../money/types'
import type { NostrEvent } from './event'
import { limits } from '../limits'
import { bitcoinMsat, readCurrency, readMoney } from '../money/fiat'
import { readWhole, rowsOf } from './listing-tags'
import { withoutUnseen } from './shown-text'

const NUMBER = /^\s*-?\d+(?:[.,]\d+)?\s*$/

/** The spec's `[value, unit]`; null where it means another thing, or nothing that can be read. */
function readMeasure(row: readonly string[] | undefined, value: RegExp): Measure | null {
  const [amount = '', unit = ''] = row ?? []
  return value.test(amount) && unit !== '' && unit.length <= 20 && !NUMBER.test(unit) ? { value: amount, unit: withoutUnseen(unit) } : null
}

const MASS = /^\d{1,12}(?:\.\d{1,6})?$/
const SIDES = /^\d{1,9}(?:\.\d{1,6})?(?:x\d{1,9}(?:\.\d{1,6})?){1,2}$/i

/** What a shipping option (30406) takes; undefined where it says nothing that can be read. */
export function readParcelLimits(event: NostrEvent): ParcelLimits | undefined {
  const grams = (tag: string) => gramsOf(readMeasure(rowsOf(event, tag)[0], MASS))
  const sides = (tag: string) => sidesOf(readMeasure(rowsOf(event, tag)[0], SIDES))
  const found = { minGrams: grams('weight-min'), maxGrams: grams('weight-max'), minSides: sides('dim-min'), maxSides: sides('dim-max') }
  const said = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null))
  return Object.keys(said).length === 0 ? undefined : said
}

/** Gamma's `weight` is a mass, Shopstr's a variant: its second value is a price (gamma.md §1). */
export const readWeight = (event: NostrEvent): Measure | null => readMeasure(rowsOf(event, 'weight')[0], MASS)

export const readDimensions = (event: NostrEvent): Measure | null => readMeasure(rowsOf(event, 'dim')[0], SIDES)

/** Shopstr's variants. A variant without a price of its own costs what the product costs; an unreadable one is left out. */
export function readVariants(event: NostrEvent, currency: CurrencyCode, base: Money | null): Variants {
  const named = (tag: string) => rowsOf(event, tag).slice(0, limits.specs).filter(([name]) => name !== undefined && name !== '' && name.length <= limits.name)
  const priced = (tag: string) => named(tag).flatMap(([name = '', text = '']) => {
    const price = text.trim() === '' ? base : readMoney(text, currency)
    return price === null ? [] : [{ name: withoutUnseen(name), price }]
  })
  return {
    sizes: named('size').map(([name = '', stock]) => ({ name: withoutUnseen(name), stock: stock === undefined || stock === '' ? null : readWhole(stock) ?? 0 })),
    volumes: priced('volume'),
    weights: readWeight(event) === null ? priced('weight') : [],
    bulk: rowsOf(event, 'bulk').slice(0, limits.specs).flatMap(([count, text]) => {
      const units = readWhole(count)
      const price = readMoney(text, currency)
      return units === null || units === 0 || units > limits.quantity || price === null ? [] : [{ units, price }]
    }),
  }
}

const TYPES: readonly OwnShippingType[] = ['N/A', 'Free', 'Pickup', 'Free/Pickup', 'Added Cost', 'Added Cost/Pickup']

/**
 * Shopstr's `["shipping", type, cost, currency]`: exactly four, the last valid one wins. The cost is added to each piece, so
 * it must be in the product's money: in another currency the product has no delivery of its own, rather than a wrong price.
 */
export function readOwnShipping(event: NostrEvent, currency: CurrencyCode): OwnShipping | null {
  return rowsOf(event, 'shipping').flatMap((row): readonly OwnShipping[] => {
    const type = TYPES.find(one => one === row[0])
    const code = readCurrency(row[2])
    if (row.length !== 3 || type === undefined || code === null)
      return []
    const asked = readMoney(row[1], code)
    if (asked === null)
      return []
    if (!type.startsWith('Added Cost'))
      return [{ type, cost: { currency, minor: 0 } }]
    const cost = sameMoney(asked, currency)
    return cost === null ? [] : [{ type, cost }]
  }).at(-1) ?? null
}

/** SAT and BTC are kept in one unit, so one can stand for the other. */
const sameMoney = (money: Money, currency: CurrencyCode): Money | null =>
  money.currency === currency || (bitcoinMsat(money) !== null && bitcoinMsat({ currency, minor: 0 }) !== null) ? { currency, minor: money.minor } : null
