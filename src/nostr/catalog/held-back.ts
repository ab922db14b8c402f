import type { Pubkey, RelayUrl, Seconds } from '../../domain/brand'
import { limits } from '../../domain/limits'
import type { NostrEvent } from '../../domain/protocol/event'
import type { CatalogBatch } from '../../ports/catalog-feed'

export interface HeldEvent { readonly event: NostrEvent, readonly relays: readonly RelayUrl[], readonly from: CatalogBatch['from'] }

/** Events ahead of our clock wait for their time: nobody wins by the year 2040 (transport.md §8). Bounded in all and per key (T20). */
export interface HeldBack {
  hold(event: HeldEvent): void
  /** Takes out what is no longer ahead. */
  due(now: Seconds): readonly HeldEvent[]
}

const MOST = 1_000
const MOST_PER_AUTHOR = 50

export function createHeldBack(): HeldBack {
  const held = new Map<string, HeldEvent>()
  const perAuthor = new Map<Pubkey, number>()

  function count(author: Pubkey, by: number): void {
    perAuthor.set(author, (perAuthor.get(author) ?? 0) + by)
  }

  return {
    hold(one) {
      if (held.has(one.event.id) || held.size >= MOST || (perAuthor.get(one.event.pubkey) ?? 0) >= MOST_PER_AUTHOR)
        return
      held.set(one.event.id, one)
      count(one.event.pubkey, 1)
    },
    due(now) {
      const ripe = [...held.values()].filter(({ event }) => event.created_at <= now + limits.futureSeconds)
      for (const { event } of ripe) {
        held.delete(event.id)
        count(event.pubkey, -1)
      }
      return ripe
    },
  }
}
