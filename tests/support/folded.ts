/** Everything that a set of messages comes to: orders, what waits, and words about nothing in particular. */
import type { OrderKey, Pubkey, Seconds } from '../../src/domain/brand'
import { bySentAtThenId } from '../../src/domain/order/sequence'
import { indexOf, type ThreadIndex } from '../../src/domain/order/thread-index'
import { orderOf, orphansOf } from '../../src/domain/order/thread-order'
import type { ChatMessage, Order, OrderMessage } from '../../src/domain/order/types'

export interface FoldedThreads {
  readonly orders: ReadonlyMap<OrderKey, Order>
  /** By thread; a thread's messages in sequence. */
  readonly orphans: ReadonlyMap<OrderKey, readonly OrderMessage[]>
  /** By either person. */
  readonly chat: ReadonlyMap<Pubkey, readonly ChatMessage[]>
  /** Waiting messages that found no room, and such as no party of an order could have written. */
  readonly dropped: number
}

/** @param now judges the age of orphans; without it none is too old */
export function foldedOf(index: ThreadIndex, now?: Seconds): FoldedThreads {
  const orders = new Map<OrderKey, Order>()
  for (const key of [...index.threads.keys()].sort()) {
    const order = orderOf(index, key)
    if (order !== undefined)
      orders.set(key, order)
  }
  const { orphans, dropped } = orphansOf(index, now)
  const chat = new Map([...index.chat].toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([person, messages]) => [person, [...messages.values()].toSorted(bySentAtThenId)] as const))
  return { orders, orphans, chat, dropped: dropped + index.refused }
}

/** All messages of one account at once. */
export const foldThreads = (messages: Iterable<OrderMessage>, { viewer, now }: { readonly viewer?: Pubkey, readonly now?: Seconds } = {}): FoldedThreads =>
  foldedOf(indexOf(messages, viewer), now)
