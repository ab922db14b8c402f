import words from '../../locales/by-hand.en.json'
import type { AnswerRules, HeldReason } from '../../domain/order/answer-rules'
import { fill, fillCount, wordOf } from '../order/words'

export { words as handWords }

const HOUR = 60
const DAY = 24 * HOUR

/** How long something still holds, as near as it helps. @param seconds from now */
export function untilText(seconds: number): string {
  const minutes = Math.max(1, Math.floor(seconds / 60))
  if (minutes < 2 * HOUR)
    return fillCount(words.sheet.inMinutes, minutes)
  return minutes < 2 * DAY ? fillCount(words.sheet.inHours, Math.floor(minutes / HOUR)) : fillCount(words.sheet.inDays, Math.floor(minutes / DAY))
}

/** "07:30", as a time field has it. */
export const minuteText = (minute: number): string => `${String(Math.floor(minute / HOUR)).padStart(2, '0')}:${String(minute % HOUR).padStart(2, '0')}`

/** Minutes of the day; null: no time. */
export function readMinute(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? []
  const minute = Number(hours) * HOUR + Number(minutes)
  return hours === undefined || Number(hours) > 23 || Number(minutes) > 59 ? null : minute
}

/** Why an order waits for the merchant, in a few words. @param limit the bound on totals, with its unit */
export const heldText = (reason: HeldReason, rules: AnswerRules, limit: string): string =>
  fill(wordOf(words.held.reasons, reason, words.held.reasons.failed), { limit, time: rules.hours === null ? '' : minuteText(rules.hours.from) })
