import type { Seconds } from '../brand'
import type { Money } from '../money/types'
import type { Product } from './types'
import { choiceAxes, choiceText, chosen, readChoice, valuesOf, type Choice, type ChoiceAxis } from './choice'
import { isOrderable, needsChoice } from './product'
import { axesOf, inNaturalOrder, isVariable, shownVariations, type Axis } from './variations'

/** What the shopper picked so far: values by the key of their group. */
export type Picks = ReadonlyMap<string, string>

/** `gone`: there is none such with what was picked before it. */
export interface ChoiceOption { readonly value: string, readonly name: string, readonly price: Money | null, readonly left: number | null, readonly state: 'here' | 'sold-out' | 'gone' }
export interface ChoiceGroup {
  readonly key: string
  /** `named`: by the merchant's word in `name`; `which`: a plain list; else one of Shopstr's. */
  readonly kind: 'named' | 'which' | ChoiceAxis
  readonly name: string
  readonly options: readonly ChoiceOption[]
  readonly chosen: string | null
}

export interface Choosing {
  readonly groups: readonly ChoiceGroup[]
  /** The listing and the choice that go into the cart, and how that stands on the shelf; null while something is missing. */
  readonly picked: { readonly product: Product, readonly variant: string | undefined, readonly goods: Product } | null
  readonly missing: readonly ChoiceGroup[]
  /** Something was picked that is not offered any more. */
  readonly lost: boolean
}

/** The key of a plain list. */
const WHICH = 'which'

/**
 * What there is to choose of a product, and what the picks come to. A group is judged by what was picked in those before it, so
 * that nobody gets stuck: the first can always be changed.
 * @param variations of a variable product; others have their choices in the listing
 */
export function choosingOf(product: Product, variations: readonly Product[], picks: Picks, now?: Seconds): Choosing {
  return isVariable(product) ? amongVariations(shownVariations(variations, now), picks, now) : withinListing(product, picks)
}

/** The picks with one more. What was picked in later groups stays where it can still be had. */
export function pick(choosing: Choosing, picks: Picks, key: string, value: string, again: (picks: Picks) => Choosing): Picks {
  const at = choosing.groups.findIndex(group => group.key === key)
  const kept = new Map<string, string>(choosing.groups.slice(0, at).flatMap(group => group.chosen === null ? [] : [[group.key, group.chosen]]))
  kept.set(key, value)
  for (const later of choosing.groups.slice(at + 1)) {
    const former = picks.get(later.key)
    const group = again(kept).groups.find(one => one.key === later.key)
    if (former !== undefined && group?.options.some(option => option.value === former && option.state === 'here'))
      kept.set(later.key, former)
  }
  return kept
}

/** The picks that lead to one variation of a product. */
export function picksFor(variation: Product, variations: readonly Product[], now?: Seconds): Picks {
  const axes = axesOf(shownVariations(variations, now))
  return new Map(axes.length === 0 ? [[WHICH, variation.id]] : axes.map(axis => [axis.name, axis.valueOf(variation)]))
}

/** The picks that lead to a choice within one listing; none where it is not offered. */
export const picksIn = (product: Product, variant: string): Picks => new Map(Object.entries(readChoice(product, variant) ?? {}))

function amongVariations(variations: readonly Product[], said: Picks, now: Seconds | undefined): Choosing {
  const named = axesOf(variations)
  const axes: readonly Axis[] = named.length > 0 ? named : [{ name: WHICH, valueOf: ({ id }) => id }]
  // What is left may differ by less: 'blue, wide' must not become 'red, wide' since colours differ no more.
  const strayed = isStray(said, axes, variations)
  const picks: Picks = strayed ? new Map() : said
  const groups: ChoiceGroup[] = []
  let matching = variations
  for (const axis of axes) {
    const all = [...new Map(variations.map(one => [axis.valueOf(one), one])).entries()]
    const among = matching
    const options = all.map(([value, one]) => optionOf(value, named.length > 0 ? value : one.name, among.filter(other => axis.valueOf(other) === value), now))
      .toSorted((a, b) => inNaturalOrder(a.name, b.name))
    const picked = strayed ? null : pickedOf(axis.name, options, picks)
    groups.push({ key: axis.name, kind: named.length > 0 ? 'named' : 'which', name: named.length > 0 ? axis.name : '', options, chosen: picked })
    matching = picked === null ? among : among.filter(one => axis.valueOf(one) === picked)
  }
  const missing = groups.filter(group => group.chosen === null)
  const [only] = matching
  return {
    groups,
    missing,
    picked: only === undefined || missing.length > 0 ? null : { product: only, variant: undefined, goods: only },
    lost: strayed || groups.some(({ key, options, chosen: one }) => picks.has(key) && (one === null || options.some(({ value, state }) => value === one && state === 'gone'))),
  }
}

/** Whether something was picked by a property that tells these apart no more, and none of them is like that. */
const isStray = (said: Picks, axes: readonly Axis[], variations: readonly Product[]): boolean =>
  [...said].some(([key, value]) => {
    if (axes.some(({ name }) => name === key))
      return false
    const values = variations.flatMap(({ specs }) => specs.flatMap(([name, other]) => name === key ? [other] : []))
    return key === WHICH || (values.length > 0 && !values.includes(value))
  })

/** @param among variations that this option leads to */
function optionOf(value: string, name: string, among: readonly Product[], now: Seconds | undefined): ChoiceOption {
  const onSale = among.filter(one => isOrderable(one, now))
  const [only, ...others] = onSale.length > 0 ? onSale : among
  const same = only !== undefined && others.every(({ price }) => price?.minor === only.price?.minor && price?.currency === only.price?.currency)
  return { value, name, price: same ? only.price : null, left: only !== undefined && others.length === 0 ? only.stock : null, state: onSale.length > 0 ? 'here' : among.length > 0 ? 'sold-out' : 'gone' }
}

/** Where there is nothing to choose from nobody has to. */
function pickedOf(key: string, options: readonly ChoiceOption[], picks: Picks): string | null {
  const said = picks.get(key)
  return options.find(({ value }) => value === said)?.value ?? (said === undefined && options.length === 1 ? options[0]?.value ?? null : null)
}

function withinListing(product: Product, picks: Picks): Choosing {
  const groups = choiceAxes.map((axis): ChoiceGroup => {
    const values = [...new Set(valuesOf(product, axis))].map(value => withinOption(product, axis, value))
    // A bulk may be taken and need not.
    const options = axis === 'bulk' && values.length > 0 ? [{ ...withinOption(product, 'bulk', '1'), price: product.price }, ...values.filter(({ value }) => value !== '1')] : values
    return { key: axis, kind: axis, name: '', options, chosen: pickedOf(axis, options, picks) ?? (axis === 'bulk' && options.length > 0 && !picks.has('bulk') ? '1' : null) }
  }).filter(({ options }) => options.length > 0)
  const missing = groups.filter(group => group.chosen === null)
  const choice: Choice = Object.fromEntries(groups.flatMap(({ key, chosen: value }) => value === null || (key === 'bulk' && value === '1') ? [] : [[key, value]]))
  const text = choiceText(choice)
  const variant = text === '' ? undefined : text
  const goods = missing.length > 0 || (variant === undefined && needsChoice(product)) ? null : chosen(product, variant)
  return {
    groups,
    missing,
    picked: goods === null ? null : { product, variant, goods },
    lost: groups.some(({ key, chosen: one }) => picks.has(key) && one === null),
  }
}

function withinOption({ nip99, stock }: Product, axis: ChoiceAxis, value: string): ChoiceOption {
  const { sizes = [], volumes = [], weights = [], bulk = [] } = nip99?.variants ?? {}
  switch (axis) {
    case 'size': {
      const left = sizes.find(({ name }) => name === value)?.stock ?? null
      return { value, name: value, price: null, left, state: left === 0 ? 'sold-out' : 'here' }
    }
    case 'volume': return { value, name: value, price: volumes.find(({ name }) => name === value)?.price ?? null, left: null, state: 'here' }
    case 'weight': return { value, name: value, price: weights.find(({ name }) => name === value)?.price ?? null, left: null, state: 'here' }
    case 'bulk': return { value, name: value, price: bulk.find(({ units }) => String(units) === value)?.price ?? null, left: null, state: stock !== null && stock < Number(value) ? 'sold-out' : 'here' }
  }
}
