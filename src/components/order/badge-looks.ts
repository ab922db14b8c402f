/** Icon and colour of each badge. The word always stands beside them. */
import type { PaymentBadge } from '../../domain/order/status'
import type { OrderStatus } from '../../domain/order/types'

export type BadgeTone = 'neutral' | 'info' | 'positive' | 'warning' | 'negative'
export interface BadgeLook { readonly icon: string, readonly tone: BadgeTone }

/** Proved, said and claimed must not look alike (T8): a filled check, a plain check, a question mark. */
export const paymentLooks: Readonly<Record<PaymentBadge, BadgeLook>> = {
  'unpaid': { icon: 'clock', tone: 'neutral' },
  'claimed': { icon: 'question', tone: 'warning' },
  'said': { icon: 'check', tone: 'info' },
  'proved': { icon: 'verified', tone: 'positive' },
  'underpaid': { icon: 'warning', tone: 'negative' },
  'overpaid': { icon: 'warning', tone: 'warning' },
  'paid-twice': { icon: 'warning', tone: 'negative' },
  'partly-refunded': { icon: 'undo', tone: 'info' },
  'refunded': { icon: 'undo', tone: 'info' },
  'reserved': { icon: 'lock', tone: 'info' },
}

export const statusLooks: Readonly<Record<OrderStatus, BadgeLook>> = {
  payment_pending: { icon: 'clock', tone: 'neutral' },
  payment_requested: { icon: 'bolt', tone: 'warning' },
  payment_confirmed: { icon: 'box', tone: 'info' },
  escrow_locked: { icon: 'lock', tone: 'info' },
  order_confirmed: { icon: 'check', tone: 'info' },
  processing: { icon: 'box', tone: 'info' },
  ready_to_ship: { icon: 'box', tone: 'info' },
  shipped: { icon: 'truck', tone: 'positive' },
  in_transit: { icon: 'truck', tone: 'positive' },
  out_for_delivery: { icon: 'truck', tone: 'positive' },
  delivered: { icon: 'home', tone: 'positive' },
  completed: { icon: 'check', tone: 'positive' },
  disputed: { icon: 'warning', tone: 'negative' },
  cancelled: { icon: 'cancel', tone: 'neutral' },
  refunded: { icon: 'undo', tone: 'neutral' },
  failed: { icon: 'cancel', tone: 'negative' },
}
