import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { isHex32, type Hex32, type Msat, type Seconds } from '../brand'
import type { DecodedInvoice, InvoiceCheckCode, Network } from './types'

export interface InvoiceContext {
  readonly now: Seconds
  readonly network: Network
  /** What the shopper agreed to; absent = nothing to compare with. */
  readonly agreed?: Msat
  /** How far the amount may be off, either way. */
  readonly tolerance?: Msat
  /** Hashes of other orders' invoices, and of paid ones. */
  readonly knownHashes?: ReadonlySet<string>
  /** Text whose hash the invoice should commit to (LNURL metadata). */
  readonly descriptionSource?: string
  /** What a wallet gave as proof. */
  readonly preimage?: string
  readonly pinnedPayee?: string
}

/** Everything that speaks against paying, each once (payments.md §6.3); empty = pay. The last second still counts. */
export function checkInvoice(invoice: DecodedInvoice, context: InvoiceContext): readonly InvoiceCheckCode[] {
  const { now, network, agreed, tolerance = 0, knownHashes, descriptionSource, preimage, pinnedPayee } = context
  const codes: (InvoiceCheckCode | false)[] = [
    invoice.amount === null && 'amount_missing',
    invoice.amount !== null && agreed !== undefined && Math.abs(invoice.amount - agreed) > tolerance && 'amount_mismatch',
    isExpired(invoice, now) && 'expired',
    invoice.network !== network && 'wrong_network',
    knownHashes?.has(invoice.paymentHash) === true && 'payment_hash_reused',
    descriptionSource !== undefined && invoice.descriptionHash !== null && bytesToHex(sha256(utf8ToBytes(descriptionSource))) !== invoice.descriptionHash && 'description_hash_mismatch',
    preimage !== undefined && !provesPayment(preimage, invoice.paymentHash) && 'preimage_mismatch',
    pinnedPayee !== undefined && pinnedPayee !== invoice.payee && 'payee_changed',
  ]
  return codes.filter(code => code !== false)
}

export const isExpired = (invoice: Pick<DecodedInvoice, 'expiresAt'>, now: Seconds): boolean => now > invoice.expiresAt

/** The preimage hashes to the payment hash: the shopper's receipt (payments.md I11). */
export const provesPayment = (preimage: string, paymentHash: Hex32): boolean =>
  isHex32(preimage) && bytesToHex(sha256(hexToBytes(preimage))) === paymentHash
