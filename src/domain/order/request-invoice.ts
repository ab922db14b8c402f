import { decodeInvoice } from '../invoice/bolt11'
import { peekInvoice, type PeekedInvoice } from '../invoice/peek'
import type { DecodedInvoice, InvoiceErrorCode } from '../invoice/types'
import type { Result } from '../result'
import type { PaymentOption } from './types'

/** Remembers what a text read as; the oldest goes when it is full. Reading is pure, so nobody can tell. */
function remembered<T>(capacity: number, read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>()
  return (text) => {
    const kept = known.get(text)
    if (kept !== undefined)
      return kept.value
    const value = read(text)
    const [oldest] = known.keys()
    if (known.size >= capacity && oldest !== undefined)
      known.delete(oldest)
    known.set(text, { value })
    return value
  }
}

/** An invoice's facts for the fold: one thread is folded again whenever it grows. null = not readable. */
export const readRequestInvoice: (text: string) => PeekedInvoice | null =
  remembered(20_000, text => peekInvoice(text) ?? null)

/** The strict reading, before anything is paid; a panel asks for it every second. */
export const decodeRequestInvoice: (text: string) => Result<DecodedInvoice, { readonly code: InvoiceErrorCode }> =
  remembered(200, decodeInvoice)

/** Of the first readable BOLT11 among a request's options. */
export function firstInvoice(options: readonly PaymentOption[]): PeekedInvoice | null {
  for (const option of options) {
    const invoice = option.type === 'ln' ? readRequestInvoice(option.link) : null
    if (invoice !== null)
      return invoice
  }
  return null
}
