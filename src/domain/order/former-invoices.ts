import type { Hex32, Seconds } from '../brand'
import { ownInvoices, type OwnInvoice } from './own-invoices'
import type { Order } from './types'

/** What is not settled about a former invoice: whether it was paid, or that it can still be. */
export type FormerDoubt = 'former-unknown' | 'former-payable'

/** One that the customer has, and by which money may still come or have come. `withdrawable`: its wallet can be told to take no payment by it. */
export interface FormerInvoice extends OwnInvoice { readonly withdrawable: boolean }

type Fields = Pick<Order, 'issued' | 'requests' | 'payments' | 'holds'>

/** What was never sent can have been paid by nobody; what went back can be paid no more. Oldest first. */
export function formerInvoices(order: Fields): readonly FormerInvoice[] {
  const holdOf = (hash: Hex32) => order.holds.find(({ paymentHash }) => paymentHash === hash)
  return ownInvoices(order)
    .filter(({ paymentHash }) => order.requests.some(request => request.paymentHash === paymentHash)
      && holdOf(paymentHash)?.state !== 'released'
      && order.payments.every(paid => paid.by !== 'own-wallet' || paid.paymentHash !== paymentHash))
    .map((invoice) => {
      const hold = holdOf(invoice.paymentHash)
      return { ...invoice, withdrawable: hold !== undefined && hold.preimage !== null && (hold.state === 'asked' || hold.state === 'releasing') }
    })
}

/** Until when the last of them can be paid, as far as the own clock knows; null: none can. */
export function payableUntil(former: readonly FormerInvoice[], now: Seconds): Pick<FormerInvoice, 'expiresAt' | 'withdrawable'> | null {
  const payable = former.filter(({ expiresAt }) => now <= expiresAt)
  const last = payable.toSorted((a, b) => b.expiresAt - a.expiresAt)[0]
  return last === undefined ? null : { expiresAt: last.expiresAt, withdrawable: payable.every(({ withdrawable }) => withdrawable) }
}

/** What was asked last is no invoice: no wallet that is connected here can tell whether it was paid. */
export const isPaidUnseen = ({ request }: Pick<Order, 'request'>): boolean =>
  request !== null && request.selfMade === undefined && request.recipient === '' && request.paymentHash === null && request.options.length > 0
