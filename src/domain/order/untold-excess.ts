import type { Hex32, Msat } from '../brand'
import type { ExcessWord } from './excess-word'
import { positionOf } from './payments'
import { isBefore, type Position } from './sequence'
import type { Order, PaymentFact } from './types'

export type ExcessFields = Pick<Order, 'requests' | 'payments' | 'problems' | 'status' | 'refundDeclined' | 'cancelledBy' | 'timeline'>
type Arrived = PaymentFact & { readonly paymentHash: Hex32, readonly msat: Msat }

/**
 * What the merchant's own wallet shows to have come too much, and the shopper has not been told: once for each payment hash. Not
 * what went back already, nor what the merchant said to keep.
 */
export function untoldExcess(order: ExcessFields): readonly ExcessWord[] {
  const { status, problems, payments, requests, refundDeclined } = order
  if (status === 'refunded' || refundDeclined !== null || !problems.some(problem => problem === 'paid-twice' || problem === 'paid-after-end'))
    return []
  const requestOf = new Map(requests.map(request => [request.paymentHash, request]))
  const own = payments.filter((payment): payment is Arrived => payment.by === 'own-wallet' && payment.strength === 'proved'
    && payment.paymentHash !== null && payment.msat !== null && (requestOf.get(payment.paymentHash)?.recipient ?? '') === '')
  const told = new Set(payments.flatMap(({ excess, paymentHash }) => excess === undefined ? [] : [paymentHash]))
  const end = endOf(order)
  const isLate = (payment: Arrived): boolean => end !== null && isBefore(end, positionOf(payment))
  const early = own.filter(payment => !isLate(payment))
  // The shopper's client takes such a word for what this order asked with alone.
  const untold = ({ paymentHash }: Arrived): boolean => requestOf.has(paymentHash) && !told.has(paymentHash)
  const inExcess = problems.includes('paid-twice') ? early.length - 1 - early.filter(({ paymentHash }) => told.has(paymentHash)).length : 0
  return [
    ...inExcess > 0 ? early.filter(untold).slice(-inExcess).map(payment => wordOf('twice', payment)) : [],
    ...own.filter(payment => isLate(payment) && untold(payment)).map(payment => wordOf('late', payment)),
  ]
}

const wordOf = (what: ExcessWord['what'], { paymentHash, msat }: Arrived): ExcessWord => ({ what, hash: paymentHash, msat })

/** Where the order ended; null: it goes on, or nobody can tell here. */
function endOf({ status, cancelledBy, timeline }: ExcessFields): Position | null {
  const line = cancelledBy !== null
    ? timeline.find(({ what, by }) => what === 'cancelled' && by === cancelledBy)
    : status === 'failed' ? timeline.findLast(({ what }) => what === 'refused') : undefined
  return line === undefined ? null : { at: line.at, id: line.message }
}
