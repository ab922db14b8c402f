import { refundIsDue } from '../../domain/order/status'
import type { Order } from '../../domain/order/types'

/** Money that comes back is what few orders are about. */
export const loadOrderRefund = () => import('./OrderRefund.vue')

export const hasRefund = (order: Order): boolean => order.refunds.length > 0 || order.refundDeclined !== null || refundIsDue(order)
