import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Address } from '../../../../src/domain/brand'
import { acceptChanges, addToCart, cartChanges, changeQuantity, emptyCart, isLine, lineOf, removeFromCart } from '../../../../src/domain/cart/cart'
import { cartTotals } from '../../../../src/domain/cart/totals'
import type { StallCart } from '../../../../src/domain/cart/types'
import { choiceText, chosen, lineKey, readChoice, roomFor, valuesOf } from '../../../../src/domain/catalog/choice'
import { choosingOf, picksFor } from '../../../../src/domain/catalog/choosing'
import { implicitStall } from '../../../../src/domain/catalog/implicit-stall'
import type { Product } from '../../../../src/domain/catalog/types'
import { axesOf, lineWords } from '../../../../src/domain/catalog/variations'
import { gammaProduct } from '../../../support/gamma-listings'
import { people, T0 } from '../../../support/order-messages'

const NOW = toSeconds(T0)
const oil = gammaProduct('oil', [['title', 'Oil'], ['price', '9', 'EUR'], ['quantity', '6'], ['size', 'M', '2'], ['size', 'L, wide', '4'], ['volume', '1 l', '20'], ['volume', '5 l', '90'], ['bulk', '3', '50']])
const stall = implicitStall({ author: people.merchant, profile: null, shop: null, shippingOptions: [], collections: [], products: [oil] })
if (stall === null)
  throw new TypeError('no stall')
const empty = emptyCart(stall)
const shelf = (...products: readonly Product[]): ReadonlyMap<Address, Product> => new Map(products.map(one => [one.address, one]))
const VARIANTS = ['size M, volume 1 l', 'size M, volume 5 l', 'size L, wide, volume 1 l', 'size M, volume 1 l, bulk 3', 'size L, wide, volume 5 l, bulk 3']
function withLines(...lines: readonly (readonly [string, number])[]): StallCart {
  return lines.reduce((cart, [variant, quantity]) => {
    const next = addToCart(cart, oil, quantity, NOW, variant)
    if (!next.ok)
      throw new TypeError(next.error.code)
    return next.value
  }, empty)
}

describe('a line is a product and a choice', () => {
  test('whatever is done to a cart: one line per product and choice, and never more pieces than listing and size have', () => {
    const step = fc.tuple(fc.constantFrom('add', 'change', 'remove'), fc.constantFrom(...VARIANTS, 'size XL, volume 1 l', undefined), fc.integer({ min: -1, max: 8 }))
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let cart = empty
      for (const [what, variant, quantity] of steps) {
        const next = what === 'add' ? addToCart(cart, oil, quantity, NOW, variant) : what === 'change' ? changeQuantity(cart, oil.address, quantity, oil, variant) : { ok: true as const, value: removeFromCart(cart, oil.address, variant) }
        cart = next.ok ? next.value : cart
      }
      expect(new Set(cart.lines.map(lineKey)).size).toBe(cart.lines.length)
      const pieces = (of: (variant: string) => boolean) => cart.lines.filter(({ variant = '' }) => of(variant)).reduce((sum, { quantity, variant = '' }) => sum + quantity * (variant.includes('bulk 3') ? 3 : 1), 0)
      expect(pieces(() => true)).toBeLessThanOrEqual(6)
      expect(pieces(variant => variant.startsWith('size M'))).toBeLessThanOrEqual(2)
      expect(pieces(variant => variant.startsWith('size L'))).toBeLessThanOrEqual(4)
      expect(cart.lines.every(({ variant }) => variant !== undefined && readChoice(oil, variant) !== null)).toBe(true)
      expect(cartChanges(cart, shelf(oil), NOW)).toEqual([])
    }))
  })
  test('each is counted at its own price; a bulk is one thing with one price', () => {
    const cart = withLines(['size M, volume 1 l', 2], ['size L, wide, volume 1 l, bulk 3', 1])
    expect(cartTotals({ cart, products: shelf(oil), currency: 'EUR', zone: null, rates: new Map() })).toMatchObject({ ok: true, value: {
      goods: { minor: 2 * 2_000 + 5_000 },
      lines: [{ variant: 'size M, volume 1 l', unitPrice: { minor: 2_000 } }, { variant: 'size L, wide, volume 1 l, bulk 3', unitPrice: { minor: 5_000 } }],
    } })
  })
  test('is taken out and looked up without touching another choice of the same product', () => {
    const cart = withLines(['size M, volume 1 l', 1], ['size M, volume 5 l', 1])
    const rest = removeFromCart(cart, oil.address, 'size M, volume 1 l')
    expect(rest.lines.map(({ variant }) => variant)).toEqual(['size M, volume 5 l'])
    expect(lineOf(rest, oil.address)).toBeUndefined()
    expect(rest.lines.every(line => isLine(line, { product: oil.address, variant: 'size M, volume 5 l' }))).toBe(true)
  })
  test('what changed is told per choice: dearer, too few for both of one size, and gone', () => {
    const cart = withLines(['size M, volume 1 l', 1], ['size M, volume 5 l', 1], ['size L, wide, volume 1 l', 1])
    const now = gammaProduct('oil', [['title', 'Oil'], ['price', '9', 'EUR'], ['quantity', '6'], ['size', 'M', '1'], ['volume', '1 l', '22'], ['volume', '5 l', '90']])
    expect(cartChanges(cart, shelf(now), NOW)).toEqual([
      { product: oil.address, variant: 'size M, volume 1 l', name: 'Oil', type: 'price', from: { currency: 'EUR', minor: 2_000 }, to: { currency: 'EUR', minor: 2_200 } },
      { product: oil.address, variant: 'size M, volume 5 l', name: 'Oil', type: 'stock', wanted: 1, left: 0 },
      { product: oil.address, variant: 'size L, wide, volume 1 l', name: 'Oil', type: 'gone' },
    ])
    const taken = acceptChanges(cart, shelf(now), NOW)
    expect(taken.lines).toMatchObject([{ variant: 'size M, volume 1 l', quantity: 1, seen: { price: { minor: 2_200 } } }])
    expect(cartChanges(taken, shelf(now), NOW)).toEqual([])
  })
})

describe('a choice in words', () => {
  test('is read back for what the listing offers, whatever its names hold', () => {
    const name = fc.oneof(fc.constantFrom('M', 'M, volume 1 l', 'a, weight b', 'volume', ','), fc.string({ minLength: 1, maxLength: 12 })).filter(text => text.trim() !== '')
    fc.assert(fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), fc.nat(), fc.nat(), (sizes, volumes, a, b) => {
      const product = gammaProduct('p', [...sizes.map(size => ['size', size, '1']), ...volumes.map(volume => ['volume', volume, '3'])])
      const [offeredSizes, offeredVolumes] = [valuesOf(product, 'size'), valuesOf(product, 'volume')]
      const size = offeredSizes[a % Math.max(1, offeredSizes.length)]
      const volume = offeredVolumes[b % Math.max(1, offeredVolumes.length)]
      fc.pre(size !== undefined && volume !== undefined)
      const text = choiceText({ size: size ?? '', volume: volume ?? '' })
      const read = readChoice(product, text)
      expect(read).not.toBeNull()
      expect(choiceText(read ?? {})).toBe(text)
    }))
  })
  test('that is not offered, or lacks a part, stands for nothing', () => {
    expect(['size M', 'volume 1 l', 'size S, volume 1 l', 'size M, volume 1 l, bulk 9', 'nonsense'].map(text => chosen(oil, text))).toEqual([null, null, null, null, null])
    expect(roomFor(oil, 'size M, volume 1 l', new Map([[oil.address, 5]]))).toBe(1)
  })
})

describe('variations with addresses of their own', () => {
  const parent = gammaProduct('seat', [['title', 'Saddle'], ['type', 'variable', 'physical']])
  const made = (id: string, colour: string, width: string, stock: string, weight = '') => gammaProduct(id, [['title', 'Saddle'], ['type', 'variation', 'physical'], ['a', parent.address], ['stock', stock], ['spec', 'Colour', colour], ['spec', 'Width', width], ['spec', 'Made in', 'Bologna'], ...(weight === '' ? [] : [['spec', 'Weight', weight]])])
  const all = [made('a', 'Honey', 'S', '1', '1 kg'), made('b', 'Honey', 'XL', '2', '2 kg'), made('c', 'Night', 'S', '0', '3 kg')]
  const choose = (picks: Record<string, string>, variations = all) => choosingOf(parent, variations, new Map(Object.entries(picks)), NOW)
  test('are told apart by what differs and is needed; else they are a list', () => {
    expect(axesOf(all).map(({ name }) => name)).toEqual(['Colour', 'Width'])
    const alike = [made('a', 'Honey', 'S', '1'), made('b', 'Honey', 'S', '1')]
    expect(axesOf(alike)).toEqual([])
    expect(choose({}, alike).groups.map(({ kind, options }) => [kind, options.length])).toEqual([['which', 2]])
  })
  test('a picked one that is gone never becomes another', () => {
    expect(choose({ Colour: 'Honey', Width: 'XL' }).picked?.product.id).toBe('b')
    const left = all.filter(({ id }) => id !== 'c')
    expect(choose({ Colour: 'Night', Width: 'S' }, left)).toMatchObject({ picked: null, lost: true })
    expect(choose({ Colour: 'Night', Width: 'S' }, [left[0] ?? parent])).toMatchObject({ picked: null, lost: true })
    // Not made in that width: said, not swapped.
    expect(choose({ Colour: 'Night' }).groups[1]?.options.map(({ value, state }) => [value, state])).toEqual([['S', 'sold-out'], ['XL', 'gone']])
  })
  test('the picks of one lead to it, and its words say what its name does not', () => {
    for (const one of all)
      expect(choosingOf(parent, all, picksFor(one, all, NOW), NOW).picked?.product).toBe(one)
    expect(lineWords(all[1] ?? parent, undefined, shelf(parent))).toBe('Colour Honey, Width XL, Made in Bologna, Weight 2 kg')
  })
})
