import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { OrderKey } from '../domain/brand'
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

/** '' for chat that names no order. */
export function hintOfMessage(message: OrderMessage): string {
  if ('order' in message)
    return hintOfOrder(message.order)
  return message.orderId === undefined ? '' : hint(message.author, message.receiver, message.orderId)
}
