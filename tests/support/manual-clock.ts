import { toSeconds } from '../../src/domain/brand'
import type { Clock } from '../../src/ports/clock'
import { idOf, T0 } from './order-messages'

/**
 * Time that the test moves. A nap of up to a second is over at once and takes its time with it; longer ones end when the
 * test lets enough time go by. Ids are counted.
 */
export function manualClock(start = T0 + 10_000): Clock & { advance(seconds: number): Promise<void> } {
  let now = start
  let ids = 0xFFFF_0000
  const napping = new Set<{ readonly until: number, readonly wake: () => void }>()
  return {
    now: () => toSeconds(Math.floor(now)),
    sleep: (ms, signal) => new Promise((resolve) => {
      if (signal?.aborted)
        return resolve()
      if (ms <= 1_000) {
        now += ms / 1_000
        setTimeout(resolve)
        return
      }
      const wake = (): void => {
        napping.delete(nap)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const nap = { until: now + ms / 1_000, wake }
      napping.add(nap)
      signal?.addEventListener('abort', wake, { once: true })
    }),
    newId: () => idOf(ids += 1),
    random: () => 0.5,
    async advance(seconds) {
      now += seconds
      for (const nap of napping) {
        if (nap.until <= now) {
          napping.delete(nap)
          nap.wake()
        }
      }
      await new Promise(resolve => setTimeout(resolve, 5))
    },
  }
}
