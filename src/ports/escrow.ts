import type { Msat, Pubkey, Seconds } from '../domain/brand'
import type { EscrowFact } from '../domain/order/held-money'
import type { Result } from '../domain/result'

export type EscrowErrorCode = 'escrow_offline' | 'no_answer' | 'escrow_refused' | 'unknown_lock' | 'not_allowed' | 'ended'
export interface EscrowError { readonly code: EscrowErrorCode, readonly detail: string }

export interface EscrowTerms {
  readonly orderId: string
  readonly shopper: Pubkey
  readonly merchant: Pubkey
  readonly amount: Msat
  /** Without a word of anybody the money goes to the merchant then. */
  readonly releaseAt: Seconds
}

/** `payTo`: what the shopper pays so that the money is locked: an invoice, an address; shown like any request. */
export interface OpenedEscrow { readonly ref: string, readonly payTo: string, readonly fee: Msat }

/**
 * `open`: not paid yet. `proof` shows it to third parties, '' = this answer is all there is. `unknown`: asked, no usable
 * answer; it says nothing about the money.
 */
export type EscrowState =
  | { readonly status: 'open' }
  | { readonly status: 'expired' }
  | { readonly status: EscrowFact['state'], readonly msat: Msat, readonly proof: string }
  | { readonly status: 'unknown', readonly reason: string }

/**
 * Whoever holds the money of an order from payment to delivery (decision 0017 says why no hold invoice does). What comes
 * back is a stranger's answer; what counts of it is kept as `escrow` facts of this device, and every act is followed by `state`.
 */
export interface Escrow {
  /** Shown to people, and kept with each fact. */
  readonly provider: string
  /** The same order and terms twice are one lock. */
  open(terms: EscrowTerms, signal?: AbortSignal): Promise<Result<OpenedEscrow, EscrowError>>
  state(ref: string, signal?: AbortSignal): Promise<EscrowState>
  /** To the merchant: the shopper's to say, or an arbiter's. Repeating it changes nothing. */
  release(ref: string, by: Pubkey): Promise<Result<void, EscrowError>>
  /** To the shopper: the merchant's to say, or an arbiter's. Repeating it changes nothing. */
  refund(ref: string, by: Pubkey): Promise<Result<void, EscrowError>>
  /** Either side: nothing is released by time any more; the arbiter decides. */
  dispute(ref: string, by: Pubkey, reason: string): Promise<Result<void, EscrowError>>
  dispose(): void
}
