import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAddress } from '../../../../src/domain/catalog/address'
import { joinTwins, sameProduct } from '../../../../src/domain/catalog/twins'
import type { Product } from '../../../../src/domain/catalog/types'
import { kinds } from '../../../../src/domain/protocol/event'
import { gammaProduct } from '../../../support/gamma-listings'
import { idOf, people, T0 } from '../../../support/order-messages'
import { product } from '../../../support/shelf'

const LONG = 'mori-tea-hojicha-100-g'
const old = (id: string, name: string, n: number, fields: Partial<Product> = {}) =>
  ({ ...product(id, { name, eventId: idOf(n), publishedAt: T0 as Product['publishedAt'], ...fields }), address: toAddress(kinds.product, people.merchant, id) })
const gamma = (id: string, name: string, n: number, tags: readonly (readonly string[])[] = []) => gammaProduct(id, [['title', name], ...tags], { n, at: T0 })

describe('one product in both dialects', () => {
  test.each([
    ['its long id is the same, whatever it is called', old(LONG, 'Tea', 1), gamma(LONG, 'Hojicha', 2), true],
    ['a short id and the name are the same', old('1', 'Café cup', 1), gamma('1', 'cafe Cup ', 2), true],
    ['a short id alone says nothing', old('1', 'Cup', 1), gamma('1', 'Tea', 2), false],
    ['nor does a name', old('a', 'Cup', 1), gamma('b', 'Cup', 2), false],
    ['the merchant says that it moved', old('a', 'Cup', 7), gamma('product_1793000000111_k3x9q', 'Moved', 2, [['migrated', idOf(7)]]), true],
    ['another merchant\'s id is another thing', old(LONG, 'Tea', 1, { author: people.merchant2 }), gamma(LONG, 'Tea', 2), false],
    ['another merchant cannot claim it', old('a', 'Cup', 7, { author: people.merchant2 }), gamma('b', 'Cup', 2, [['migrated', idOf(7)]]), false],
    ['two of one dialect are two', old(LONG, 'Tea', 1), old(LONG, 'Tea', 2), false],
    ['so are two of the other', gamma(LONG, 'Tea', 1), gamma(LONG, 'Tea', 2), false],
  ])('%s', (_, a, b, expected) => {
    expect([sameProduct(a, b), sameProduct(b, a)]).toEqual([expected, expected])
  })
})

describe('the shelf shows it once', () => {
  const shownOf = (...products: readonly Product[]) => joinTwins(products).map(({ shown, other }) => [shown.eventId, other?.eventId ?? null])

  test('what can be ordered, then what replaces the other, then the newer, then NIP-15', () => {
    const tea = old(LONG, 'Tea', 1)
    expect(shownOf(tea, gamma(LONG, 'Tea', 2))).toEqual([[idOf(1), idOf(2)]])
    expect(shownOf({ ...tea, publishedAt: T0 - 1 as Product['publishedAt'] }, gamma(LONG, 'Tea', 2))).toEqual([[idOf(2), idOf(1)]])
    expect(shownOf({ ...tea, publishedAt: T0 + 1 as Product['publishedAt'] }, gamma(LONG, 'Tea', 2, [['migrated', idOf(1)]]))).toEqual([[idOf(2), idOf(1)]])
    expect(shownOf(tea, gamma(LONG, 'Tea', 2, [['migrated', idOf(1)], ['stock', '0']]))).toEqual([[idOf(1), idOf(2)]])
    expect(shownOf({ ...tea, stock: 0 }, gamma(LONG, 'Tea', 2))).toEqual([[idOf(2), idOf(1)]])
  })
  test('where two claim one, nothing is joined', () => {
    const cup = old(LONG, 'Cup', 7)
    expect(shownOf(cup, gamma(LONG, 'Cup', 1), gamma('other', 'Cup', 2, [['migrated', idOf(7)]]))).toEqual([[idOf(7), null], [idOf(1), null], [idOf(2), null]])
    expect(shownOf(cup, old('x', 'Cup', 8), gamma(LONG, 'Cup', 1, [['migrated', idOf(8)]]))).toEqual([[idOf(7), null], [idOf(8), null], [idOf(1), null]])
  })
  test('none is lost, whatever the sequence, and the pairs stay the same', () => {
    const all = [old(LONG, 'Tea', 1), gamma(LONG, 'Tea', 2), old('1', 'Cup', 3), gamma('1', 'Bowl', 4), old('2', 'Pot', 5), gamma('z', 'Pot', 6, [['migrated', idOf(5)]])]
    fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (products) => {
      const listed = joinTwins(products)
      expect(listed.flatMap(({ shown, other }) => other === null ? [shown] : [shown, other]).length).toBe(all.length)
      expect(new Set(shownOf(...products).map(String))).toEqual(new Set(shownOf(...all).map(String)))
    }))
  })
})
