import type { EventId } from '../domain/brand'
import type { JournalEntry } from '../ports/journal'

type Listener = (entries: readonly JournalEntry[], phase: 'kept' | 'new') => void
export interface Follower {
  give(entries: readonly JournalEntry[], phase: 'kept' | 'new'): void
  readonly ended: () => boolean
  end(): void
}

/** Who follows a journal. Each hears of each message once, though it may be read from disk and announced at the same time. */
export function createFollowers() {
  const all = new Set<Follower>()
  return {
    add(listener: Listener): Follower {
      const seen = new Set<EventId>()
      let over = false
      const follower: Follower = {
        give(entries, phase) {
          const fresh = entries.filter(entry => !seen.has(entry.message.id))
          for (const entry of fresh)
            seen.add(entry.message.id)
          if (!over && fresh.length > 0)
            listener(fresh, phase)
        },
        ended: () => over,
        end: () => { over = true; all.delete(follower) },
      }
      all.add(follower)
      return follower
    },
    tellNew(entries: readonly JournalEntry[]): void {
      for (const follower of [...all])
        follower.give(entries, 'new')
    },
    endAll(): void {
      for (const follower of [...all])
        follower.end()
    },
  }
}

/** Plain callbacks without news. */
export function createListeners() {
  const all = new Set<() => void>()
  return {
    add(listener: () => void): () => void {
      all.add(listener)
      return () => { all.delete(listener) }
    },
    tell(): void {
      for (const listener of [...all])
        listener()
    },
    clear: () => all.clear(),
  }
}
