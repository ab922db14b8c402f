import type { Msat } from '../brand'
import type { OrderLine, OrderTotals } from './types'

/**
 * How what is asked compares with what the shopper agreed to (payments.md §8.3): `within` may be paid
 * without a question, `ask` once both amounts were seen, `above` only after a warning; `below` is fine
 * and worth a word. `unknown`: no agreed amount is on this device, or no rate was at hand.
 */
export type AmountBand = 'within' | 'below' | 'ask' | 'above' | 'unknown'

const SAT = 1_000

export function amountBand(asked: Msat, totals: OrderTotals | null, items: readonly OrderLine[]): AmountBand {
  const agreed = totals?.totalMsat ?? null
  if (totals === null || agreed === null)
    return 'unknown'
  if (totals.total.currency === 'SAT')
    return satBand(asked - agreed, agreed, Math.max(1, items.length) * SAT)
  const pieces = items.reduce((sum, item) => sum + item.quantity, 1)
  if (asked * 100 <= Math.max((agreed + 2 * SAT) * 100, agreed * 101))
    return asked < agreed - pieces * SAT - agreed / 100 ? 'below' : 'within'
  return asked * 100 <= agreed * 103 ? 'ask' : 'above'
}

/** Prices in sat need no rate: only fractions of a satoshi are rounded, once a line. */
function satBand(difference: number, agreed: number, slack: number): AmountBand {
  if (Math.abs(difference) <= slack)
    return 'within'
  if (difference < 0)
    return 'below'
  return difference * 100 <= agreed * 3 ? 'ask' : 'above'
}

/** How far apart two amounts are, in tenths of a percent of what was agreed, rounded; for words only, never for a decision. */
export const tenthsApart = (asked: Msat, agreed: Msat): number => agreed === 0 ? 0 : Math.round(Math.abs(asked - agreed) * 1_000 / agreed)
