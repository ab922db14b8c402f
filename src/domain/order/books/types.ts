import type { Hex32, OrderKey, Pubkey, Seconds } from '../../brand'
import type { CurrencyCode } from '../../money/types'
import type { RefundState } from '../refund-types'

/** `claimed`: by the shopper alone, so nothing for the merchant (T8). `given-back`: held, and never his. */
export type AttemptState = 'paid' | 'claimed' | 'held' | 'given-back' | 'unpaid'

/** What is odd about a payment that came (payments.md §8.4). `superseded`: by an invoice that had been replaced; `late`: after the order's end. */
export type BookMark = 'twice' | 'late' | 'superseded' | 'over' | 'under'

/**
 * One line of the merchant's books: one attempt to be paid, or one refund (payments.md §8.5). Amounts are signed safe integers
 * in msat; what went out is negative. What is not known is null.
 */
export interface BookRow {
  /** The same on every device. */
  readonly id: string
  readonly type: 'payment' | 'refund'
  readonly state: AttemptState | RefundState
  readonly marks: readonly BookMark[]
  /** When the money moved; where none did, when it was asked for. */
  readonly at: Seconds
  readonly askedAt: Seconds | null
  readonly paidAt: Seconds | null
  readonly order: { readonly key: OrderKey, readonly id: string, readonly number: string }
  readonly customer: Pubkey
  /** As it stands in the order; '' where none was given. */
  readonly customerName: string
  readonly paymentHash: Hex32 | null
  readonly asked: number | null
  /** What came (positive) or went back (negative); 0 where nothing moved, null where nobody said how much. */
  readonly moved: number | null
  /** What sending a refund cost, not negative; null: the wallet did not say, or nothing was sent. */
  readonly fee: number | null
  readonly currency: CurrencyCode | null
  /** The total that was agreed, in the currency's smallest unit (SAT: msat). */
  readonly totalMinor: number | null
  /** What moved, at the price of then: of a part its share. Refunds of an order share out what came, to the unit. */
  readonly valueMinor: number | null
  /** Decimal text: price of one bitcoin. */
  readonly btcPrice: string | null
  readonly priceSource: string | null
  readonly pricedAt: Seconds | null
  readonly memo: string
  readonly strength: 'proved' | 'said' | 'claimed' | null
  readonly saidBy: 'own-wallet' | 'merchant' | 'shopper' | null
}

/** `sat` whole, `msat` what is left (−999…999), both with the sign of the whole. */
export interface Sats { readonly sat: number, readonly msat: number }

export interface CurrencyTotals {
  readonly currency: CurrencyCode
  readonly received: number
  readonly refunded: number
  readonly net: number
}

export interface BookTotals {
  /** Payments that came, and refunds that went. */
  readonly payments: number
  readonly refunds: number
  readonly received: Sats
  /** Of what was received: by the merchant's word alone. */
  readonly said: Sats
  /** Negative. */
  readonly refunded: Sats
  /** Negative. */
  readonly fees: Sats
  /** received + refunded + fees. */
  readonly net: Sats
  /** Came, and nobody said how much: in no sum. */
  readonly unknown: number
  /** Refunds that may have gone, and whose end is not known: in no sum. */
  readonly undecided: number
  readonly byCurrency: readonly CurrencyTotals[]
}
