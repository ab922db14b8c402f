import { describe } from 'vitest'
import { startRelay } from '../../../sandbox/relay/relay'
import { createRelayPool } from '../../../src/nostr/relay-pool'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
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
