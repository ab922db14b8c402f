import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe } from 'vitest'
import { startRelay } from '../../../sandbox/relay/relay'
import { catalogFeedInWorker } from '../../../src/nostr/catalog-feed-in-worker'
import { createCatalogFeed } from '../../../src/nostr/catalog-feed'
import { openNetLine } from '../../../src/nostr/net-line'
import { createRelayPool } from '../../../src/nostr/relay-pool'
import { relaysInWorker } from '../../../src/nostr/relays-in-worker'
import { createSeen } from '../../../src/nostr/seen'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import { hostNet } from '../../../src/nostr/worker/net-host'
import { readToNet } from '../../../src/nostr/worker/net-messages'
import type { CatalogFeed } from '../../../src/ports/catalog-feed'
import type { Relays } from '../../../src/ports/relays'
import { openListings } from '../../../src/storage/listing-db'
import { openNodeSocket } from '../../support/real-sockets'
import { relayUrl } from '../../support/signed'
import type { MarketStage } from './catalog-feed.contract'
import { catalogFeedContract } from './catalog-feed.contract'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

async function marketOf(count: number, feed: CatalogFeed, relays: Pick<Relays, 'publish' | 'retryNow'>, end: () => void): Promise<MarketStage> {
  const started = await Promise.all(Array.from({ length: count }, () => startRelay({ maxLimit: 50 })))
  return {
    feed,
    relays: started.map(relay => ({ url: relayUrl(relay.url), load: events => relay.load(events as unknown as Parameters<typeof relay.load>[0]), stop: () => relay.stop(), start: () => relay.start() })),
    publish: async (event, relay) => void await relays.publish(event, [relay]),
    retryNow: relays.retryNow,
    async close() {
      end()
      await Promise.all(started.map(relay => relay.close()))
    },
  }
}

describe('the market in this thread', () => {
  catalogFeedContract((count) => {
    const seen = createSeen()
    const pool = createRelayPool({ verifier: createVerifier(), clock: systemClock, seen, openSocket: openNodeSocket })
    return marketOf(count, createCatalogFeed({ pool, clock: systemClock, seen, openStore: openListings }), pool, () => pool.close())
  })
})

describe('the market in a worker, over its messages', () => {
  catalogFeedContract((count) => {
    const { port1, port2 } = new MessageChannel()
    const host = hostNet({ verifier: createVerifier(), width: 2, clock: systemClock, openStore: openListings, loopbackImages: false, openSocket: openNodeSocket, post: message => port2.postMessage(message) })
    port2.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readToNet(data)
      if (message)
        host(message)
    }
    const line = openNetLine({ postMessage: message => port1.postMessage(message), set onmessage(listener: ((event: MessageEvent) => unknown) | null) { port1.onmessage = listener }, terminate: () => undefined })
    return marketOf(count, catalogFeedInWorker(line), relaysInWorker(line), () => {
      host({ type: 'close' })
      port1.close()
    })
  })
})
