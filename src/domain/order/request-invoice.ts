import { peekInvoice, type PeekedInvoice } from '../invoice/peek'
import type { PaymentOption } from './types'

const CAPACITY = 20_000
const known = new Map<string, PeekedInvoice | null>()

/** An invoice's facts, remembered by its text: one thread is folded again whenever it grows. */
export function readRequestInvoice(text: string): PeekedInvoice | null {
  const kept = known.get(text)
  if (kept !== undefined)
    return kept
  const read = peekInvoice(text) ?? null
  if (known.size >= CAPACITY) {
    const [oldest] = known.keys()
    known.delete(oldest ?? text)
  }
  known.set(text, read)
  return read
}

/** Of the first readable BOLT11 among a request's options. */
export function firstInvoice(options: readonly PaymentOption[]): PeekedInvoice | null {
  for (const option of options) {
    const invoice = option.type === 'ln' ? readRequestInvoice(option.link) : null
    if (invoice !== null)
      return invoice
  }
  return null
}
