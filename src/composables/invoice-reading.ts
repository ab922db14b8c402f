import { shallowReadonly, shallowRef } from 'vue'
import type { ReadInvoice } from '../domain/order/desk-payment-facts'

const reading = shallowRef<ReadInvoice>(null)

/** The strict reading of invoices, with the mathematics of signatures, once it came: only what waits for money is read. */
export const invoiceReading = shallowReadonly(reading)

export async function loadInvoiceReading(): Promise<void> {
  reading.value ??= (await import('../domain/order/request-invoice')).decodeRequestInvoice
}
