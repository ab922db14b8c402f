/** How a merchant's wallet is reached. Sealed at rest (T16). */
export type WalletSettings =
  | { readonly kind: 'lnbits', readonly url: string, readonly invoiceKey: string }
  | { readonly kind: 'nwc', readonly uri: string }
