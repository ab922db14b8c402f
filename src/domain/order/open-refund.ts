import type { RefundPay, RefundRecord } from './refund-types'
import type { Order } from './types'

/** Money went, or may have gone, to its target: nothing else is begun before its end is known. */
export const isUnderWay = ({ state }: RefundRecord): boolean => state === 'paying' || state === 'unknown'

/** One tab's word to the others that it is the one that begins (`payRefund`); of the order it says nothing. */
export const isRefundLock = ({ state, paymentHash }: Pick<RefundPay, 'state' | 'paymentHash'>): boolean => state === 'begun' && paymentHash === null

/** The one refund that is neither paid nor replaced; one under way first. */
export const openRefund = ({ refunds }: Pick<Order, 'refunds'>): RefundRecord | undefined =>
  refunds.find(isUnderWay) ?? refunds.findLast(({ state }) => state !== 'paid' && state !== 'replaced')
