import type { Hex32, Msat, Seconds } from '../../brand'
import { SAT, saidExcess } from '../excess'
import { isHeld } from '../held-money'
import type { RefundRecord } from '../refund-types'
import { isBefore } from '../sequence'
import type { Order, OrderTotals, PaymentFact, RequestFact } from '../types'
import type { AttemptState, BookMark, BookRow } from './types'
import { addUp, shareOf } from './value'

/** One attempt before it is known what became of it. */
interface Attempt {
  readonly id: string
  readonly paymentHash: Hex32 | null
  readonly asked: Msat | null
  readonly askedAt: Seconds | null
  /** The request that asked; null: it was made, and never sent. */
  readonly request: RequestFact | null
}

const known = new WeakMap<Order, readonly BookRow[]>()

/** The books of one order, gathered once for each state of it. Nothing but what the order says: the same on every device. */
export function bookRows(order: Order): readonly BookRow[] {
  const found = known.get(order)
  if (found !== undefined)
    return found
  const payments = paymentRows(order)
  const rows = order.refunds.length === 0 ? payments : [...payments, ...refundRows(order, payments)]
  known.set(order, rows)
  return rows
}

/** All books, oldest first. */
export const booksOf = (orders: Iterable<Order>): readonly BookRow[] =>
  [...orders].flatMap(bookRows).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

function paymentRows(order: Order): readonly BookRow[] {
  if (order.payments.length === 0 && order.requests.length === 0 && order.issued.length === 0)
    return []
  const own = order.payments.filter(({ by, strength }) => by === 'own-wallet' && strength === 'proved')
  // What the own wallet saw stands above the own word: the word is about the same money.
  const said = own.length > 0 ? undefined : order.payments.find(({ strength, excess }) => strength === 'said' && excess === undefined)
  // What his word alone tells to have come too much names its invoice.
  const beside = saidExcess(order)
  const attempts = attemptsOf(order)
  const meant = said === undefined ? undefined : meantBy(attempts.filter(({ paymentHash }) => beside.every(one => one.paymentHash !== paymentHash)), said)
  const rows = attempts.map((attempt) => {
    const payment = attempt === meant ? said : [...own, ...beside].find(({ paymentHash }) => paymentHash !== null && paymentHash === attempt.paymentHash)
    const claim = order.payments.find(({ by, paymentHash }) => by === 'shopper' && paymentHash !== null && paymentHash === attempt.paymentHash)
    return rowOf(order, attempt, payment, claim, own)
  })
  // The wallet saw it, or somebody says so, and no invoice of this order is known for it.
  const loose = [
    ...own.filter(({ paymentHash }) => paymentHash === null || attempts.every(attempt => attempt.paymentHash !== paymentHash)),
    ...said !== undefined && meant === undefined ? [said] : [],
  ]
  const claims = loose.length === 0 && attempts.length === 0 ? order.payments.filter(({ by }) => by === 'shopper').slice(0, 1) : []
  const unasked = ({ message, paymentHash }: PaymentFact): Attempt => ({ id: message, paymentHash, asked: null, askedAt: null, request: null })
  return [
    ...rows,
    ...loose.map(payment => rowOf(order, unasked(payment), payment, undefined, own)),
    ...claims.map(claim => rowOf(order, unasked(claim), undefined, claim, own)),
  ]
}

/** What the merchant asked for himself, by invoice or by hand; the first message with an invoice stands for all that repeat it. */
function attemptsOf({ key, requests, issued }: Order): readonly Attempt[] {
  const found = new Map<string, Attempt>()
  for (const request of requests) {
    const { recipient, selfMade, paymentHash, message, msat, saidMsat, at } = request
    const id = paymentHash ?? message
    if (recipient === '' && selfMade === undefined && !found.has(id))
      found.set(id, { id: `${key}:${id}`, paymentHash, asked: msat ?? saidMsat ?? null, askedAt: at, request })
  }
  for (const { paymentHash, asked, sentAt } of issued) {
    const sent = found.get(paymentHash)
    found.set(paymentHash, { id: `${key}:${paymentHash}`, paymentHash, asked, askedAt: sent?.askedAt ?? sentAt, request: sent?.request ?? null })
  }
  return [...found.values()]
}

/** 'Paid' names no invoice: it is about what had been asked last. That less came does. */
function meantBy(attempts: readonly Attempt[], { at, message, paymentHash }: PaymentFact): Attempt | undefined {
  if (paymentHash !== null)
    return attempts.find(attempt => attempt.paymentHash === paymentHash)
  const sent = attempts.filter(({ request }) => request !== null)
  return sent.findLast(({ request }) => request !== null && isBefore({ at: request.at, id: request.message }, { at, id: message })) ?? sent.at(-1)
}

function rowOf(order: Order, attempt: Attempt, payment: PaymentFact | undefined, claim: PaymentFact | undefined, own: readonly PaymentFact[]): BookRow {
  const { id, paymentHash, askedAt } = attempt
  const terms = termsOf(order, attempt)
  const asked = attempt.asked ?? terms?.totalMsat ?? null
  const moved = payment === undefined ? 0 : payment.msat
  const shown = payment ?? claim
  return {
    ...common(order, terms),
    id,
    type: 'payment',
    state: payment !== undefined ? 'paid' : stateOf(order, paymentHash, claim),
    marks: payment === undefined ? [] : marksOf(order, payment, attempt, own),
    at: payment?.at ?? askedAt ?? claim?.at ?? order.placedAt,
    askedAt,
    paidAt: payment?.at ?? null,
    paymentHash,
    asked,
    moved,
    fee: null,
    valueMinor: moved === null || terms === null ? null : shareOf(terms.total.minor, moved, terms.totalMsat ?? asked),
    memo: memoOf(order),
    strength: payment === undefined ? claim === undefined ? null : 'claimed' : payment.strength,
    saidBy: shown?.by ?? null,
  }
}

function stateOf({ holds }: Order, paymentHash: Hex32 | null, claim: PaymentFact | undefined): AttemptState {
  const hold = paymentHash === null ? undefined : holds.find(one => one.paymentHash === paymentHash)
  if (hold !== undefined && isHeld(hold))
    return 'held'
  if (hold !== undefined && hold.state === 'released' && hold.heldAt !== null)
    return 'given-back'
  return claim === undefined ? 'unpaid' : 'claimed'
}

function marksOf(order: Order, payment: PaymentFact, { asked, request }: Attempt, own: readonly PaymentFact[]): readonly BookMark[] {
  const { msat, at } = payment
  const ended = endOf(order)
  const when = (mark: BookMark, holds: boolean): readonly BookMark[] => holds ? [mark] : []
  return [
    ...when('twice', own.indexOf(payment) > 0 || payment.excess === 'twice'),
    ...when('late', order.problems.includes('paid-after-end') && ended !== null && at >= ended),
    ...when('superseded', order.problems.includes('paid-superseded') && request !== null && order.requests.every(one => one.paymentHash !== request.paymentHash || one.supersededBy !== null)),
    ...when('over', msat !== null && asked !== null && msat > asked),
    ...when('under', msat !== null && asked !== null && msat < asked),
  ]
}

/** null: it goes on. */
function endOf({ refusal, timeline }: Order): Seconds | null {
  const cancelled = timeline.find(({ what }) => what === 'cancelled')?.at
  const ends = [refusal?.at, cancelled].filter(at => at !== undefined)
  return ends.toSorted((a, b) => a - b)[0] ?? null
}

/** The prices that this attempt was made at; null: they are not here, and other prices than its own would be wrong ones. */
function termsOf({ issued, snapshot }: Order, { paymentHash, asked }: Pick<Attempt, 'paymentHash' | 'asked'>): OrderTotals | null {
  const made = issued.find(one => one.paymentHash === paymentHash)?.totals
  const agreed = snapshot?.totals ?? null
  return made ?? (agreed !== null && (asked === null || asked === agreed.totalMsat) ? agreed : null)
}

/** Refunds in the sequence in which they went: together they come to what they give back, whatever was rounded on the way. */
function refundRows(order: Order, payments: readonly BookRow[]): readonly BookRow[] {
  const paid = payments.filter(({ state }) => state === 'paid')
  const base = baseOf(paid)
  const first = paid[0]
  let sum: number | null = 0
  let value: number | null = 0
  return order.refunds.toSorted((a, b) => timeOf(a) - timeOf(b)).map((refund): BookRow => {
    const { state, msat, reason, paymentHash, begunAt, paidAt, proved } = refund
    const gone = state === 'paid'
    const before: number | null = value
    if (gone) {
      sum = addUp(sum, msat)
      value = base === null || sum === null ? null : shareOf(base.minor, sum, base.msat)
    }
    return {
      ...common(order, null),
      id: `${order.key}:refund:${refund.id}`,
      type: 'refund',
      state,
      marks: [],
      at: timeOf(refund),
      askedAt: begunAt === null ? refund.at : Math.min(begunAt, refund.at) as Seconds,
      paidAt,
      paymentHash,
      asked: negative(msat),
      moved: gone ? negative(msat) : 0,
      fee: gone ? refund.fee : null,
      currency: base?.currency ?? null,
      totalMinor: first?.totalMinor ?? null,
      valueMinor: !gone ? (base === null ? null : 0) : value === null || before === null ? null : negative(value - before),
      btcPrice: base === null ? null : first?.btcPrice ?? null,
      priceSource: base === null ? null : first?.priceSource ?? null,
      pricedAt: base === null ? null : first?.pricedAt ?? null,
      memo: reason,
      strength: gone ? proved ? 'proved' : 'said' : null,
      // The preimage proves it to whoever sees it; without one it is the merchant's word.
      saidBy: gone ? proved && refund.via !== 'hand' && refund.via !== null ? 'own-wallet' : 'merchant' : null,
    }
  })
}

/** No minus nought. */
const negative = (amount: number): number => amount === 0 ? 0 : -amount
const timeOf = ({ paidAt, begunAt, at }: RefundRecord): Seconds => paidAt ?? begunAt ?? at

/** What came, in bitcoin and in the one currency it was agreed in; null: in several, or not known. */
function baseOf(paid: readonly BookRow[]): { readonly currency: string, readonly minor: number, readonly msat: number } | null {
  const currency = paid[0]?.currency ?? null
  const minor = paid.reduce((sum: number | null, row) => addUp(sum, row.valueMinor), 0)
  const msat = paid.reduce((sum: number | null, row) => addUp(sum, row.moved), 0)
  return currency === null || minor === null || msat === null || msat < SAT || paid.some(row => row.currency !== currency) ? null : { currency, minor, msat }
}

type Common = Pick<BookRow, 'order' | 'customer' | 'customerName' | 'currency' | 'totalMinor' | 'btcPrice' | 'priceSource' | 'pricedAt'>
const common = ({ key, id, number, shopper, name }: Order, terms: OrderTotals | null): Common => ({
  order: { key, id, number },
  customer: shopper,
  customerName: name,
  currency: terms?.total.currency ?? null,
  totalMinor: terms?.total.minor ?? null,
  btcPrice: terms?.rate?.btcPrice ?? null,
  priceSource: terms?.rate?.source ?? null,
  pricedAt: terms?.rate?.at ?? null,
})

/** What was sold, as it was called then. */
const memoOf = ({ snapshot, items }: Order): string => snapshot === null || snapshot.lines.length === 0
  ? items.map(({ quantity, productId }) => `${quantity} × ${productId}`).join(', ')
  : snapshot.lines.map(({ quantity, name, variant }) => `${quantity} × ${name}${variant === undefined ? '' : ` (${variant})`}`).join(', ')

