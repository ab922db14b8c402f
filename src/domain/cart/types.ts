import type { Address, Pubkey, Seconds } from '../brand'
import type { Money } from '../money/types'

/** What was on the shelf when the line was put in: shows what changed since. A product in two sizes is two lines. */
export interface CartLine {
  readonly product: Address
  /** Which one of what the listing offers (`choiceText`); a variation with an address of its own needs no word for it. */
  readonly variant?: string | undefined
  readonly quantity: number
  readonly addedAt: Seconds
  readonly seen: { readonly name: string, readonly image: string, readonly price: Money | null, readonly stock: number | null }
}

/** One cart per stall: an order goes to one stall. */
export interface StallCart {
  readonly stall: Address
  readonly merchant: Pubkey
  readonly stallName: string
  readonly lines: readonly CartLine[]
  readonly zoneId: string | null
  /** Chosen when checkout opens and kept: a second tap, or one after a crash, is the same order (T1). */
  readonly orderId: string | null
}
