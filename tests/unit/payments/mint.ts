import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { bech32 } from '@scure/base'

export interface MintOptions { readonly msat: number, readonly description?: string, readonly hashed?: string, readonly expiry?: number, readonly at?: number, readonly prefix?: string, readonly preimage?: Uint8Array }

const words = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(value / 32 ** (count - 1 - index)) % 32)
const field = (type: number, data: number[]): number[] => [type, ...words(data.length, 2), ...data]

/** A real, signed BOLT11 invoice of nobody's money (regtest unless told), for tests that need many different ones. */
export function mint({ msat, description = 'order', hashed, expiry = 600, at = Math.floor(Date.now() / 1000), prefix = 'lnbcrt', preimage = crypto.getRandomValues(new Uint8Array(32)) }: MintOptions) {
  const hash = sha256(preimage)
  const hrp = `${prefix}${msat * 10}p`
  const data = [
    ...words(at, 7),
    ...field(1, bech32.toWords(hash)),
    ...field(16, bech32.toWords(crypto.getRandomValues(new Uint8Array(32)))),
    ...(hashed === undefined ? field(13, bech32.toWords(utf8ToBytes(description))) : field(23, bech32.toWords(sha256(utf8ToBytes(hashed))))),
    ...field(6, words(expiry, Math.max(1, Math.ceil(Math.log2(expiry + 1) / 5)))),
    ...field(24, words(18, 1)),
    ...field(5, [16, 8, 0]),
  ]
  const bits = data.flatMap(word => [16, 8, 4, 2, 1].map(bit => word & bit ? 1 : 0))
  const bytes = new Uint8Array(Math.ceil(bits.length / 8))
  bits.forEach((bit, index) => { bytes[index >> 3] = (bytes[index >> 3] ?? 0) | bit << 7 - (index & 7) })
  const signature = secp256k1.sign(sha256(new Uint8Array([...utf8ToBytes(hrp), ...bytes])), new Uint8Array(32).fill(77), { prehash: false, format: 'recovered' })
  const signed = new Uint8Array([...signature.slice(1), signature[0] ?? 0])
  return { bolt11: bech32.encode(hrp, [...data, ...bech32.toWords(signed)], false), paymentHash: bytesToHex(hash), preimage: bytesToHex(preimage), expiresAt: at + expiry }
}
