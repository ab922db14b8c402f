import type { Pubkey, RelayUrl } from '../../domain/brand'
import type { NostrEvent } from '../../domain/protocol/event'
import type { Clock } from '../../ports/clock'
import type { RelayPool } from '../relay-pool'
import { liveOfMerchants, livePayments, ofMerchants, relayLists } from './asked'
import type { Elsewhere } from './elsewhere'
import type { Market } from './market'

interface Parts {
  readonly pool: RelayPool
  readonly clock: Clock
  readonly market: Market
  readonly relays: readonly RelayUrl[]
  readonly signal: AbortSignal
  readonly onEvents: (events: readonly NostrEvent[], from: RelayUrl) => void
  readonly elsewhere: Elsewhere
}

/** Listings come first; who their authors are can wait so long. */
const GATHER_MS = 400
const CHUNK = 100
/** Of so many at most we hear live. */
const MOST_LIVE = 1_000
const LIVE_SECONDS = 15 * 60

/**
 * Profiles, deletions, payment details and relay lists of the merchants whose listings came. Deletions cannot be asked for by what they delete: most of
 * all kind 5 is about notes, so only those of people with listings are fetched.
 */
export function followPeople({ pool, clock, market, relays, signal, onEvents, elsewhere }: Parts): void {
  const asked = new Set<Pubkey>()
  let live = new AbortController()

  function ask(fresh: readonly Pubkey[]): void {
    for (let at = 0; at < fresh.length; at += CHUNK) {
      void pool.fetchAll({ relays, filters: ofMerchants(fresh.slice(at, at + CHUNK)), signal, onEvents })
    }
    void findOutWhere(fresh)
  }

  /** Where they publish: read there too, once the lists are here. */
  async function findOutWhere(fresh: readonly Pubkey[]): Promise<void> {
    for (let at = 0; at < fresh.length; at += CHUNK)
      await pool.fetchAll({ relays, filters: relayLists(fresh.slice(at, at + CHUNK)), signal, onEvents: events => events.forEach(elsewhere.note) })
    if (!signal.aborted)
      elsewhere.read()
  }

  function followLive(): void {
    const former = live
    live = new AbortController()
    const life = live.signal
    const people = [...asked].slice(0, MOST_LIVE)
    const since = clock.now() - LIVE_SECONDS
    const filters = [livePayments(people, since)]
    for (let at = 0; at < people.length; at += CHUNK)
      filters.push(liveOfMerchants(people.slice(at, at + CHUNK), since))
    pool.subscribe({ relays, filters, signal: life, onEvents })
    former.abort()
  }

  async function look(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(GATHER_MS, signal)
      const fresh = [...market.people()].filter(person => !asked.has(person))
      if (fresh.length === 0 || signal.aborted)
        continue
      fresh.forEach(person => asked.add(person))
      ask(fresh)
      followLive()
    }
  }
  signal.addEventListener('abort', () => live.abort(), { once: true })
  void look()
}
