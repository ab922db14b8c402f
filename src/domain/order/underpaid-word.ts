import type { Hex32, Msat } from '../brand'

/** The merchant's word that no more than that arrived by the invoice with this payment hash, which asks for more. */
export interface UnderpaidWord { readonly hash: Hex32, readonly msat: Msat }
export interface UnderpaidSaid { readonly underpaid?: UnderpaidWord }
