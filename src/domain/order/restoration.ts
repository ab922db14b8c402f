import type { EventId, OrderKey, Pubkey, Seconds } from '../brand'
import { candidateKeys, joinsLoosely, looseKey, splitKey } from './keys'
import type { Shelf } from './pricing'
import { repairOf, sharedInvoices, troubleOf, type Trouble } from './restoration-trouble'
import { addMessage, createThreadIndex, isPlaced, type ThreadIndex } from './thread-index'
import { orderOf, ownerOf, threadsOf } from './thread-order'
import type { LineSnapshot, Order, OrderLine, OrderMessage } from './types'

/** `partly`: the order is here, some of what was said about it is not. */
export type RestoreOutcome = 'new' | 'partly' | 'here'

export interface RestoreItem {
  readonly key: OrderKey
  readonly number: string
  readonly shopper: Pubkey
  readonly merchant: Pubkey
  readonly placedAt: Seconds
  readonly outcome: RestoreOutcome
  /** Messages of it that relays have, local facts aside. */
  readonly found: number
  /** Those of them that are not on this device, by id. */
  readonly missing: readonly EventId[]
  readonly lines: readonly (OrderLine | LineSnapshot)[]
  /** Goods that are listed no more are named as this device noted them, or by their bare ids. */
  readonly repaired: 'snapshot' | 'ids' | null
  readonly troubles: readonly Trouble[]
  /** Other orders that ask with the same payment hash. */
  readonly sameInvoice: readonly { readonly key: OrderKey, readonly number: string }[]
}

export interface RestoreReport {
  /** Newest first. */
  readonly items: readonly RestoreItem[]
  readonly counts: Readonly<Record<RestoreOutcome, number>>
  /** Orders of this device of which no relay has anything. */
  readonly onlyHere: number
  /** Messages of no order that could be told: plain words, and what waits for an order that nobody has (T4). */
  readonly rest: { readonly found: number, readonly missing: readonly EventId[] }
  /** How many nobody can read, by the reason. */
  readonly unreadable: Readonly<Record<string, number>>
}

export interface RestorationNeeds {
  /** What relays have. */
  readonly found: Iterable<OrderMessage>
  /** What this device has, local facts included. */
  readonly here: Iterable<OrderMessage>
  readonly unreadable?: Iterable<{ readonly id: EventId, readonly reason: string }>
  readonly viewer: Pubkey
  /** null: the listings are not all here, so that nothing can be said to be gone. */
  readonly shelf?: Shelf | null
  /** This order alone. */
  readonly only?: OrderKey
}

/** What a restoration would do: a function of the sets, not of any sequence or repeats (T2, T5). */
export function restorationReport({ found, here, unreadable = [], viewer, shelf = null, only }: RestorationNeeds): RestoreReport {
  // Facts among them are our own, noted for a day like this one.
  const foundById = new Map([...found].map(message => [message.id, message]))
  const local = createThreadIndex(viewer)
  const all = createThreadIndex(viewer)
  const hereIds = new Set<EventId>()
  for (const message of here) {
    hereIds.add(message.id)
    addMessage(local, message)
    addMessage(all, message)
  }
  for (const message of foundById.values())
    addMessage(all, message)

  const orders = new Map([...all.threads.keys()].map(key => [key, orderOf(all, key)] as const).filter((entry): entry is [OrderKey, Order] => entry[1] !== undefined))
  const shared = sharedInvoices(orders.values())
  const { byOrder, rest } = shareOut([...foundById.values()], all, orders)

  const items = [...byOrder].flatMap(([key, ids]) => {
    const order = orders.get(key)
    return order === undefined || (only !== undefined && ownerOf(all, only) !== key) ? [] : [itemOf(order, ids, threadsOf(all, key).some(one => isPlaced(local, one)))]
  }).toSorted((a, b) => b.placedAt - a.placedAt || (a.key < b.key ? -1 : 1))

  function itemOf(order: Order, ids: readonly EventId[], isHere: boolean): RestoreItem {
    const missing = missingOf(ids)
    const { key, number, shopper, merchant, placedAt } = order
    return {
      key, number, shopper, merchant, placedAt, missing,
      found: ids.filter(id => foundById.get(id)?.transport !== 'local').length,
      outcome: !isHere ? 'new' : missing.length > 0 ? 'partly' : 'here',
      lines: order.snapshot?.lines ?? order.items,
      repaired: repairOf(order, shelf),
      troubles: troubleOf(order, shelf, shared),
      sameInvoice: [...shared.get(key) ?? []].toSorted().map(other => ({ key: other, number: orders.get(other)?.number ?? '' })),
    }
  }
  function missingOf(ids: readonly EventId[]): readonly EventId[] {
    return ids.filter(id => !hereIds.has(id)).toSorted()
  }

  return {
    items,
    counts: { new: count('new'), partly: count('partly'), here: count('here') },
    onlyHere: only === undefined ? [...orders.keys()].filter(key => !byOrder.has(key)).length : 0,
    rest: only === undefined ? { found: rest.length, missing: missingOf(rest) } : { found: 0, missing: [] },
    unreadable: countReasons(unreadable),
  }
  function count(outcome: RestoreOutcome): number {
    return items.filter(item => item.outcome === outcome).length
  }
}

/** Each message to the orders it may be of: one that two orders could claim is wanted by both. */
function shareOut(messages: readonly OrderMessage[], index: ThreadIndex, orders: ReadonlyMap<OrderKey, Order>) {
  const byOrder = new Map<OrderKey, EventId[]>()
  const rest: EventId[] = []
  for (const message of messages) {
    const keys = ordersOf(message, index).filter(key => orders.has(key))
    for (const key of keys)
      byOrder.set(key, [...byOrder.get(key) ?? [], message.id])
    if (keys.length === 0)
      rest.push(message.id)
  }
  return { byOrder, rest }
}

function ordersOf(message: OrderMessage, index: ThreadIndex): readonly OrderKey[] {
  const loose = looseKey(message)
  if (loose !== undefined) {
    return [...index.keysByParty.get(loose) ?? []].filter((key) => {
      const parts = splitKey(key)
      return parts !== undefined && joinsLoosely(message, parts)
    })
  }
  return [...new Set(candidateKeys(message).map(key => ownerOf(index, key)))]
}

function countReasons(unreadable: Iterable<{ readonly id: EventId, readonly reason: string }>): Readonly<Record<string, number>> {
  const counts = new Map<string, Set<EventId>>()
  for (const { id, reason } of unreadable)
    counts.set(reason, (counts.get(reason) ?? new Set()).add(id))
  return Object.fromEntries([...counts].map(([reason, ids]) => [reason, ids.size] as const).toSorted(([a], [b]) => a < b ? -1 : 1))
}
