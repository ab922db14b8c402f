import { expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { toAddress } from '../../../../src/domain/catalog/address'
import type { Dialect } from '../../../../src/domain/catalog/types'
import { foldThreads } from '../../../support/folded'
import type { Order, OrderLine, WireMessage } from '../../../../src/domain/order/types'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import { withStock } from '../../../../src/domain/protocol/gamma-stock'
import { toRumor } from '../../../../src/domain/protocol/gift-wrap'
import { lettersOf } from '../../../../src/domain/protocol/letters'
import { idOf, people, T0 } from '../../../support/order-messages'

const { shopper, merchant } = people
const gamma = (id: string, quantity: number, variant?: string): OrderLine => ({ productId: id, product: toAddress(30_402, merchant, id), quantity, ...(variant !== undefined && { variant }) })
const saying = { say: 'order', zoneId: '', msat: 21_000 as never, name: 'Ida', address: '1 Elm', contact: { email: 'a@b.example' }, shopperMessage: 'please' } as const

/** What the merchant's client reads of an order in that dialect, and what it folds to. */
function sent(dialect: Dialect, items: readonly OrderLine[]): { readonly tags: readonly (readonly (readonly string[])[])[], readonly order: Order | undefined } {
  const letters = lettersOf(dialect, { orderId: 'o-1', shopper, merchant, items }, saying)
  if (!letters.ok)
    throw new TypeError(letters.error.code)
  const at = toSeconds(T0)
  const messages = letters.value.map((letter, n): WireMessage => {
    const read = decodeMessage(letter.transport === 'nip04'
      ? { id: idOf(900 + n), author: shopper, receiver: merchant, sentAt: at, transport: 'nip04', plaintext: letter.plaintext }
      : { id: toRumor(letter.template, shopper, at).id, author: shopper, receiver: merchant, sentAt: at, transport: 'nip59', plaintext: letter.template.content, kind: letter.template.kind, tags: letter.template.tags })
    if (!read.ok)
      throw new TypeError(read.error.code)
    return read.value.message
  })
  const [order] = foldThreads(messages).orders.values()
  return { tags: letters.value.flatMap(letter => letter.transport === 'nip59' ? [letter.template.tags] : []), order }
}
const inAnySequence = (items: readonly OrderLine[] | undefined) => items?.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

test.each(['gamma', 'plebeian'] as const)('%s: a variation is the item itself, by its own address, and no tag more', (dialect) => {
  const { tags, order } = sent(dialect, [gamma('saddle-honey', 1), gamma('saddle-night', 2)])
  expect(tags[0]?.filter(([name]) => name === 'item')).toEqual([['item', toAddress(30_402, merchant, 'saddle-honey'), '1'], ['item', toAddress(30_402, merchant, 'saddle-night'), '2']])
  expect(order?.items).toEqual([gamma('saddle-honey', 1), gamma('saddle-night', 2)])
})

test('shopstr: one choice stands in tags of two elements, as its desk shows them', () => {
  const { tags, order } = sent('shopstr', [gamma('oil', 2, 'size M, volume 1 l, refined, bulk 3')])
  expect(tags).toHaveLength(1)
  expect(tags[0]).toEqual(expect.arrayContaining([['size', 'M'], ['volume', '1 l, refined'], ['bulk', '3']]))
  expect(order?.items).toEqual([gamma('oil', 2, 'size M, volume 1 l, refined, bulk 3')])
})

test('shopstr: two sizes of one thing and another thing are one order of three lines; the sum is said once', () => {
  const items = [gamma('oil', 1, 'size M'), gamma('oil', 2, 'size L'), gamma('mug', 1)]
  const { tags, order } = sent('shopstr', items)
  expect(tags).toHaveLength(3)
  expect(tags.flatMap(all => all.filter(([name]) => name === 'amount'))).toEqual([['amount', '21']])
  expect(inAnySequence(order?.items)).toEqual(inAnySequence(items))
  expect(order).toMatchObject({ address: 'Ida, 1 Elm', shopperMessage: 'please', problems: [] })
})

test('shopstr: without a choice it stays one message', () => {
  expect(sent('shopstr', [gamma('oil', 1), gamma('mug', 1)]).tags).toHaveLength(1)
})

test('nip15 knows no variations: its lines are what they were', () => {
  expect(sent('nip15', [{ productId: 'mug', quantity: 2 }]).order?.items).toEqual([{ productId: 'mug', quantity: 2 }])
})

test('stock in tags: only the numbers change, a size by its name; what counts nothing is left alone', () => {
  const tags = [['d', 'x'], ['stock', '7', 'kept'], ['quantity', '7'], ['size', 'M', '3', 'too'], ['size', 'L'], ['foreign', '7'], ['size', 'S', '1']]
  expect(withStock(tags, { stock: 5, sizes: new Map([['M', 1]]) })).toEqual([['d', 'x'], ['stock', '5', 'kept'], ['quantity', '5'], ['size', 'M', '1', 'too'], ['size', 'L'], ['foreign', '7'], ['size', 'S', '1']])
  expect(withStock(tags, { stock: null, sizes: new Map([['S', 0]]) })?.filter(([name]) => name !== 'size')).toEqual(tags.filter(([name]) => name !== 'size'))
  expect(withStock([['d', 'x']], { stock: 5, sizes: new Map() })).toBeNull()
  expect(withStock(tags, { stock: 5, sizes: new Map([['L', 1]]) })).toBeNull()
})
