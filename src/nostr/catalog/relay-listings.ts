import type { Pubkey, RelayUrl, Seconds } from '../../domain/brand'
import type { Filter, NostrEvent } from '../../domain/protocol/event'
import type { Clock } from '../../ports/clock'
import type { RelayPool } from '../relay-pool'
import { besideGoods, goods, liveListings, opinions } from './asked'
import type { Market } from './market'

interface Parts {
  readonly pool: RelayPool
  readonly clock: Clock
  readonly market: Market
  readonly relay: RelayUrl
  readonly signal: AbortSignal
  readonly firstPage: number
  readonly onEvents: (events: readonly NostrEvent[], from: RelayUrl) => void
  /** After each reading of the whole; false: not all of it came. */
  readonly onSynced: (complete: boolean) => void
}

/** Late relays, clocks that differ. */
const LIVE_SECONDS = 15 * 60
const AGAIN_MS = 5_000
const MOST_FAILURES = 4
/** From here on one key alone fills what a relay gives, and the others are asked for by name (T20). */
const CROWD = 2_000
const AUTHORS_A_FILTER = 100

/** Listings of one relay, both dialects: the first screen, then all pages, then live; once more after each time it was away. */
export function followRelay({ pool, clock, market, relay, signal, firstPage, onEvents, onSynced }: Parts): void {
  let from: Seconds | null = null
  let opinionsFrom: Seconds | null = null
  let busy = false
  let again = true
  let answers = false
  let failures = 0

  const fetch = (filters: readonly Filter[], last: Seconds | null, firstPageSize?: number) => {
    const since = last === null ? {} : { since: Math.max(0, last - LIVE_SECONDS) }
    return pool.fetchAll({
      relays: [relay],
      filters: filters.map(filter => ({ ...filter, ...since })),
      signal,
      ...(firstPageSize === undefined ? {} : { firstPageSize }),
      skip: market.isTooMany,
      onEvents: (events) => {
        crowds.watch(events)
        onEvents(events, relay)
      },
    })
  }
  const crowds = watchCrowds(loud => void fetch(quietPeople(market.people(), loud), from))

  /** Products first: they are the first screen. Stalls come beside them, in a connection that they share. */
  async function readAll(): Promise<boolean> {
    const parts = await Promise.all([fetch([goods], from, firstPage), fetch(besideGoods, from)])
    return parts.every(part => part.complete.length > 0)
  }

  /** What people say of goods can wait. */
  async function readOpinions(): Promise<void> {
    const began = clock.now()
    const { complete } = await fetch(opinions, opinionsFrom)
    if (complete.length > 0)
      opinionsFrom = began
  }

  async function catchUp(): Promise<void> {
    again = true
    if (busy)
      return
    busy = true
    while (again && !signal.aborted) {
      again = false
      const began = clock.now()
      const complete = await readAll()
      if (complete) {
        from = began
        void readOpinions()
      }
      else if (answers && ++failures < MOST_FAILURES)
        again = true
      onSynced(complete)
      if (again)
        await clock.sleep(AGAIN_MS, signal)
    }
    busy = false
  }

  void catchUp()
  let first = true
  pool.subscribe({
    relays: [relay],
    filters: liveListings(clock.now() - LIVE_SECONDS),
    signal,
    onEvents,
    onStored(_, complete) {
      answers = complete
      if (complete && !first) {
        // It was away: until it was read again, something may be missing.
        if (from !== null)
          onSynced(false)
        void catchUp()
      }
      first = false
    },
  })
}

interface Crowds { watch(events: readonly NostrEvent[]): void }

/** Tells when one more key has grown loud. */
function watchCrowds(onLoud: (loud: ReadonlySet<Pubkey>) => void): Crowds {
  const counts = new Map<Pubkey, number>()
  const loud = new Set<Pubkey>()
  let total = 0
  return {
    watch(events) {
      for (const { pubkey } of events) {
        const count = (counts.get(pubkey) ?? 0) + 1
        counts.set(pubkey, count)
        total++
        if (count > CROWD && count > total / 2 && !loud.has(pubkey)) {
          loud.add(pubkey)
          onLoud(new Set(loud))
        }
      }
    },
  }
}

function quietPeople(people: ReadonlySet<Pubkey>, loud: ReadonlySet<Pubkey>): readonly Filter[] {
  const quiet = [...people].filter(person => !loud.has(person))
  return Array.from({ length: Math.ceil(quiet.length / AUTHORS_A_FILTER) }, (_, at) =>
    ({ ...goods, authors: quiet.slice(at * AUTHORS_A_FILTER, (at + 1) * AUTHORS_A_FILTER) }))
}
