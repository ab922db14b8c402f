import type { Hex32, Msat, Seconds } from '../domain/brand'
import type { Result } from '../domain/result'

/**
 * Why a Lightning address gave no invoice. Nothing was paid in any of them.
 * - `bad_address`: not an address, or one that may not be asked from here
 * - `unreachable`: offline, no such host, or a service that does not answer pages (CORS): browsers do not say which
 * - `not_lnurl`: something answered, but not a service for payments (LUD-06)
 * - `refused`: it answered with an error of its own
 * - `unsafe_link`: it names a further address that is not encrypted, or on this machine
 * - `too_little`, `too_much`: it takes no such amount
 */
export type PayAddressErrorCode = 'bad_address' | 'unreachable' | 'timeout' | 'not_lnurl' | 'refused' | 'unsafe_link' | 'too_little' | 'too_much'
  | 'bad_invoice' | 'wrong_amount' | 'wrong_network' | 'expired' | 'other_description'
export interface PayAddressError {
  readonly code: PayAddressErrorCode
  /** The service's own words (a stranger's text, short), or where its answer was wrong; '' for none. */
  readonly detail: string
  /** The least or the most that it takes, for `too_little` and `too_much`. */
  readonly limit?: Msat
}

/** An invoice that was asked from an address: decoded and compared with what was asked (payments.md §5, §6.3). */
export interface AddressInvoice {
  readonly bolt11: string
  readonly paymentHash: Hex32
  readonly msat: Msat
  readonly expiresAt: Seconds
  /** Who answered: the address's own host, or the one that it handed the question on to. */
  readonly host: string
  /** Where to ask whether it was paid (LUD-21); null: nobody says. */
  readonly verify: string | null
}

export type AddressPayment =
  /** `preimage` null: the service says so and proves nothing. Else it hashes to the payment hash: checked. */
  | { readonly status: 'settled', readonly preimage: Hex32 | null }
  | { readonly status: 'pending' }
  /** No usable answer: ask again. */
  | { readonly status: 'unknown', readonly reason: string }

/** Lightning addresses and LNURL-pay (LUD-06, LUD-16, LUD-21): the shopper asks the payee's service for an invoice. */
export interface PayAddress {
  /**
   * @param address `name@host`, or LNURL in its bech32 form
   * @param msat exactly what the invoice must ask
   * @param comment for the payee's own list; left out where the service takes none of that length
   */
  invoice(address: string, msat: Msat, signal?: AbortSignal, comment?: string): Promise<Result<AddressInvoice, PayAddressError>>
  /** Whether that invoice was paid, as its service says; it cannot make up a preimage of an invoice that was not its own. */
  verify(made: Pick<AddressInvoice, 'bolt11' | 'paymentHash'> & { readonly verify: string }, signal?: AbortSignal): Promise<AddressPayment>
}
