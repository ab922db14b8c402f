import type { Ended } from './endings'
import { isLocked, type HeldMoney } from './held-money'
import type { Fulfilled } from './fulfilment'
import { isRefused } from './problems'
import type { Paid } from './payments'
import type { Asked } from './requests'
import type { OrderStatus } from './types'

/** The one word on the screen: the first that holds (orders.md §3.2). Payment stands beside it as a badge. */
export function statusOf({ asked, paid, fulfilled, ended, held }: { readonly asked: Asked, readonly paid: Paid, readonly fulfilled: Fulfilled, readonly ended: Ended, readonly held: HeldMoney }): OrderStatus {
  const { words } = fulfilled
  const escrow = held.escrow?.state
  if (ended.dispute?.open || escrow === 'disputed')
    return 'disputed'
  if (ended.refundCovers || escrow === 'refunded')
    return 'refunded'
  if (ended.cancelled !== null)
    return 'cancelled'
  if (words.has('completed') || escrow === 'released')
    return 'completed'
  if (words.has('delivered'))
    return 'delivered'
  if (words.has('out_for_delivery'))
    return 'out_for_delivery'
  if (words.has('in_transit'))
    return 'in_transit'
  if (fulfilled.shipped)
    return 'shipped'
  if (words.has('ready_to_ship'))
    return 'ready_to_ship'
  if (words.has('processing'))
    return 'processing'
  if (words.has('accepted'))
    return 'order_confirmed'
  if (isLocked(held))
    return 'escrow_locked'
  if (isRefused(asked, paid))
    return 'failed'
  if (paid.since !== null)
    return 'payment_confirmed'
  return asked.inForce === null ? 'payment_pending' : 'payment_requested'
}
