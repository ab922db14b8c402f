import { toMsat, type Msat } from '../brand'
import type { ExcessWord } from './excess-word'
import type { Order, PaymentFact, Role } from './types'

/** Less than one sat is nothing that could be sent back. */
export const SAT = 1_000

type Payments = { readonly payments: readonly PaymentFact[] }

/**
 * What the merchant alone says to have come too much, where his own wallet is not here to show it: to the shopper always, to him
 * after a loss of what his device knew.
 */
export const saidExcess = ({ payments }: Payments, what?: ExcessWord['what']): readonly PaymentFact[] =>
  payments.filter(({ excess, known }) => excess !== undefined && known !== true && (what === undefined || excess === what))

/** What the merchant knows to have: by the own wallet, else by his own word; 0 = nothing, null = nobody knows how much. */
export function receivedMsat({ payments }: Payments): Msat | null {
  const own = payments.filter(({ strength, by }) => strength === 'proved' && by === 'own-wallet')
  const said = payments.filter(({ strength }) => strength === 'said')
  const counted = [...own.length > 0 ? own : said.filter(({ excess }) => excess === undefined), ...saidExcess({ payments })]
  const sum = counted.reduce((total: number | null, { msat }) => total === null || msat === null ? null : total + msat, 0)
  return sum === null || !Number.isSafeInteger(sum) ? null : toMsat(sum)
}

/** What came, as far as that side can know: a preimage from outside is no money to the merchant (T8). null: nothing, or nobody knows how much. */
export function paidTo(order: Pick<Order, 'payments' | 'paidMsat'>, role: Role): Msat | null {
  const received = role === 'merchant' ? receivedMsat(order) : order.paidMsat
  return received === 0 ? null : received
}

/** Too much came: by a second payment, or by one that was larger than asked. `asked`: what should have come. */
export interface Excess { readonly msat: Msat, readonly asked: Msat, readonly why: 'paid-twice' | 'overpaid' }

/** What the merchant's own invoices brought beyond the last of them that was paid (payments.md §8.4); null: nothing. */
export function excessOf({ payments, issued, requests }: Pick<Order, 'payments' | 'issued' | 'requests'>): Excess | null {
  const words = saidExcess({ payments }, 'twice')
  const beside = words.reduce((sum, { msat }) => sum + (msat ?? 0), 0)
  const own = payments.filter(({ paymentHash }) => words.every(word => word.paymentHash !== paymentHash)).flatMap((payment) => {
    const request = requests.find(({ paymentHash }) => paymentHash === payment.paymentHash)
    const asked = issued.find(({ paymentHash }) => paymentHash === payment.paymentHash)?.asked ?? request?.msat ?? payment.msat
    const isOwn = payment.strength === 'proved' && (request?.recipient ?? '') === ''
    return isOwn && payment.msat !== null && asked !== null ? [{ msat: payment.msat, asked }] : []
  })
  const asked = own.at(-1)?.asked ?? words.at(-1)?.msat ?? undefined
  const received = own.length === 0 ? (asked ?? 0) + beside : own.reduce((sum, { msat }) => sum + msat, beside)
  return asked === undefined || received <= asked || !Number.isSafeInteger(received)
    ? null
    : { msat: toMsat(received - asked), asked, why: own.length > 1 || words.length > 0 ? 'paid-twice' : 'overpaid' }
}
