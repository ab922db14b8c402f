import { toMsat, type Hex32, type Msat, type Seconds } from '../brand'
import { saidExcess } from './excess'
import type { ExcessWord } from './excess-word'
import { reminderOf, type Reminder } from './reminder'
import type { Order, PaymentFact } from './types'
import { isTakenAsPaid, saidUnderpaid } from './underpaid'

interface PaidFields {
  readonly strength: PaymentFact['strength']
  /** What is known to have arrived; null: nobody named an amount. */
  readonly msat: Msat | null
  /** Proof that the shopper may keep; null: none is here. */
  readonly preimage: string | null
}

/** Money has moved, or is said to have: how it fits what was asked. One of these for either side. */
export type PaidState = PaidFields & (
  /** `silent`: the merchant has said nothing of it yet, since then. */
  | { readonly type: 'paid', readonly silent?: { readonly since: Seconds, readonly reminder: Reminder } }
  | { readonly type: 'underpaid' | 'overpaid', readonly askedMsat: Msat }
  /** `named`: how much of it the merchant says to be too much. */
  | { readonly type: 'paid-twice', readonly named?: Msat }
  /** After the order had ended, or by an invoice that had been replaced. */
  | { readonly type: 'paid-late', readonly after: 'end' | 'reissue', readonly named?: Msat }
  /** Paid first, then cancelled or refused. */
  | { readonly type: 'refund-due' }
)

/** What one payment should have brought; null: its invoice is not known or names no amount. */
export const askedByHash = ({ issued, requests }: Pick<Order, 'issued' | 'requests'>, hash: Hex32 | null): Msat | null =>
  issued.find(({ paymentHash }) => paymentHash === hash)?.asked ?? requests.find(({ paymentHash }) => paymentHash === hash)?.msat ?? null

/** Before the merchant has said anything of the money or the goods. */
const UNANSWERED: ReadonlySet<Order['status']> = new Set(['payment_pending', 'payment_requested', 'payment_confirmed'])

/** Since when this side knows, or says, of a payment that the merchant has not confirmed; null: there is none. */
export function unconfirmedSince({ status, payments, payment }: Pick<Order, 'status' | 'payments' | 'payment'>): Seconds | null {
  if (!UNANSWERED.has(status) || payments.some(({ strength }) => strength === 'said'))
    return null
  return payments.find(({ strength }) => strength === payment)?.at ?? null
}

/** The shopper's view of the fold's problems; the one that asks for most goes first (T9). */
export function shopperPaidState(order: Order, strength: PaymentFact['strength'], now: Seconds): PaidState {
  const proof = order.payments.find(payment => payment.strength === 'proved' && payment.preimage !== '')
  const fields: PaidFields = { strength, msat: order.paidMsat, preimage: proof?.preimage ?? null }
  const since = unconfirmedSince(order)
  const paid = { type: 'paid' as const, ...fields, ...(since !== null && { silent: { since, reminder: reminderOf(order, now, since) } }) }
  // Only said by the shopper, and shown by nothing: what it would mean is not known either.
  if (strength === 'claimed')
    return paid
  if (order.problems.includes('paid-twice'))
    return { type: 'paid-twice', ...fields, ...namedExcess(order, 'twice', strength) }
  if (order.problems.includes('paid-after-end'))
    return { type: 'paid-late', after: 'end', ...fields, ...namedExcess(order, 'late', strength) }
  if (order.problems.includes('refund-due') || order.problems.includes('refused-after-paid'))
    return { type: 'refund-due', ...fields }
  // His word alone tells what has reached him: what the own wallet let go proves that it left.
  const said = saidUnderpaid(order)
  const asked = askedByHash(order, said?.paymentHash ?? null)
  if (said !== undefined && asked !== null)
    return { type: 'underpaid', askedMsat: asked, ...fields, strength: 'said', msat: said.msat }
  const odd = oddAmount(order, order.payments)
  if (odd?.type === 'underpaid')
    return { ...odd, ...fields }
  if (order.problems.includes('paid-superseded'))
    return { type: 'paid-late', after: 'reissue', ...fields }
  return odd === null ? paid : { ...odd, ...fields }
}

/** What the merchant says to have come too much; the own proofs show it only where they show every payment that is meant. */
function namedExcess(order: Order, what: ExcessWord['what'], strength: PaymentFact['strength']): { readonly strength: PaymentFact['strength'], readonly named?: Msat } {
  const words = saidExcess(order, what)
  if (words.length === 0)
    return { strength }
  const proved = new Set(order.payments.filter(payment => payment.strength === 'proved').map(({ paymentHash }) => paymentHash))
  const isShown = words.every(({ paymentHash }) => proved.has(paymentHash)) && (what === 'late' || proved.size > words.length)
  const sum = words.reduce((all, { msat }) => all + (msat ?? 0), 0)
  return { strength: isShown ? strength : 'said', ...Number.isSafeInteger(sum) && { named: toMsat(sum) } }
}

/**
 * The first proved payment that is not what was asked; one that brought too little before one that brought too much. What the
 * merchant has taken as paid is enough.
 */
export function oddAmount(order: Pick<Order, 'issued' | 'requests' | 'payments'>, payments: readonly PaymentFact[]): { readonly type: 'underpaid' | 'overpaid', readonly askedMsat: Msat } | null {
  const taken = isTakenAsPaid(order)
  const differing = payments.flatMap(({ strength, paymentHash, msat }) => {
    const asked = askedByHash(order, paymentHash)
    return strength !== 'proved' || msat === null || asked === null || msat === asked || (msat < asked && taken)
      ? []
      : [{ type: msat < asked ? 'underpaid' as const : 'overpaid' as const, askedMsat: asked }]
  })
  return differing.find(({ type }) => type === 'underpaid') ?? differing[0] ?? null
}
