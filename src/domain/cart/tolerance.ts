import type { Msat } from '../brand'
import type { OrderTotals } from '../order/types'

/**
 * What may be done with an asked amount (payments.md §8.3): `free` pay without a question, `ask` show both amounts once,
 * `warn` paying anyway is not the default action. `lower`: less than agreed, fine and worth a word.
 */
export type AmountVerdict = 'free' | 'lower' | 'ask' | 'warn'

export interface Agreed {
  readonly msat: Msat
  /** Prices in bitcoin need no rate. */
  readonly inBitcoin: boolean
  readonly lines: number
  readonly pieces: number
}

const SAT = 1_000

/** Automatic payers stay within `free` and `lower`. */
export function amountVerdict(asked: Msat, agreed: Agreed): AmountVerdict {
  return agreed.inBitcoin ? exactBand(asked, agreed) : rateBand(asked, agreed)
}

/** Up to one satoshi a line for prices with fractions of one. */
function exactBand(asked: Msat, { msat, lines }: Agreed): AmountVerdict {
  const over = asked - msat
  if (Math.abs(over) <= Math.max(1, lines) * SAT)
    return 'free'
  if (over < 0)
    return 'lower'
  return asked * 100 <= msat * 103 ? 'ask' : 'warn'
}

/** Rates drift and peers round each unit: 1 % or 2 sat are free, up to 3 % is asked. */
function rateBand(asked: Msat, { msat, pieces }: Agreed): AmountVerdict {
  if (asked <= msat + 2 * SAT || asked * 100 <= msat * 101)
    return asked * 100 < msat * 99 - (pieces + 1) * SAT * 100 ? 'lower' : 'free'
  return asked * 100 <= msat * 103 ? 'ask' : 'warn'
}

/** What was agreed, from an order's snapshot. null: no amount in bitcoin was known then. */
export function agreedFrom(totals: OrderTotals | null, items: readonly { readonly quantity: number }[]): Agreed | null {
  if (totals === null || totals.totalMsat === null)
    return null
  const { currency } = totals.total
  return { msat: totals.totalMsat, inBitcoin: currency === 'SAT' || currency === 'BTC', lines: items.length, pieces: items.reduce((sum, item) => sum + item.quantity, 0) }
}
