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

export function isWork(kind: WorkKind, order: Order, toInvoice: ToInvoice): boolean {
  switch (kind) {
    case 'invoice':
      return toInvoice(order)
    case 'ship':
      return isToShip(order)
    case 'unpaid':
      return WAITING.has(nextStep(order, 'merchant').code) && !toInvoice(order)
    case 'problem':
      return needsLook(order)
    case 'check':
      return isToCheck(order)
    case 'refund':
      return REFUNDING.has(nextStep(order, 'merchant').code) || isRefundUntold(order)
  }
}

/** Also while a part of its money goes back; not while all of it may have to, and not before it is decided whether less than asked is enough. */
const isToShip = (order: Order): boolean => isCovered(order) && !order.shipped && beforeShipping.has(order.status) && order.status !== 'escrow_locked'
  && order.cancelRequestedBy !== 'shopper' && !refundIsDue(order) && !isUnderpaid(order)

/** Money that is said to have come and nobody has looked for, money that is locked or too little, and a shopper who asks to cancel. */
function isToCheck(order: Order): boolean {
  if (JUDGED.has(nextStep(order, 'merchant').code) || order.holds.some(isHeld) || order.status === 'escrow_locked')
    return true
  return !OVER.has(order.status) && !isPaidTo(order, 'merchant') && (isClaimOpen(order) || order.payment === 'proved')
}

/** How many orders wait for what. */
export function workOf(orders: readonly Order[], toInvoice: ToInvoice): Readonly<Record<WorkKind, number>> {
  const work = { invoice: 0, ship: 0, unpaid: 0, problem: 0, check: 0, refund: 0 }
  for (const order of orders) {
    for (const kind of workKinds) {
      if (isWork(kind, order, toInvoice))
        work[kind]++
    }
  }
  return work
}
