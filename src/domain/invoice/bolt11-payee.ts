import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { bytesOf } from './bolt11-fields'

const SIGNATURE_WORDS = 104

export interface Payee { readonly key: string, readonly named: boolean }

/**
 * Who signed: the key that the invoice names, when the signature (low S) is by it; else the recovered one, high S allowed
 * (payments.md §6.2). undefined: by nobody. Without a named key any signature is by *some* key.
 * @param data words from the timestamp to the end of the signature
 */
export function readPayee(prefix: string, data: readonly number[], named: readonly number[] | undefined): Payee | undefined {
  const digest = sha256(concatBytes(utf8ToBytes(prefix), bytesOf(data.slice(0, -SIGNATURE_WORDS), true)))
  const bytes = bytesOf(data.slice(-SIGNATURE_WORDS))
  const recovery = bytes[64] ?? 255
  if (recovery > 3)
    return undefined
  try {
    if (named !== undefined) {
      const key = bytesOf(named)
      return secp256k1.verify(bytes.slice(0, 64), digest, key, { prehash: false, lowS: true }) ? { key: bytesToHex(key), named: true } : undefined
    }
    const point = secp256k1.Signature.fromBytes(bytes.slice(0, 64), 'compact').addRecoveryBit(recovery).recoverPublicKey(digest)
    return { key: point.toHex(true), named: false }
  }
  catch {
    // The library throws where no key fits: an answer here.
    return undefined
  }
}
