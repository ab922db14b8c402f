import type { EventId, OrderKey } from '../domain/brand'
import { splitKey } from '../domain/order/keys'
import { addMessage, createThreadIndex } from '../domain/order/thread-index'
import { threadsOf } from '../domain/order/thread-order'
import type { OrderMessage } from '../domain/order/types'
import { hint, hintOfOrder } from './thread-hint'

function hintsOf(order: OrderKey): readonly string[] {
  const parts = splitKey(order)
  return parts === undefined ? [] : [hintOfOrder(order), hint(parts.shopper, parts.shopper, parts.id), hint(parts.merchant, parts.merchant, parts.id)]
}

/**
 * Everything that may be of this order, oldest first: under its own id, then under whatever other names the order messages
 * found so far give it (orders.md §5.2, gamma.md §5 and §8.1).
 */
export async function gatherThread(order: OrderKey, read: (hint: string) => Promise<readonly OrderMessage[]>): Promise<readonly OrderMessage[]> {
  const index = createThreadIndex()
  const found = new Map<EventId, OrderMessage>()
  const asked = new Set<string>()
  for (let next = hintsOf(order); next.length > 0; next = threadsOf(index, order).flatMap(hintsOf).filter(hint => !asked.has(hint))) {
    for (const hint of new Set(next)) {
      asked.add(hint)
      for (const message of await read(hint)) {
        found.set(message.id, message)
        addMessage(index, message)
      }
    }
  }
  return [...found.values()].sort((a, b) => a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1))
}
