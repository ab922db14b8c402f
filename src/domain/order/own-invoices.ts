import type { Hex32, Msat, Seconds } from '../brand'
import type { InvoiceMaker } from './invoice-maker'
import type { Order } from './types'
import { isTakenAsPaid } from './underpaid'

/** An invoice that the merchant's own wallet may be paid by. `asked` null: its request named no amount. */
export interface OwnInvoice extends InvoiceMaker { readonly paymentHash: Hex32, readonly bolt11: string | null, readonly asked: Msat | null, readonly expiresAt: Seconds }

const OVER: ReadonlySet<Order['status']> = new Set(['cancelled', 'refunded', 'failed'])

/**
 * What this device made, and what the merchant's own messages name: an emptied or second device knows an invoice by
 * nothing else, and money must be seen there too (T5).
 */
export function ownInvoices({ issued, requests }: Pick<Order, 'issued' | 'requests'>): readonly OwnInvoice[] {
  const found = new Map<Hex32, OwnInvoice>()
  for (const { recipient, paymentHash, bolt11, msat, expiresAt, selfMade } of requests) {
    if (recipient === '' && selfMade === undefined && paymentHash !== null && expiresAt !== null)
      found.set(paymentHash, { paymentHash, bolt11, asked: msat, expiresAt })
  }
  for (const { paymentHash, bolt11, asked, expiresAt, wallet, verify, byHand } of issued)
    found.set(paymentHash, { paymentHash, bolt11, asked, expiresAt, ...wallet !== undefined && { wallet }, ...verify !== undefined && { verify }, ...byHand && { byHand } })
  return [...found.values()]
}

/** What is asked now was written by hand: no wallet made it, and maybe none can say whether it was paid. */
export const isByHand = ({ issued, request }: Pick<Order, 'issued' | 'request'>): boolean =>
  request !== null && request.selfMade === undefined
  && (request.paymentHash === null || issued.some(({ paymentHash, byHand }) => byHand === true && paymentHash === request.paymentHash))

/** The own wallet proves enough, and the shopper has not been told: a crash, a lock or a refused signature came between. */
export function isPaidUntold(order: Pick<Order, 'issued' | 'requests' | 'payments' | 'status'>, { paymentHash, asked }: OwnInvoice): boolean {
  return !OVER.has(order.status)
    && !isTakenAsPaid(order)
    && order.payments.some(paid => paid.by === 'own-wallet' && paid.paymentHash === paymentHash && paid.msat !== null && paid.msat >= (asked ?? 0))
}

/** Invoices whose end is not known here yet, or was not told. */
export const openInvoices = (order: Pick<Order, 'issued' | 'requests' | 'payments' | 'status' | 'holds'>): readonly OwnInvoice[] =>
  ownInvoices(order).filter(({ paymentHash }) => !order.holds.some(hold => hold.paymentHash === paymentHash && hold.state === 'released' && hold.told.released && hold.told.refused)).filter(invoice => isPaidUntold(order, invoice) || !order.payments.some(paid => paid.by === 'own-wallet' && paid.paymentHash === invoice.paymentHash))
