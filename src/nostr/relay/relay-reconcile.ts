import type { Filter } from '../../domain/protocol/event'
import type { Clock } from '../../ports/clock'

/** What both sides have is compared without sending it (NIP-77). */
export interface Known { readonly id: string, readonly at: number }

export interface Reconciler {
  /** Ids of the filter that the relay has and we have not; null: it does not do that, or stopped half-way. */
  compare(filter: Filter, known: readonly Known[], signal: AbortSignal): Promise<ReadonlySet<string> | null>
  /** false: nobody asked. `message` null: the relay gives up. */
  heard(id: string, message: string | null): boolean
  /** The connection is gone, or the relay said something that may mean that it knows no such frame. */
  giveUp(): void
  busy(): boolean
}

const ANSWER_MS = 10_000
/** A relay that never agrees is lying. */
const MOST_ROUNDS = 100
const MOST_NEEDED = 100_000
const FRAME = 60_000

interface Talk { readonly take: (message: string | null) => void }

export function openReconciler(clock: Clock, send: (frame: readonly unknown[]) => boolean): Reconciler {
  const talks = new Map<string, Talk>()
  let lastId = 0

  async function compare(filter: Filter, known: readonly Known[], signal: AbortSignal): Promise<ReadonlySet<string> | null> {
    // Only who comes back to such a relay loads it.
    const { NegentropyStorageVector, Negentropy } = await import('../negentropy')
    const items = new NegentropyStorageVector()
    new Map(known.map(({ id, at }) => [id, at])).forEach((at, id) => items.insert(at, id))
    items.seal()
    const ours = new Negentropy(items, FRAME)
    const needed = new Set<string>()
    const id = `n${++lastId}`
    if (signal.aborted || !send(['NEG-OPEN', id, filter, ours.initiate()]))
      return null
    try {
      for (let round = 0; round < MOST_ROUNDS && needed.size < MOST_NEEDED; round++) {
        const message = await next(id, signal)
        if (message === null)
          return null
        const answer = ours.reconcile(message, undefined, need => needed.add(need))
        if (answer === null)
          return needed
        if (!send(['NEG-MSG', id, answer]))
          return null
      }
      return null
    }
    catch (thrown) {
      // The library throws on whatever is no such message.
      if (thrown instanceof Error)
        return null
      throw thrown
    }
    finally {
      send(['NEG-CLOSE', id])
    }
  }

  function next(id: string, signal: AbortSignal): Promise<string | null> {
    const limit = new AbortController()
    return new Promise<string | null>((resolve) => {
      const take = (message: string | null): void => {
        talks.delete(id)
        limit.abort()
        resolve(message)
      }
      talks.set(id, { take })
      signal.addEventListener('abort', () => take(null), { once: true, signal: limit.signal })
      void clock.sleep(ANSWER_MS, limit.signal).then(() => talks.get(id)?.take === take ? take(null) : undefined)
    })
  }

  return {
    compare,
    heard(id, message) {
      talks.get(id)?.take(message)
      // One that comes after we gave up is nobody's fault.
      return /^n\d{1,9}$/.test(id) && Number(id.slice(1)) <= lastId
    },
    giveUp: () => [...talks.values()].forEach(({ take }) => take(null)),
    busy: () => talks.size > 0,
  }
}
