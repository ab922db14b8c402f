import type { Msat, OrderKey, Seconds } from '../brand'
import type { PaymentOption } from '../order/types'
import { decodeInvoice } from './bolt11'
import { isExpired } from './check'
import type { DecodedInvoice, Network } from './types'

export type OptionProblem = 'bad-invoice' | 'wrong-network' | 'expired' | 'no-amount' | 'hash-of-other-order' | 'amount-mismatch'
  /** No https page. */
  | 'bad-url'
  /** Shown, with its text; Souk does not pay by it. */
  | 'unsupported'

export interface OptionContext {
  readonly now: Seconds
  readonly network: Network
  /** The order that is to be paid. */
  readonly order: OrderKey | string
  /** Order by payment hash, of every request this device has seen. */
  readonly orderOfHash: ReadonlyMap<string, OrderKey | string>
  /** Whether an asked amount is what the shopper agreed to (domain/order/amount-band); absent = nothing was agreed here. */
  readonly amountFits?: (asked: Msat) => boolean
  /** What the request itself says beside its invoices (Gamma): the amount, and until when. */
  readonly said?: { readonly msat?: Msat | null, readonly deadline?: Seconds }
}

export interface PayableOption {
  readonly option: PaymentOption
  readonly payable: boolean
  readonly problem: OptionProblem | null
  readonly invoice: DecodedInvoice | null
}

/** Whether one option of a payment request may be paid, and what speaks against it: the first in the sequence below. */
export function payableOption(option: PaymentOption, context: OptionContext): PayableOption {
  if (option.type === 'url')
    return isHttps(option.link) ? { option, payable: true, problem: null, invoice: null } : refused(option, 'bad-url')
  if (option.type !== 'ln')
    return refused(option, 'unsupported')
  const decoded = decodeInvoice(option.link)
  if (!decoded.ok)
    return refused(option, 'bad-invoice')
  const invoice = decoded.value
  const problem = problemOf(invoice, context)
  return { option, payable: problem === null, problem, invoice }
}

const refused = (option: PaymentOption, problem: OptionProblem): PayableOption => ({ option, payable: false, problem, invoice: null })

function problemOf(invoice: DecodedInvoice, { now, network, order, orderOfHash, amountFits, said }: OptionContext): OptionProblem | null {
  const owner = orderOfHash.get(invoice.paymentHash)
  if (invoice.network !== network)
    return 'wrong-network'
  if (owner !== undefined && owner !== order)
    return 'hash-of-other-order'
  if (invoice.amount === null)
    return 'no-amount'
  if (amountFits?.(invoice.amount) === false || (said?.msat ?? invoice.amount) !== invoice.amount)
    return 'amount-mismatch'
  return isExpired(invoice, now) || now > (said?.deadline ?? now) ? 'expired' : null
}

const isHttps = (link: string): boolean => /^https:\/\/[^\s/?#@\\]+\.[^\s/?#@\\]+(?:[/?#]\S*)?$/i.test(link)
