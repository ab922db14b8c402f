/** What the desk's table shows: filters that live in the URL, and the rows they leave over. */
import { toSeconds } from '../../domain/brand'
import { awaitsInvoice } from '../../domain/order/answer-rules'
import { isPaidTo } from '../../domain/order/status'
import { isWork, workKinds, type ToInvoice, type WorkKind } from '../../domain/order/work'
import type { Order, OrderStatus } from '../../domain/order/types'

export type Answer = 'all' | 'yes' | 'no'
export type SortColumn = 'time' | 'total' | 'number' | 'customer' | 'status'
export const PAGE_SIZES = [25, 50, 100] as const
export type PageSize = (typeof PAGE_SIZES)[number]

export interface DeskFilters {
  readonly text: string
  /** Public key of a customer, or '' for all. */
  readonly customer: string
  readonly paid: Answer
  readonly shipped: Answer
  readonly status: OrderStatus | ''
  /** Only orders that wait for this; '' for all. */
  readonly work: WorkKind | ''
  readonly sort: SortColumn
  readonly descending: boolean
  readonly page: number
  readonly size: PageSize
}

export const noFilters: DeskFilters = { text: '', customer: '', paid: 'all', shipped: 'all', status: '', work: '', sort: 'time', descending: true, page: 1, size: 25 }

/** An order with what the table searches and shows, worked out once per order, not per key stroke. */
export interface DeskRow {
  readonly order: Order
  readonly customer: string
  readonly paid: boolean
  /** "2 × Beeswax candle, …" */
  readonly items: string
  readonly haystack: string
}

export const STATUSES: readonly OrderStatus[] = ['payment_pending', 'payment_requested', 'payment_confirmed', 'escrow_locked', 'order_confirmed', 'processing',
  'ready_to_ship', 'shipped', 'in_transit', 'out_for_delivery', 'delivered', 'completed', 'disputed', 'cancelled', 'refunded', 'failed']
const SORTS: readonly SortColumn[] = ['time', 'total', 'number', 'customer', 'status']

type Query = Readonly<Record<string, unknown>>
const textOf = (query: Query, name: string): string => typeof query[name] === 'string' ? query[name].slice(0, 200) : ''
const answerOf = (text: string): Answer => text === 'yes' || text === 'no' ? text : 'all'

/** Reads a URL's query; what it does not know counts as not set. */
export function filtersFromQuery(query: Query): DeskFilters {
  const page = Number.parseInt(textOf(query, 'page'), 10)
  const size = Number.parseInt(textOf(query, 'rows'), 10)
  return {
    text: textOf(query, 'q'),
    customer: textOf(query, 'customer'),
    paid: answerOf(textOf(query, 'paid')),
    shipped: answerOf(textOf(query, 'shipped')),
    status: STATUSES.find(status => status === textOf(query, 'status')) ?? '',
    work: workFrom(query),
    sort: SORTS.find(sort => sort === textOf(query, 'sort')) ?? 'time',
    descending: textOf(query, 'dir') !== 'up',
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    size: PAGE_SIZES.find(known => known === size) ?? 25,
  }
}

/** Two have names of their own, as links have had them from the start. */
const NAMED = ['problem', 'invoice'] as const satisfies readonly WorkKind[]
const workFrom = (query: Query): WorkKind | '' =>
  workKinds.find(kind => kind === textOf(query, 'work')) ?? NAMED.find(kind => textOf(query, kind) === 'yes') ?? ''
const workPairs = (work: WorkKind | ''): readonly (readonly [string, string, boolean])[] =>
  NAMED.some(kind => kind === work) ? [[work, 'yes', true]] : [['work', work, work !== '']]

/** Only what differs from the plain list: short links, and the same list has one address. */
export function queryFromFilters(filters: DeskFilters): Record<string, string> {
  const pairs: readonly (readonly [string, string, boolean])[] = [
    ['q', filters.text, filters.text !== ''],
    ['customer', filters.customer, filters.customer !== ''],
    ['paid', filters.paid, filters.paid !== 'all'],
    ['shipped', filters.shipped, filters.shipped !== 'all'],
    ['status', filters.status, filters.status !== ''],
    ...workPairs(filters.work),
    ['sort', filters.sort, filters.sort !== 'time'],
    ['dir', 'up', !filters.descending],
    ['page', String(filters.page), filters.page > 1],
    ['rows', String(filters.size), filters.size !== 25],
  ]
  return Object.fromEntries(pairs.filter(([, , set]) => set).map(([name, value]) => [name, value]))
}

/** Whether anything narrows the list (sorting and paging do not). */
export const isNarrowed = (filters: DeskFilters): boolean =>
  filters.text !== '' || filters.customer !== '' || filters.paid !== 'all' || filters.shipped !== 'all' || filters.status !== '' || filters.work !== ''

/** The list that a count above the table leads to. */
export const workPath = (work: WorkKind): string => `/desk/orders?${new URLSearchParams(queryFromFilters({ ...noFilters, work })).toString()}`

export const isPaid = (order: Order): boolean => isPaidTo(order, 'merchant')

/** @param customer the name to show and find the customer by; `items` what was ordered, in words. */
export function deskRow(order: Order, customer: string, items: string): DeskRow {
  const haystack = [order.number, order.id, customer, order.name, order.contact.email ?? '', order.contact.phone ?? '', order.tracking?.number ?? '', order.shopper, order.note, items]
    .join('\n').toLocaleLowerCase()
  return { order, customer, items, paid: isPaid(order), haystack }
}

const fits = (answer: Answer, fact: boolean): boolean => answer === 'all' || (answer === 'yes') === fact

/** Without a clock only such as never had an invoice. */
const neverAsked: ToInvoice = order => awaitsInvoice(order, toSeconds(0))

/** The rows that pass, in the chosen sequence. A new array; the rows themselves are shared. */
export function deskRows(rows: readonly DeskRow[], filters: DeskFilters, toInvoice: ToInvoice = neverAsked): readonly DeskRow[] {
  const terms = filters.text.toLocaleLowerCase().split(/\s+/).filter(term => term !== '')
  const left = rows.filter(row =>
    fits(filters.paid, row.paid)
    && fits(filters.shipped, row.order.shipped)
    && (filters.status === '' || row.order.status === filters.status)
    && (filters.customer === '' || row.order.shopper === filters.customer)
    && (filters.work === '' || isWork(filters.work, row.order, toInvoice))
    && terms.every(term => row.haystack.includes(term)))
  const sign = filters.descending ? -1 : 1
  return left.sort((a, b) => sign * compare(a, b, filters.sort) || b.order.placedAt - a.order.placedAt || (a.order.key < b.order.key ? -1 : 1))
}

function compare(a: DeskRow, b: DeskRow, column: SortColumn): number {
  switch (column) {
    case 'time': return a.order.placedAt - b.order.placedAt
    case 'total': return totalOf(a.order) - totalOf(b.order)
    case 'number': return a.order.number < b.order.number ? -1 : a.order.number > b.order.number ? 1 : 0
    case 'customer': return a.customer.localeCompare(b.customer)
    case 'status': return STATUSES.indexOf(a.order.status) - STATUSES.indexOf(b.order.status)
  }
}

/** Currencies do not compare; satoshi do. */
const totalOf = (order: Order): number => order.request?.msat ?? order.snapshot?.totals.totalMsat ?? -1

/** The rows of one page; a page beyond the end shows the last. */
export function pageOf(rows: readonly DeskRow[], page: number, size: number): { readonly rows: readonly DeskRow[], readonly page: number, readonly pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / size))
  const shown = Math.min(page, pages)
  return { rows: rows.slice((shown - 1) * size, shown * size), page: shown, pages }
}

/** Remembers rows by order and words: an order that did not change costs nothing when another one does. */
export function rowMaker(): typeof deskRow {
  const made = new WeakMap<Order, DeskRow>()
  return (order, customer, items) => {
    const known = made.get(order)
    if (known !== undefined && known.customer === customer && known.items === items)
      return known
    const row = deskRow(order, customer, items)
    made.set(order, row)
    return row
  }
}
