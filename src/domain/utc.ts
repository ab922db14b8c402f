import type { Seconds } from './brand'

const DAY = 86_400

/** A day of the Gregorian calendar in UTC; `month` and `day` from 1. */
export interface UtcDay { readonly year: number, readonly month: number, readonly day: number }

/** By whole days since 0000-03-01: a year that begins in March has its leap day last. */
export function utcDay(at: Seconds): UtcDay {
  const days = Math.floor(at / DAY) + 719_468
  const era = Math.floor(days / 146_097)
  const ofEra = days - era * 146_097
  const year = Math.floor((ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365)
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return { year: year + era * 400 + (month <= 2 ? 1 : 0), month, day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1 }
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-11-21T20:17:24Z` (ISO 8601, RFC 3339). */
export function isoUtc(at: Seconds): string {
  const { year, month, day } = utcDay(at)
  const second = at % DAY
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(Math.floor(second / 3_600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}Z`
}
