import type { EventId } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import type { Clock } from '../ports/clock'

/** This machine's time and chance; the same in the page and in a worker. */
export const systemClock: Clock = {
  now: () => toSeconds(Math.floor(Date.now() / 1000)),
  sleep: (ms, signal) => new Promise((resolve) => {
    if (signal?.aborted)
      return resolve()
    const wake = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal?.addEventListener('abort', wake, { once: true })
  }),
  newId: () => Array.from(crypto.getRandomValues(new Uint8Array(32)), byte => byte.toString(16).padStart(2, '0')).join('') as EventId,
  random: () => crypto.getRandomValues(new Uint32Array(1)).reduce((_, word) => word / 2 ** 32, 0),
}
