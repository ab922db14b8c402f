import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { EventId, OrderKey, Pubkey, Seconds } from '../domain/brand'
import type { LocalFact } from '../domain/order/types'

type Envelope = 'id' | 'author' | 'receiver' | 'sentAt' | 'transport' | 'dialect' | 'order'
/** What a local fact says, without its envelope. */
export type FactBody = LocalFact extends infer Fact ? Fact extends LocalFact ? Omit<Fact, Envelope> : never : never

export interface FactPlace { readonly id: EventId, readonly me: Pubkey, readonly order: OrderKey, readonly at: Seconds }

/** A fact of this device: authored by ourselves, never sent (orders.md §5.11). */
export function localFact({ id, me, order, at }: FactPlace, body: FactBody): LocalFact {
  return { id, author: me, receiver: me, sentAt: at, transport: 'local', dialect: 'nip15', order, ...body }
}

/** The same words give the same id: a fact that two tabs find at once is kept once (T9, T13). */
export const factId = (...words: readonly string[]): EventId => bytesToHex(sha256(utf8ToBytes(words.join('\n')))) as EventId
