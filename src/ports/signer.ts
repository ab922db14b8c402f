import type { Pubkey, Seconds } from '../domain/brand'
import type { NostrEvent, OpenedMessage, UnsignedEvent } from '../domain/protocol/event'
import type { GiftWrapError } from '../domain/protocol/gift-wrap'
import type { Result } from '../domain/result'

export type SignerError = { readonly code: 'declined' | 'locked' | 'unavailable' | 'wrong-account' | 'decrypt' | 'unsupported' | 'bad-answer' }

/** `waiting`: asked, and not answered yet; `link`: a page that the signer wants its owner to see. `silent`: its time was over. */
export type SignerPresence =
  | { readonly state: 'ready' }
  | { readonly state: 'waiting', readonly since: Seconds, readonly link: string | null }
  | { readonly state: 'silent', readonly since: Seconds, readonly trying: boolean }

/** Whether a signer that is somewhere else answers. */
export interface RemotePresence {
  current(): SignerPresence
  onChange(listener: (presence: SignerPresence) => void): () => void
  /** Asks a silent signer once more, at once, for a sign of life. */
  retry(): void
}

/** Why nobody can read it, whoever holds the key. */
export interface Unreadable { readonly code: GiftWrapError['code'] | 'direct-message' }

export type LetterOutcome = Result<OpenedMessage, SignerError | Unreadable>

/** Opens letters to or from one account where no page waits for it: all layers, with the seal's signature (NIP-04, NIP-59). */
export interface LetterOpener {
  /**
   * One outcome a letter, in the order given; their own ids and signatures were checked before. null: the workers do not
   * answer, and the letters are to be opened in this thread.
   */
  openLetters(events: readonly NostrEvent[]): Promise<readonly LetterOutcome[] | null>
}

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
  /** A signer that is somewhere else may be away: whether it answers. */
  readonly presence?: RemotePresence
  /** A key that is here may be with workers too, which open many letters at once (decision 0012). */
  readonly letters?: LetterOpener
  /** Forgets the key. */
  close(): void
}

/** Whether a signature is a question to a person, or a round trip: such a signer is not asked because a page loads (decision 0012). */
export const asksSomebody = ({ kind }: Pick<Signer, 'kind'>): boolean => kind === 'nip07' || kind === 'nip46'
