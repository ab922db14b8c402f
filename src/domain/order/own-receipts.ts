import type { Hex32, Pubkey } from '../brand'
import { hashOfPreimage } from './receipt-proof'
import { readRequestInvoice } from './request-peek'
import type { Order, OrderMessage, PaymentFact } from './types'

/**
 * What the own wallet paid: by a preimage that was found to prove it, or only by its word, or by that of the service that made
 * the invoice.
 */
export const ownPayments = ({ payments }: Pick<Order, 'payments'>): readonly PaymentFact[] =>
  payments.filter(({ by, strength, preimage, paymentHash }) => by === 'own-wallet' && paymentHash !== null && (strength === 'claimed' || (strength === 'proved' && preimage !== '')))

/** Payment hashes of which the merchant was told by me: with a preimage that shows it, or at all. */
export function toldPayments(messages: readonly OrderMessage[], me: Pubkey): { readonly shown: ReadonlySet<Hex32>, readonly named: ReadonlySet<Hex32> } {
  const shown = new Set<Hex32>()
  const named = new Set<Hex32>()
  for (const message of messages) {
    if (message.type !== 'receipt' || message.author !== me)
      continue
    const proved = hashOfPreimage(message.preimage)
    const claimed = readRequestInvoice(message.invoice)?.paymentHash ?? null
    if (proved !== null)
      shown.add(proved)
    for (const hash of [proved, claimed])
      if (hash !== null)
        named.add(hash)
  }
  return { shown, named }
}

/** The merchant was told by the shopper that this very invoice was paid. */
export const isNamed = ({ payments }: Pick<Order, 'payments'>, hash: Hex32): boolean => payments.some(({ by, paymentHash }) => by === 'shopper' && paymentHash === hash)

/**
 * Of these, such as the merchant was sent no receipt for: one goes out for each payment hash, ever (orders.md §4.1), and one
 * more where a proof came after the word.
 */
export function receiptsDue(order: Pick<Order, 'payments'>, messages: readonly OrderMessage[], me: Pubkey): readonly PaymentFact[] {
  const told = toldPayments(messages, me)
  return ownPayments(order).filter(({ paymentHash, strength }) => paymentHash !== null && !(strength === 'proved' ? told.shown : told.named).has(paymentHash))
}
