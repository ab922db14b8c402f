/** Waiting times between attempts: doubling, with half of it left to chance so that many clients do not come back as one (T21). */
export interface Backoff { readonly firstMs: number, readonly mostMs: number }

export const relayBackoff: Backoff = { firstMs: 1_000, mostMs: 60_000 }

/**
 * @param attempt 1 for the wait after the first failure.
 * @param random 0 ≤ random < 1, from the Clock.
 * @returns milliseconds, between half of the doubled time and all of it.
 */
export function backoffMs(attempt: number, random: number, { firstMs, mostMs }: Backoff = relayBackoff): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 30))
  return Math.round(whole * (0.5 + random / 2))
}
