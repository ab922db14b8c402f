import type { Hex32, Msat, OrderKey, Seconds } from '../brand'
import { checkInvoice, isExpired } from '../invoice/check'
import type { DecodedInvoice, InvoiceCheckCode, InvoiceErrorCode, Network } from '../invoice/types'
import { amountBand, type AmountBand } from './amount-band'
import { isLocked } from './held-money'
import { isAskedAgain } from './asked-again'
import { elsewhere, otherWays, type Elsewhere, type OtherWay } from './other-ways'
import { isNamed } from './own-receipts'
import { decodeRequestInvoice } from './request-invoice'
import type { Prepaid, SelfMade } from './prepaid'
import { shopperPaidState, type PaidState } from './paid-state'
import { reminderOf, type Reminder } from './reminder'
import { refundIsDue } from './status'
import type { Order, PaymentOption, RequestFact } from './types'

/** What was compared before anything could be paid (T7). */
export interface InvoiceChecks {
  readonly amount: Exclude<AmountBand, 'ask' | 'above'> | 'accepted'
  readonly agreedMsat: Msat | null
  /** A connected wallet may be asked without a further look. */
  readonly oneTap: boolean
}

/** What the payment panel shows: exactly one of these. */
export type PaymentPanelState =
  | { readonly type: 'waiting-for-merchant', readonly sinceSeconds: number, readonly reminder: Reminder }
  | { readonly type: 'not-sent' }
  /** The merchant's client asks for nothing: the address may be paid. `address` null: none is named; `msat` null: no amount was agreed. */
  | { readonly type: 'prepaid', readonly address: string | null, readonly msat: Msat | null }
  | { readonly type: 'ready', readonly bolt11: string, readonly msat: Msat, readonly expiresAt: Seconds, readonly checks: InvoiceChecks
    /** Got from the merchant's address, where nobody asked; `bound`: the invoice commits to what the address says of itself. */
    readonly selfMade?: SelfMade & { readonly bound: boolean }
    /** What pays it is held first. */
    readonly reserve?: true
    /** An address that gave an invoice before the merchant asked: whether that one was paid is not known. */
    readonly afterAddress?: string
    /** A wallet was asked to pay a former invoice, and never said what became of it. */
    readonly afterUnknown?: true
    /** What the merchant takes as well, and Souk cannot pay. */
    readonly otherWays?: readonly OtherWay[]
    /** A payment was reported before this was asked. */
    readonly afterClaim?: true
    /** It is sent another way than was chosen: the total is another one for that. */
    readonly rezoned?: true }
  | { readonly type: 'mismatch', readonly rezoned?: true, readonly codes: readonly (InvoiceCheckCode | InvoiceErrorCode)[], readonly askedMsat: Msat | null, readonly agreedMsat: Msat | null
    /** The amount alone differs: the shopper may agree to it. */
    readonly payable: boolean }
  | { readonly type: 'paying', readonly via: string }
  | { readonly type: 'outcome-unknown' }
  /** The invoice ended while a wallet had it: what left in time still arrives. */
  | { readonly type: 'expired-while-paying' }
  /**
   * A wallet was asked to pay and cannot be asked what became of it. `over`: nothing new can arrive by that invoice. `told`: the
   * merchant was told that this very invoice was paid.
   */
  | { readonly type: 'could-not-check', readonly over: boolean, readonly told?: true }
  | PaidState
  | { readonly type: 'expired', readonly bolt11: string, readonly selfMade?: SelfMade }
  /** Expired a moment ago, after a wallet outside had been given it, or could have read its code. */
  | { readonly type: 'checking', readonly bolt11: string }
  /** Held by the merchant's wallet: `sure` by the merchant's word, else the own wallet has not answered and it may be. */
  | { readonly type: 'reserved', readonly sure: boolean }
  /** Held, and not taken. `back`: nothing of it is under way any more as far as this device knows. */
  | { readonly type: 'released', readonly back: boolean }
  | { readonly type: 'refused', readonly text: string, readonly released?: true }
  | { readonly type: 'superseded', readonly told?: true }
  | { readonly type: 'ended' }
  /** No invoice that could be paid here: the ways there are, as they came. */
  | { readonly type: 'unsupported', readonly options: readonly PaymentOption[], readonly elsewhere?: Elsewhere, readonly afterClaim?: true }

export interface PanelNeeds {
  readonly order: Order
  readonly now: Seconds
  /** No relay has taken the order message yet. */
  readonly outboxWaiting: boolean
  readonly network: Network
  /** Which order first asked with each payment hash: see `paymentHashOwners` (hash-owners.ts). */
  readonly knownHashes: ReadonlyMap<Hex32, OrderKey>
  /** Payment hash of the one invoice whose differing amount the shopper has agreed to; a new invoice asks again. */
  readonly accepted: Hex32 | null
  /** How a merchant who asks for nothing is paid (`prepaidOf`); absent or null: the merchant asks. */
  readonly prepaid?: Prepaid | null
  /** Payment hash of the invoice that a wallet outside was given: it may have been superseded since, or have expired. */
  readonly shown?: Hex32 | null
  /** Payment hash of the invoice whose code was on the screen for long enough to be scanned. */
  readonly onScreen?: Hex32 | null
  /** Whether a wallet is connected that can be asked about a payment; absent: yes. */
  readonly canAsk?: boolean
}

/** A wallet that has not answered by now may still pay. */
export const ANSWER_SECONDS = 60
/** After expiry nothing new can arrive but what was under way (payments.md §4.4). */
const UNDER_WAY_SECONDS = 600
/** What is held may come back as late as the time locks on its way run out. */
const HELD_SECONDS = 24 * 3_600

/** The shopper's side of a payment, from facts alone (T7, T10). Strongest first: money, then its lack, then words. */
export function paymentPanel(needs: PanelNeeds): PaymentPanelState {
  const { order, outboxWaiting, shown, now } = needs
  // An end of the order is none of a payment that is under way.
  if (order.status === 'refunded' || (order.status === 'cancelled' && !refundIsDue(order)))
    return (order.payment === 'proved' || order.payment === 'said' ? undefined : underWayAtEnd(needs)) ?? cancelledByMerchant(order) ?? { type: 'ended' }
  if (order.payment === 'proved' || order.payment === 'said')
    return shopperPaidState(order, order.payment, now)
  const held = heldState(needs)
  if (held !== undefined)
    return held
  const claimed = order.payment === 'claimed' && !isAskedAgain(order)
  const underWay = payingState(needs)
  if (underWay !== undefined && !(claimed && underWay.type === 'could-not-check' && underWay.told === true))
    return underWay
  if (claimed)
    return shopperPaidState(order, 'claimed', now)
  if (order.refusal !== null)
    return { type: 'refused', text: order.refusal.text, ...isReleased(order) && { released: true as const } }
  if (order.request === null)
    return outboxWaiting ? { type: 'not-sent' } : unaskedState(needs)
  if (shown !== undefined && shown !== null && order.requests.some(request => request.paymentHash === shown && request.supersededBy !== null))
    return { type: 'superseded', ...toldOf(order, shown) }
  return requestState(needs, order.request)
}

/** Where nothing was paid, that is a refusal: Gamma has one word for both. */
function cancelledByMerchant(order: Order): PaymentPanelState | undefined {
  if (order.status !== 'cancelled' || order.cancelledBy !== 'merchant' || order.payment !== 'unpaid')
    return undefined
  const text = order.timeline.findLast(({ what }) => what === 'cancelled')?.text ?? ''
  return { type: 'refused', text, ...isReleased(order) && { released: true as const } }
}

const isReleased = ({ holds }: Order): boolean => holds.some(({ state }) => state === 'released')

/** Order first, money second: an address is offered only when the order is out. */
function unaskedState({ order, now, prepaid }: PanelNeeds): PaymentPanelState {
  return prepaid === undefined || prepaid === null
    ? { type: 'waiting-for-merchant', sinceSeconds: Math.max(0, now - order.placedAt), reminder: reminderOf(order, now) }
    : { type: 'prepaid', address: prepaid.address, msat: agreedOf(order) }
}

/**
 * A time-out is no failure: the panel offers no second way to pay until the invoice is dead (payments.md §4.4), and then
 * only by another invoice, with a word about the first.
 */
function payingState({ order, now, canAsk = true }: PanelNeeds): PaymentPanelState | undefined {
  if (order.paying === null)
    return undefined
  const { expiresAt = null, reserve = false } = requestBeingPaid(order) ?? {}
  if (isOver(order, now))
    return order.request?.paymentHash === order.paying ? { type: 'could-not-check', over: true, ...toldOf(order, order.paying) } : undefined
  if (now <= (order.payingSince ?? 0) + ANSWER_SECONDS)
    return { type: 'paying', via: order.payingVia }
  if (!canAsk)
    return { type: 'could-not-check', over: false, ...toldOf(order, order.paying) }
  if (reserve)
    return { type: 'reserved', sure: false }
  return expiresAt !== null && now > expiresAt ? { type: 'expired-while-paying' } : { type: 'outcome-unknown' }
}

/** The shopper has said that this very invoice was paid: it is said once, and then the merchant looks. */
const toldOf = (order: Order, hash: Hex32): { readonly told?: true } => isNamed(order, hash) ? { told: true } : {}

const requestBeingPaid = ({ requests, paying }: Order): RequestFact | undefined => requests.find(request => request.paymentHash === paying)

/** Nothing new can arrive any more by the invoice that a wallet was asked to pay. */
function isOver(order: Order, now: Seconds): boolean {
  const { expiresAt = null, reserve = false } = requestBeingPaid(order) ?? {}
  return expiresAt !== null && now > expiresAt + (reserve ? HELD_SECONDS : UNDER_WAY_SECONDS)
}

/** Of an ended order nothing is asked anew: only what is locked, or on its way, is told. */
function underWayAtEnd(needs: PanelNeeds): PaymentPanelState | undefined {
  const held = heldState(needs) ?? payingState(needs)
  return held?.type === 'released' && held.back ? undefined : held
}

/** By the merchant's word on the invoice in force, or on the one that was paid. */
function heldState({ order, now }: PanelNeeds): Extract<PaymentPanelState, { readonly type: 'reserved' | 'released' }> | undefined {
  if (isLocked(order))
    return { type: 'reserved', sure: true }
  // Long after, what a silent wallet was asked to pay is no reason to wait any longer.
  const paying = isOver(order, now) ? null : order.paying
  const dead = order.holds.find(({ state, paymentHash }) => state === 'released' && (paymentHash === order.request?.paymentHash || paymentHash === paying))
  return dead === undefined || order.refusal !== null ? undefined : { type: 'released', back: paying !== dead.paymentHash }
}

function requestState(needs: PanelNeeds, request: RequestFact): PaymentPanelState {
  const { order, now } = needs
  const lightning = request.options.find(option => option.type === 'ln')
  if (lightning === undefined)
    return { type: 'unsupported', options: request.options, elsewhere: elsewhere(order, request, needs.network), ...isAskedAgain(order) && { afterClaim: true } }
  const agreedMsat = agreedOf(order)
  // The very invoice that the fold took: its hash is what a preimage must prove.
  const invoice = decodeRequestInvoice(request.bolt11 ?? lightning.link)
  if (!invoice.ok)
    return { type: 'mismatch', codes: [invoice.error.code], askedMsat: null, agreedMsat, payable: false }

  const { amount, expiresAt, bolt11, paymentHash } = invoice.value
  const codes = objections(needs, request, invoice.value)
  const band = amount === null ? 'unknown' : amountBand(amount, order.snapshot?.side === 'shopper' ? order.snapshot.totals : null, order.items)
  const differs = band === 'ask' || band === 'above'
  const rezoned = isRezoned(order) ? { rezoned: true as const } : {}
  if (codes.length === 0 && (isExpired(invoice.value, now) || now > (request.deadline ?? now)))
    return request.selfMade === undefined && (needs.shown === paymentHash || needs.onScreen === paymentHash) && now <= expiresAt + UNDER_WAY_SECONDS ? { type: 'checking', bolt11 } : { type: 'expired', bolt11, ...(request.selfMade !== undefined && { selfMade: request.selfMade }) }
  if (amount === null || codes.length > 0 || (differs && needs.accepted !== paymentHash))
    return { type: 'mismatch', codes: [...codes, ...(differs ? ['amount_mismatch' as const] : [])], askedMsat: amount, agreedMsat, payable: codes.length === 0, ...rezoned }
  const { selfMade } = request
  const others = otherWays(request, needs.network)
  const afterAddress = selfMade === undefined ? order.requests.findLast(one => one.selfMade !== undefined)?.selfMade?.address : undefined
  return {
    type: 'ready', bolt11, msat: amount, expiresAt, checks: { amount: differs ? 'accepted' : band, agreedMsat, oneTap: band !== 'unknown' },
    ...(selfMade !== undefined && { selfMade: { ...selfMade, bound: invoice.value.descriptionHash !== null } }),
    ...(afterAddress !== undefined && { afterAddress }),
    ...(request.reserve === true && { reserve: true as const }),
    ...(order.paying !== null && { afterUnknown: true as const }),
    ...(others.length > 0 && { otherWays: others }),
    ...isAskedAgain(order) && { afterClaim: true },
    ...rezoned,
  }
}

/** The merchant sends it by another zone than the one that was chosen here. */
export const isRezoned = ({ snapshot, zoneId }: Pick<Order, 'snapshot' | 'zoneId'>): boolean => snapshot?.side === 'shopper' && snapshot.zone !== null && snapshot.zone.id !== zoneId

const agreedOf = ({ snapshot }: Order): Msat | null => snapshot?.side === 'shopper' ? snapshot.totals.totalMsat : null

/** What forbids payment whatever the shopper says. Expiry is no objection, unless it was dead when it came. */
function objections({ order, network, knownHashes }: PanelNeeds, request: RequestFact, invoice: DecodedInvoice): readonly InvoiceCheckCode[] {
  const owner = knownHashes.get(invoice.paymentHash)
  const elsewhere = owner !== undefined && owner !== order.key
  // One hash in two different invoices: whoever was paid once holds the proof for both.
  const repeated = order.requests.some(other => other.paymentHash === invoice.paymentHash && other.bolt11 !== invoice.bolt11)
  return checkInvoice(invoice, { now: request.at, network, knownHashes: new Set(elsewhere || repeated ? [invoice.paymentHash] : []), ...(request.saidMsat !== undefined && { agreed: request.saidMsat }) })
}
