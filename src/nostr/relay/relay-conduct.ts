import type { Clock } from '../../ports/clock'

/** How a relay behaves: what it may cost us before we leave it alone for a while (T20, T21). */
export interface Conduct {
  /** A frame that was of no use: garbage, too big, or for nobody. */
  useless(): Misconduct | null
  /** Any frame at all. */
  frame(): Misconduct | null
  /** Events of the right shape, after their check. */
  judged(good: number, bad: number): Misconduct | null
  /** How long to stay away: longer each time. */
  penaltyMs(): number
}
export type Misconduct = 'flooding' | 'forged events'

const WINDOW_SECONDS = 10
/** A relay on this very machine sends some 20,000 in that time. */
const MOST_FRAMES = 100_000
const MOST_USELESS = 5_000
const MOST_FORGED = 200

export function watchConduct(clock: Clock): Conduct {
  let since = clock.now()
  let frames = 0
  let useless = 0
  let good = 0
  let bad = 0
  let penalties = 0

  function turnWindow(): void {
    if (clock.now() - since < WINDOW_SECONDS)
      return
    since = clock.now()
    frames = useless = good = bad = 0
  }

  return {
    useless() {
      turnWindow()
      return ++useless > MOST_USELESS ? 'flooding' : null
    },
    frame() {
      turnWindow()
      return ++frames > MOST_FRAMES ? 'flooding' : null
    },
    judged(passed, failed) {
      turnWindow()
      good += passed
      bad += failed
      return bad > MOST_FORGED && bad > good / 4 ? 'forged events' : null
    },
    penaltyMs() {
      frames = useless = good = bad = 0
      return 60_000 * 2 ** Math.min(penalties++, 5)
    },
  }
}
