import type { Pubkey } from '../domain/brand'
import type { NostrEvent, UnsignedEvent } from '../domain/protocol/event'
import type { Result } from '../domain/result'

export type SignerError = { readonly code: 'declined' | 'locked' | 'unavailable' | 'wrong-account' | 'decrypt' | 'unsupported' | 'bad-answer' }

/** Whatever holds the key. What comes back from a foreign signer is checked (transport.md §10). */
export interface Signer {
  readonly kind: 'nip07' | 'nip46' | 'local' | 'guest'
  readonly pubkey: Pubkey
  readonly can: { readonly nip04: boolean, readonly nip44: boolean }
  sign(event: UnsignedEvent): Promise<Result<NostrEvent, SignerError>>
  nip04Encrypt(to: Pubkey, plaintext: string): Promise<Result<string, SignerError>>
  nip04Decrypt(from: Pubkey, ciphertext: string): Promise<Result<string, SignerError>>
  nip44Encrypt(to: Pubkey, plaintext: string): Promise<Result<string, SignerError>>
  nip44Decrypt(from: Pubkey, ciphertext: string): Promise<Result<string, SignerError>>
  /** Forgets the key. */
  close(): void
}
