import type { Hex32, Pubkey, RelayUrl } from '../domain/brand'
import type { BunkerAddress } from '../domain/protocol/nip46-uri'
import type { Result } from '../domain/result'
import type { RemotePresence, Signer } from './signer'

/** All that it takes to speak to the signer again after a reload. `client` is our own key towards it, never the account's (T16). */
export interface RemoteConnection { readonly client: Hex32, readonly remote: Pubkey, readonly relays: readonly RelayUrl[], readonly pubkey: Pubkey }

export interface RemoteSigner extends Signer {
  readonly presence: RemotePresence
  connection(): RemoteConnection
  /** Tells the signer that this client is gone, as a courtesy, and closes. */
  leave(): void
}

export type PairingError = { readonly code: 'no-answer' | 'declined' | 'bad-answer' | 'cancelled' }
export interface Pairing { readonly signal: AbortSignal, readonly onLink: (url: string) => void }
export type Paired = Result<RemoteSigner, PairingError>

/** NIP-46: the key is in a signer that is reached over relays. */
export interface RemoteSigners {
  /** By the address that a signer gave out. */
  pair(bunker: BunkerAddress, pairing: Pairing): Promise<Paired>
  /** The other way round: `uri` is shown, a signer scans it. */
  offer(relays: readonly RelayUrl[], pairing: Pairing): Promise<{ readonly uri: string, readonly paired: Promise<Paired> }>
  /** Without a word to anybody: the signer hears of us when something is to be signed. */
  reopen(connection: RemoteConnection): Promise<RemoteSigner>
}
