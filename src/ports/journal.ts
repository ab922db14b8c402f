import type { EventId, OrderKey, Pubkey, RelayUrl, Seconds } from '../domain/brand'
import type { OrderMessage } from '../domain/order/types'
import type { NostrEvent } from '../domain/protocol/event'
import type { Result } from '../domain/result'

export type StorageError = { readonly code: 'storage-full' | 'storage-off' | 'storage-corrupt' | 'storage-newer' | 'storage-locked' }

/** One message to bring to one person. Kept in the same transaction as its message (T1). */
export interface Delivery {
  /** `message id:recipient`. */
  readonly id: string
  readonly message: EventId
  readonly account: Pubkey
  readonly to: Pubkey
  readonly order: OrderKey | null
  readonly transport: 'nip04' | 'nip59'
  /** What gets encrypted: the NIP-15 JSON, or the rumor. Sealed at rest. */
  readonly plaintext: string
  /** NIP-04: the signed event as first composed. Signed anew when it grew old before any relay took it. */
  readonly event: NostrEvent | null
  readonly relays: readonly RelayUrl[]
  readonly queuedAt: Seconds
  readonly attempts: number
  readonly lastTriedAt: Seconds | null
  /** Per relay, the last answer: so that the person sees who took it. */
  readonly answers: readonly { readonly url: RelayUrl, readonly outcome: string, readonly text: string, readonly at: Seconds }[]
  /** When the first relay said OK; delivered ones are kept for display, a week long. */
  readonly deliveredAt: Seconds | null
  readonly stopped: string | null
  /** A gift wrap's way: to the relays that its reader named for that alone (NIP-17), or to public ones. Absent: not tried yet. */
  readonly via?: 'inbox' | 'public'
  /** Facts for our other devices: nobody waits for them, and nobody is told. */
  readonly note?: true
}

/** An event that brought a message, or was meant to. `spoilt` '' = its message is here, or the person has let it go. */
export interface Carrier {
  readonly id: EventId
  readonly at: Seconds
  readonly spoilt: string
  /** The event's own time, where it was opened: by it relays compare what both have (NIP-77). */
  readonly stamp?: Seconds
  /** Who wrote it, where that can be told: a gift wrap's author is a key of its own. */
  readonly from?: Pubkey
  /** The beginning of what it holds, as far as it could be opened: for who wants to look. Sealed at rest. */
  readonly text?: string
}

export interface JournalEntry {
  readonly message: OrderMessage
  readonly arrivedAt: Seconds
  /** Only with `new`: this message took the place of that one, which is gone from the journal. */
  readonly replaces?: EventId
}

/** What this device knows of private messages: the truth of this device. One account at a time. */
export interface Journal {
  /**
   * Once per message id; `added` false = had it. Message and deliveries in one transaction. Other tabs are told (T13).
   * `replaces`: an own message that no relay ever took, signed anew; it goes, with its deliveries, in the same transaction.
   * Where it is already gone, or a relay took it meanwhile, nothing is changed and `added` is false (T1, T13).
   */
  append(message: OrderMessage, deliveries?: readonly Delivery[], replaces?: EventId): Promise<Result<{ readonly added: boolean }, StorageError>>
  /** `carriers`: the events that brought them, or brought nothing; noted in the transaction of the last of the messages, so that none is noted whose message was not kept. */
  appendAll(messages: readonly OrderMessage[], carriers?: readonly Carrier[]): Promise<Result<{ readonly added: number }, StorageError>>
  /**
   * Everything kept, oldest first, in chunks; then every new message, of this tab and of others. Returns the end of it.
   * `onKept` comes once, after the last chunk. Its error says what is wrong while the rest works: `storage-off` and
   * `storage-newer` (this session is kept in memory only), `storage-corrupt` (some records could not be read and were set
   * aside), `storage-locked` (the vault was closed meanwhile).
   */
  follow(listener: (entries: readonly JournalEntry[], phase: 'kept' | 'new') => void, onKept?: (result: Result<number, StorageError>) => void): () => void
  /**
   * All that may be of this order: also what names it by one of its order messages, and what a key made for it wrote. The
   * fold says what counts (T3).
   */
  messagesOf(order: OrderKey): Promise<Result<readonly OrderMessage[], StorageError>>
  /** Messages that are here, and events whose content is, or will never be: neither needs any work. */
  has(ids: readonly EventId[]): Promise<ReadonlySet<EventId>>
  /** Remembers events that were opened, or that nobody can read: a bounded number; of many, those that nobody can read are forgotten first, the oldest of them first. */
  noteCarriers(carriers: readonly Carrier[]): Promise<Result<void, StorageError>>
  /** Gift wraps that are here, with the times that they bear. */
  carriers(): Promise<readonly { readonly id: EventId, readonly at: Seconds }[]>
  /** Those that nobody could read, newest first. */
  spoilt(): Promise<readonly Carrier[]>
  undelivered(): Promise<readonly Delivery[]>
  /** null: of messages that are about no order. */
  deliveriesOf(order: OrderKey | null): Promise<readonly Delivery[]>
  saveDelivery(delivery: Delivery): Promise<Result<void, StorageError>>
  onDeliveries(listener: () => void): () => void
  /** Calls back in the one tab of this account that is to deliver; when that tab closes, the next one is called (T13). */
  lead(signal: AbortSignal, onLead: () => void): void
  /** Leaves nothing of the account behind (T15). */
  clear(): Promise<void>
  close(): void
}
