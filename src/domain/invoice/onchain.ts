import { bech32, bech32m, createBase58check } from '@scure/base'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Network } from './types'

const base58check = createBase58check(sha256)

/** Test networks share their addresses: which of them is meant, an address does not say. */
const SEGWIT: Readonly<Record<string, readonly Network[]>> = { bc: ['mainnet'], tb: ['testnet', 'signet'], bcrt: ['regtest'] }
const MAIN: readonly Network[] = ['mainnet']
const TEST: readonly Network[] = ['testnet', 'signet', 'regtest']
const VERSIONS: ReadonlyMap<number, readonly Network[]> = new Map([[0x00, MAIN], [0x05, MAIN], [0x6F, TEST], [0xC4, TEST]])
const HASH_BYTES = 20
const LONGEST = 90

/** Networks that an on-chain address may be of (BIP141, BIP350, base58check); null: it is none, or a letter in it is wrong. */
export function addressNetworks(text: string): readonly Network[] | null {
  return text.length > LONGEST ? null : segwitNetworks(text) ?? legacyNetworks(text)
}

/** Version 0 and later ones have different checksums: one for the other would lead money to nobody. */
function segwitNetworks(text: string): readonly Network[] | null {
  const early = bech32.decodeUnsafe(text, LONGEST)
  const read = early ?? bech32m.decodeUnsafe(text, LONGEST)
  const [version, ...words] = read?.words ?? []
  if (read === undefined || version === undefined || version > 16 || (version === 0) !== (early !== undefined))
    return null
  const program = bech32.fromWordsUnsafe(words)
  if (!program || program.length < 2 || program.length > 40 || (version === 0 && program.length !== 20 && program.length !== 32))
    return null
  return Object.hasOwn(SEGWIT, read.prefix) ? SEGWIT[read.prefix] ?? null : null
}

function legacyNetworks(text: string): readonly Network[] | null {
  try {
    const bytes = base58check.decode(text)
    return bytes.length === HASH_BYTES + 1 ? VERSIONS.get(bytes[0] ?? -1) ?? null : null
  }
  catch {
    // Its alphabet or checksum is not that of an address.
    return null
  }
}

const SAT_IN_BTC = 100_000_000

/** Whole sat as BIP21 names them: decimal BTC, without a float in between. */
export function btcText(sat: number): string {
  const fraction = String(sat % SAT_IN_BTC).padStart(8, '0').replace(/0+$/, '')
  const whole = String(Math.floor(sat / SAT_IN_BTC))
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** `bitcoin:` link with an amount, all of it as it was written (BIP21). @param sat null: none is named */
export const bitcoinUri = (address: string, sat: number | null): string => `bitcoin:${address}${sat === null ? '' : `?amount=${btcText(sat)}`}`

/** The same for a code to scan: what may be upper case is, for the compact alphabet of QR (payments.md §11). */
export const bitcoinCode = (address: string, sat: number | null): string =>
  `BITCOIN:${/^(?:bc|tb|bcrt)1/i.test(address) ? address.toUpperCase() : address}${sat === null ? '' : `?amount=${btcText(sat)}`}`
