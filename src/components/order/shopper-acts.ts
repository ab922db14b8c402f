import { allowedActs } from '../../domain/order/acts'
import type { Order } from '../../domain/order/types'

/** What a shopper may do now; what is not allowed is not shown (orders.md §3.1). */
export interface ShopperActs {
  /** `now`: nothing has been paid. `ask`: money has moved, or may have, so the merchant decides. */
  readonly cancel: 'now' | 'ask' | null
  readonly received: boolean
  readonly again: boolean
}

const ENDED = new Set<Order['status']>(['delivered', 'completed', 'cancelled', 'refunded', 'failed'])

export function shopperActs(order: Order): ShopperActs {
  const allowed = allowedActs(order, 'shopper')
  return {
    cancel: cancelAct(order, allowed),
    received: allowed.includes('confirm-received'),
    again: ENDED.has(order.status),
  }
}

function cancelAct(order: Order, allowed: ReturnType<typeof allowedActs>): ShopperActs['cancel'] {
  // A payment whose outcome is unknown may have arrived: ending the order now would lose it.
  if (order.paying !== null)
    return null
  if (allowed.includes('ask-cancel'))
    return 'ask'
  if (!allowed.includes('cancel'))
    return null
  return order.payment === 'unpaid' ? 'now' : 'ask'
}
