import { idHolds } from '../domain/protocol/event-shape'
import type { NostrEvent } from '../domain/protocol/event'
import type { Verifier } from '../ports/relays'
import type { Seen } from './seen'

/** `urgent`: messages and answers that somebody waits for. `bulk`: the market. */
export type Lane = 'urgent' | 'bulk'

/**
 * Where every event passes before anybody acts on it (T22), and where relays share the one scarce thing, signature
 * checks: each has a queue of its own and they are served in turn, so that one that floods slows nobody else (T21).
 */
export interface Gate {
  /** One answer per event, in order. Events are of the right shape already. */
  admit(source: string, lane: Lane, events: readonly NostrEvent[]): Promise<readonly boolean[]>
}

interface Item { readonly event: NostrEvent, readonly source: string, readonly lane: Lane, readonly settle: (passed: boolean) => void }

const TURN = 48
/** Of so many turns one goes to the market even while messages wait. */
const BULK_EVERY = 5

/** @param width batches with the verifier at one time: two for each worker keep it busy. */
export function createGate(verifier: Verifier, seen: Seen, width = 2): Gate {
  const queues: Record<Lane, Map<string, Item[]>> = { urgent: new Map(), bulk: new Map() }
  /** Events with the same id as one that is being checked wait for its verdict. */
  const followers = new Map<string, Item[]>()
  let busy = 0
  let turns = 0

  function enqueue(item: Item): void {
    const queue = queues[item.lane].get(item.source)
    if (queue)
      queue.push(item)
    else
      queues[item.lane].set(item.source, [item])
  }

  /** The next relay's turn: what needs no signature check is settled on the way. */
  function take(lane: Lane): Item[] {
    const [entry] = queues[lane]
    if (!entry)
      return []
    const [source, queue] = entry
    queues[lane].delete(source)
    const batch: Item[] = []
    let used = 0
    for (; used < queue.length && batch.length < TURN; used++) {
      const item = queue[used]
      if (!item)
        continue
      const waiting = followers.get(item.event.id)
      // The signature of this id was checked: whether this is that event, its hash says.
      if (seen.has(item.event.id)) {
        item.settle(idHolds(item.event))
      }
      else if (waiting) {
        waiting.push(item)
      }
      else {
        followers.set(item.event.id, [])
        batch.push(item)
      }
    }
    if (used < queue.length)
      queues[lane].set(source, queue.slice(used))
    return batch
  }

  function pump(): void {
    while (busy < width) {
      const lane: Lane = queues.urgent.size === 0 || (turns % BULK_EVERY === 0 && queues.bulk.size > 0) ? 'bulk' : 'urgent'
      if (queues[lane].size === 0)
        return
      turns++
      const batch = take(lane)
      if (batch.length > 0)
        void check(batch)
    }
  }

  async function check(batch: readonly Item[]): Promise<void> {
    busy++
    const outcomes = await verifier.verify(batch.map(item => item.event))
    busy--
    for (const [at, item] of batch.entries()) {
      const passed = outcomes[at]?.ok === true
      if (passed)
        seen.add(item.event.id)
      item.settle(passed)
      // A forgery that came first must not shadow the real event: those behind it are judged for themselves.
      const behind = followers.get(item.event.id) ?? []
      followers.delete(item.event.id)
      for (const next of behind) {
        if (passed)
          next.settle(idHolds(next.event))
        else
          enqueue(next)
      }
    }
    pump()
  }

  return {
    admit(source, lane, events) {
      const passed = events.map(() => false)
      let open = events.length
      if (open === 0)
        return Promise.resolve(passed)
      return new Promise((resolve) => {
        for (const [at, event] of events.entries()) {
          enqueue({ event, source, lane, settle(yes) {
            passed[at] = yes
            if (--open === 0)
              resolve(passed)
          } })
        }
        pump()
      })
    },
  }
}
