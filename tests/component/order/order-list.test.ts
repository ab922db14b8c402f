import { expect, test } from 'vitest'
import { groupCounts, groupFromQuery, matchesText, ofGroup } from '../../../src/components/order/order-list'
import { anOrder } from './orders'

const orders = [
  anOrder({ id: 'o1', status: 'payment_requested' }),
  anOrder({ id: 'o2', status: 'payment_confirmed', payment: 'said' }, ['Linen shirt'], 'Loom & Thread'),
  anOrder({ id: 'o3', status: 'shipped', payment: 'proved', shipped: true, tracking: { carrier: 'DHL', number: 'JJD0001', url: '', eta: '' } }),
  anOrder({ id: 'o4', status: 'completed', payment: 'proved' }),
  anOrder({ id: 'o5', status: 'payment_confirmed', payment: 'proved', problems: ['paid-twice'] }),
]
const nameOf = (): string => 'Ada the merchant'

test('each filter counts what it shows, and every order has a place', () => {
  const counts = groupCounts(orders)
  expect(counts).toEqual({ 'all': 5, 'to-pay': 1, 'in-progress': 1, 'shipped': 1, 'done': 1, 'problem': 1 })
  for (const group of ['to-pay', 'in-progress', 'shipped', 'done', 'problem'] as const)
    expect(ofGroup(orders, group)).toHaveLength(counts[group])
})

test.each([
  ['ord-2026-o2', ['o2']],
  ['LINEN', ['o2']],
  ['loom thread', ['o2']],
  ['jjd0001', ['o3']],
  ['ada', ['o1', 'o2', 'o3', 'o4', 'o5']],
  ['nothing like it', []],
])('searching "%s" finds %j', (text, ids) => {
  expect(orders.filter(order => matchesText(order, text, nameOf)).map(order => order.id)).toEqual(ids)
})

test('an address bar with an unknown filter shows all', () => {
  expect(groupFromQuery('shipped')).toBe('shipped')
  expect(groupFromQuery('__proto__')).toBe('all')
  expect(groupFromQuery(['done'])).toBe('all')
})
