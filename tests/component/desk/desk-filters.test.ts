import { mount, RouterLinkStub } from '@vue/test-utils'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deskRow, deskRows, filtersFromQuery, noFilters, pageOf, PAGE_SIZES, queryFromFilters, rowMaker, STATUSES, workPath } from '../../../src/components/desk/desk-filters'
import { isWork, workKinds, workOf } from '../../../src/domain/order/work'
import WorkCounts from '../../../src/components/desk/WorkCounts.vue'
import { toSeconds, type EventId, type Pubkey } from '../../../src/domain/brand'
import type { Order, PaymentFact } from '../../../src/domain/order/types'
import { anOrder } from '../order/orders'

const other = 'f'.repeat(64) as Pubkey
const paidBy = (by: PaymentFact['by']): PaymentFact => ({ strength: 'proved', paymentHash: null, preimage: '', msat: null, at: toSeconds(4), by, message: '7'.repeat(64) as EventId })
const orders = [
  anOrder({ id: 'new', placedAt: toSeconds(5), status: 'payment_pending' }),
  anOrder({ id: 'asked', placedAt: toSeconds(4), status: 'payment_requested', shopper: other, name: 'Zoë' }),
  anOrder({ id: 'paid', placedAt: toSeconds(3), status: 'payment_confirmed', payment: 'proved', payments: [paidBy('own-wallet')] }, ['Linen shirt']),
  anOrder({ id: 'sent', placedAt: toSeconds(2), status: 'shipped', payment: 'said', shipped: true }),
  anOrder({ id: 'odd', placedAt: toSeconds(1), status: 'shipped', shipped: true, problems: ['shipped-before-paid'] }),
]
const itemsOf = (order: Order): string => order.snapshot?.lines.map(line => line.name).join(', ') ?? ''
const rows = orders.map(order => deskRow(order, order.name, itemsOf(order)))
const ids = (filters: Partial<typeof noFilters>): readonly string[] => deskRows(rows, { ...noFilters, ...filters }).map(row => row.order.id)

const isNew = ({ id }: Order): boolean => id === 'new'

describe('All – Yes – No', () => {
  test.each([
    ['all', 'all', ['new', 'asked', 'paid', 'sent', 'odd']],
    ['yes', 'all', ['paid', 'sent']],
    ['no', 'all', ['new', 'asked', 'odd']],
    ['all', 'yes', ['sent', 'odd']],
    ['all', 'no', ['new', 'asked', 'paid']],
    ['yes', 'no', ['paid']],
    ['no', 'yes', ['odd']],
  ] as const)('paid %s, shipped %s', (paid, shipped, expected) => {
    expect(ids({ paid, shipped })).toEqual(expected)
  })

  test('a payment that is only claimed is not paid', () => {
    expect(deskRow(anOrder({ payment: 'claimed' }), '', '').paid).toBe(false)
  })
})

test('status, customer, text and problems narrow together', () => {
  expect(ids({ status: 'shipped' })).toEqual(['sent', 'odd'])
  expect(ids({ customer: other })).toEqual(['asked'])
  expect(ids({ text: 'zoë' })).toEqual(['asked'])
  expect(ids({ text: 'LINEN shirt' })).toEqual(['paid'])
  expect(ids({ work: 'problem' })).toEqual(['odd'])
  expect(ids({ work: 'problem', paid: 'yes' })).toEqual([])
  expect(ids({ work: 'invoice' })).toEqual(['new'])
  expect(deskRows(rows, { ...noFilters, work: 'invoice' }, ({ id }) => id === 'asked').map(row => row.order.id)).toEqual(['asked'])
})

test('filters survive the address bar, whatever they are', () => {
  const filters = fc.record({
    text: fc.string({ maxLength: 100 }), customer: fc.constantFrom('', other), paid: fc.constantFrom('all', 'yes', 'no'), shipped: fc.constantFrom('all', 'yes', 'no'),
    status: fc.constantFrom('' as const, ...STATUSES), work: fc.constantFrom('' as const, ...workKinds), sort: fc.constantFrom('time', 'total', 'number', 'customer', 'status'), descending: fc.boolean(),
    page: fc.integer({ min: 1, max: 4000 }), size: fc.constantFrom(...PAGE_SIZES),
  })
  fc.assert(fc.property(filters, (chosen) => {
    expect(filtersFromQuery(Object.fromEntries(new URLSearchParams(queryFromFilters(chosen))))).toEqual(chosen)
  }))
})

test('an address bar full of nonsense gives the plain list', () => {
  expect(filtersFromQuery({ paid: 'perhaps', status: '__proto__', page: '-3', rows: '7', sort: 'x' })).toEqual(noFilters)
})

test('pages: the last is short, and one beyond the end shows the last', () => {
  const many = Array.from({ length: 60 }, (_, index) => deskRow(anOrder({ id: `o${index}` }), '', ''))
  expect(pageOf(many, 3, 25).rows).toHaveLength(10)
  expect(pageOf(many, 99, 25).page).toBe(3)
  expect(pageOf([], 1, 25)).toEqual({ rows: [], page: 1, pages: 1 })
})

test('the rows of ten thousand orders are made once, however often they are filtered', () => {
  const make = rowMaker()
  const all = Array.from({ length: 10_000 }, (_, index) => anOrder({ id: `o${index}`, placedAt: toSeconds(index) }))
  const made = all.map(order => make(order, order.name, itemsOf(order)))
  expect(deskRows(made, { ...noFilters, text: 'olive' })).toHaveLength(10_000)
  const again = all.map(order => make(order, order.name, itemsOf(order)))
  expect(again.filter((row, at) => row !== made[at])).toEqual([])
})

test('the counts above the table say what needs doing', () => {
  expect(workOf(orders, isNew)).toEqual({ invoice: 1, unpaid: 1, ship: 1, problem: 1, check: 0, refund: 0 })
})

test('T8: what only a customer\'s receipt shows is nothing to be shipped yet', () => {
  const claimed = anOrder({ id: 'claimed', status: 'payment_confirmed', payment: 'proved', payments: [paidBy('shopper')] })
  expect(workOf([claimed], isNew)).toEqual({ invoice: 0, unpaid: 0, ship: 0, problem: 0, check: 1, refund: 0 })
  expect(deskRow(claimed, '', '').paid).toBe(false)
})

test('each count leads to exactly the orders that it counts: cancelled and refunded ones are not to ship', () => {
  const own = { payment: 'proved', payments: [paidBy('own-wallet')] } as const
  const more = [...orders,
    anOrder({ id: 'cancelled', status: 'cancelled', ...own }), anOrder({ id: 'refunded', status: 'refunded', ...own }), anOrder({ id: 'failed', status: 'failed' }),
    anOrder({ id: 'wish', status: 'order_confirmed', cancelRequestedBy: 'shopper', ...own }), anOrder({ id: 'packed', status: 'ready_to_ship', ...own }),
  ]
  const all = more.map(order => deskRow(order, '', ''))
  const counts = workOf(more, isNew)
  for (const kind of workKinds) {
    const filters = filtersFromQuery(Object.fromEntries(new URLSearchParams(workPath(kind).split('?')[1])))
    const listed = deskRows(all, filters, isNew)
    expect(listed).toHaveLength(counts[kind])
    expect(listed.every(({ order }) => isWork(kind, order, isNew))).toBe(true)
  }
  expect(deskRows(all, { ...noFilters, work: 'ship' }).map(({ order }) => order.id).toSorted()).toEqual(['packed', 'paid'])
  expect(counts.check).toBe(1)
})

test('links of before lead where they led', () => {
  expect(filtersFromQuery({ invoice: 'yes' }).work).toBe('invoice')
  expect(filtersFromQuery({ problem: 'yes' }).work).toBe('problem')
})

test('the four counts of every day keep their places; what comes seldom is shown while there is some of it', () => {
  const shown = (check: number, refund: number) => mount(WorkCounts, { props: { work: { invoice: 0, ship: 2, unpaid: 0, problem: 0, check, refund } }, global: { stubs: { RouterLink: RouterLinkStub } } })
    .findAllComponents(RouterLinkStub).map(link => `${link.text()} ${String(link.props('to'))}`)
  expect(shown(0, 0)).toEqual(['0to invoice /desk/orders?invoice=yes', '2to ship /desk/orders?work=ship', '0wait for payment /desk/orders?work=unpaid', '0need a look /desk/orders?problem=yes'])
  expect(shown(1, 1).slice(4)).toEqual(['1to check or decide /desk/orders?work=check', '1refund to finish /desk/orders?work=refund'])
})
