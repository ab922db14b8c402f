import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { isHex32, type Hex32 } from '../brand'
import { readRequestInvoice } from './request-peek'

/**
 * What a receipt is worth by itself (gamma.md §8.2). `proved`: its preimage hashes to something this order asked.
 * `proof-of-invoice`: to the invoice it brings along, which anybody may have made; so it is a claim like the rest.
 */
export interface ReceiptWorth {
  readonly strength: 'proved' | 'proof-of-invoice' | 'claimed'
  /** Of the invoice that was paid, as proved or as claimed. */
  readonly paymentHash: Hex32 | null
  readonly problem: 'preimage-mismatch' | null
}

/** The payment hash that a preimage proves; null = it is none. Peers write hex in either case. */
export function hashOfPreimage(preimage: string): Hex32 | null {
  const hash = /^[0-9a-f]{64}$/i.test(preimage) ? bytesToHex(sha256(hexToBytes(preimage))) : null
  return isHex32(hash) ? hash : null
}

/** @param isAsked whether this order asked with that payment hash */
export function weighReceipt({ preimage, invoice }: { readonly preimage: string, readonly invoice: string }, isAsked: (hash: Hex32) => boolean): ReceiptWorth {
  const proved = hashOfPreimage(preimage)
  const claimed = readRequestInvoice(invoice)?.paymentHash ?? null
  if (proved !== null && isAsked(proved))
    return { strength: 'proved', paymentHash: proved, problem: null }
  if (proved !== null && proved === claimed)
    return { strength: 'proof-of-invoice', paymentHash: claimed, problem: null }
  return { strength: 'claimed', paymentHash: claimed, problem: proved === null ? null : 'preimage-mismatch' }
}
