import type { Order } from '../../domain/order/types'

/** What a page hands over about an own message on its way; a journal's delivery has this shape. */
export interface DeliveryView {
  readonly id: string
  readonly message: string
  readonly to: string
  readonly attempts: number
  readonly answers: readonly { readonly url: string, readonly outcome: string, readonly text: string, readonly at: number }[]
  readonly deliveredAt: number | null
  readonly stopped: string | null
  readonly via?: 'inbox' | 'public'
}

/** Ids of own messages that no relay has taken yet. */
export const unsentOf = (deliveries: readonly DeliveryView[], ownKey: string): ReadonlySet<string> =>
  new Set(deliveries.filter(delivery => delivery.deliveredAt === null && delivery.to !== ownKey).map(delivery => delivery.message))

/** What an own message was, as a key of the word list. */
export function messageKind(order: Order, message: string): 'order' | 'chat' | 'payment-request' | 'status' {
  if (order.placedBy === message)
    return 'order'
  if (order.chat.some(entry => entry.id === message))
    return 'chat'
  return order.requests.some(request => request.message === message) ? 'payment-request' : 'status'
}
