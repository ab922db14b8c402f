import type { Seconds } from '../brand'

export interface WatchedInvoice {
  readonly expiresAt: Seconds
  /** Last lookup, or null before the first. */
  readonly lookedAt: Seconds | null
  /** `screen`: its payment panel or order is shown; `open`: the tab is in view; `background`: it is not. */
  readonly watch: 'screen' | 'open' | 'background'
  /** Seconds between lookups while it can be paid, where there are too many for the usual pace. */
  readonly every?: number
}

const EVERY = { screen: 2, open: 10, background: 60 } as const
const AFTER_EXPIRY = 60
const HOURLY = 3600
/** Payments that came after our timer but before the node's are still payments (payments.md §8.4). */
const WATCHED_AFTER_EXPIRY = 24 * 3600

/**
 * Seconds until the next lookup (0 = now), `null` = watched long enough: 2, 10 or 60 s while it can be paid, once at expiry,
 * once a minute later, then hourly for a day (payments.md §3.4). Hints and reconnections come on top.
 */
export function nextLookupIn({ expiresAt, lookedAt, watch, every = EVERY[watch] }: WatchedInvoice, now: Seconds): number | null {
  if (lookedAt === null)
    return 0
  return dueAt(expiresAt, lookedAt, every, now)
}

function dueAt(expiresAt: number, lookedAt: number, every: number, now: number): number | null {
  const at = nextAfter(expiresAt, lookedAt, every)
  return at === null ? null : Math.max(0, at - now)
}

function nextAfter(expiresAt: number, lookedAt: number, every: number): number | null {
  // One second past: the last second still counts as payable.
  const marks = [expiresAt + 1, expiresAt + 1 + AFTER_EXPIRY]
  if (lookedAt < expiresAt)
    return Math.min(lookedAt + every, expiresAt + 1)
  const mark = marks.find(one => one > lookedAt)
  if (mark !== undefined)
    return mark
  const last = expiresAt + WATCHED_AFTER_EXPIRY
  return lookedAt >= last ? null : Math.min(lookedAt + HOURLY, last)
}
