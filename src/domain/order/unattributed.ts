import type { EventId } from '../brand'
import type { OrderMessage, StatusMessage, UnattributedMessage } from './types'

/** What the owner of this device has said "I recognise this" to (gamma.md §8.1). */
export function acceptedByHand(messages: readonly OrderMessage[]): ReadonlySet<EventId> {
  const words = new Map(messages.flatMap(message => message.type === 'unattributed' ? [[message.id, message.receiver] as const] : []))
  return new Set(messages.flatMap(message =>
    // Only whom it was sent to can recognise it.
    message.type === 'accept-unattributed' && words.get(message.message) === message.author ? [message.message] : []))
}

/**
 * A recognised message as the other party's word, in Shopstr's subjects (orders.md §4). undefined: it
 * carries no fact, so that recognising it only ends the warning.
 */
export function asStatus(message: UnattributedMessage, other: StatusMessage['author']): StatusMessage | undefined {
  const { id, sentAt, receiver, orderId, transport, dialect, text, tracking } = message
  const base = { type: 'status' as const, id, sentAt, author: other, receiver, orderId, transport, dialect, text }
  switch (message.subject) {
    case 'shipping-info':
      return { ...base, shipped: true, ...(tracking !== undefined && { tracking }) }
    case 'order-completed':
      return { ...base, word: 'completed' }
    default:
      return undefined
  }
}
