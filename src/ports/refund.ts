import type { Hex32, Msat } from '../domain/brand'
import type { DecodedInvoice } from '../domain/invoice/types'
import type { PayOutcome, Wallet } from './wallet'

/** Pays money back. A door of its own: refunds need a right to spend that the shop's receiving connection must not hold (payments.md §7). */
export interface RefundPayer {
  readonly kind: Wallet['kind']
  /** Never another amount than was decided, whatever the invoice asks. */
  refund(invoice: DecodedInvoice, amount: Msat): Promise<PayOutcome>
  /** Asks again what became of it. */
  resolve(paymentHash: Hex32): Promise<PayOutcome>
}

/** A wallet that may spend, for refunds alone. */
export const refundPayerOn = (wallet: Wallet): RefundPayer => ({
  kind: wallet.kind,
  refund: async (invoice, amount) => invoice.amount === amount ? wallet.pay(invoice) : { status: 'failed', code: 'refused', detail: 'another amount' },
  resolve: paymentHash => wallet.resolve(paymentHash),
})
