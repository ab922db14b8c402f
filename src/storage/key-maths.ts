/**
 * The slow sums around keys: scrypt of NIP-49, words of BIP-39/NIP-06. On the page they run in a worker
 * (workers/keys.worker.ts), where half a second of scrypt holds nothing up; in tests and in Node they run inline.
 */
export interface KeyMaths {
  /** NIP-49 text of a secret; `logN` of scrypt. */
  lock(secret: Uint8Array, passphrase: string, logN: number): Promise<string>
  /** `null`: wrong passphrase, or a damaged text. */
  unlock(ncryptsec: string, passphrase: string): Promise<Uint8Array | null>
  /** `null`: these are no BIP-39 words, or their checksum fails. */
  fromWords(words: string): Promise<Uint8Array | null>
  newWords(): Promise<{ readonly words: readonly string[], readonly secret: Uint8Array }>
  close(): void
}

export type KeyTask =
  | { readonly task: 'lock', readonly secret: Uint8Array, readonly passphrase: string, readonly logN: number }
  | { readonly task: 'unlock', readonly ncryptsec: string, readonly passphrase: string }
  | { readonly task: 'from-words', readonly words: string }
  | { readonly task: 'new-words' }

export interface KeyQuestion { readonly id: number, readonly ask: KeyTask }
export type KeyAnswer =
  | { readonly id: number, readonly ok: true, readonly value: string | Uint8Array | null | { readonly words: readonly string[], readonly secret: Uint8Array } }
  | { readonly id: number, readonly ok: false, readonly reason: string }
