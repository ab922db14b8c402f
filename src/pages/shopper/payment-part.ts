import type { Order } from '../../domain/order/types'

/** Paying, with the strict reading of invoices. */
export const loadOrderPayment = () => import('./OrderPayment.vue')

const ON_ITS_WAY: ReadonlySet<Order['status']> = new Set(['completed', 'delivered', 'shipped', 'in_transit', 'out_for_delivery'])

/** What is on its way needs no word on its payment any more. */
export const hasPayment = ({ status }: Order): boolean => !ON_ITS_WAY.has(status)
