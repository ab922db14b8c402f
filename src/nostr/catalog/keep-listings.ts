import type { Clock } from '../../ports/clock'
import type { ListingStore } from '../../ports/listing-store'
import type { Market } from './market'

interface Parts {
  readonly market: Market
  readonly store: ListingStore
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What the device had has been read. */
  readonly device: Promise<void>
  /** Writing costs the same thread that reads: while pages come in, it waits. */
  readonly isBusy: () => boolean
}

const LOOK_MS = 1_000
const CHUNK = 250
/** Not so long that a market which never ends is never kept. */
const MOST_WAITING_ROUNDS = 20
const MOST_KEPT = 60_000

/** Puts what relays brought onto the device, a little at a time. */
export function keepListings({ market, store, clock, signal, device, isBusy }: Parts): void {
  async function write(): Promise<void> {
    const forgotten = market.toForget()
    if (forgotten.length > 0)
      await store.remove(forgotten)
    let kept = 0
    for (let chunk = market.toKeep(CHUNK); chunk.length > 0; chunk = market.toKeep(CHUNK)) {
      await store.save(chunk)
      kept += chunk.length
      await new Promise<void>((go) => { setTimeout(go, 0) })
    }
    if (kept > CHUNK)
      await store.trim(MOST_KEPT)
  }

  async function run(): Promise<void> {
    await device
    for (let rounds = 0; !signal.aborted;) {
      await clock.sleep(LOOK_MS, signal)
      if (isBusy() && ++rounds < MOST_WAITING_ROUNDS && !signal.aborted)
        continue
      rounds = 0
      await write()
    }
    store.close()
  }
  void run()
}
