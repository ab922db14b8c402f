import type { Hex32, Pubkey, RelayUrl } from '../brand'

/** A parsed `nostr+walletconnect:` text (NIP-47). `secret` is an authority over money: masked, never logged (T16). */
export interface NwcConnection {
  readonly wallet: Pubkey
  readonly relays: readonly RelayUrl[]
  readonly secret: Hex32
  readonly lud16: string
}
