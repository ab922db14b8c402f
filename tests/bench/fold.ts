import { foldThreads } from '../support/folded'
import { messagesOfOrders } from './messages'

/** Milliseconds to fold so many orders of four messages each, best and median of five. */
export function measureFold(orders: number): { readonly bestMs: number, readonly medianMs: number } {
  const messages = messagesOfOrders(orders)
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    const { orders: folded } = foldThreads(messages)
    if (folded.size !== orders)
      throw new Error(`folded ${folded.size} of ${orders}`)
    return performance.now() - started
  }).sort((a, b) => a - b)
  return { bestMs: Math.round(times[0] ?? 0), medianMs: Math.round(times[2] ?? 0) }
}
