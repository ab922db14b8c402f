import type { RelayUrl } from '../domain/brand'
import type { NostrEvent } from '../domain/protocol/event'
import type { CatalogBatch, CatalogFeed, CatalogProgress } from '../ports/catalog-feed'
import type { Clock } from '../ports/clock'
import type { ListingStore } from '../ports/listing-store'
import { createMarket } from './catalog/market'
import type { MarketLimits } from './catalog/newest'
import { createElsewhere, type Elsewhere } from './catalog/elsewhere'
import { keepListings } from './catalog/keep-listings'
import { followPeople } from './catalog/people'
import { followRelay } from './catalog/relay-listings'
import { createWholeRelays } from './catalog/whole-relays'
import type { RelayPool } from './relay-pool'
import type { Seen } from './seen'

export interface CatalogParts {
  readonly pool: RelayPool
  readonly clock: Clock
  /** Ids that were checked: those that this device remembers were, before it kept them. */
  readonly seen: Seen
  readonly openStore: () => ListingStore
  /** Development only: pictures from this very machine. */
  readonly loopbackImages?: boolean
  readonly limits?: Partial<MarketLimits>
}

const FIRST_SCREEN = 60
/** The page puts so many into its maps and lists well within one frame. */
const BATCH = 400
const BATCH_MS = 50
const HELD_MS = 30_000

/** The market of both dialects (NIP-15, and NIP-99 with the Gamma spec): what this device remembers, then what the relays say, then live. */
export function createCatalogFeed({ pool, clock, seen, openStore, loopbackImages = false, limits }: CatalogParts): CatalogFeed {
  /** Of each market that is open now. */
  const looking = new Set<Elsewhere>()
  const remembering = new Set<(event: NostrEvent) => void>()
  return {
    look({ merchant, relays }) {
      looking.forEach(elsewhere => elsewhere.look(merchant, relays))
    },
    remember: event => remembering.forEach(remember => remember(event)),
    open({ relays, signal, onBatch, onProgress }) {
      if (signal.aborted)
        return
      const market = createMarket({ now: () => clock.now(), loopbackImages, ...(limits ? { limits } : {}) })
      const store = openStore()
      const synced = new Map<RelayUrl, boolean>()
      const whole = createWholeRelays()
      let phase: CatalogProgress['phase'] = 'device'
      let told = ''
      let timer: ReturnType<typeof setTimeout> | undefined
      let lastFlush = 0

      function flush(): void {
        timer = undefined
        lastFlush = performance.now()
        const batch: CatalogBatch | null = signal.aborted ? null : market.drain(BATCH)
        if (batch) {
          onBatch(batch)
          // The page gets time to paint between two of them.
          timer = setTimeout(flush, BATCH_MS)
        }
        else {
          whole.pageHasAll()
        }
        tellProgress()
      }

      function soon(): void {
        timer ??= setTimeout(flush, Math.max(0, BATCH_MS - (performance.now() - lastFlush)))
      }

      function tellProgress(): void {
        const complete = whole.list()
        const now = `${phase} ${market.received} ${market.refused} ${complete.join()}`
        if (now === told || signal.aborted)
          return
        told = now
        onProgress?.({ phase, received: market.received, refused: market.refused, complete })
      }

      function judgePhase(): void {
        const answers = [...synced.values()]
        if (synced.size === relays.length)
          phase = answers.includes(true) ? 'live' : 'offline'
        soon()
      }

      function take(events: readonly NostrEvent[], from: RelayUrl): void {
        for (const event of events) {
          market.take(event, [from], 'relay')
          elsewhere.note(event)
        }
        if (phase === 'first-page' || phase === 'offline')
          phase = 'paging'
        soon()
      }

      async function readDevice(): Promise<void> {
        const load = (listings: Awaited<ReturnType<ListingStore['loadFirst']>>) => {
          for (const { event, relays: seenOn } of listings) {
            seen.add(event.id)
            market.take(event, seenOn, 'device')
          }
          soon()
        }
        load(await store.loadFirst(FIRST_SCREEN))
        if (phase === 'device')
          phase = 'first-page'
        await store.loadRest(async (chunk) => {
          load(chunk)
          await new Promise<void>((go) => { setTimeout(go, 0) })
        })
      }

      async function releaseHeld(): Promise<void> {
        while (!signal.aborted) {
          await clock.sleep(HELD_MS, signal)
          market.releaseHeld()
          soon()
        }
      }

      const elsewhere = createElsewhere({ pool, own: relays, signal, onEvents: take })
      looking.add(elsewhere)
      const remember = (event: NostrEvent): void => {
        market.take(event, [], 'relay')
        soon()
      }
      remembering.add(remember)
      signal.addEventListener('abort', () => remembering.delete(remember), { once: true })
      signal.addEventListener('abort', () => looking.delete(elsewhere), { once: true })
      const device = readDevice()
      for (const relay of new Set(relays)) {
        followRelay({ pool, clock, market, relay, signal, firstPage: FIRST_SCREEN, onEvents: take, onSynced(complete) {
          synced.set(relay, complete || synced.get(relay) === true)
          // What the device has may be newer than what a relay has.
          void device.then(() => {
            whole.set(relay, complete)
            soon()
          })
          judgePhase()
        } })
      }
      followPeople({ pool, clock, market, relays, signal, onEvents: take, elsewhere })
      keepListings({ market, store, clock, signal, device, isBusy: () => phase !== 'live' && phase !== 'offline' })
      void releaseHeld()
      if (relays.length === 0)
        judgePhase()
    },
  }
}
