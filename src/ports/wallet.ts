import type { Hex32, Msat } from '../domain/brand'
import type { DecodedInvoice } from '../domain/invoice/types'

export type PayErrorCode = 'insufficient_balance' | 'quota_exceeded' | 'payment_failed' | 'not_implemented' | 'unauthorized' | 'expired' | 'refused'

export type PayOutcome =
  /** The preimage hashes to the payment hash: checked (payments.md I11). */
  | { readonly status: 'paid', readonly preimage: Hex32, readonly fees: Msat | null }
  | { readonly status: 'declined' }
  /** Certain: nothing was or will be taken. */
  | { readonly status: 'failed', readonly code: PayErrorCode, readonly detail: string }
  /** May have been, or may yet be, paid. */
  | { readonly status: 'unknown', readonly reason: string }

/** A shopper's wallet. Aborting stops the waiting, never the payment. */
export interface Wallet {
  readonly kind: 'nwc' | 'webln'
  pay(invoice: DecodedInvoice, options?: { readonly signal?: AbortSignal }): Promise<PayOutcome>
  /** Asks again what became of a payment. */
  resolve(paymentHash: Hex32): Promise<PayOutcome>
  dispose(): void
}
