import { bech32 } from '@scure/base'
import type { Pubkey } from '../../domain/brand'

/** NIP-19 form of a public key, for those who look under Details. */
export function toNpub(pubkey: Pubkey): string {
  const bytes = Uint8Array.from(pubkey.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
  return bech32.encode('npub', bech32.toWords(bytes))
}
