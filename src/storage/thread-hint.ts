import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { EventId, OrderKey } from '../domain/brand'
import { looseKey, splitKey } from '../domain/order/keys'
import { addMessage, createThreadIndex } from '../domain/order/thread-index'
import { threadsOf } from '../domain/order/thread-order'
import type { OrderMessage } from '../domain/order/types'

/**
 * Where messages of one order lie together at rest, without naming it. Either party may have written a message, so both
 * possible threads of two people share one hint; the fold says which messages count (T3).
 */
const hint = (one: string, other: string, orderId: string): string => {
  const pair = one < other ? `${one}:${other}` : `${other}:${one}`
  return bytesToHex(sha256(utf8ToBytes(`${pair}:${orderId}`))).slice(0, 32)
}

export function hintOfOrder(order: OrderKey): string {
  return hint(order.slice(0, 64), order.slice(65, 129), order.slice(130))
}

/** '' for chat that names no order. What a key made for it wrote (Shopstr) lies by whom it was sent to: no other message tells of that key. */
export function hintOfMessage(message: OrderMessage): string {
  if ('order' in message)
    return hintOfOrder(message.order)
  if (message.orderId === undefined)
    return ''
  const { author, receiver, orderId } = message
  const isByNobody = looseKey(message) !== undefined || (message.type === 'order' && message.throwAway !== undefined)
  return isByNobody ? hint(receiver, receiver, orderId) : hint(author, receiver, orderId)
}

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
