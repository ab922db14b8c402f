import type { RelayUrl, Seconds } from '../../../src/domain/brand'
import { isHex32, isPubkey } from '../../../src/domain/brand'
import type { NwcConnection } from '../../../src/domain/wallet/nwc-uri'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import type { Relay } from '../../../sandbox/relay/relay'
import { startRelay } from '../../../sandbox/relay/relay'
import { noFaults } from '../../../sandbox/wallet/faults'
import { NwcService } from '../../../sandbox/wallet/nwc-service'
import { Account } from '../../../sandbox/wallet/till'
import { realClock } from './hub'
import { wsRelays } from './ws-relays'

export function connectionOf(uri: string): NwcConnection {
  const url = new URL(uri)
  const [wallet, secret] = [url.host, url.searchParams.get('secret')]
  if (!isPubkey(wallet) || !isHex32(secret))
    throw new Error('no connection text')
  return { wallet, secret, relays: [url.searchParams.get('relay') as RelayUrl], lud16: '' }
}

/** The sandbox's wallet service over its real relay, on a ledger: one account with the given abilities. */
export async function walletStage(methods: readonly string[], balanceMsat = 0, { now = realClock.now, holdSeconds }: { readonly now?: () => Seconds, readonly holdSeconds?: number } = {}) {
  const relay: Relay = await startRelay()
  const lightning = new LedgerBackend(now, undefined, holdSeconds)
  const faults = noFaults()
  const account = new Account('test', 'merchant', balanceMsat, lightning, faults, now)
  lightning.onReceived(payment => account.settle(payment))
  lightning.onHold(event => account.hold(event))
  const service = new NwcService({ account, methods, relayUrl: relay.url, faults, now })
  await service.ready()
  const opened: ReturnType<typeof wsRelays>[] = []
  return {
    relay,
    faults,
    lightning,
    account,
    connection: connectionOf(service.uri),
    relays() {
      const relays = wsRelays(relay.url as RelayUrl)
      opened.push(relays)
      return relays
    },
    /** Stops the relay, and waits until its clients have noticed. */
    async cut() {
      await relay.stop()
      while (opened.some(relays => relays.statuses()[0]?.state === 'open'))
        await realClock.sleep(10)
    },
    async close() {
      opened.forEach(relays => relays.close())
      service.close()
      await relay.close()
      await lightning.close()
    },
  }
}
