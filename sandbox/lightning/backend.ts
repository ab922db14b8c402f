/** Real money's manners without real money: what a wallet service needs of Lightning. Amounts in msat. */
export interface MadeInvoice {
  readonly bolt11: string
  readonly paymentHash: string
  readonly expiresAt: number
}

export type PayRefusal = 'expired' | 'already-paid' | 'under-way' | 'insufficient' | 'no-route' | 'not-ours'
export type PayResult =
  | { readonly paid: true, readonly preimage: string, readonly feesMsat: number }
  | { readonly paid: false, readonly reason: PayRefusal }

export interface Received { readonly paymentHash: string, readonly preimage: string, readonly msat: number, readonly at: number }

export interface LightningBackend {
  readonly kind: 'ldk' | 'ledger'
  /**
   * @param amountMsat null: the payer names it
   * @param hashed the invoice holds no description, only its hash (LNURL)
   */
  invoice(amountMsat: number | null, description: string, expirySeconds: number, hashed?: boolean): Promise<MadeInvoice>
  /** Never throws for what a payer may do wrong; refuses late, second and too large payments. */
  pay(bolt11: string): Promise<PayResult>
  received(paymentHash: string): Received | undefined
  onReceived(listener: (payment: Received) => void): () => void
  close(): Promise<void>
}
