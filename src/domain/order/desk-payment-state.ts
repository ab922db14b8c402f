import { deskPaymentStateBy, type DeskPaymentNeeds, type DeskPaymentState } from './desk-payment-facts'
import { decodeRequestInvoice } from './request-invoice'

export type { DeskPaymentNeeds, DeskPaymentState }

/** The merchant's side of a payment, with what was sent in the merchant's name read strictly. */
export const deskPaymentState = (needs: DeskPaymentNeeds): DeskPaymentState => deskPaymentStateBy(needs, decodeRequestInvoice)
