import type { Pubkey } from '../brand'
import { limits } from '../limits'
import { pinsOf } from './pins'
import { bySentAtThenId } from './sequence'
import type { OrderMessage, PlacedMessage } from './types'

export interface Bounded {
  readonly orders: readonly PlacedMessage[]
  readonly others: readonly OrderMessage[]
  readonly tooMany: boolean
}

/**
 * A thread is kept to a bound: of order messages the smallest and the pinned, since the smallest counts;
 * of the rest all that is our own, then the newest (orders.md §5.10).
 * @param viewer whose device this is; without it only local facts count as own
 * @param room how many others, own ones included
 */
export function withinBounds(messages: readonly OrderMessage[], viewer: Pubkey | undefined, room: number = limits.messagesPerOrder - 1): Bounded {
  const orders = messages.filter(message => message.type === 'order')
  const others = messages.filter(message => message.type !== 'order')
  if (orders.length + others.length <= room + 1)
    return { orders, others, tooMany: false }

  const pins = new Set(pinsOf(others))
  const isOwn = (message: OrderMessage): boolean => message.transport === 'local' || message.author === viewer
  const own = others.filter(isOwn)
  const strange = others.filter(message => !isOwn(message))
  const space = Math.max(0, room - own.length)
  const sequence = orders.toSorted(bySentAtThenId)
  return {
    orders: sequence.filter((order, place) => place <= room || pins.has(order.id)),
    others: [...own, ...(space === 0 ? [] : strange.toSorted(bySentAtThenId).slice(-space))],
    tooMany: strange.length > space || orders.length > room + 1,
  }
}
