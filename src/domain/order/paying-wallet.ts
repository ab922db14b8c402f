import type { Order } from './types'

/**
 * Whether this wallet was asked to make the payment that is under way: another one's 'not found' says nothing of it (T9). Of
 * wallets that do not say which they are, the kind has to do.
 */
export const wasAsked = (wallet: { readonly kind: string, readonly id?: string }, { payingVia, payingWallet }: Pick<Order, 'payingVia' | 'payingWallet'>): boolean =>
  wallet.kind === payingVia && (payingWallet === undefined || payingWallet === wallet.id)
