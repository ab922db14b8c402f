import type { Clock } from '../../ports/clock'

/** Ends a connection of which nobody had any use for a while. */
export interface Rest {
  /** Of use again. */
  awake(): void
  /** The last use has ended, or may have. */
  soon(): void
}

const IDLE_MS = 60_000

export function restAfterUse(clock: Clock, inUse: () => boolean, rest: () => void): Rest {
  let idle = new AbortController()
  return {
    awake: () => idle.abort(),
    soon() {
      idle.abort()
      idle = new AbortController()
      const { signal } = idle
      void clock.sleep(IDLE_MS, signal).then(() => {
        if (!signal.aborted && !inUse())
          rest()
      })
    },
  }
}
