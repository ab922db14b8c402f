import type { Hex32, Msat, Seconds } from '../domain/brand'
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

/** What a wallet says of the money behind a connection; null where it says nothing. */
export interface WalletBudget {
  /** What may still be spent by this connection. */
  readonly left: Msat | null
  readonly renewsAt: Seconds | null
  readonly balance: Msat | null
}

/** A wallet that a browser may have of its own (WebLN). Its program asks the person before it pays. */
export interface BrowserWallet {
  readonly wallet: Wallet
  /** Calls back at once, and again when one is put onto the page late. */
  onPresent(listener: (present: boolean) => void): () => void
}

/** A shopper's wallet. Aborting stops the waiting, never the payment. */
export interface Wallet {
  readonly kind: 'nwc' | 'webln'
  /** Which one, without telling its secret; absent where that cannot be known. */
  readonly id?: string
  pay(invoice: DecodedInvoice, options?: { readonly signal?: AbortSignal }): Promise<PayOutcome>
  /** Asks again what became of a payment. */
  resolve(paymentHash: Hex32): Promise<PayOutcome>
  /** null: nothing is granted to be known. */
  budget?(): Promise<WalletBudget | null>
  dispose(): void
}
