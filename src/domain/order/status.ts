import { isClaimOpen } from './asked-again'
import { paysUnasked } from './prepaid'
import { assertNever } from '../result'
import { isHeld, isLocked } from './held-money'
import { openRefund } from './open-refund'
import type { Order, OrderStatus, Role } from './types'
import { isUnderpaid } from './underpaid'

/** Beside the status, always (orders.md §3.2). */
export type PaymentBadge = 'unpaid' | 'claimed' | 'said' | 'proved' | 'underpaid' | 'overpaid' | 'paid-twice' | 'partly-refunded' | 'refunded'
  /** Held by the merchant's wallet, or by an escrow: neither paid nor unpaid. */
  | 'reserved'

/** Own-wallet proof is the only one a merchant may build on: a preimage can leak before payment (T8). */
const provedFor = (order: Order, role: Role): boolean =>
  role === 'shopper' || order.payments.some(payment => payment.strength === 'proved' && payment.by === 'own-wallet')

/** Whether one side may take it as paid: its own wallet, the merchant's word, and to the shopper the preimage too. */
export const isPaidTo = (order: Order, role: Role): boolean =>
  order.payment === 'said' || order.payments.some(({ strength }) => strength === 'said') || (order.payment === 'proved' && provedFor(order, role))

/** @param role for whom: what proves to the shopper is a hint to the merchant */
export function paymentBadge(order: Order, role: Role = 'shopper'): PaymentBadge {
  if (order.status === 'refunded')
    return 'refunded'
  for (const problem of ['paid-twice', 'underpaid', 'overpaid'] as const) {
    if (order.problems.includes(problem))
      return problem
  }
  if ((order.payment === 'unpaid' || order.payment === 'claimed') && isLocked(order))
    return 'reserved'
  if (order.refundedMsat > 0)
    return 'partly-refunded'
  if (order.payment !== 'proved' || provedFor(order, role))
    return order.payment
  return order.payments.some(payment => payment.strength === 'said') ? 'said' : 'claimed'
}

/** What a merchant may send goods for: what he may take as paid, or an escrow's lock. */
export const isCovered = (order: Order): boolean => isPaidTo(order, 'merchant') || order.escrow?.state === 'locked'

export type OrderGroup = 'to-pay' | 'in-progress' | 'shipped' | 'done' | 'problem'

/** Problems that ask for somebody's hand; others are remarks. */
const URGENT: ReadonlySet<Order['problems'][number]> = new Set(['paid-twice', 'paid-after-end', 'refund-due', 'underpaid', 'refused-after-paid', 'shipped-after-cancelled'])

/** Nothing else is left to be done than to send the money back. */
const isOver = ({ status }: Order): boolean => status === 'cancelled' || status === 'failed' || status === 'completed' || status === 'delivered'

const isPaid = (order: Order): boolean => order.payment === 'said' || order.payment === 'proved'

/** The merchant's to pay or to clear up; one that waits for the shopper is nobody's problem. */
const isRefundOpen = (order: Order): boolean => {
  const state = openRefund(order)?.state
  return state !== undefined && state !== 'asked'
}

/** One filter of a list each; what needs looking at comes before everything else. */
export function orderGroup(order: Order): OrderGroup {
  if (order.status !== 'refunded' && (order.exception || isRefundOpen(order) || order.problems.some(problem => URGENT.has(problem))))
    return 'problem'
  switch (order.status) {
    case 'payment_pending':
    case 'payment_requested':
      return isClaimOpen(order) ? 'in-progress' : 'to-pay'
    case 'payment_confirmed':
    case 'escrow_locked':
    case 'order_confirmed':
    case 'processing':
    case 'ready_to_ship':
      return 'in-progress'
    case 'shipped':
    case 'in_transit':
    case 'out_for_delivery':
      return 'shipped'
    case 'delivered':
    case 'completed':
    case 'cancelled':
    case 'refunded':
    case 'failed':
      return 'done'
    case 'disputed':
      return 'problem'
    default:
      return assertNever(order.status)
  }
}

export type NextStepCode = 'ask-payment' | 'wait-for-request' | 'pay' | 'wait-for-payment' | 'wait-unasked' | 'check-payment' | 'wait-for-check' | 'accept-or-ship' | 'ship'
  | 'wait-for-shipping' | 'deliver' | 'wait-for-delivery' | 'confirm-received' | 'wait-for-received' | 'settle-dispute' | 'refund' | 'wait-for-refund'
  | 'give-refund-target' | 'wait-for-refund-target' | 'wait-underpaid' | 'settle-underpaid' | 'check-refund' | 'tell-refund'
  | 'wait-for-taking' | 'take-or-release' | 'decide-cancel' | 'wait-for-cancel' | 'order-again' | 'nothing'

/** Who must act, and the sentence to say. `mine`: it is the reader's turn. */
export interface NextStep { readonly who: Role | 'nobody', readonly code: NextStepCode, readonly mine: boolean }

type Turn = readonly [who: Role | 'nobody', shopper: NextStepCode, merchant: NextStepCode]

export function nextStep(order: Order, role: Role): NextStep {
  const [who, shopper, merchant] = turnOf(order)
  // A preimage from outside is a reason to ask the own wallet, none to send goods (T8).
  if (role === 'merchant' && (merchant === 'accept-or-ship' || merchant === 'ship') && !isCovered(order))
    return { who, code: 'check-payment', mine: true }
  if (role === 'merchant' && merchant === 'ask-payment' && paysUnasked(order.dialect))
    return { who: 'shopper', code: 'wait-unasked', mine: false }
  if (role === 'merchant' && merchant === 'refund' && !isPaidTo(order, role))
    return { who, code: 'check-payment', mine: true }
  return { who, code: role === 'shopper' ? shopper : merchant, mine: who === role }
}

function turnOf(order: Order): Turn {
  const refund = openRefund(order)
  if (refund?.state === 'paying' || refund?.state === 'unknown')
    return ['merchant', 'wait-for-refund', 'check-refund']
  if (refund?.state === 'asked' && (refundIsDue(order) || isOver(order)))
    return ['shopper', 'give-refund-target', 'wait-for-refund-target']
  if (refundIsDue(order) || refund?.state === 'ready' || refund?.state === 'failed')
    return ['merchant', 'wait-for-refund', 'refund']
  if (isRefundUntold(order))
    return ['merchant', 'nothing', 'tell-refund']
  if (order.cancelRequestedBy === 'shopper' && beforeShipping.has(order.status))
    return ['merchant', 'wait-for-cancel', 'decide-cancel']
  if (isUnderpaid(order) && beforeShipping.has(order.status))
    return ['merchant', 'wait-underpaid', 'settle-underpaid']
  switch (order.status) {
    case 'payment_pending':
      return order.payment === 'claimed' ? ['merchant', 'wait-for-check', 'check-payment'] : ['merchant', 'wait-for-request', 'ask-payment']
    case 'payment_requested':
      return isClaimOpen(order) ? ['merchant', 'wait-for-check', 'check-payment'] : ['shopper', 'pay', 'wait-for-payment']
    case 'escrow_locked':
      return order.holds.some(isHeld) ? ['merchant', 'wait-for-taking', 'take-or-release'] : ['merchant', 'wait-for-shipping', 'accept-or-ship']
    case 'payment_confirmed':
      return ['merchant', 'wait-for-shipping', 'accept-or-ship']
    case 'order_confirmed':
    case 'processing':
    case 'ready_to_ship':
      if (isPaid(order) || order.escrow?.state === 'locked')
        return ['merchant', 'wait-for-shipping', 'ship']
      if (order.holds.some(isHeld))
        return ['merchant', 'wait-for-taking', 'take-or-release']
      return isClaimOpen(order) ? ['merchant', 'wait-for-check', 'check-payment'] : ['shopper', order.request === null ? 'wait-for-request' : 'pay', 'wait-for-payment']
    case 'shipped':
    case 'in_transit':
    case 'out_for_delivery':
      return ['shopper', 'confirm-received', 'wait-for-delivery']
    case 'delivered':
      return order.deliveredBy === 'shopper' ? ['nobody', 'nothing', 'nothing'] : ['shopper', 'confirm-received', 'wait-for-received']
    case 'disputed':
      return ['merchant', 'settle-dispute', 'settle-dispute']
    case 'failed':
      return ['shopper', 'order-again', 'nothing']
    case 'completed':
    case 'cancelled':
    case 'refunded':
      return ['nobody', 'nothing', 'nothing']
    default:
      return assertNever(order.status)
  }
}

/** Given back, and the shopper does not know: a crash, a lock or a refused signature came between. */
export const isRefundUntold = ({ refunds }: Order): boolean => refunds.some(({ state, told }) => state === 'paid' && !told)

export const beforeShipping: ReadonlySet<OrderStatus> = new Set(['payment_pending', 'payment_requested', 'payment_confirmed', 'escrow_locked', 'order_confirmed', 'processing', 'ready_to_ship'])

/** Money lies with the merchant that is not his to keep (T9). */
export const refundIsDue = (order: Order): boolean =>
  order.status !== 'refunded' && order.problems.some(problem => problem === 'refund-due' || problem === 'paid-after-end')
  && (order.refundDeclined === null || openRefund(order) !== undefined)
