/** Waiting before attempt n (0, 1, 2 …): 1 s, 2 s, 4 s … up to a minute, with a third of jitter (T21). */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(60_000, 1000 * 2 ** Math.min(attempt, 6))
  return Math.round(base * (0.67 + 0.66 * random))
}
