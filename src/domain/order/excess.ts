import { toMsat, type Msat } from '../brand'
import type { Order } from './types'

/** Less than one sat is nothing that could be sent back. */
export const SAT = 1_000

/** Too much came: by a second payment, or by one that was larger than asked. `asked`: what should have come. */
export interface Excess { readonly msat: Msat, readonly asked: Msat, readonly why: 'paid-twice' | 'overpaid' }

/** What the merchant's own invoices brought beyond the last of them that was paid (payments.md §8.4); null: nothing. */
export function excessOf({ payments, issued, requests }: Pick<Order, 'payments' | 'issued' | 'requests'>): Excess | null {
  const own = payments.flatMap((payment) => {
    const request = requests.find(({ paymentHash }) => paymentHash === payment.paymentHash)
    const asked = issued.find(({ paymentHash }) => paymentHash === payment.paymentHash)?.asked ?? request?.msat ?? payment.msat
    const isOwn = payment.strength === 'proved' && (request?.recipient ?? '') === ''
    return isOwn && payment.msat !== null && asked !== null ? [{ msat: payment.msat, asked }] : []
  })
  const asked = own.at(-1)?.asked
  const received = own.reduce((sum, { msat }) => sum + msat, 0)
  return asked === undefined || received <= asked || !Number.isSafeInteger(received)
    ? null
    : { msat: toMsat(received - asked), asked, why: own.length > 1 ? 'paid-twice' : 'overpaid' }
}
