/** How loudly an invoice's time is shown: a timer that runs from the first second only makes people nervous. */
export type Countdown =
  | { readonly mood: 'quiet' }
  | { readonly mood: 'soon', readonly seconds: number }
  | { readonly mood: 'last', readonly seconds: number }

/** @param lifetime seconds from making to expiry; null when unknown, then the last five minutes count as its last quarter. */
export function countdown(secondsLeft: number | null, lifetime: number | null): Countdown {
  if (secondsLeft === null)
    return { mood: 'quiet' }
  const seconds = Math.max(0, Math.floor(secondsLeft))
  if (seconds <= 60)
    return { mood: 'last', seconds }
  return seconds <= (lifetime ?? 1200) / 4 ? { mood: 'soon', seconds } : { mood: 'quiet' }
}
