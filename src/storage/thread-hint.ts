import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { OrderKey } from '../domain/brand'
import { looseKey } from '../domain/order/keys'
import type { OrderMessage } from '../domain/order/types'

/**
 * Where messages of one order lie together at rest, without naming it. Either party may have written a message, so both
 * possible threads of two people share one hint; the fold says which messages count (T3).
 */
export const hint = (one: string, other: string, orderId: string): string => {
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
