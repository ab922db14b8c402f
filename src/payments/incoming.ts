import type { IncomingPayment } from '../ports/invoices'

/** Wallets list by when an invoice was made; ours live no longer than that. */
export const SLOWEST_SECONDS = 24 * 3_600

/** A description is a stranger's text, where an address's payer wrote it. */
const LONGEST = 1_000

export const newestFirst = (payments: readonly IncomingPayment[]): readonly IncomingPayment[] =>
  payments.map(one => ({ ...one, description: one.description.slice(0, LONGEST) })).toSorted((a, b) => b.settledAt - a.settledAt)
