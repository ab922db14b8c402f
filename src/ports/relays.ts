import type { EventId, Pubkey, RelayUrl, Seconds } from '../domain/brand'
import type { Filter, NostrEvent } from '../domain/protocol/event'
import type { RelayInfo } from '../domain/protocol/relay-info'

export type RelayState = 'connecting' | 'open' | 'waiting' | 'closed'
/** `needed`: the relay asked and the user has not allowed it; `refused`: it did not take our answer. */
export type AuthState = 'none' | 'needed' | 'done' | 'refused'

export interface RelayStatus {
  readonly url: RelayUrl
  readonly state: RelayState
  readonly auth: AuthState
  /** When the next attempt starts, while `waiting`. */
  readonly retryAt: Seconds | null
  readonly lastError: string
  /** Left alone for a while: it sent rubbish, or events that nobody signed. */
  readonly shunned: boolean
  readonly received: number
  /** Events refused for their shape, id or signature, and frames that break the protocol. */
  readonly refused: number
  readonly notices: readonly string[]
  /** What it says of itself (NIP-11); null or absent: nothing yet. */
  readonly info?: RelayInfo | null
}

/** What one relay said to one event (transport.md §1). */
export interface PublishAnswer {
  readonly url: RelayUrl
  readonly outcome: 'stored' | 'retry-later' | 'auth-needed' | 'refused' | 'invalid' | 'pow' | 'unreachable' | 'no-answer'
  readonly text: string
}

/** An event that is here: what a relay needs to compare, and nothing else of it. */
export interface KnownEvent { readonly id: string, readonly at: Seconds }

export interface SubscribeOptions {
  readonly relays: readonly RelayUrl[]
  readonly filters: readonly Filter[]
  readonly signal: AbortSignal
  /** Verified (T22) events, in batches as they come; `from` is the relay of the batch. Each id once per subscription. */
  readonly onEvents: (events: readonly NostrEvent[], from: RelayUrl) => void
  /** All stored events of that relay are here; `complete` false: it stopped early, or never said. */
  readonly onStored?: (relay: RelayUrl, complete: boolean) => void
  /** The relay closed this subscription; `auth-needed` and the relay stays mute for it. */
  readonly onClosed?: (relay: RelayUrl, reason: string) => void
}

export interface Relays {
  /** Stays open, over reconnections, until the signal is aborted. */
  subscribe(options: SubscribeOptions): void
  /**
   * Everything stored that matches, newest first, paged with `until` past each relay's cap until a page brings
   * nothing new. Resolves when every relay has finished, failed or timed out.
   */
  fetchAll(options: Omit<SubscribeOptions, 'onStored' | 'onClosed'> & { readonly pageSize?: number, readonly firstPageSize?: number }): Promise<
    { readonly complete: readonly RelayUrl[], readonly incomplete: readonly RelayUrl[] }>
  /**
   * Ids that match and that the relay has beyond those known here (NIP-77), so that coming back costs what changed. null: it
   * cannot do that, or broke off; then `fetchAll` reads as ever. Unchecked: fetch them by id.
   */
  missing?(options: { readonly relay: RelayUrl, readonly filter: Filter, readonly known: readonly KnownEvent[], readonly signal: AbortSignal }): Promise<readonly string[] | null>
  /** Settles when every relay has answered or its time is over. `onAnswer` hears each as it comes. */
  publish(event: NostrEvent, relays: readonly RelayUrl[], onAnswer?: (answer: PublishAnswer) => void): Promise<readonly PublishAnswer[]>
  /** Who answers NIP-42 challenges, and at which relays (T23). */
  authenticate(policy: AuthPolicy | null): void
  statuses(): readonly RelayStatus[]
  /** Calls back on every change; returns the end of it. */
  onStatus(listener: (statuses: readonly RelayStatus[]) => void): () => void
  /** Try waiting relays at once (the network came back, or the user asked). */
  retryNow(): void
  close(): void
}

export interface AuthPolicy {
  readonly pubkey: Pubkey
  readonly allowed: (relay: RelayUrl) => boolean
  readonly sign: (event: { kind: number, created_at: Seconds, tags: string[][], content: string }) => Promise<NostrEvent | null>
}

/** Checks shape, id and signature off the main thread. Answers in the order asked. */
export interface Verifier {
  verify(events: readonly unknown[]): Promise<readonly VerifyOutcome[]>
  close(): void
}
export type VerifyOutcome =
  | { readonly ok: true, readonly event: NostrEvent }
  | { readonly ok: false, readonly id: EventId | null, readonly reason: 'event-shape' | 'limit' | 'bad-id' | 'bad-sig' }
