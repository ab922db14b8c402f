/** Real money's manners without real money: what a wallet service needs of Lightning. Amounts in msat. */
export interface MadeInvoice {
  readonly bolt11: string
  readonly paymentHash: string
  readonly expiresAt: number
}

/** `returned`: it arrived, and was not taken. */
export type PayRefusal = 'expired' | 'already-paid' | 'under-way' | 'insufficient' | 'no-route' | 'not-ours' | 'returned'
export type PayResult =
  | { readonly paid: true, readonly preimage: string, readonly feesMsat: number }
  | { readonly paid: false, readonly reason: PayRefusal }

export interface Received { readonly paymentHash: string, readonly preimage: string, readonly msat: number, readonly at: number }

/** A payment that has arrived and that nobody has taken or given back yet. Times in Unix seconds. */
export interface Held {
  readonly paymentHash: string
  readonly msat: number
  readonly at: number
  /** When the node gives it back by itself: long before the time lock would run out. */
  readonly releaseAt: number
  /** The time lock, as a block height. */
  readonly settleBefore: number
}
export type HoldEvent = { readonly type: 'held', readonly held: Held } | { readonly type: 'released', readonly paymentHash: string }
/** A merchant's tab may never come back: a payer is not left waiting for hours. */
export const HOLD_SECONDS = 30 * 60

export interface LightningBackend {
  readonly kind: 'ldk' | 'ledger'
  /**
   * @param amountMsat null: the payer names it
   * @param hashed the invoice holds no description, only its hash (LNURL)
   */
  invoice(amountMsat: number | null, description: string, expirySeconds: number, hashed?: boolean): Promise<MadeInvoice>
  /**
   * Never throws for what a payer may do wrong; refuses late, second and too large payments.
   * @param msat more than was asked, as payers may send (BOLT4 lets a payee take up to twice of it); absent: what was asked
   */
  pay(bolt11: string, msat?: number): Promise<PayResult>
  /** An invoice whose preimage only its maker knows: what pays it is held. */
  holdInvoice(amountMsat: number, description: string, expirySeconds: number, paymentHash: string): Promise<MadeInvoice>
  /** Takes what is held. */
  settleHold(preimage: string): Promise<'settled' | 'already-settled' | 'not-held'>
  /** Gives back what is held, and lets nothing more be paid. */
  cancelHold(paymentHash: string): Promise<'cancelled' | 'already-settled' | 'unknown'>
  held(paymentHash: string): Held | undefined
  /** Given back, or cancelled before anything came. */
  isReturned(paymentHash: string): boolean
  onHold(listener: (event: HoldEvent) => void): () => void
  /** What time alone brings about: what was held too long goes back. */
  tick(): void
  received(paymentHash: string): Received | undefined
  onReceived(listener: (payment: Received) => void): () => void
  close(): Promise<void>
}
