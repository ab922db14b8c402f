import type { Order } from './types'

/**
 * The merchant has looked, found nothing, and asks anew: what was only said to be paid, with nothing that could show it, no
 * longer stands in the way of paying. A wallet's word does (T9).
 */
export const isAskedAgain = ({ payment, payments, request }: Pick<Order, 'payment' | 'payments' | 'request'>): boolean =>
  payment === 'claimed' && request !== null && request.selfMade === undefined
  // What names the very invoice that is asked for stands: that one is looked up, and cannot be paid twice.
  && payments.every(({ by, at, paymentHash, preimage }) => by === 'shopper' && (paymentHash === null || paymentHash !== request.paymentHash) && preimage === '' && at < request.at)

/** Said to be paid, and the merchant has not answered that: it is on the merchant to look. */
export const isClaimOpen = (order: Pick<Order, 'payment' | 'payments' | 'request'>): boolean => order.payment === 'claimed' && !isAskedAgain(order)
