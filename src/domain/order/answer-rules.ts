import type { Msat, Seconds } from '../brand'
import { limits } from '../limits'
import { isAskedAgain } from './asked-again'
import { ownInvoices } from './own-invoices'
import { paysUnasked } from './prepaid'
import type { PricingCode } from './pricing'
import type { OrderRefusal } from './stock'
import type { Order } from './types'

/** Minutes of the local day, 0 … 1439. `from` after `to`: over midnight; equal: all day. */
export interface AnswerHours { readonly from: number, readonly to: number }

/** What a merchant lets the desk answer by itself. null: no bound. */
export interface AnswerRules {
  /** Largest total, whole sat. */
  readonly maxSat: number | null
  readonly hours: AnswerHours | null
}

export const noRules: AnswerRules = { maxSat: null, hours: null }
export const DAY_MINUTES = 1_440
/** Older orders were not waiting for a machine's answer. */
const ANSWERED_WITHIN = 14 * 24 * 3_600
const MSAT_IN_SAT = 1_000

/** Whether that minute is one in which orders are answered; the last minute does not count any more. */
export function isWithin(hours: AnswerHours | null, minute: number): boolean {
  if (hours === null || hours.from === hours.to)
    return true
  return hours.from < hours.to ? minute >= hours.from && minute < hours.to : minute >= hours.from || minute < hours.to
}

export const isOverLimit = ({ maxSat }: AnswerRules, total: Msat): boolean => maxSat !== null && total > maxSat * MSAT_IN_SAT

/** Whether an order waits for the merchant's answer: new and not to be paid unasked, or its invoice is dead and the shopper has written since. */
export function awaitsInvoice(order: Order, now: Seconds): boolean {
  if (order.payment !== 'unpaid' && !isAskedAgain(order))
    return false
  if (order.status === 'payment_pending')
    return order.refusal === null && !paysUnasked(order.dialect)
  // A reservation that went back leaves an invoice that is dead before its time.
  const wentBack = order.holds.find(({ paymentHash }) => paymentHash === order.request?.paymentHash)?.endedAt ?? null
  const expiredAt = wentBack ?? order.request?.expiresAt ?? null
  return order.status === 'payment_requested' && expiredAt !== null && now >= expiredAt + (wentBack === null ? 1 : 0)
    && order.chat.some(({ by, at }) => by === 'shopper' && at >= expiredAt)
}

const isOld = (order: Order, now: Seconds): boolean => now - order.placedAt > ANSWERED_WITHIN

/** Of those, such as a machine answers: recent ones, and none from a clock that is far ahead. */
export const wantsInvoice = (order: Order, now: Seconds): boolean =>
  !isOld(order, now) && order.placedAt <= now + limits.futureSeconds && !mayBePaidUnseen(order) && awaitsInvoice(order, now)

/** What was asked last may have been paid where no wallet of ours can tell: only the merchant can look before asking again. */
const mayBePaidUnseen = ({ issued, requests, request }: Order): boolean => {
  const newest = ownInvoices({ issued, requests }).at(-1)
  return request !== null && (newest === undefined || newest.byHand === true || newest.verify === null)
}

/** Why an order waits for the merchant's hand. `soon`: nothing holds it. */
export type HeldReason = 'stock' | 'zone' | 'listing' | 'no-wallet' | 'off' | 'old' | 'look-first' | 'former-unknown' | 'former-payable' | 'hours' | 'amount' | 'no-rate' | 'rates-disagree' | 'wallet-offline' | 'wallet-refused' | 'cannot-reserve' | 'failed' | 'soon'

export interface HeldNeeds {
  readonly order: Order
  readonly now: Seconds
  /** Of the local day. */
  readonly minute: number
  readonly rules: AnswerRules
  readonly on: boolean
  readonly hasWallet: boolean
  /** What a refusal would say, were it sent. */
  readonly refusal: OrderRefusal | null
  /** By the listings of now; null where it cannot be worked out without a rate. */
  readonly total: Msat | null
  /** What the last try to answer it ended with; null: none did not work. */
  readonly failure: string | null
}

const REFUSALS: Readonly<Partial<Record<OrderRefusal['code'], HeldReason>>> = { 'stock-too-low': 'stock', 'unknown-zone': 'zone' }
const PRICING: ReadonlySet<string> = new Set<PricingCode>(['unknown-product', 'unknown-stall', 'several-stalls', 'quantity', 'not-for-sale', 'several-currencies'])
const OFFLINE: ReadonlySet<string> = new Set(['source_offline', 'no_answer'])
const REFUSED: ReadonlySet<string> = new Set(['source_refused', 'source_bad_invoice', 'source_can_spend', 'source_unauthorized', 'rate_limited', 'not_implemented', 'bad_settings'])

/**
 * The one reason to say: first what the order itself lacks, which no setting changes, then what keeps every order waiting,
 * then the rules, then what went wrong.
 */
export function heldReason({ order, now, minute, rules, on, hasWallet, refusal, total, failure }: HeldNeeds): HeldReason {
  if (refusal !== null)
    return REFUSALS[refusal.code] ?? 'listing'
  if (!hasWallet)
    return 'no-wallet'
  if (!on)
    return 'off'
  if (isOld(order, now))
    return 'old'
  if (mayBePaidUnseen(order))
    return 'look-first'
  if (!isWithin(rules.hours, minute))
    return 'hours'
  if (total !== null && isOverLimit(rules, total))
    return 'amount'
  return failure === null ? 'soon' : failureReason(failure)
}

export const RATES_DISAGREE = 'rates_disagree'

/** An invoice without a rate fails with one code, whyever there is none; the merchant is told which of the two it is. */
export const failureCode = ({ code, detail }: { readonly code: string, readonly detail?: string }): string =>
  code === 'no_rate' && detail === 'sources-disagree' ? RATES_DISAGREE : code

/** What keeps an invoice from being made, by the code that the attempt ended with. */
export function failureReason(code: string): HeldReason {
  if (code === 'over-limit')
    return 'amount'
  if (code === 'cannot-reserve')
    return code
  if (code === 'no_rate')
    return 'no-rate'
  if (code === RATES_DISAGREE)
    return 'rates-disagree'
  if (code === 'former-unknown' || code === 'former-payable')
    return code
  if (OFFLINE.has(code))
    return 'wallet-offline'
  if (REFUSED.has(code))
    return 'wallet-refused'
  return code === 'unknown-zone' ? 'zone' : PRICING.has(code) ? 'listing' : 'failed'
}
