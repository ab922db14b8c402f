import { peekInvoice, type PeekedInvoice } from '../invoice/peek'
import { remembered } from '../remembered'
import type { PaymentOption } from './types'

/** An invoice's facts for the fold: one thread is folded again whenever it grows. null = not readable. */
export const readRequestInvoice: (text: string) => PeekedInvoice | null =
  remembered(20_000, text => peekInvoice(text) ?? null)

/** Of the first readable BOLT11 among a request's options. */
export function firstInvoice(options: readonly PaymentOption[]): PeekedInvoice | null {
  for (const option of options) {
    const invoice = option.type === 'ln' ? readRequestInvoice(option.link) : null
    if (invoice !== null)
      return invoice
  }
  return null
}
