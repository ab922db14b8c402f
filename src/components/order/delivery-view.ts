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

/** Where an own message is. `kept`: on its way; `sent`: a relay of the other side's has it; `failed`: all have refused it. */
export interface Fate {
  readonly state: 'kept' | 'sent' | 'failed'
  /** How many of those that were asked have it. */
  readonly taken: number
  readonly answers: DeliveryView['answers']
  readonly reason: string
}

/** By message: what has become of its copy for the other side; the one for our own devices is no news to anybody. */
export const fatesOf = (deliveries: readonly DeliveryView[], ownKey: string): ReadonlyMap<string, Fate> =>
  new Map(deliveries.filter(({ to }) => to !== ownKey).map(({ message, answers, deliveredAt, stopped }) => [message, {
    state: deliveredAt !== null ? 'sent' : stopped !== null ? 'failed' : 'kept',
    taken: answers.filter(({ outcome }) => outcome === 'stored').length,
    answers,
    reason: stopped ?? '',
  }]))

/** What an own message was, as a key of the word list. */
export function messageKind(order: Order, message: string): 'order' | 'chat' | 'payment-request' | 'status' {
  if (order.placedBy === message)
    return 'order'
  if (order.chat.some(entry => entry.id === message))
    return 'chat'
  return order.requests.some(request => request.message === message) ? 'payment-request' : 'status'
}
