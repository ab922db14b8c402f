import { expect, test } from 'vitest'
import { gramsOf, sidesOf, unfitFor } from '../../../../src/domain/catalog/parcel'
import { implicitStall } from '../../../../src/domain/catalog/implicit-stall'
import { gammaProduct, optionRef, shippingOption } from '../../../support/gamma-listings'
import { people } from '../../../support/order-messages'

const thing = (tags: readonly (readonly string[])[]) => gammaProduct('thing', [['type', 'simple', 'physical'], ['shipping_option', optionRef('post')], ...tags])
function fits(limits: readonly (readonly string[])[], tags: readonly (readonly string[])[], quantity = 1) {
  const one = thing(tags)
  const [zone] = implicitStall({ author: people.merchant, profile: null, shop: null, shippingOptions: [shippingOption('post', ['5', 'EUR'], limits)], collections: [], products: [one] })?.zones ?? []
  return zone && unfitFor(zone, [{ product: one.address, quantity }], new Map([[one.address, one]]))
}

test('measures in the units that merchants write; an unknown unit is no measure', () => {
  expect([['90', 'g'], ['1.1', 'kg'], ['2', 'LB'], ['1', 'stone']].map(([value = '', unit = '']) => gramsOf({ value, unit }))).toEqual([90, 1100, 907.18474, null])
  expect(sidesOf({ value: '10x40x20', unit: 'cm' })).toEqual([400, 200, 100])
})

test('a parcel is weighed as a whole, each thing is measured by itself, however it is turned', () => {
  expect([1, 2].map(quantity => fits([['weight-max', '1', 'kg']], [['weight', '600', 'g']], quantity))).toEqual([null, 'too-heavy'])
  expect([1, 2].map(quantity => fits([['weight-min', '1', 'kg']], [['weight', '600', 'g']], quantity))).toEqual(['too-light', null])
  expect(fits([['dim-max', '50x20x20', 'cm']], [['dim', '15x45x10', 'cm']])).toBeNull()
  expect(fits([['dim-max', '50x20x20', 'cm']], [['dim', '30x30x1', 'cm']])).toBe('too-large')
  expect(fits([['dim-min', '5x5x5', 'cm']], [['dim', '30x30x1', 'cm']])).toBe('too-small')
})

test('what nobody said is held against nobody', () => {
  expect(fits([['weight-max', '1', 'kg']], [])).toBeNull()
  expect(fits([['weight-min', '1', 'kg']], [])).toBeNull()
  expect(fits([['weight-max', 'much', 'kg'], ['dim-max', '1x1', 'cubits']], [['weight', '900', 'kg'], ['dim', '9x9x9', 'm']])).toBeNull()
})
