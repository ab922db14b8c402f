import * as v from 'valibot'
import { isSeconds } from '../domain/brand'
import { readCurrency } from '../domain/money/fiat'
import type { Rate } from '../domain/money/types'
import type { Snapshots } from '../ports/snapshots'

/** Rates over a reload. */
export interface RateStore { read(): readonly Rate[], write(rates: readonly Rate[]): void }

const KEY = 'rates'
const VERSION = 1
const MOST = 20

const KeptRates = v.pipe(v.array(v.object({
  currency: v.custom<string>(code => readCurrency(code) === code),
  btcPrice: v.pipe(v.string(), v.regex(/^\d{1,15}(\.\d{1,8})?$/)),
  source: v.pipe(v.string(), v.maxLength(300)),
  at: v.custom<Rate['at']>(isSeconds),
})), v.maxLength(MOST))

/** Open on the device: what a bitcoin cost is nobody's secret. What cannot be read is set aside (T12). */
export const keptRates = (snapshots: Pick<Snapshots, 'read' | 'write' | 'quarantine'>): RateStore => ({
  read() {
    const found = snapshots.read(KEY)
    if (!found.ok || found.value === null || found.value.version > VERSION)
      return []
    const parsed = v.safeParse(KeptRates, found.value.value)
    if (!parsed.success)
      snapshots.quarantine(KEY, 'unreadable')
    return parsed.success ? parsed.output : []
  },
  write(rates) {
    // A device that keeps nothing asks again: nothing else depends on it.
    snapshots.write(KEY, VERSION, rates.toSorted((a, b) => b.at - a.at).slice(0, MOST))
  },
})
