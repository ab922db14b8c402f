import type { Seconds } from '../../brand'
import { utcDay } from '../../utc'
import type { BookRow } from './types'

/** `all`, `2026`, `2026-Q4` or `2026-11`, in UTC. */
export type Period = string

export interface Periods { readonly months: readonly Period[], readonly quarters: readonly Period[], readonly years: readonly Period[] }

interface Named { readonly year: Period, readonly quarter: Period, readonly month: Period }

function namesOf(at: Seconds): Named {
  const { year, month } = utcDay(at)
  const y = String(year).padStart(4, '0')
  return { year: y, quarter: `${y}-Q${Math.ceil(month / 3)}`, month: `${y}-${String(month).padStart(2, '0')}` }
}

export const isPeriod = (text: unknown): text is Period => typeof text === 'string' && /^(all|\d{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?)$/.test(text)

/** Such as have rows, the newest first. */
export function periodsOf(rows: readonly Pick<BookRow, 'at'>[]): Periods {
  const [years, quarters, months] = [new Set<Period>(), new Set<Period>(), new Set<Period>()]
  for (const { at } of rows) {
    const { year, quarter, month } = namesOf(at)
    years.add(year)
    quarters.add(quarter)
    months.add(month)
  }
  const down = (names: ReadonlySet<Period>): readonly Period[] => [...names].sort().reverse()
  return { years: down(years), quarters: down(quarters), months: down(months) }
}

export const within = <R extends Pick<BookRow, 'at'>>(rows: readonly R[], period: Period): readonly R[] => period === 'all'
  ? rows
  : rows.filter(({ at }) => {
      const { year, quarter, month } = namesOf(at)
      return period === year || period === quarter || period === month
    })
