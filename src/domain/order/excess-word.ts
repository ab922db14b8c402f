import type { Hex32, Msat } from '../brand'
import type { UnderpaidSaid } from './underpaid-word'

/** `twice`: the order had been paid already. `late`: it had ended. Either way it is the shopper's. */
export const excessKinds = ['twice', 'late'] as const

/** The merchant's word that what arrived by the invoice with this payment hash is not his to keep, and how much that is. */
export interface ExcessWord { readonly what: typeof excessKinds[number], readonly hash: Hex32, readonly msat: Msat }
export interface ExcessSaid { readonly excess?: ExcessWord }
/** What a merchant may say of one payment, beside 'paid'. */
export interface MoneySaid extends UnderpaidSaid, ExcessSaid {}

/** Of a payment that is known by such a word. `known`: the merchant's own wallet is here and shows it itself; nothing follows from the word. */
export interface ExcessMark { readonly excess?: ExcessWord['what'], readonly known?: true }
