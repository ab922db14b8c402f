import type { Pubkey, RelayUrl, Seconds } from '../domain/brand'
import type { BunkerError } from '../domain/protocol/nip46-uri'
import type { Result } from '../domain/result'
import type { Pairing, PairingError } from './remote-signer'
import type { Signer } from './signer'
import type { Vault } from './snapshots'

/** Who uses this device. No secret in here. */
export interface AccountRecord {
  readonly pubkey: Pubkey
  readonly kind: 'nip07' | 'nip46' | 'local' | 'guest'
  readonly label: string
  readonly createdAt: Seconds
  /** The user has saved the encrypted file, or confirmed the words. */
  readonly backedUp: boolean
}

export type SignInError = BunkerError | PairingError | { readonly code: 'no-extension' | 'declined' | 'not-a-key' | 'wrong-passphrase' | 'weak-passphrase'
  | 'storage-full' | 'storage-off' | 'unsupported' | 'wrong-account' | 'bad-words' }

export interface OpenAccount { readonly record: AccountRecord, readonly signer: Signer, readonly vault: Vault }

/**
 * Keys at rest as NIP-49; in memory only while unlocked. A reload within the same tab keeps an unlocked account
 * unlocked until its lock time; closing the tab locks it.
 */
export interface Accounts {
  list(): readonly AccountRecord[]
  current(): AccountRecord | null
  /**
   * Opens what is still unlocked in this tab, or needs no passphrase (a signer, a guest), without a word to any signer
   * (docs/decisions/0011). null = must unlock or sign in.
   */
  resume(): Promise<OpenAccount | null>
  /** Locks this account and opens another one of this device. null = it must be unlocked, or signed in, and is now the chosen one. */
  switchTo(pubkey: Pubkey): Promise<OpenAccount | null>
  /** `address`: what a remote signer gave out, bunker://… */
  signInWithBunker(address: string, pairing: Pairing): Promise<Result<OpenAccount, SignInError>>
  /** A text for a remote signer to scan, and who signed in by it. */
  offerToSigner(relays: readonly RelayUrl[], pairing: Pairing): Promise<{ readonly uri: string, readonly opened: Promise<Result<OpenAccount, SignInError>> }>
  /** An extension may hang for ever: once the signal is aborted nobody is signed in by what it answers later. */
  signInWithExtension(signal?: AbortSignal): Promise<Result<OpenAccount, SignInError>>
  /** A fresh key; the words are BIP-39 of NIP-06, the ncryptsec the NIP-49 text to save. Nothing is kept until `keepKey`. */
  newKey(): Promise<{ readonly nsec: string, readonly words: readonly string[], readonly pubkey: Pubkey }>
  /** `secret`: nsec, 64 hex, ncryptsec (then `passphrase` opens it) or 12/24 words. Rests as NIP-49 under `passphrase`. */
  keepKey(secret: string, passphrase: string, label: string, backedUp: boolean): Promise<Result<OpenAccount, SignInError>>
  unlock(pubkey: Pubkey, passphrase: string): Promise<Result<OpenAccount, SignInError>>
  /**
   * A key made for one order, bound to this browser (docs/decisions/0003). The sandbox hands in its persona's `secret`
   * (nsec), which rests in the same way: no passphrase.
   */
  newGuest(persona?: { readonly secret: string, readonly label: string }): Promise<Result<OpenAccount, SignInError>>
  /** Text to save: NIP-49 under the given passphrase. */
  exportKey(pubkey: Pubkey, passphrase: string): Promise<Result<string, SignInError>>
  markBackedUp(pubkey: Pubkey): void
  /** Called on use; locks after this many idle seconds. 0 = only when the tab closes. */
  setLockAfter(seconds: number): void
  touch(): void
  lock(): void
  onLock(listener: () => void): () => void
  /** Locks, and stays signed out at the next `resume()`; everything of the account stays on the device, sealed. */
  leave(): void
  /** Forgets the account's key and everything sealed with it (T15). */
  forget(pubkey: Pubkey): Promise<void>
}
