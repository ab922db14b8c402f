import type { Hex32, Msat, OrderKey, Seconds } from '../brand'
import { checkInvoice, isExpired } from '../invoice/check'
import type { DecodedInvoice, InvoiceCheckCode, InvoiceErrorCode, Network } from '../invoice/types'
import { amountBand, type AmountBand } from './amount-band'
import { isLocked } from './held-money'
import { decodeRequestInvoice } from './request-invoice'
import type { Prepaid, SelfMade } from './prepaid'
import type { Order, PaymentFact, PaymentOption, RequestFact } from './types'

/** What was compared before anything could be paid (T7). */
export interface InvoiceChecks {
  readonly amount: Exclude<AmountBand, 'ask' | 'above'> | 'accepted'
  readonly agreedMsat: Msat | null
  /** A connected wallet may be asked without a further look. */
  readonly oneTap: boolean
}

/** What the payment panel shows: exactly one of these. */
export type PaymentPanelState =
  | { readonly type: 'waiting-for-merchant', readonly sinceSeconds: number }
  | { readonly type: 'not-sent' }
  /** The merchant's client asks for nothing: the address may be paid. `address` null: none is named; `msat` null: no amount was agreed. */
  | { readonly type: 'prepaid', readonly address: string | null, readonly msat: Msat | null }
  | { readonly type: 'ready', readonly bolt11: string, readonly msat: Msat, readonly expiresAt: Seconds, readonly checks: InvoiceChecks
    /** Got from the merchant's address, where nobody asked; `bound`: the invoice commits to what the address says of itself. */
    readonly selfMade?: SelfMade & { readonly bound: boolean }
    /** What pays it is held first. */
    readonly reserve?: true
    /** An address that gave an invoice before the merchant asked: whether that one was paid is not known. */
    readonly afterAddress?: string }
  | { readonly type: 'mismatch', readonly codes: readonly (InvoiceCheckCode | InvoiceErrorCode)[], readonly askedMsat: Msat | null, readonly agreedMsat: Msat | null
    /** The amount alone differs: the shopper may agree to it. */
    readonly payable: boolean }
  | { readonly type: 'paying', readonly via: string }
  | { readonly type: 'outcome-unknown' }
  | { readonly type: 'paid', readonly strength: PaymentFact['strength'], readonly msat: Msat | null, readonly preimage: string | null }
  | { readonly type: 'expired', readonly bolt11: string, readonly selfMade?: SelfMade }
  /** Held by the merchant's wallet: `sure` by the merchant's word, else the own wallet has not answered and it may be. */
  | { readonly type: 'reserved', readonly sure: boolean }
  /** Held, and not taken. `back`: nothing of it is under way any more as far as this device knows. */
  | { readonly type: 'released', readonly back: boolean }
  | { readonly type: 'refused', readonly text: string, readonly released?: true }
  | { readonly type: 'superseded' }
  | { readonly type: 'ended' }
  | { readonly type: 'unsupported', readonly options: readonly PaymentOption[] }

export interface PanelNeeds {
  readonly order: Order
  readonly now: Seconds
  /** No relay has taken the order message yet. */
  readonly outboxWaiting: boolean
  readonly network: Network
  /** Which order first asked with each payment hash: see `paymentHashOwners`. */
  readonly knownHashes: ReadonlyMap<Hex32, OrderKey>
  /** Payment hash of the one invoice whose differing amount the shopper has agreed to; a new invoice asks again. */
  readonly accepted: Hex32 | null
  /** How a merchant who asks for nothing is paid (`prepaidOf`); absent or null: the merchant asks. */
  readonly prepaid?: Prepaid | null
  /** Payment hash of the invoice a page was opened with, if it keeps one: it may have been superseded since. */
  readonly shown?: Hex32 | null
}

/** A wallet that has not answered by now may still pay. */
const ANSWER_SECONDS = 60
/** After expiry nothing new can arrive but what was under way (payments.md §4.4). */
const UNDER_WAY_SECONDS = 600
/** What is held may come back as late as the time locks on its way run out. */
const HELD_SECONDS = 24 * 3_600

/** The shopper's side of a payment, from facts alone (T7, T10). Strongest first: money, then its lack, then words. */
export function paymentPanel(needs: PanelNeeds): PaymentPanelState {
  const { order, now, outboxWaiting, shown } = needs
  if (order.status === 'cancelled' || order.status === 'refunded')
    return { type: 'ended' }
  if (order.payment === 'proved' || order.payment === 'said')
    return paidState(order, order.payment)
  const held = heldState(order)
  if (held !== undefined)
    return held
  const underWay = payingState(order, now)
  if (underWay !== undefined)
    return underWay
  if (order.payment === 'claimed')
    return paidState(order, order.payment)
  if (order.refusal !== null)
    return { type: 'refused', text: order.refusal.text, ...(order.holds.some(({ state }) => state === 'released') && { released: true as const }) }
  if (order.request === null)
    return outboxWaiting ? { type: 'not-sent' } : unaskedState(needs)
  if (shown !== undefined && shown !== null && order.requests.some(request => request.paymentHash === shown && request.supersededBy !== null))
    return { type: 'superseded' }
  return requestState(needs, order.request)
}

/** Order first, money second: an address is offered only when the order is out. */
function unaskedState({ order, now, prepaid }: PanelNeeds): PaymentPanelState {
  return prepaid === undefined || prepaid === null
    ? { type: 'waiting-for-merchant', sinceSeconds: Math.max(0, now - order.placedAt) }
    : { type: 'prepaid', address: prepaid.address, msat: agreedOf(order) }
}

function paidState(order: Order, strength: PaymentFact['strength']): PaymentPanelState {
  const proof = order.payments.find(payment => payment.strength === 'proved' && payment.preimage !== '')
  return { type: 'paid', strength, msat: order.paidMsat, preimage: proof?.preimage ?? null }
}

/** A time-out is no failure: the panel offers no second way to pay until the invoice is dead (payments.md §4.4). */
function payingState(order: Order, now: Seconds): PaymentPanelState | undefined {
  if (order.paying === null)
    return undefined
  const { expiresAt = null, reserve = false } = order.requests.find(request => request.paymentHash === order.paying) ?? {}
  if (expiresAt !== null && now > expiresAt + (reserve ? HELD_SECONDS : UNDER_WAY_SECONDS))
    return undefined
  if (now <= (order.payingSince ?? 0) + ANSWER_SECONDS)
    return { type: 'paying', via: order.payingVia }
  return reserve ? { type: 'reserved', sure: false } : { type: 'outcome-unknown' }
}

/** By the merchant's word on the invoice in force, or on the one that was paid. */
function heldState(order: Order): PaymentPanelState | undefined {
  if (isLocked(order))
    return { type: 'reserved', sure: true }
  const dead = order.holds.find(({ state, paymentHash }) => state === 'released' && (paymentHash === order.request?.paymentHash || paymentHash === order.paying))
  return dead === undefined || order.refusal !== null ? undefined : { type: 'released', back: order.paying !== dead.paymentHash }
}

function requestState(needs: PanelNeeds, request: RequestFact): PaymentPanelState {
  const { order, now } = needs
  const lightning = request.options.find(option => option.type === 'ln')
  if (lightning === undefined)
    return { type: 'unsupported', options: request.options }
  const agreedMsat = agreedOf(order)
  // The very invoice that the fold took: its hash is what a preimage must prove.
  const invoice = decodeRequestInvoice(request.bolt11 ?? lightning.link)
  if (!invoice.ok)
    return { type: 'mismatch', codes: [invoice.error.code], askedMsat: null, agreedMsat, payable: false }

  const { amount, expiresAt, bolt11, paymentHash } = invoice.value
  const codes = objections(needs, request, invoice.value)
  const band = amount === null ? 'unknown' : amountBand(amount, order.snapshot?.side === 'shopper' ? order.snapshot.totals : null, order.items)
  const differs = band === 'ask' || band === 'above'
  if (codes.length === 0 && (isExpired(invoice.value, now) || now > (request.deadline ?? now)))
    return { type: 'expired', bolt11, ...(request.selfMade !== undefined && { selfMade: request.selfMade }) }
  if (amount === null || codes.length > 0 || (differs && needs.accepted !== paymentHash))
    return { type: 'mismatch', codes: [...codes, ...(differs ? ['amount_mismatch' as const] : [])], askedMsat: amount, agreedMsat, payable: codes.length === 0 }
  const { selfMade } = request
  const afterAddress = selfMade === undefined ? order.requests.findLast(one => one.selfMade !== undefined)?.selfMade?.address : undefined
  return {
    type: 'ready', bolt11, msat: amount, expiresAt, checks: { amount: differs ? 'accepted' : band, agreedMsat, oneTap: band !== 'unknown' },
    ...(selfMade !== undefined && { selfMade: { ...selfMade, bound: invoice.value.descriptionHash !== null } }),
    ...(afterAddress !== undefined && { afterAddress }),
    ...(request.reserve === true && { reserve: true as const }),
  }
}

const agreedOf = ({ snapshot }: Order): Msat | null => snapshot?.side === 'shopper' ? snapshot.totals.totalMsat : null

/** What forbids payment whatever the shopper says. Expiry is no objection, unless it was dead when it came. */
function objections({ order, network, knownHashes }: PanelNeeds, request: RequestFact, invoice: DecodedInvoice): readonly InvoiceCheckCode[] {
  const owner = knownHashes.get(invoice.paymentHash)
  const elsewhere = owner !== undefined && owner !== order.key
  // One hash in two different invoices: whoever was paid once holds the proof for both.
  const repeated = order.requests.some(other => other.paymentHash === invoice.paymentHash && other.bolt11 !== invoice.bolt11)
  return checkInvoice(invoice, { now: request.at, network, knownHashes: new Set(elsewhere || repeated ? [invoice.paymentHash] : []), ...(request.saidMsat !== undefined && { agreed: request.saidMsat }) })
}

/** Payment hash → the order that asked with it first, over all orders of this device (I6). */
export function paymentHashOwners(orders: Iterable<Order>): ReadonlyMap<Hex32, OrderKey> {
  const first = new Map<Hex32, { readonly order: OrderKey, readonly at: Seconds }>()
  for (const { key, requests } of orders) {
    for (const { paymentHash, at } of requests) {
      const known = paymentHash === null ? undefined : first.get(paymentHash)
      if (paymentHash !== null && (known === undefined || at < known.at || (at === known.at && key < known.order)))
        first.set(paymentHash, { order: key, at })
    }
  }
  return new Map([...first].map(([hash, { order }]) => [hash, order]))
}
