import type { OrderKey, Pubkey, Seconds } from '../brand'
import { limits } from '../limits'
import { bySentAtThenId } from './sequence'
import type { OrderMessage } from './types'

export interface BoundedOrphans {
  readonly orphans: ReadonlyMap<OrderKey, readonly OrderMessage[]>
  /** How many found no room. */
  readonly dropped: number
}

/**
 * Messages whose order is not here wait, bounded in number and age; the oldest go first (T4; orders.md §5.9).
 * @param now without it age is not judged
 */
export function boundOrphans(waiting: ReadonlyMap<OrderKey, readonly OrderMessage[]>, now?: Seconds): BoundedOrphans {
  const all = [...waiting].flatMap(([key, messages]) => messages.map(message => ({ key, message })))
  const perKey = new Map<OrderKey, OrderMessage[]>()
  const perAuthor = new Map<Pubkey, number>()
  let kept = 0
  // Newest first. A time that has not come yet would outlast every honest one: it is taken for the oldest.
  const isFuture = (message: OrderMessage): boolean => now !== undefined && message.sentAt > now + limits.futureSeconds
  const sequence = all.toSorted((a, b) => Number(isFuture(a.message)) - Number(isFuture(b.message)) || bySentAtThenId(b.message, a.message))
  for (const { key, message } of sequence) {
    const ofKey = perKey.get(key) ?? []
    const ofAuthor = perAuthor.get(message.author) ?? 0
    const tooOld = now !== undefined && message.sentAt < now - limits.orphanSeconds
    if (tooOld || kept >= limits.orphans || ofKey.length >= limits.orphansPerKey || ofAuthor >= limits.orphansPerAuthor)
      continue
    perKey.set(key, [...ofKey, message])
    perAuthor.set(message.author, ofAuthor + 1)
    kept += 1
  }
  const orphans = new Map([...perKey].toSorted(([a], [b]) => a < b ? -1 : 1).map(([key, messages]) => [key, messages.toSorted(bySentAtThenId)]))
  return { orphans, dropped: all.length - kept }
}
