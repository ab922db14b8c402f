import type { Order, PaymentFact } from './types'

type Paid = { readonly payments: readonly PaymentFact[] }

/** The merchant says 'paid', whatever arrived: a word about one invoice alone says less. */
export const isTakenAsPaid = ({ payments }: Paid): boolean => payments.some(({ strength, paymentHash }) => strength === 'said' && paymentHash === null)

/** What the merchant says to have received of one invoice, where he has not taken it as paid since. */
export const saidUnderpaid = ({ payments }: Paid): PaymentFact | undefined =>
  payments.find(({ strength, paymentHash, excess }) => strength === 'said' && paymentHash !== null && excess === undefined)

/** Less arrived than was asked, and the merchant has not taken it as paid. */
export const isUnderpaid = ({ problems }: Pick<Order, 'problems'>): boolean => problems.includes('underpaid')
