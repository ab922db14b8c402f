/** Real BOLT11 texts for tests: right checksum, right signature, a key nobody uses. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { bech32 } from '@scure/base'

export interface InvoiceSpec {
  /** 64 hex. */
  readonly preimage: string
  /** null = no amount. */
  readonly msat: number | null
  readonly createdAt: number
  readonly expirySeconds?: number
  readonly prefix?: string
  /** A signature that recovers to nobody. */
  readonly forgeSignature?: boolean
}
export interface TestInvoice { readonly bolt11: string, readonly paymentHash: string, readonly preimage: string, readonly msat: number | null, readonly expiresAt: number }

const NODE_KEY = hexToBytes('11'.repeat(32))

const numberWords = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 32 ** (count - 1 - i)) % 32)
const field = (tag: number, words: readonly number[]): number[] => [tag, ...numberWords(words.length, 2), ...words]
const amountText = (msat: number): string => msat % 100 === 0 ? `${msat / 100}n` : `${msat * 10}p`

function packed(words: readonly number[]): Uint8Array {
  const bits = words.flatMap(word => [16, 8, 4, 2, 1].map(bit => word & bit ? 1 : 0))
  const bytes = new Uint8Array(Math.ceil(bits.length / 8))
  for (const [i, bit] of bits.entries())
    bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (7 - (i & 7)))
  return bytes
}

export function makeInvoice({ preimage, msat, createdAt, expirySeconds, prefix = 'lnbc', forgeSignature = false }: InvoiceSpec): TestInvoice {
  const hash = sha256(hexToBytes(preimage))
  const hrp = `${prefix}${msat === null ? '' : amountText(msat)}`
  const words = [
    ...numberWords(createdAt, 7),
    ...field(1, bech32.toWords(hash)),
    ...field(16, bech32.toWords(sha256(utf8ToBytes(preimage)))),
    ...field(13, bech32.toWords(utf8ToBytes('order'))),
    ...(expirySeconds === undefined ? [] : field(6, numberWords(expirySeconds, 4))),
    // Features var_onion and payment_secret, both required.
    ...field(5, [8, 8, 0]),
  ]
  const digest = sha256(concatBytes(utf8ToBytes(hrp), packed(words)))
  const signature = secp256k1.sign(digest, NODE_KEY, { prehash: false, format: 'recovered' })
  const ordered = forgeSignature ? new Uint8Array(65) : concatBytes(signature.slice(1), signature.slice(0, 1))
  return {
    bolt11: bech32.encode(hrp as `${string}1`, [...words, ...bech32.toWords(ordered)], false),
    paymentHash: bytesToHex(hash),
    preimage,
    msat,
    expiresAt: createdAt + (expirySeconds ?? 3_600),
  }
}
