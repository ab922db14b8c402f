import type { GiftWrapError } from '../domain/protocol/gift-wrap'
import type { NostrEvent, OpenedMessage } from '../domain/protocol/event'
import type { Result } from '../domain/result'
import type { SignerError } from './signer'

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
