import type { EventId, Hex32, Msat, Seconds } from '../brand'

/**
 * What the two say about money that goes back, before and after the merchant's `refund` word. `id` names one refund of the order;
 * '' where a Lightning address is given for whatever may come back. `why`: the bare reason, without the sentence around it;
 * `rest`: nothing beyond this sum will.
 */
export type RefundStep =
  | { readonly step: 'ask', readonly id: string, readonly msat: Msat, readonly why?: string, readonly rest?: 'kept' }
  | { readonly step: 'to', readonly id: string, readonly to: string }
  | { readonly step: 'got', readonly id: string }
  | { readonly step: 'none' }

/** The merchant's word that it was paid. `proof`: the preimage, '' = none; without `id`: a refund of its own. */
export interface RefundSaid { readonly msat: Msat, readonly proof: string, readonly id?: string }

export type RefundVia = 'nwc' | 'webln' | 'hand'

/** Local fact of the merchant: one attempt to pay one refund, and what became of it. What a state does not know is '' or null. */
export interface RefundPay {
  readonly type: 'refund-pay'
  readonly refund: string
  readonly state: 'begun' | 'failed' | 'unknown' | 'paid'
  /** null: paid some other way than by an invoice; of `begun`: a lock among the tabs of one device, no attempt. */
  readonly paymentHash: Hex32 | null
  readonly bolt11: string
  readonly msat: Msat
  readonly via: RefundVia
  readonly preimage: string
  readonly fee: Msat | null
  /** Why it goes back (`begun`), or a code for what went wrong. */
  readonly reason: string
}

/** `replaced`: the merchant asked anew, or took the offer back, before this one was paid. */
export type RefundState = 'asked' | 'ready' | 'paying' | 'unknown' | 'failed' | 'paid' | 'replaced'

/** One refund of an order (payments.md §8.5); an export needs nothing else. */
export interface RefundRecord {
  readonly id: string
  readonly at: Seconds
  readonly state: RefundState
  readonly msat: Msat
  readonly reason: string
  /** Where the shopper wants it: an invoice of exactly that amount, or a Lightning address; '' = not said yet. */
  readonly target: string
  /** Of the attempt under way, or the one that paid. */
  readonly bolt11: string
  readonly paymentHash: Hex32 | null
  readonly via: RefundVia | null
  readonly begunAt: Seconds | null
  readonly paidAt: Seconds | null
  readonly preimage: string
  /** The preimage hashes to the invoice that was paid (I11): to both where the shopper gave it, else to the merchant alone. */
  readonly proved: boolean
  readonly fee: Msat | null
  /** Code of the last attempt that failed, or why its end is not known. */
  readonly failure: string
  /** The shopper has been told that it is paid. */
  readonly told: boolean
  /** The shopper says that it has arrived. */
  readonly arrived: boolean
  /** The merchant paid, or tried to, to where he was told elsewhere: nothing was offered in the order. */
  readonly unasked?: true
}

export interface OrderRefunds {
  /** Oldest first. */
  readonly refunds: readonly RefundRecord[]
  /** Never above what was received, where that is known. */
  readonly refundedMsat: Msat
  /** The merchant's last word: nothing (more) goes back. */
  readonly refundDeclined: { readonly text: string, readonly at: Seconds } | null
  /** Lightning address that the shopper gave in this order; '' = none. */
  readonly refundAddress: string
}

/** What a message about a refund is on the timeline. */
export interface RefundLine {
  readonly what: 'refund-asked' | 'refund-given' | 'refund-begun' | 'refund-failed' | 'refund-unknown' | 'refunded' | 'refund-declined' | 'refund-confirmed'
  readonly verified: boolean
  readonly text: string
}
export type RefundLines = ReadonlyMap<EventId, RefundLine>
