import { allowedActs } from '../../domain/order/acts'
import type { Order } from '../../domain/order/types'

/** What the merchant can say of an order beside its money and its parcel; what waits for an answer comes first. */
const STEPS = ['keep-order', 'resolve-dispute', 'withdraw-dispute', 'accept', 'process', 'ready', 'deliver', 'complete'] as const
export type DeskStep = typeof STEPS[number]

export function deskSteps(order: Order): readonly DeskStep[] {
  const allowed = new Set(allowedActs(order, 'merchant'))
  return STEPS.filter(step => allowed.has(step))
}
