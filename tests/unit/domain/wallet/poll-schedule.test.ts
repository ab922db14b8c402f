import { expect, test } from 'vitest'
import type { Seconds } from '../../../../src/domain/brand'
import type { WatchedInvoice } from '../../../../src/domain/wallet/poll-schedule'
import { nextLookupIn } from '../../../../src/domain/wallet/poll-schedule'

const at = (seconds: number) => seconds as Seconds
const EXPIRES = 10_000

/** Every lookup that the schedule asks for, as seconds before (−) or after expiry. */
function lookups(watch: WatchedInvoice['watch'], from: number): number[] {
  const times: number[] = []
  let now = from
  for (let lookedAt: number | null = null; ;) {
    const wait = nextLookupIn({ expiresAt: at(EXPIRES), lookedAt: lookedAt === null ? null : at(lookedAt), watch }, at(now))
    if (wait === null)
      return times
    now += wait
    lookedAt = now
    times.push(now - EXPIRES)
  }
}

test('an invoice is looked up at once, then often, then at expiry, a minute later and hourly for a day', () => {
  const screen = lookups('screen', EXPIRES - 10)
  expect(screen.slice(0, 8)).toEqual([-10, -8, -6, -4, -2, 0, 1, 61])
  expect(screen.slice(8, 10)).toEqual([61 + 3600, 61 + 7200])
  expect(screen.at(-1)).toBe(24 * 3600)
  expect(screen).toHaveLength(8 + 24)
})

test('less often where nobody looks', () => {
  expect(lookups('open', EXPIRES - 25).slice(0, 4)).toEqual([-25, -15, -5, 1])
  expect(lookups('background', EXPIRES - 100).slice(0, 3)).toEqual([-100, -40, 1])
})

test('T8: an invoice found long after its expiry is still looked up once', () => {
  expect(lookups('open', EXPIRES + 5 * 24 * 3600)).toEqual([5 * 24 * 3600])
})

test('a tab that was asleep looks at once when it wakes', () => {
  expect(nextLookupIn({ expiresAt: at(EXPIRES), lookedAt: at(1000), watch: 'open' }, at(5000))).toBe(0)
})
