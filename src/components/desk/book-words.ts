import words from '../../locales/books.en.json'
import type { Period } from '../../domain/order/books/period'
import { toSats } from '../../domain/order/books/totals'
import type { BookRow, Sats } from '../../domain/order/books/types'
import { fill, wordOf } from '../order/words'

export { words as bookWords }

const MINUS = '−'
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const monthAndYear = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const decimalSign = new Intl.NumberFormat(undefined).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.'

/** "−1,234.567 sat": all of it, without a float in between. */
export function satsText({ sat, msat }: Sats): string {
  const rest = msat === 0 ? '' : `${decimalSign}${String(Math.abs(msat)).padStart(3, '0')}`
  return `${sat < 0 || msat < 0 ? MINUS : ''}${whole.format(Math.abs(sat))}${rest} sat`
}

/** @param msat null: nobody said how much */
export const amountText = (msat: number | null): string => msat === null ? words.notNamed : satsText(toSats(msat))

/** An amount of a currency's smallest units, with its sign. @param text writes one that is not negative */
export const signedText = (minor: number, currency: string, text: (money: { readonly currency: string, readonly minor: number }) => string): string =>
  `${minor < 0 ? MINUS : ''}${text({ currency, minor: Math.abs(minor) })}`

/** "November 2026", "Quarter 4 of 2026", "2026". */
export function periodText(period: Period): string {
  if (period === 'all')
    return words.all
  const [year = '', part] = period.split('-')
  if (part === undefined)
    return year
  return part.startsWith('Q') ? fill(words.quarter, { n: part.slice(1), year }) : monthAndYear.format(new Date(Date.UTC(Number(year), Number(part) - 1, 1)))
}

export const utcText = (at: number): string => dayAndTime.format(new Date(at * 1000))

export const stateText = ({ type, state }: BookRow): string => wordOf(words.states[type], state, state)

/** Whose word it is that money moved; '' where none did. */
export function strengthText({ state, strength, saidBy }: BookRow): string {
  if (state !== 'paid' || strength === null || strength === 'claimed')
    return ''
  return strength === 'said' ? words.strength.said : saidBy === 'own-wallet' ? words.strength.proved : words.strength.proof
}
