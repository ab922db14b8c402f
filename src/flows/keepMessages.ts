import type { OrderMessage } from '../domain/order/types'
import { decodeContents } from '../domain/protocol/decode'
import type { OpenedMessage } from '../domain/protocol/event'
import type { DecodeError } from '../domain/protocol/nip15-messages'
import { ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { Carrier, Journal, StorageError } from '../ports/journal'

export interface Kept { readonly added: number, readonly refused: Readonly<Record<DecodeError['code'], number>> }

export interface KeepDeps { readonly journal: Journal, readonly clock: Pick<Clock, 'now'> }

/** Opened messages → the journal. What cannot be read is counted by its reason, and never in the set (orders.md §5.10). */
export async function keepMessages({ journal, clock }: KeepDeps, opened: readonly OpenedMessage[]): Promise<Result<Kept, StorageError>> {
  const refused = { 'schema': 0, 'limit': 0, 'quantity': 0, 'unsupported': 0, 'repost': 0 }
  const messages: OrderMessage[] = []
  const carriers: Carrier[] = []
  for (const one of opened) {
    const read = decodeContents(one)
    if (read.ok)
      messages.push(...read.value.messages)
    else
      refused[read.error.code] += 1
    // A message is known by its own id; what brought it, and what is none, by the event's.
    if (!read.ok || one.carrier !== undefined)
      carriers.push({ id: one.carrier ?? one.id, at: clock.now(), spoilt: read.ok ? '' : read.error.code, ...one.carriedAt === undefined ? {} : { stamp: one.carriedAt }, ...(!read.ok && { from: one.author, text: one.plaintext }) })
  }
  const kept = await journal.appendAll(messages, carriers)
  return kept.ok ? ok({ added: kept.value.added, refused }) : kept
}
