import type { EventId, Pubkey, RelayUrl, Seconds } from '../domain/brand'
import type { NostrEvent, OpenedMessage } from '../domain/protocol/event'
import type { Letter } from '../domain/protocol/letter'
import type { Result } from '../domain/result'
import type { KnownEvent } from './relays'
import type { Signer, SignerError } from './signer'

export interface InboxProgress {
  /** Stored messages that every reachable relay had are here. */
  readonly caughtUp: boolean
  /** Messages the signer has not opened (declined, or could not). */
  readonly unopened: number
  readonly refused: number
  /** Relays that want AUTH before they show private messages and did not get it: messages may be missing there. */
  readonly muteRelays: readonly RelayUrl[]
}

/** What can be said of a letter that nobody can read: its author, where that is no throw-away key, and its text as it came. */
export interface SpoiltLetter { readonly from?: Pubkey, readonly text: string }

/** Private messages of one account, by NIP-04 and in gift wraps (NIP-17). */
export interface Mail {
  /**
   * Kind 4, gift wraps and openly signed messages to and from the account, verified, decrypted, newest first. `known` says which ids need no work.
   * Lives as long as the signal.
   */
  openInbox(options: {
    readonly signer: Signer
    readonly relays: readonly RelayUrl[]
    readonly since: Seconds | null
    readonly known: (ids: readonly EventId[]) => Promise<ReadonlySet<EventId>>
    /** Gift wraps that are here already: a relay that can compare sends only the others (NIP-77). */
    readonly held?: () => Promise<readonly KnownEvent[]>
    readonly signal: AbortSignal
    readonly onMessages: (messages: readonly OpenedMessage[]) => void
    /** An event to this account that nobody will ever read, and why. */
    readonly onSpoilt: (id: EventId, reason: string, what?: SpoiltLetter) => void
    readonly onProgress: (progress: InboxProgress) => void
  }): void
  /**
   * Encrypts and signs a letter stamped now. A kind 4's id is the message's identity: a retry long after gets a fresh one with
   * the same order id, because peers lose back-dated messages. A rumor keeps its id in however many wraps.
   */
  compose(signer: Signer, to: Pubkey, letter: Letter): Promise<Result<Posted, SignerError>>
}

/** A message ready to go: as the other side will open it, and the events that bring it, one for each who is to read it. */
export interface Posted {
  readonly opened: OpenedMessage
  readonly copies: readonly { readonly to: Pubkey, readonly event: NostrEvent }[]
}
