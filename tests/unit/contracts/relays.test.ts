import { describe } from 'vitest'
import { startRelay } from '../../../sandbox/relay/relay'
import { openNetLine } from '../../../src/nostr/net-line'
import { createRelayPool } from '../../../src/nostr/relay-pool'
import { relaysInWorker } from '../../../src/nostr/relays-in-worker'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import { hostNet } from '../../../src/nostr/worker/net-host'
import { readToNet } from '../../../src/nostr/worker/net-messages'
import { createMemoryListings } from '../../../src/storage/memory-listings'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { openNodeSocket } from '../../support/real-sockets'
import { relayUrl } from '../../support/signed'
import { relaysContract } from './relays.contract'

type Loaded = Parameters<Awaited<ReturnType<typeof startRelay>>['load']>[0]

describe('relay pool against real relays', () => {
  relaysContract(async () => {
    const [open, guarded] = await Promise.all([startRelay({ maxLimit: 50 }), startRelay({ auth: 'silent' })])
    const relays = createRelayPool({ verifier: createVerifier(), clock: systemClock, openSocket: openNodeSocket })
    return {
      relays,
      open: { url: relayUrl(open.url), load: events => open.load(events as unknown as Loaded), stop: () => open.stop(), start: () => open.start() },
      guarded: { url: relayUrl(guarded.url), load: events => guarded.load(events as unknown as Loaded) },
      dead: relayUrl('ws://127.0.0.1:9'),
      async close() {
        relays.close()
        await Promise.all([open.close(), guarded.close()])
      },
    }
  })
})

describe('relays in memory', () => {
  relaysContract(async () => {
    const open = new MemoryRelay(relayUrl('wss://open.test'))
    const guarded = new MemoryRelay(relayUrl('wss://guarded.test'), true)
    return {
      relays: createMemoryRelays([open, guarded]),
      open: { url: open.url, load: events => open.load(events), stop: async () => open.setOnline(false), start: async () => open.setOnline(true) },
      guarded: { url: guarded.url, load: events => guarded.load(events) },
      dead: relayUrl('wss://dead.test'),
      close: async () => undefined,
    }
  })
})

describe('relay pool in a worker, over its messages', () => {
  relaysContract(async () => {
    const [open, guarded] = await Promise.all([startRelay({ maxLimit: 50 }), startRelay({ auth: 'silent' })])
    const { port1, port2 } = new MessageChannel()
    const host = hostNet({ verifier: createVerifier(), width: 2, clock: systemClock, openStore: createMemoryListings, loopbackImages: false, openSocket: openNodeSocket, post: message => port2.postMessage(message) })
    port2.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = readToNet(data)
      if (message)
        host(message)
    }
    const relays = relaysInWorker(openNetLine({ postMessage: message => port1.postMessage(message), set onmessage(listener: ((event: MessageEvent) => unknown) | null) { port1.onmessage = listener }, terminate: () => undefined }))
    return {
      relays,
      open: { url: relayUrl(open.url), load: events => open.load(events as unknown as Loaded), stop: () => open.stop(), start: () => open.start() },
      guarded: { url: relayUrl(guarded.url), load: events => guarded.load(events as unknown as Loaded) },
      dead: relayUrl('ws://127.0.0.1:9'),
      async close() {
        host({ type: 'close' })
        port1.close()
        await Promise.all([open.close(), guarded.close()])
      },
    }
  })
})
