import type { Msat } from '../domain/brand'
import { toMsat } from '../domain/brand'
import { decodeInvoice } from '../domain/invoice/bolt11'
import { err, ok } from '../domain/result'
import type { InvoiceSource, InvoiceState, IssuedInvoice, WalletError } from '../ports/invoices'
import type { PayAddressError } from '../ports/pay-address'
import { checkIssued, serves } from './issued'
import type { LnurlNeeds } from './lnurl'
import { openPayAddress } from './lnurl'

export interface AddressSourceOptions extends LnurlNeeds { readonly address: string }

/** The address shows nothing of what it can do but by an invoice: the smallest one tells its network and whether it speaks of payments. */
const SMALLEST = toMsat(1_000)
/** Invoices of this page's life, so that the same attempt gives the same one. */
const MOST_REMEMBERED = 200

const unknown = (reason: string): InvoiceState => ({ status: 'unknown', reason })
const sats = (msat: Msat | undefined): string => String(Math.ceil((msat ?? 0) / 1_000))

/** Every refusal of an address in the words of a merchant's wallet; nothing was made in any of them that could be paid. */
function walletError({ code, detail, limit }: PayAddressError): WalletError {
  switch (code) {
    case 'bad_address':
    case 'not_lnurl':
    case 'unsafe_link': return { code: 'bad_settings', detail }
    case 'unreachable':
    case 'timeout': return { code: 'source_offline', detail: 'The address cannot be reached' }
    case 'refused': return { code: 'source_refused', detail: detail || 'no reason given' }
    case 'too_little': return { code: 'amount_too_small', detail: sats(limit) }
    case 'too_much': return { code: 'amount_too_large', detail: String(Math.floor((limit ?? 0) / 1_000)) }
    case 'bad_invoice':
    case 'wrong_amount':
    case 'wrong_network':
    case 'expired':
    case 'other_description': return { code: 'source_bad_invoice', detail: code }
  }
}

/**
 * A merchant's Lightning address (LUD-16) or LNURL: anybody may ask it for an invoice, and it keeps no list for anybody.
 * Where its service speaks of payments (LUD-21) an invoice is looked up by the link that came with it, which is kept with the
 * invoice. Where it does not, nobody here can know: the merchant looks into the wallet and says so by hand.
 */
export function openAddressSource({ address, ...needs }: AddressSourceOptions): InvoiceSource {
  const { network, clock } = needs
  const service = openPayAddress(needs)
  const made = new Map<string, IssuedInvoice>()

  return {
    kind: 'lightning-address',
    async capabilities(signal) {
      const terms = await service.terms(address, signal)
      if (!terms.ok)
        return err(walletError(terms.error))
      const { least, most, host } = terms.value
      const can = { push: false, canSpend: false, alias: host, recalls: false, least, most } as const
      const probe = await service.invoice(address, toMsat(Math.max(least, SMALLEST)), signal)
      if (probe.ok)
        return ok({ ...can, network, lookup: probe.value.verify !== null })
      const other = (['mainnet', 'testnet', 'signet', 'regtest', 'simnet'] as const).find(name => probe.error.code === 'wrong_network' && probe.error.detail === name)
      return other === undefined ? err(walletError(probe.error)) : ok({ ...can, network: other, lookup: false })
    },
    async create(request, signal) {
      if (request.hold !== undefined)
        return err({ code: 'not_implemented', detail: 'An address cannot hold payments' })
      const name = `${request.orderId} ${request.attempt}`
      const before = made.get(name)
      if (before !== undefined && before.amount === request.amount && serves(before, request, clock.now()))
        return ok(before)
      const asked = await service.invoice(address, request.amount, signal, request.number)
      if (!asked.ok)
        return err(walletError(asked.error))
      const issued = checkIssued(asked.value.bolt11, request, network, clock.now())
      if (!issued.ok)
        return issued
      const invoice = { ...issued.value, verify: asked.value.verify }
      if (made.size >= MOST_REMEMBERED)
        made.clear()
      made.set(name, invoice)
      return ok(invoice)
    },
    async lookup(paymentHash, signal, kept) {
      const { bolt11 = null, verify = null } = kept ?? {}
      if (bolt11 === null || verify === null)
        return unknown('nobody says whether this invoice was paid')
      const invoice = decodeInvoice(bolt11)
      if (!invoice.ok || invoice.value.paymentHash !== paymentHash || invoice.value.amount === null)
        return unknown('not the invoice that was kept')
      const said = await service.verify({ bolt11, paymentHash, verify }, signal)
      switch (said.status) {
        // It names no amount received: what was asked is what is sure.
        case 'settled': return { status: 'settled', received: toMsat(invoice.value.amount), settledAt: null, preimage: said.preimage }
        case 'pending': return { status: invoice.value.expiresAt < clock.now() ? 'expired' : 'pending' }
        case 'unknown': return unknown(said.reason)
      }
    },
    subscribe: () => () => undefined,
    dispose: () => made.clear(),
  }
}
