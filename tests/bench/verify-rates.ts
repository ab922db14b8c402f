import { initNostrWasm } from 'nostr-wasm'
import { readEvent } from '../../src/domain/protocol/event-shape'
import { decodePublic } from '../../src/domain/protocol/public-events'
import type { TaskPort } from '../../src/nostr/verifier-over-ports'
import { verifierOverPorts } from '../../src/nostr/verifier-over-ports'

/** Events a second. */
export interface VerifyRates {
  /** nostr-wasm in this thread and nothing around it: what the library can do. */
  readonly bare: number
  /** From frame text to a finished listing: JSON, shape, signature in so many workers, NIP-15. */
  readonly oneWorker: number
  readonly twoWorkers: number
  /** Of these, what is not the signature: JSON, shape and NIP-15 in this thread. */
  readonly decode: number
}

const BATCH = 48
const ROUNDS = 3

/**
 * Decode and verify rates, the median of three rounds. Runs in a page or in Node.
 * @param frames texts of `["EVENT", "s1", {…}]`, as they come out of a socket.
 * @param connect gives that many lines to verify workers, each to one of its own.
 */
export async function measureVerifyRates(frames: readonly string[], connect: (count: number) => readonly TaskPort[]): Promise<VerifyRates> {
  const wasm = await initNostrWasm()
  const events = frames.map(frame => (JSON.parse(frame) as [string, string, Parameters<typeof wasm.verifyEvent>[0]])[2])
  const bare = await rate(frames.length, () => events.forEach(event => wasm.verifyEvent(event)))
  const decode = await rate(frames.length, () => frames.forEach(decodeFrame))
  const [oneWorker, twoWorkers] = [await throughWorkers(frames, connect(1)), await throughWorkers(frames, connect(2))]
  return { bare, oneWorker, twoWorkers, decode }
}

function decodeFrame(frame: string): boolean {
  const event = readEvent((JSON.parse(frame) as unknown[])[2])
  return event.ok && decodePublic(event.value).ok
}

async function throughWorkers(frames: readonly string[], ports: readonly TaskPort[]): Promise<number> {
  const verifier = verifierOverPorts(ports)
  const batches = Array.from({ length: Math.ceil(frames.length / BATCH) }, (_, at) => frames.slice(at * BATCH, (at + 1) * BATCH))
  const result = await rate(frames.length, async () => {
    const left = batches.values()
    const run = async (): Promise<void> => {
      for (const batch of left) {
        const outcomes = await verifier.verify(batch.map(frame => (JSON.parse(frame) as unknown[])[2]))
        for (const outcome of outcomes) {
          if (!outcome.ok || !decodePublic(outcome.event).ok)
            throw new Error('an event of the bench was refused')
        }
      }
    }
    // Two batches for each worker, so that none waits for its next one.
    await Promise.all(Array.from({ length: 2 * ports.length }, run))
  })
  verifier.close()
  return result
}

/** The first round warms up and does not count. */
async function rate(count: number, work: () => unknown): Promise<number> {
  const rates: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now()
    await work()
    rates.push(count / ((performance.now() - began) / 1000))
  }
  return Math.round(rates.slice(1).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0)
}
