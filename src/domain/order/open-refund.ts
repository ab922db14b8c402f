import type { RefundRecord } from './refund-types'
import type { Order } from './types'

/** Money went, or may have gone, to its target: nothing else is begun before its end is known. */
export const isUnderWay = ({ state }: RefundRecord): boolean => state === 'paying' || state === 'unknown'

/** The one refund that is neither paid nor replaced; one under way first. */
export const openRefund = ({ refunds }: Pick<Order, 'refunds'>): RefundRecord | undefined =>
  refunds.find(isUnderWay) ?? refunds.findLast(({ state }) => state !== 'paid' && state !== 'replaced')
