import { toMsat, type Msat } from '../brand'
import { excessOf, receivedMsat, SAT } from './excess'
import { isUnderWay, openRefund } from './open-refund'
import { isPaidTo } from './status'
import type { Order } from './types'

/** Worth the fee and the trouble (payments.md §8.4). */
const LEAST_OVER = 100 * SAT

/** What may still go back, in whole sat; null: nobody knows how much came. */
export function refundableMsat(order: Pick<Order, 'payments' | 'refundedMsat'>): Msat | null {
  const received = receivedMsat(order)
  return received === null ? null : wholeSat(Math.max(0, received - order.refundedMsat))
}

/** Most wallets know no smaller unit. */
const wholeSat = (msat: number): Msat => toMsat(msat - msat % SAT)

/** `msat` null: nobody knows how much came. */
export interface RefundOffer { readonly msat: Msat | null, readonly why: 'ended' | 'paid-twice' | 'overpaid' }

/** What the merchant should give back and has not offered yet; null: nothing. */
export function refundOffer(order: Order): RefundOffer | null {
  const left = refundableMsat(order)
  if (order.status === 'refunded' || left === 0 || order.refundDeclined !== null || openRefund(order) !== undefined)
    return null
  if (order.problems.some(problem => problem === 'refund-due' || problem === 'paid-after-end') || (order.refusal !== null && order.problems.includes('refused-after-paid')))
    return { msat: left, why: 'ended' }
  // A preimage can be had before anything was paid (payments.md §3.5): what goes back must not follow from it (T8).
  const excess = excessOf({ ...order, payments: order.payments.filter(({ by }) => by !== 'shopper') })
  const over = excess === null ? 0 : wholeSat(Math.max(0, excess.msat - order.refundedMsat))
  if (excess === null || over === 0 || (excess.why === 'overpaid' && (over < LEAST_OVER || over * 100 < excess.asked)))
    return null
  return { msat: toMsat(left === null ? over : Math.min(left, over)), why: excess.why }
}

export type RefundObjection = 'not-paid' | 'too-much' | 'no-amount' | 'under-way' | 'already-refunded' | 'replaced'

/** Why the merchant may not offer or pay that much back now; null: may. @param refund the one meant, where it is known already */
export function refundObjection(order: Order, msat: number, refund?: string): RefundObjection | null {
  const record = order.refunds.find(({ id }) => id === refund)
  const left = refundableMsat(order)
  if (!isPaidTo(order, 'merchant'))
    return 'not-paid'
  if (record?.state === 'paid' || order.status === 'refunded')
    return 'already-refunded'
  if (record?.state === 'replaced')
    return 'replaced'
  if (order.refunds.some(isUnderWay))
    return 'under-way'
  if (!Number.isSafeInteger(msat) || msat < SAT || msat % SAT !== 0)
    return 'no-amount'
  return left !== null && msat > left ? 'too-much' : null
}
