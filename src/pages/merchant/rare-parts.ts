import { isHeld } from '../../domain/order/held-money'
import { paysUnasked } from '../../domain/order/prepaid'
import { waitsForOwnWallet } from '../../domain/order/prepaid-match'
import type { Order } from '../../domain/order/types'

/** What few orders need at the desk comes with those. */
export const loadHold = () => import('../../components/desk/DeskHold.vue')
export const loadPrepaid = () => import('../../components/desk/PrepaidMatches.vue')

export const hasHold = ({ holds }: Order): boolean => holds.some(isHeld)
/** Paid without being asked, or by a program that asks nobody. */
export const hasPrepaid = (order: Order): boolean => paysUnasked(order.dialect) || waitsForOwnWallet(order)
