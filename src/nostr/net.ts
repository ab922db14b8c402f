import type { CatalogFeed } from '../ports/catalog-feed'
import type { Clock } from '../ports/clock'
import type { ListingStore } from '../ports/listing-store'
import type { Relays, Verifier } from '../ports/relays'
import { catalogFeedInWorker } from './catalog-feed-in-worker'
import type { NetWorker } from './net-line'
import { openNetLine } from './net-line'
import { relaysInWorker } from './relays-in-worker'
import type { TaskPort } from './verifier-over-ports'
import { verifierOverPorts } from './verifier-over-ports'

/** All that speaks to relays, as the container hands it on. */
export interface Net { readonly relays: Relays, readonly catalog: CatalogFeed, readonly verifier: Verifier }

/** As much of a verify worker as is needed: it serves every port that it is given. */
export interface VerifyWorker { postMessage(message: 'serve', transfer: Transferable[]): void, terminate(): void }

export interface WorkersOfNet {
  readonly startNet: () => NetWorker
  readonly startVerifier: () => VerifyWorker
  /** `navigator.hardwareConcurrency`. */
  readonly cores: number
  /** Development only: pictures from this very machine. */
  readonly loopbackImages: boolean
}

/** Connections, paging and decoding in one worker; signature checks in as many more as there are cores for them, up to four. */
export function openNetInWorkers({ startNet, startVerifier, cores, loopbackImages }: WorkersOfNet): Net {
  const line = openNetLine(startNet())
  const verifyWorkers = Array.from({ length: Math.max(1, Math.min(4, cores - 2)) }, startVerifier)

  function connect(worker: VerifyWorker): MessagePort {
    const { port1, port2 } = new MessageChannel()
    worker.postMessage('serve', [port2])
    return port1
  }
  const verifiers = verifyWorkers.map(connect)
  line.post({ type: 'start', verifiers, loopbackImages }, verifiers)
  const verifier = verifierOverPorts(verifyWorkers.map((worker): TaskPort => connect(worker)))
  const relays = relaysInWorker(line)
  return {
    relays: { ...relays, close() {
      relays.close()
      verifier.close()
      verifyWorkers.forEach(worker => worker.terminate())
    } },
    catalog: catalogFeedInWorker(line),
    verifier,
  }
}

/** The same in this thread: where a browser has no workers. The code for it comes only then. */
export async function openNetHere({ clock, openStore, loopbackImages }: { readonly clock: Clock, readonly openStore: () => ListingStore, readonly loopbackImages: boolean }): Promise<Net> {
  const [{ createVerifier }, { createRelayPool }, { createCatalogFeed }, { createSeen }, { fetchRelayInfo }] = await Promise.all([import('./verifier'), import('./relay-pool'), import('./catalog-feed'), import('./seen'), import('./relay/relay-document')])
  const verifier = createVerifier()
  const seen = createSeen()
  const pool = createRelayPool({ verifier, clock, seen, fetchInfo: fetchRelayInfo })
  return { relays: pool, verifier, catalog: createCatalogFeed({ pool, clock, seen, openStore, loopbackImages }) }
}
