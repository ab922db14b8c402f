/** Times for people. All take Unix seconds; `now` is handed in so that they tick and can be tested. */
const MINUTE = 60
const HOUR = 3600
const DAY = 86_400
const relativeLong = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const relativeNarrow = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const shortYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** "just now", "5 minutes ago", "3 Nov": as near as it helps. */
export function agoText(at: number, now: number, style: 'long' | 'narrow' = 'long'): string {
  const relative = style === 'long' ? relativeLong : relativeNarrow
  const passed = now - at
  if (passed < 45)
    return 'just now'
  if (passed < HOUR)
    return relative.format(-Math.max(1, Math.round(passed / MINUTE)), 'minute')
  if (passed < DAY)
    return relative.format(-Math.round(passed / HOUR), 'hour')
  if (passed < 7 * DAY)
    return relative.format(-Math.round(passed / DAY), 'day')
  return dayText(at, now)
}

/** "3 Nov", with the year once it is another one. */
export function dayText(at: number, now: number): string {
  const date = new Date(at * 1000)
  return date.getFullYear() === new Date(now * 1000).getFullYear() ? short.format(date) : shortYear.format(date)
}

/** The whole of it, for a tooltip, a receipt or a screen reader. */
export const fullText = (at: number): string => full.format(new Date(at * 1000))

/** Time of day. */
export const clockText = (at: number): string => clock.format(new Date(at * 1000))

/** For `<time datetime>`. */
export const isoText = (at: number): string => new Date(at * 1000).toISOString()

/** "4:09", "1:02:03" for a countdown. */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const parts = [Math.floor(whole / HOUR), Math.floor(whole % HOUR / MINUTE), whole % MINUTE]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => index === 0 ? String(part) : String(part).padStart(2, '0')).join(':')
}
