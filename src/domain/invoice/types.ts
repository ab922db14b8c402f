import type { Hex32, Msat, Seconds } from '../brand'

export type Network = 'mainnet' | 'testnet' | 'signet' | 'regtest' | 'simnet'

/** A BOLT11 invoice that decoded strictly (payments.md §6.2). */
export interface DecodedInvoice {
  /** Lower case, without scheme. */
  readonly bolt11: string
  readonly network: Network
  readonly amount: Msat | null
  readonly createdAt: Seconds
  readonly expirySeconds: number
  readonly expiresAt: Seconds
  readonly paymentHash: Hex32
  readonly paymentSecret: Hex32
  /** Hostile text: shown as text only. null when only its hash is there. */
  readonly description: string | null
  readonly descriptionHash: Hex32 | null
  /** 33-byte compressed key, hex. */
  readonly payee: string
  readonly payeeInInvoice: boolean
  readonly minFinalCltvExpiryDelta: number
  readonly featureBits: readonly number[]
}

export type InvoiceErrorCode = 'not_an_invoice' | 'mixed_case' | 'bad_character' | 'bad_checksum' | 'unknown_network' | 'bad_amount'
  | 'sub_msat_amount' | 'too_short' | 'truncated_field' | 'bad_field_length' | 'missing_payment_hash' | 'missing_payment_secret'
  | 'missing_description' | 'both_descriptions' | 'bad_description' | 'non_minimal_field' | 'bad_signature' | 'unknown_required_feature'

export type InvoiceCheckCode = 'amount_missing' | 'amount_mismatch' | 'expired' | 'wrong_network' | 'payment_hash_reused'
  | 'description_hash_mismatch' | 'preimage_mismatch' | 'payee_changed'
