import type { Hex32, Msat, OrderKey, Seconds } from '../brand'
import { checkInvoice } from '../invoice/check'
import type { DecodedInvoice, InvoiceCheckCode, InvoiceErrorCode, Network } from '../invoice/types'
import { err, ok, type Result } from '../result'
import { decodeRequestInvoice } from './request-invoice'
import type { Order } from './types'

/** Where a refund is to go, read and compared (payments.md §6.3 turned round). */
export type RefundTarget =
  | { readonly kind: 'invoice', readonly invoice: DecodedInvoice }
  | { readonly kind: 'address', readonly address: string }

export type RefundTargetError = { readonly code: InvoiceCheckCode | InvoiceErrorCode | 'not-a-target' | 'expires-soon' }

export interface RefundTargetNeeds {
  /** Exactly what an invoice must ask. */
  readonly msat: Msat
  readonly now: Seconds
  readonly network: Network
  /** Hashes that some order has seen: whoever pays one of them again pays nobody new (I6). */
  readonly usedHashes: ReadonlySet<string>
  /** An invoice must be good for so long. */
  readonly leastSeconds: number
}

const ADDRESS = /^[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,250}(?::\d{1,5})?$/
const LONGEST = 2_500

/** Reads what the shopper gave or is about to give: an invoice of exactly that amount, or a Lightning address. */
export function readRefundTarget(text: string, { msat, now, network, usedHashes, leastSeconds }: RefundTargetNeeds): Result<RefundTarget, RefundTargetError> {
  const bare = text.trim().replace(/^lightning:(?:\/\/)?/i, '')
  if (bare.length <= LONGEST && ADDRESS.test(bare.toLowerCase()))
    return ok({ kind: 'address', address: bare.toLowerCase() })
  if (bare.length > LONGEST || !/^ln/i.test(bare) || /^(?:lnurl|lno)1/i.test(bare))
    return err({ code: 'not-a-target' })
  const invoice = decodeRequestInvoice(bare)
  if (!invoice.ok)
    return invoice
  const [code] = checkInvoice(invoice.value, { now, network, agreed: msat, knownHashes: usedHashes })
  if (code !== undefined)
    return err({ code })
  if (invoice.value.expiresAt - now < leastSeconds)
    return err({ code: 'expires-soon' })
  return ok({ kind: 'invoice', invoice: invoice.value })
}

/** Every payment hash that these orders name, but for the targets of one refund. */
export function usedHashesOf(orders: Iterable<Order>, except: { readonly order: OrderKey, readonly refund: string }): ReadonlySet<Hex32> {
  const used = new Set<Hex32>()
  for (const { key, requests, issued, refunds } of orders) {
    for (const { paymentHash } of [...requests, ...issued])
      if (paymentHash !== null)
        used.add(paymentHash)
    for (const { id, paymentHash, target } of refunds) {
      const given = target.startsWith('ln') ? decodeRequestInvoice(target) : null
      for (const hash of [paymentHash, given?.ok ? given.value.paymentHash : null])
        if (hash !== null && (key !== except.order || id !== except.refund))
          used.add(hash)
    }
  }
  return used
}
