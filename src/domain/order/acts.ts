import { isAskedAgain } from './asked-again'
import { isHeld } from './held-money'
import { refundableMsat } from './refund-offer'
import { beforeShipping, isCovered, isPaidTo, refundIsDue } from './status'
import type { Order, OrderStatus, Role } from './types'
import { isUnderpaid } from './underpaid'

/** What a button may do. The fold itself accepts late and skipping messages (orders.md §3.1). */
export type Act = 'ask-payment' | 'reissue' | 'pay' | 'mark-paid' | 'take-back-paid' | 'refuse' | 'cancel' | 'ask-cancel'
  | 'accept' | 'process' | 'ready' | 'ship' | 'unship' | 'in-transit' | 'out-for-delivery' | 'deliver' | 'confirm-received' | 'complete'
  | 'keep-order' | 'refund' | 'dispute' | 'withdraw-dispute' | 'resolve-dispute'

interface Move { readonly act: Act, readonly by: readonly Role[], readonly to: OrderStatus }

const M: readonly Role[] = ['merchant']
const S: readonly Role[] = ['shopper']
const SM: readonly Role[] = ['shopper', 'merchant']
const move = (act: Act, by: readonly Role[], to: OrderStatus): Move => ({ act, by, to })

const accept = move('accept', M, 'order_confirmed')
const process = move('process', M, 'processing')
const ready = move('ready', M, 'ready_to_ship')
const ship = move('ship', M, 'shipped')
const deliver = move('deliver', M, 'delivered')
const received = move('confirm-received', S, 'delivered')
const refund = move('refund', M, 'refunded')
const dispute = move('dispute', SM, 'disputed')
/** Money has moved: the shopper alone does not undo that. */
const cancelPaid = [move('cancel', M, 'cancelled')]

/** Which acts each status leaves to whom (orders.md §3.1); what wallet, clock and carrier do has no button. */
export const transitions: Readonly<Record<OrderStatus, readonly Move[]>> = {
  payment_pending: [move('ask-payment', M, 'payment_requested'), move('mark-paid', M, 'payment_confirmed'), move('cancel', SM, 'cancelled'), move('refuse', M, 'failed')],
  payment_requested: [move('pay', S, 'payment_confirmed'), move('reissue', M, 'payment_requested'), move('mark-paid', M, 'payment_confirmed'), move('cancel', SM, 'cancelled'), move('refuse', M, 'failed')],
  payment_confirmed: [accept, process, ship, ...cancelPaid, refund, move('dispute', S, 'disputed')],
  escrow_locked: [accept, ...cancelPaid, dispute],
  order_confirmed: [process, ship, ...cancelPaid, refund, dispute],
  processing: [ready, ship, deliver, ...cancelPaid, dispute],
  ready_to_ship: [ship, deliver, ...cancelPaid, dispute],
  shipped: [move('in-transit', M, 'in_transit'), move('out-for-delivery', M, 'out_for_delivery'), deliver, received, dispute, move('unship', M, 'processing')],
  in_transit: [move('out-for-delivery', M, 'out_for_delivery'), deliver, received, dispute],
  out_for_delivery: [deliver, received, dispute],
  delivered: [move('complete', SM, 'completed'), move('dispute', S, 'disputed'), refund],
  disputed: [refund, ...cancelPaid, move('resolve-dispute', M, 'completed')],
  completed: [refund],
  cancelled: [],
  refunded: [],
  failed: [],
}

const isPaid = (order: Order): boolean => order.payment === 'said' || order.payment === 'proved'
const canStillCancel: ReadonlySet<OrderStatus> = new Set(['payment_confirmed', 'order_confirmed', 'processing', 'ready_to_ship'])

/** The buttons one side gets, in the order of the table; facts narrow it where the status alone says too little. */
export function allowedActs(order: Order, role: Role): readonly Act[] {
  const acts = transitions[order.status].flatMap(({ act, by }) => by.includes(role) && fits(order, role, act) ? [act] : [])
  return [...acts, ...role === 'shopper' ? shopperExtras(order) : merchantExtras(order)]
}

function fits(order: Order, role: Role, act: Act): boolean {
  switch (act) {
    case 'pay':
      return order.payment === 'unpaid' || isAskedAgain(order)
    case 'refund':
      return isPaid(order)
    case 'resolve-dispute':
      return order.dispute?.by === 'shopper'
    case 'accept':
      // Held money is taken or given back within minutes, by stock: no word of a person stands in for that.
      return order.status === 'escrow_locked' ? !order.holds.some(isHeld) : isCovered(order)
    case 'process':
      // Where only the shopper says or shows that it is paid, the wallet is looked into first (T8).
      return isCovered(order)
    case 'dispute':
      // A dispute is about money or goods that have moved.
      return isPaid(order) || order.shipped || order.escrow?.state === 'locked'
    case 'cancel':
      return role === 'merchant' || !isPaid(order)
    default:
      return true
  }
}

function shopperExtras(order: Order): readonly Act[] {
  if (order.status === 'disputed')
    return order.dispute?.by === 'shopper' ? ['withdraw-dispute'] : []
  if (!canStillCancel.has(order.status) || order.cancelRequestedBy === 'shopper')
    return []
  return isPaid(order) ? ['ask-cancel'] : ['cancel']
}

function merchantExtras(order: Order): readonly Act[] {
  const ended = order.status === 'cancelled' || order.status === 'failed'
  const unpaidOnTheWay = !isPaidTo(order, 'merchant') && !ended && order.status !== 'escrow_locked' && order.status !== 'payment_pending' && order.status !== 'payment_requested' && order.status !== 'refunded'
  return [
    ...(unpaidOnTheWay ? ['reissue' as const, 'mark-paid' as const] : []),
    // Less than asked, and enough for him.
    ...(isUnderpaid(order) && !ended && order.status !== 'refunded' && isPaidTo(order, 'merchant') ? ['mark-paid' as const] : []),
    // His own word alone can be a mistake; a proof cannot.
    ...(isPaidTo(order, 'merchant') && !isOwnWalletSure(order) && order.status !== 'refunded' ? ['take-back-paid' as const] : []),
    ...(order.cancelRequestedBy === 'shopper' && beforeShipping.has(order.status) ? ['keep-order' as const] : []),
    ...(mayGiveBack(order, ended) ? ['refund' as const] : []),
    ...(order.status === 'disputed' && order.dispute?.by === 'merchant' ? ['withdraw-dispute' as const] : []),
  ]
}

const isOwnWalletSure = ({ payments }: Order): boolean => payments.some(({ by, strength }) => by === 'own-wallet' && strength === 'proved')

/** Where the table has no refund of its own: a part may go back while the order goes on, everything after it has ended. */
function mayGiveBack(order: Order, ended: boolean): boolean {
  if (transitions[order.status].some(({ act }) => act === 'refund') || order.status === 'refunded' || order.status === 'escrow_locked')
    return false
  return isPaidTo(order, 'merchant') && ((ended && refundIsDue(order)) || refundableMsat(order) !== 0)
}
