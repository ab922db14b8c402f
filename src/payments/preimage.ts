import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex32 } from '../domain/brand'
import { isHex32 } from '../domain/brand'

/** The preimage, if it is one and hashes to the payment hash (payments.md I11); else `null`. */
export function provenPreimage(preimage: unknown, paymentHash: Hex32): Hex32 | null {
  const text = typeof preimage === 'string' ? preimage.toLowerCase() : ''
  return isHex32(text) && bytesToHex(sha256(hexToBytes(text))) === paymentHash ? text : null
}
