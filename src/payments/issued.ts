import type { Seconds } from '../domain/brand'
import { decodeInvoice } from '../domain/invoice/bolt11'
import type { Network } from '../domain/invoice/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { InvoiceRequest, IssuedInvoice, WalletError } from '../ports/invoices'

/** Some wallets have an expiry of their own; one that never ends would stand for a price that no longer holds. */
const LONGEST_SECONDS = 24 * 3_600
/** Clocks of wallet and browser may differ by this much. */
const CLOCK_SECONDS = 600

const wrong = (detail: string) => err<WalletError>({ code: 'source_bad_invoice', detail })

/** What the wallet returned is read by ourselves and compared with what was asked, before anyone sees it (payments.md I12). */
export function checkIssued(bolt11: string, request: InvoiceRequest, network: Network, now: Seconds): Result<IssuedInvoice, WalletError> {
  const decoded = decodeInvoice(bolt11)
  if (!decoded.ok)
    return wrong('not an invoice')
  const invoice = decoded.value
  if (invoice.network !== network)
    return wrong(`network is ${invoice.network}, not ${network}`)
  if (invoice.amount !== request.amount)
    return wrong(`amount is ${invoice.amount ?? 'missing'} msat, not ${request.amount}`)
  if (request.hold !== undefined && invoice.paymentHash !== request.hold.paymentHash)
    return wrong('the payment hash is not the one that was given')
  if (invoice.expiresAt <= now)
    return wrong('already expired')
  if (invoice.expiresAt > now + Math.max(LONGEST_SECONDS, request.expirySeconds) + CLOCK_SECONDS)
    return wrong('expires later than asked')
  const { paymentHash, createdAt, expiresAt } = invoice
  return ok({ bolt11: invoice.bolt11, paymentHash, amount: request.amount, createdAt, expiresAt })
}

/** An invoice made earlier for the same attempt serves again only while there is time left to pay it. */
export function serves(invoice: IssuedInvoice, request: InvoiceRequest, now: Seconds): boolean {
  return invoice.expiresAt - now >= Math.min(60, request.expirySeconds / 2)
}
