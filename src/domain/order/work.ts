import { isClaimOpen } from './asked-again'
import { isHeld } from './held-money'
import { beforeShipping, isCovered, isPaidTo, isRefundUntold, nextStep, refundIsDue, type NextStepCode } from './status'
import type { Order, OrderStatus } from './types'
import { isUnderpaid } from './underpaid'

/** What waits for the merchant. An order may be several: each is counted, and listed, by the same answer. */
export const workKinds = ['invoice', 'ship', 'unpaid', 'problem', 'check', 'refund'] as const
export type WorkKind = typeof workKinds[number]

/** Whether an order waits for an invoice: that takes a clock. */
export type ToInvoice = (order: Order) => boolean

const OVER: ReadonlySet<OrderStatus> = new Set(['cancelled', 'failed', 'completed', 'refunded'])
const WAITING: ReadonlySet<NextStepCode> = new Set(['wait-for-payment', 'wait-unasked'])
const JUDGED: ReadonlySet<NextStepCode> = new Set(['check-payment', 'take-or-release', 'decide-cancel', 'settle-underpaid'])
const REFUNDING: ReadonlySet<NextStepCode> = new Set(['refund', 'check-refund', 'tell-refund'])

export const needsLook = (order: Order): boolean => order.problems.length > 0 || order.status === 'disputed' || order.dispute?.open === true || order.exception

/** Every kind that an order is; what comes next is worked out once for all of them. */
function worksOf(order: Order, toInvoice: ToInvoice): readonly WorkKind[] {
  const { code } = nextStep(order, 'merchant')
  const isToInvoice = toInvoice(order)
  const is: Readonly<Record<WorkKind, boolean>> = {
    invoice: isToInvoice,
    ship: isToShip(order),
    unpaid: WAITING.has(code) && !isToInvoice,
    problem: needsLook(order),
    check: JUDGED.has(code) || isToCheck(order),
    refund: REFUNDING.has(code) || isRefundUntold(order),
  }
  return workKinds.filter(kind => is[kind])
}

export const isWork = (kind: WorkKind, order: Order, toInvoice: ToInvoice): boolean => worksOf(order, toInvoice).includes(kind)

/** Also while a part of its money goes back; not while all of it may have to, and not before it is decided whether less than asked is enough. */
const isToShip = (order: Order): boolean => isCovered(order) && !order.shipped && beforeShipping.has(order.status) && order.status !== 'escrow_locked'
  && order.cancelRequestedBy !== 'shopper' && !refundIsDue(order) && !isUnderpaid(order)

/** Money that is said to have come and nobody has looked for, money that is locked or too little, and a shopper who asks to cancel. */
function isToCheck(order: Order): boolean {
  if (order.holds.some(isHeld) || order.status === 'escrow_locked')
    return true
  return !OVER.has(order.status) && !isPaidTo(order, 'merchant') && (isClaimOpen(order) || order.payment === 'proved')
}

/** How many orders wait for what. */
export function workOf(orders: readonly Order[], toInvoice: ToInvoice): Readonly<Record<WorkKind, number>> {
  const work = { invoice: 0, ship: 0, unpaid: 0, problem: 0, check: 0, refund: 0 }
  for (const order of orders) {
    for (const kind of worksOf(order, toInvoice))
      work[kind]++
  }
  return work
}
