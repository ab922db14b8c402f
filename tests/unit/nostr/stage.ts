import { afterEach } from 'vitest'
import type { RelayUrl } from '../../../src/domain/brand'
import type { Filter, NostrEvent } from '../../../src/domain/protocol/event'
import { createRelayPool } from '../../../src/nostr/relay-pool'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import type { Clock } from '../../../src/ports/clock'
import type { Relays } from '../../../src/ports/relays'
import { startRelay } from '../../../sandbox/relay/relay'
import { openNodeSocket } from '../../support/real-sockets'
import type { Script } from '../../support/scripted-relay'
import { scriptedRelay } from '../../support/scripted-relay'
import { relayUrl } from '../../support/signed'

/** Opens things of one test file, and closes them after each test. */
export function stage() {
  const ends: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse())
      await end()
  })
  return {
    pool(clock: Clock = systemClock) {
      const pool = createRelayPool({ verifier: createVerifier(), clock, openSocket: openNodeSocket })
      ends.push(() => pool.close())
      return pool
    },
    async scripted(script: Script) {
      const relay = await scriptedRelay(script)
      ends.push(() => relay.close())
      return relay
    },
    async honest(events: readonly NostrEvent[] = [], options: Parameters<typeof startRelay>[0] = {}) {
      const relay = await startRelay(options)
      relay.load(events as unknown as Parameters<typeof relay.load>[0])
      ends.push(() => relay.close())
      return { url: relayUrl(relay.url), relay }
    },
    listen(relays: Relays, urls: readonly RelayUrl[], filters: readonly Filter[] = [{ kinds: [1] }]) {
      const got: NostrEvent[] = []
      const stored: { url: RelayUrl, complete: boolean }[] = []
      const closed: string[] = []
      const life = new AbortController()
      ends.push(() => life.abort())
      relays.subscribe({ relays: urls, filters, signal: life.signal, onEvents: events => got.push(...events), onStored: (url, complete) => stored.push({ url, complete }), onClosed: (_, reason) => closed.push(reason) })
      return { got, stored, closed, life }
    },
    statusOf: (relays: Relays, url: RelayUrl) => relays.statuses().find(status => status.url === url),
    ends,
  }
}

export const DEAD = relayUrl('ws://127.0.0.1:9')
