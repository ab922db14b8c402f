import type { Hex32, Msat, Pubkey, Seconds } from '../domain/brand'
import type { Network } from '../domain/invoice/types'
import type { OwnInvoice } from '../domain/order/own-invoices'
import type { Result } from '../domain/result'
import type { IncomingPayment } from '../domain/wallet/incoming'
import type { WalletBudget } from './wallet'

/** payments.md §7. */
export interface InvoiceRequest {
  readonly orderId: string
  /** 1, 2, … reissues. */
  readonly attempt: number
  readonly amount: Msat
  /** ≤ 640 characters. */
  readonly description: string
  readonly expirySeconds: number
  /** What pays it is held until it is taken with the preimage of this hash, or given back; only where the wallet can `hold`. */
  readonly hold?: { readonly paymentHash: Hex32 }
  /** The order's number as people read it, for a note at the payee's service where it takes one. */
  readonly number?: string
  /** Kept beside the invoice by wallets that keep such things (payments.md §3.7). */
  readonly parties?: { readonly merchant: Pubkey, readonly buyer: Pubkey }
}
export interface IssuedInvoice {
  readonly bolt11: string
  readonly paymentHash: Hex32
  readonly amount: Msat
  readonly createdAt: Seconds
  readonly expiresAt: Seconds
  /** Made by an address: where its service says whether it was paid; null: nobody says. To be kept with the invoice. */
  readonly verify?: string | null
}
/** What was kept of an invoice: sources without a memory of their own need it to look it up. */
export type KeptInvoice = Pick<OwnInvoice, 'bolt11' | 'wallet' | 'verify'>

export type { IncomingPayment } from '../domain/wallet/incoming'
export type InvoiceState =
  | { readonly status: 'pending' }
  /** Held: neither ours nor lost. `settleBefore`: block height by which the node must act, where the wallet says it; `heldUntil`: about when that is. */
  | { readonly status: 'accepted', readonly msat: Msat, readonly settleBefore?: number, readonly heldUntil?: Seconds }
  | { readonly status: 'settled', readonly received: Msat, readonly settledAt: Seconds | null, readonly preimage: Hex32 | null }
  | { readonly status: 'expired' }
  /** Of one to be held: given back, or never to be paid. */
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed', readonly reason: string }
  /** Asked, no usable answer: keep asking. */
  | { readonly status: 'unknown', readonly reason: string }

export type WalletErrorCode = 'source_offline' | 'source_refused' | 'source_bad_invoice' | 'source_can_spend' | 'source_unauthorized'
  | 'rate_limited' | 'not_implemented' | 'bad_settings' | 'no_rate' | 'no_answer'
  /** The source takes no such amount; `detail` is its bound in sat. */
  | 'amount_too_small' | 'amount_too_large'
export interface WalletError { readonly code: WalletErrorCode, readonly detail: string }

export interface SourceCapabilities {
  readonly network: Network | null
  readonly lookup: boolean
  readonly push: boolean
  /** Could pay too: more than the shop needs (T17). */
  readonly canSpend: boolean
  readonly alias: string
  /** Can hold a payment until it is taken or given back (payments.md §4.5); absent: it cannot. */
  readonly hold?: boolean
  /** false: it keeps no list that we may read, so an answer that was lost leads to a second invoice. */
  readonly recalls?: false
  /** Could spend, though not by paying an invoice. */
  readonly pays?: false
  /** It says nothing of what this connection may do. */
  readonly unlisted?: true
  /** What it may still spend, and what is in it, where the connection may ask for that. */
  readonly budget?: WalletBudget
  /** What it takes for one invoice, where it says so. */
  readonly least?: Msat
  readonly most?: Msat
}

/** A merchant's wallet: makes invoices and says whether they were paid. */
export interface InvoiceSource {
  readonly kind: 'nwc' | 'lnbits' | 'lightning-address'
  capabilities(signal?: AbortSignal): Promise<Result<SourceCapabilities, WalletError>>
  /** Makes, decodes and checks (payments.md I12). Looks for an earlier invoice of (orderId, attempt) first. */
  create(request: InvoiceRequest, signal?: AbortSignal): Promise<Result<IssuedInvoice, WalletError>>
  /** @param kept what was kept when it was made; wallets with a list of their own do without */
  lookup(paymentHash: Hex32, signal?: AbortSignal, kept?: KeptInvoice): Promise<InvoiceState>
  /** Takes what is held. `ok` says that the wallet agreed, the money is there when a lookup says so. */
  settleHold?(preimage: Hex32, signal?: AbortSignal): Promise<Result<void, WalletError>>
  /** Gives back what is held, in full; one that nobody has paid can no longer be paid. As sure as a lookup afterwards. */
  cancelHold?(paymentHash: Hex32, signal?: AbortSignal): Promise<Result<void, WalletError>>
  /** What came in since then, the newest first and no more than a few pages; absent: it has no such list. */
  incoming?(since: Seconds, signal?: AbortSignal): Promise<Result<readonly IncomingPayment[], WalletError>>
  /** Hints only: the caller must look up. `gap` after every reconnection: look up all that are open. */
  subscribe(listener: (hint: { type: 'touched', paymentHash: Hex32 } | { type: 'gap' } | { type: 'offline' | 'online' }) => void): () => void
  dispose(): void
}
