import * as v from 'valibot'
import { isEventId, isPubkey, isSeconds, type OrderKey } from '../domain/brand'
import type { Order, OrderMessage } from '../domain/order/types'

/** Orders that are shown at once: the first screen, whatever their state. */
const FIRST_SCREEN = 30
/** Of 2 MB for everything; sealing makes 4/3 of it. */
const MOST_UNITS = 500_000
/** A thread that was flooded is read from the journal like all others. */
const MOST_MESSAGES = 60

/** Sealed by ourselves and authenticated: believed beyond the fields that everything hangs on. */
const isMessage = (value: unknown): value is OrderMessage => v.is(v.looseObject({
  id: v.custom(isEventId), type: v.string(), author: v.custom(isPubkey), receiver: v.custom(isPubkey), sentAt: v.custom(isSeconds), transport: v.string(),
}), value)

/** What rests of the first screen: messages, not orders, so that an order is never anything but a fold. */
export const OrderSnapshot: v.GenericSchema<unknown, readonly OrderMessage[]> = v.array(v.custom<OrderMessage>(isMessage))

const ENDED: ReadonlySet<Order['status']> = new Set(['completed', 'cancelled', 'refunded', 'failed'])
const isFinished = (order: Order): boolean => ENDED.has(order.status) && !order.problems.includes('refund-due')

/**
 * Messages of the newest orders and of everything not finished, newest first, within bounds.
 * @param messagesOf a thread's messages
 */
export function pickSnapshot(orders: Iterable<Order>, messagesOf: (key: OrderKey) => readonly OrderMessage[]): readonly OrderMessage[] {
  const newestFirst = [...orders].sort((a, b) => b.placedAt - a.placedAt)
  const wanted = [...newestFirst.slice(0, FIRST_SCREEN), ...newestFirst.slice(FIRST_SCREEN).filter(order => !isFinished(order))]
  const picked: OrderMessage[] = []
  let units = 0
  for (const { key } of wanted) {
    const messages = messagesOf(key)
    if (messages.length > MOST_MESSAGES)
      continue
    const size = JSON.stringify(messages).length
    if (units + size > MOST_UNITS)
      break
    units += size
    picked.push(...messages)
  }
  return picked
}
