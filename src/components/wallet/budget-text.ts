import type { Msat } from '../../domain/brand'
import words from '../../locales/wallet.en.json'
import { fullText } from '../order/clock-text'
import { fill } from '../order/words'

export { words as walletWords }

/** What a wallet says of the money behind a connection; null where it says nothing. */
export interface Budget { readonly left: Msat | null, readonly renewsAt: number | null, readonly balance: Msat | null }

/** Rounded down: what may be spent is never said to be more. */
const sat = (msat: Msat): string => Math.floor(msat / 1_000).toLocaleString()

/** One sentence each for what may be spent and what is there; none where nothing is known. */
export function budgetLines(budget: Budget | null): readonly string[] {
  const { left = null, renewsAt = null, balance = null } = budget ?? {}
  return [
    ...left === null ? [] : [renewsAt === null ? fill(words.budget.left, { amount: sat(left) }) : fill(words.budget.renews, { amount: sat(left), time: fullText(renewsAt) })],
    ...balance === null ? [] : [fill(words.budget.balance, { amount: sat(balance) })],
  ]
}
