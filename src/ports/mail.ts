import type { EventId, Pubkey, RelayUrl, Seconds } from '../domain/brand'
import type { NostrEvent, OpenedMessage } from '../domain/protocol/event'
import type { Letter } from '../domain/protocol/letter'
import type { Result } from '../domain/result'
import type { KnownEvent } from './relays'
import type { Signer, SignerError } from './signer'

export interface InboxProgress {
  /** Stored messages that every reachable relay had are here. */
  readonly caughtUp: boolean
  /** Messages that wait for a signer that asks (an extension, or elsewhere): it has not opened them. */
  readonly unopened: number
  /** While such a signer works on what a person asked it to open. */
  readonly opening: { readonly done: number, readonly of: number } | null
  /** Why those of `unopened` wait; null: none does. */
  readonly held: HeldReason | null
  readonly refused: number
  /** Relays that want AUTH before they show private messages and did not get it: messages may be missing there. */
  readonly muteRelays: readonly RelayUrl[]
}

/** What can be said of a letter that nobody can read: its author, where that is no throw-away key, and its text as it came. */
export interface SpoiltLetter { readonly from?: Pubkey, readonly text: string }

/**
 * `not-asked`: nobody has tapped since the page was loaded. `many`: more than are opened without a tap. `fruitless`: many in
 * a row that nobody could read. `silent`: the signer does not answer.
 */
export type HeldReason = 'not-asked' | 'many' | 'paused' | 'declined' | 'silent' | 'fruitless'
/** Whether a signer that asks a person may be asked: not before `openWaiting`; for a bounded number by itself; for all. */
export type MayAsk = 'no' | 'some' | 'all'

/** An open inbox; it ends with its signal. */
export interface Inbox {
  /** Those could not be kept: what relays have is read once more, and they are handed over again (T12). */
  fetchAgain(ids: readonly EventId[]): void
  /** The signer is asked for what it has not opened: a person wants it to be. */
  openWaiting(): void
  /** The signer answers again: what it left unanswered is asked once more, and nothing else. */
  askAgain(): void
  /** What is on its way comes still; nothing more is asked until `openWaiting`. */
  pauseOpening(): void
}

/** Private messages of one account, by NIP-04 and in gift wraps (NIP-17). */
export interface Mail {
  /**
   * Kind 4, gift wraps and openly signed messages to and from the account, verified, decrypted, newest first. `known` says which ids need no work; where it fails, all are opened.
   * Lives as long as the signal.
   */
  openInbox(options: {
    readonly signer: Signer
    readonly relays: readonly RelayUrl[]
    readonly since: Seconds | null
    /** Only for signers that ask; `all` unless told. */
    readonly mayAsk?: MayAsk
    readonly known: (ids: readonly EventId[]) => Promise<ReadonlySet<EventId>>
    /** Gift wraps that are here already: a relay that can compare sends only the others (NIP-77). */
    readonly held?: () => Promise<readonly KnownEvent[]>
    readonly signal: AbortSignal
    readonly onMessages: (messages: readonly OpenedMessage[]) => void
    /** An event to this account that nobody will ever read, and why. */
    readonly onSpoilt: (id: EventId, reason: string, what?: SpoiltLetter) => void
    readonly onProgress: (progress: InboxProgress) => void
  }): Inbox
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
