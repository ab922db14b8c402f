import { movedAfter, type Fulfilled } from './fulfilment'
import { paidBefore, type Ended } from './endings'
import { saidExcess } from './excess'
import { paymentProblems, type Paid } from './payments'
import type { Placing } from './place'
import type { HeldMoney } from './held-money'
import type { Asked } from './requests'
import { isBefore, type Position } from './sequence'
import type { ProblemCode } from './types'
import { isTakenAsPaid } from './underpaid'

export interface Gathered {
  readonly placing: Placing
  readonly asked: Asked
  readonly paid: Paid
  readonly fulfilled: Fulfilled
  readonly ended: Ended
  readonly held: HeldMoney
  readonly tooMany: boolean
  readonly ambiguous: boolean
  /** Its pieces had gone to another order when it was paid (T11). */
  readonly short: boolean
}

/**
 * Contradictions are shown, never settled in silence (orders.md §5.7). In one fixed sequence.
 * @param counted what this side may build on; a receipt for an order that has ended is told of whatever it is worth
 */
export function problemsOf({ placing, asked, paid, fulfilled, ended, tooMany, ambiguous, short }: Gathered, counted: Paid = paid): readonly ProblemCode[] {
  const { cancelled } = ended
  const when = (code: ProblemCode, holds: boolean): readonly ProblemCode[] => holds ? [code] : []
  const paidAfter = (point: Position): boolean => paid.payments.some(payment =>
    payment.strength !== 'claimed' && payment.excess === undefined && isBefore(point, { at: payment.at, id: payment.message }))
  const owed = !ended.refundCovers && ((cancelled !== null && paidBefore(counted, cancelled)) || (short && isUnsentSale(counted, fulfilled)))
  return [
    ...when('shipped-before-paid', fulfilled.shippedSince !== null && !paidWithOrBefore(counted, fulfilled.shippedSince)),
    ...when('shipped-after-cancelled', cancelled !== null && movedAfter(fulfilled, cancelled)),
    ...ended.tooLate,
    ...when('refused-after-paid', asked.refusals.some(refusal => paidBefore(counted, refusal))),
    ...when('rewritten', placing.rewritten.length > 0 || placing.pinMissing),
    ...paymentProblems(counted, asked, ended.refunds.refundedMsat),
    ...when('paid-after-end', (cancelled !== null && paidAfter(cancelled)) || (asked.refusal !== null && paidAfter(asked.refusal)) || saidExcess(paid, 'late').length > 0),
    ...when('refund-due', owed && !isDeclined(ended)),
    ...when('refund-declined', owed && isDeclined(ended)),
    ...when('too-many-messages', tooMany),
    ...when('ambiguous-author', ambiguous),
  ]
}

/** Paid, and nothing has left: what is sent all the same was found elsewhere. */
const isUnsentSale = (paid: Paid, { shipped, words }: Fulfilled): boolean =>
  paid.since !== null && !shipped && !words.has('delivered') && !words.has('completed')

/** The merchant keeps the rest, and what he offered has been paid. */
const isDeclined = ({ refunds }: Ended): boolean =>
  refunds.refundDeclined !== null && refunds.refunds.every(({ state }) => state === 'paid' || state === 'replaced')

/** nostrmarket says paid and shipped in one breath. */
const paidWithOrBefore = (paid: Paid, point: Position): boolean =>
  paid.since !== null && !isBefore(point, paid.since)

/**
 * Refused with nothing paid. Money that turns up after a refusal is a problem and a refund, not a sale:
 * unless the merchant himself says 'paid', which is a newer answer than his refusal.
 */
export const isRefused = (asked: Asked, paid: Paid): boolean =>
  asked.refusal !== null && (paid.since === null
    || (!paidBefore(paid, asked.refusal) && !isTakenAsPaid(paid)))
