import { toMsat, type Hex32, type Msat } from '../brand'
import type { ExcessWord } from './excess-word'
import { countedAt, positionOf, type Paid } from './payments'
import type { Asked } from './requests'
import { comparePositions } from './sequence'
import type { PaymentFact, RequestFact } from './types'

/**
 * Adds what the merchant says to have come too much (T9): only of what this order asked for itself, and late only where it has
 * ended. It says that money is there, not that the order was paid: no end of the order is undone by it.
 */
export function withExcess(paid: Paid, { requests }: Asked, hasEnded: () => boolean): Paid {
  const own = requests.filter(({ recipient, paymentHash }) => recipient === '' && paymentHash !== null)
  const asked = paid.excess.filter(({ hash, msat }) => msat > 0 && own.some(({ paymentHash }) => paymentHash === hash))
  const isOver = asked.some(({ what }) => what === 'late') && hasEnded()
  const words = asked.filter(({ what }) => what === 'twice' || isOver)
  if (words.length === 0)
    return paid
  const unknown = words.filter(({ hash }) => !paid.settled.has(hash))
  const hashes = new Set(unknown.map(({ hash }) => hash))
  const facts = words.map(({ at, id, what, hash, msat }): PaymentFact =>
    ({ strength: 'said', paymentHash: hash, preimage: '', msat, at, by: 'merchant', message: id, excess: what, ...paid.settled.has(hash) && { known: true as const } }))
  const others = paid.payments.map(payment => aboutTheFirst(payment, requests, hashes))
  const payments = [...others, ...facts].toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)))
  return unknown.length === 0
    ? { ...paid, payments }
    : { ...paid, payments, strength: paid.strength === 'proved' ? 'proved' : 'said', msat: total(others, unknown, own) }
}

/** 'Paid' is about another payment than the one that came too much. */
function aboutTheFirst(payment: PaymentFact, requests: readonly RequestFact[], hashes: ReadonlySet<Hex32>): PaymentFact {
  const isHere = ({ paymentHash }: RequestFact): boolean => paymentHash !== null && hashes.has(paymentHash)
  if (payment.strength !== 'said' || payment.paymentHash !== null)
    return payment
  const meant = countedAt(requests, positionOf(payment))
  if (meant === undefined || !isHere(meant))
    return payment
  const first = countedAt(requests.filter(request => !isHere(request)), positionOf(payment))
  return { ...payment, msat: first?.msat ?? first?.saidMsat ?? null }
}

/** Each payment once: what paid the order, and what came beside it. null: nobody knows how much the first was. */
function total(payments: readonly PaymentFact[], words: readonly ExcessWord[], own: readonly RequestFact[]): Msat | null {
  const hashes = new Set(words.map(({ hash }) => hash))
  const rest = payments.filter(({ paymentHash }) => paymentHash === null || !hashes.has(paymentHash))
  const proved = rest.filter(({ strength }) => strength === 'proved')
  const first = proved.length > 0 ? proved : rest.filter(({ strength }) => strength === 'said')
  const isFirst = words.some(({ what }) => what === 'twice')
  const unnamed = isFirst ? own.findLast(({ paymentHash }) => paymentHash !== null && !hashes.has(paymentHash))?.msat ?? null : toMsat(0)
  const amounts = [
    ...first.length === 0 ? [unnamed] : first.map(({ msat, paymentHash }) => msat ?? (paymentHash === null ? unnamed : null)),
    ...words.map(({ hash, msat }) => payments.find(one => one.strength === 'proved' && one.by === 'own-wallet' && one.paymentHash === hash)?.msat ?? msat),
  ]
  const sum = amounts.reduce((all: number | null, msat) => all === null || msat === null ? null : all + msat, 0)
  return sum === null || !Number.isSafeInteger(sum) ? null : toMsat(sum)
}
