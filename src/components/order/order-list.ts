/** The shopper's list: groups with counts, search, and what of it lives in the URL. */
import type { Money } from '../../domain/money/types'
import { orderGroup } from '../../domain/order/status'
import type { Order } from '../../domain/order/types'
import { lineName } from './line-name'

export const GROUPS = ['all', 'to-pay', 'in-progress', 'shipped', 'done', 'problem'] as const
export type ListGroup = (typeof GROUPS)[number]

/** What the address bar says; anything unknown shows all. */
export const groupFromQuery = (value: unknown): ListGroup => GROUPS.find(group => group === value) ?? 'all'

/** @param merchantName how the merchant is called here, for the search. */
export function matchesText(order: Order, text: string, merchantName: (pubkey: Order['merchant']) => string): boolean {
  const terms = text.toLocaleLowerCase().split(/\s+/).filter(term => term !== '')
  if (terms.length === 0)
    return true
  const haystack = [order.number, order.id, order.snapshot?.stallName ?? '', merchantName(order.merchant), order.tracking?.number ?? '', ...order.snapshot?.lines.map(lineName) ?? []]
    .join('\n').toLocaleLowerCase()
  return terms.every(term => haystack.includes(term))
}

/** How many orders each filter would show, over what the search leaves. */
export function groupCounts(orders: readonly Order[]): Readonly<Record<ListGroup, number>> {
  const counts: Record<ListGroup, number> = { 'all': orders.length, 'to-pay': 0, 'in-progress': 0, 'shipped': 0, 'done': 0, 'problem': 0 }
  for (const order of orders)
    counts[orderGroup(order)]++
  return counts
}

export const ofGroup = (orders: readonly Order[], group: ListGroup): readonly Order[] =>
  group === 'all' ? orders : orders.filter(order => orderGroup(order) === group)

/** Since when the order is where it is. */
export function statusSince(order: Order): number {
  return order.timeline.findLast(entry => entry.status === order.status)?.at ?? order.updatedAt
}

/** Nothing of it goes by parcel, as far as this device knows. */
export const isShipless = (order: Order): boolean => order.address.trim() === '' && order.zoneId === ''

/** What the order costs: as agreed at placing, else as the merchant asks. null = nobody has said yet. */
export function totalOf(order: Order): Money | null {
  const agreed = order.issued.at(-1)?.totals.total ?? order.snapshot?.totals.total
  if (agreed !== undefined)
    return agreed
  const asked = order.request?.msat ?? order.paidMsat
  return asked === null || asked === undefined ? null : { currency: 'SAT', minor: asked }
}
