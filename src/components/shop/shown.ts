import type { ChoiceGroup, ChoiceOption } from '../../domain/catalog/choosing'
import { zoneName as nameOf } from '../../domain/catalog/shipping'
import type { Product, ShippingZone } from '../../domain/catalog/types'
import type { Money } from '../../domain/money/types'
import { fill, words } from '../words'

/** A zone by the merchant's name for it; what is no listing of its own by ours. */
export const zoneName = (zone: Pick<ShippingZone, 'id' | 'name'>): string => nameOf(zone, words.zones)

/** `from …` where the merchant adds to it later. */
export const costText = (zone: Pick<ShippingZone, 'atLeast'>, text: string): string => zone.atLeast === true ? fill(words.from, { cost: text }) : text

const PERIODS: Readonly<Record<string, Exclude<keyof typeof words.per, 'other'>>> = {
  h: 'hour', hour: 'hour', hourly: 'hour', d: 'day', day: 'day', daily: 'day', w: 'week', week: 'week', weekly: 'week',
  m: 'month', month: 'month', monthly: 'month', y: 'year', year: 'year', yearly: 'year', annually: 'year',
}

/** `per month`; '' for what is paid once. The merchant's own word where it is none of ours. */
export function periodText({ nip99 }: Product): string {
  const period = nip99?.frequency ?? ''
  if (period === '')
    return ''
  const key = period.trim().toLowerCase()
  const known = Object.hasOwn(PERIODS, key) ? PERIODS[key] : undefined
  return known === undefined ? fill(words.per.other, { period }) : words.per[known]
}

export const free = (cost: Money, money: (money: Money) => string): string => cost.minor === 0 ? words.stall.free : money(cost)

/** What is chosen in a group: the merchant's word for it, else ours. */
export const groupName = ({ kind, name }: Pick<ChoiceGroup, 'kind' | 'name'>): string => kind === 'named' ? name : words.product.choose.axes[kind]

export function optionName({ kind }: Pick<ChoiceGroup, 'kind'>, { value, name }: Pick<ChoiceOption, 'value' | 'name'>): string {
  if (kind !== 'bulk')
    return name
  return value === '1' ? words.product.choose.single : fill(words.product.choose.bulk, { n: value })
}

/** `Size, Colour and Weight`, for a sentence. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')}${words.product.choose.and}${last}`
}
