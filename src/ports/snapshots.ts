import type { Result } from '../domain/result'
import type { StorageError } from './journal'

/**
 * First-screen copies in localStorage: versioned, at most 2 MB in all, sealed where private.
 * What cannot be read is set aside (quarantined), never overwritten (T12).
 */
export interface Snapshots {
  /** `null`: nothing there. The caller's schema checks the value. */
  read(key: string): Result<{ readonly version: number, readonly value: unknown } | null, StorageError>
  write(key: string, version: number, value: unknown): Result<void, StorageError>
  /** The same, but only ciphertext touches the disk (T14). */
  readSealed(key: string, vault: Vault): Promise<Result<{ readonly version: number, readonly value: unknown } | null, StorageError>>
  writeSealed(key: string, version: number, value: unknown, vault: Vault): Promise<Result<void, StorageError>>
  quarantine(key: string, reason: string): void
  remove(key: string): void
  /** All keys that begin so. */
  removeAll(prefix: string): void
  /** Another tab wrote this key. */
  onChange(listener: (key: string) => void): () => void
  usage(): { readonly bytes: number, readonly persistent: boolean, readonly quarantined: readonly string[] }
}

/** Seals what is private at rest (T14). Its key is random and itself rests sealed to the account's signer. */
export interface Vault {
  seal(value: unknown): Promise<string>
  unseal(sealed: string): Promise<Result<unknown, StorageError>>
  close(): void
}
