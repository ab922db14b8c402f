import { toMsat, type Hex32, type Msat, type OrderKey, type Seconds } from '../brand'
import type { IncomingPayment } from '../wallet/incoming'
import { hashOfPreimage } from './receipt-proof'
import { readRequestInvoice } from './request-peek'
import type { Order, OrderMessage } from './types'
import { acceptedByHand, asReceipt } from './unattributed'

/** What the shopper says of a payment that nobody asked for: which, and how much. */
export interface PrepaidClaim {
  readonly order: OrderKey
  /** Payment hashes named by invoice or preimage. */
  readonly hashes: readonly Hex32[]
  /** Of these, such as a preimage was shown for: who paid has it, who read of it has not. */
  readonly shown: readonly Hex32[]
  /** Amounts that the order or its receipts name, msat. */
  readonly amounts: readonly Msat[]
  readonly placedAt: Seconds
  /** When the newest claim was made; the order's own time where it is one (Shopstr pays first). */
  readonly claimedAt: Seconds
}

export type MatchDoubt =
  /** The invoice is another order's, or another order was found paid by this very payment. */
  | 'other-order'
  /** Other orders name the same payment. */
  | 'claimed-twice'
  | 'amount-differs'
  /** Less than the order costs by the merchant's own listings: what the shopper wrote counts for nothing. */
  | 'too-little'
  /** What the order costs cannot be worked out here. */
  | 'no-price'
  /** Named, with no preimage that shows who paid. */
  | 'not-shown'
  /** Received long before the order, or long after the claim. */
  | 'other-time'
  /** Nothing ties it to the order but its amount and time. */
  | 'amount-only'

export interface PrepaidMatch { readonly payment: IncomingPayment, readonly by: 'hash' | 'description' | 'amount', readonly doubts: readonly MatchDoubt[] }

/** A payment may be older than its order (Shopstr pays first), and may take this long to arrive. */
const BEFORE = 3_600
const AFTER = 24 * 3_600
/** One in a hundred. */
const SLACK = 100

/**
 * The claim in an order's messages; null: there is none that a wallet could answer. An order that only says 'paid' somewhere
 * is looked for by its amount.
 */
export function prepaidClaim(order: Pick<Order, 'key' | 'shopper' | 'placedAt'>, messages: readonly OrderMessage[]): PrepaidClaim | null {
  const hashes = new Set<Hex32>()
  const shown = new Set<Hex32>()
  const amounts = new Set<Msat>()
  let claimedAt: Seconds | null = null
  const accepted = acceptedByHand(messages)
  const claim = (at: Seconds, { preimage, invoice, msat }: { readonly preimage: string, readonly invoice: string, readonly msat: Msat | null }): void => {
    claimedAt = claimedAt === null || at > claimedAt ? at : claimedAt
    const proved = hashOfPreimage(preimage)
    if (proved !== null)
      shown.add(proved)
    for (const hash of [proved, readRequestInvoice(invoice)?.paymentHash ?? null])
      if (hash !== null)
        hashes.add(hash)
    if (msat !== null)
      amounts.add(msat)
  }
  // Shopstr orders line by line, each with its own amount.
  let sum = 0
  for (const message of messages) {
    if (message.type === 'order' && message.author === order.shopper && typeof message.amount?.msat === 'number') {
      amounts.add(message.amount.msat)
      sum += message.amount.msat
    }
    else if (message.type === 'receipt' && message.author === order.shopper)
      claim(message.sentAt, message)
    else if (message.type === 'unattributed' && (accepted.has(message.id) || message.author === order.shopper)) {
      const receipt = asReceipt(message, order.shopper)
      if (receipt !== undefined)
        claim(message.sentAt, receipt)
    }
  }
  if (sum > 0 && Number.isSafeInteger(sum))
    amounts.add(toMsat(sum))
  return claimedAt === null ? null : { order: order.key, hashes: [...hashes], shown: [...shown], amounts: [...amounts], placedAt: order.placedAt, claimedAt }
}

export interface MatchNeeds {
  readonly claim: PrepaidClaim
  /** What the order costs by the merchant's own listings, msat; null: it cannot be worked out here. */
  readonly price: Msat | null
  /** The order's id and number, as they may stand in a description. */
  readonly names: readonly string[]
  readonly incoming: readonly IncomingPayment[]
  /** Payments that count for another order already, and invoices that were made for one. */
  readonly ofOthers: ReadonlySet<Hex32>
  /** What other orders claim. */
  readonly claimedElsewhere: ReadonlySet<Hex32>
}

/**
 * Which of the wallet's payments may be the one that the shopper speaks of, the surest first. Without doubt is only what the
 * shopper named by its hash, of the right amount, claimed by nobody else: that alone may count by itself; the rest a person decides.
 */
export function prepaidMatches({ claim, price, names, incoming, ofOthers, claimedElsewhere }: MatchNeeds): readonly PrepaidMatch[] {
  const named = new Set(claim.hashes)
  const matches = incoming.flatMap((payment): PrepaidMatch[] => {
    const { paymentHash, msat, settledAt, description } = payment
    const fits = claim.amounts.includes(msat)
    // Rates differ a little from one client to the other.
    const tooLittle = price !== null && msat < price - Math.ceil(price / SLACK)
    const inTime = settledAt >= claim.placedAt - BEFORE && settledAt <= claim.claimedAt + AFTER
    const by = named.has(paymentHash) ? 'hash' : names.some(name => name !== '' && description.includes(name)) ? 'description' : fits && inTime ? 'amount' : null
    if (by === null || (by !== 'hash' && ofOthers.has(paymentHash)))
      return []
    const doubts: readonly (readonly [MatchDoubt, boolean])[] = [
      ['other-order', ofOthers.has(paymentHash)], ['claimed-twice', claimedElsewhere.has(paymentHash)],
      ['amount-differs', !fits], ['too-little', tooLittle], ['no-price', price === null], ['not-shown', by === 'hash' && !claim.shown.includes(paymentHash)], ['other-time', !inTime], ['amount-only', by === 'amount'],
    ]
    return [{ payment, by, doubts: doubts.flatMap(([doubt, holds]) => holds ? [doubt] : []) }]
  })
  return matches.toSorted((a, b) => SURE.indexOf(a.by) - SURE.indexOf(b.by) || a.doubts.length - b.doubts.length
    || Math.abs(a.payment.settledAt - claim.claimedAt) - Math.abs(b.payment.settledAt - claim.claimedAt) || (a.payment.paymentHash < b.payment.paymentHash ? -1 : 1))
}

const SURE: readonly PrepaidMatch['by'][] = ['hash', 'description', 'amount']

/** Claims to have been paid, where the merchant asked for nothing and no own wallet has seen anything. */
export const waitsForOwnWallet = ({ payments, request, status }: Pick<Order, 'payments' | 'request' | 'status'>): boolean =>
  request === null && status !== 'refunded' && payments.some(({ by }) => by === 'shopper') && payments.every(({ by, strength }) => by !== 'own-wallet' && strength !== 'said')

/** May be counted without a person: named by its hash, and nothing speaks against it. */
export const isSure = ({ by, doubts }: PrepaidMatch): boolean => by === 'hash' && doubts.length === 0
