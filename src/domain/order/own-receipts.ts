import type { Pubkey } from '../brand'
import { hashOfPreimage } from './receipt-proof'
import type { Order, OrderMessage, PaymentFact } from './types'

/** What the own wallet paid, by a preimage that was found to prove it. */
export const ownPayments = ({ payments }: Pick<Order, 'payments'>): readonly PaymentFact[] =>
  payments.filter(({ by, strength, preimage, paymentHash }) => by === 'own-wallet' && strength === 'proved' && paymentHash !== null && preimage !== '')

/** Of these, such as the merchant was sent no receipt for: one goes out for each payment hash, ever (orders.md §4.1). */
export function receiptsDue(order: Pick<Order, 'payments'>, messages: readonly OrderMessage[], me: Pubkey): readonly PaymentFact[] {
  const sent = new Set(messages.flatMap(message => message.type === 'receipt' && message.author === me ? [hashOfPreimage(message.preimage)] : []))
  return ownPayments(order).filter(({ paymentHash }) => !sent.has(paymentHash))
}
