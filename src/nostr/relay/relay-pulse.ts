import type { Clock } from '../../ports/clock'

/** Finds out that a connection is dead though nobody closed it: browsers give no ping, so a question nobody can answer stands for it. */
export interface Pulse {
  start(): void
  stop(): void
  heard(): void
  /** The answer to our own question; nobody else's. */
  answered(subscription: string): boolean
}

const QUIET_MS = 45_000
const PATIENCE_MS = 15_000
const NAME = 'pulse'
const NO_EVENT = '0'.repeat(64)

export function keepAlive(clock: Clock, send: (frame: readonly unknown[]) => boolean, onDead: () => void): Pulse {
  let life = new AbortController()
  let frames = 0

  async function beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = frames
      await clock.sleep(QUIET_MS, signal)
      if (signal.aborted || frames !== before)
        continue
      send(['REQ', NAME, { ids: [NO_EVENT], limit: 1 }])
      await clock.sleep(PATIENCE_MS, signal)
      if (!signal.aborted && frames === before)
        return onDead()
    }
  }

  return {
    start() {
      life.abort()
      life = new AbortController()
      void beat(life.signal)
    },
    stop: () => life.abort(),
    heard: () => { frames++ },
    answered(subscription) {
      if (subscription !== NAME)
        return false
      send(['CLOSE', NAME])
      return true
    },
  }
}

const ANSWER_MS = 10_000

/** true: nothing more was heard for a while, as with relays that hang; false: it is not waited for any more. */
export async function fallenSilent(clock: Clock, heard: () => number, signal: AbortSignal): Promise<boolean> {
  for (let before = -1; before !== heard() && !signal.aborted;) {
    before = heard()
    await clock.sleep(ANSWER_MS, signal)
  }
  return !signal.aborted
}
