import { verifierOverPorts } from '../nostr/verifier-over-ports'
import { fetchRelayInfo } from '../nostr/relay/relay-document'
import { systemClock } from '../nostr/system-clock'
import { hostNet } from '../nostr/worker/net-host'
import type { FromNet, ToNet } from '../nostr/worker/net-messages'
import { readToNet } from '../nostr/worker/net-messages'
import { openListings } from '../storage/listing-db'

/** Relays and the market off the main thread. The first message brings the lines to the verify workers. */
let host: ((message: ToNet) => void) | null = null

self.onmessage = ({ data }: MessageEvent<unknown>) => {
  const message = readToNet(data)
  if (message?.type === 'start' && !host) {
    const { verifiers, loopbackImages } = message
    host = hostNet({
      verifier: verifierOverPorts(verifiers),
      width: 2 * Math.max(1, verifiers.length),
      clock: systemClock,
      openStore: openListings,
      loopbackImages,
      fetchInfo: fetchRelayInfo,
      post: (answer: FromNet) => self.postMessage(answer),
    })
  }
  else if (message) {
    host?.(message)
  }
}
