import type { Hex32, Msat, OrderKey, Seconds } from '../brand'
import { checkInvoice } from '../invoice/check'
import type { DecodedInvoice, InvoiceCheckCode, InvoiceErrorCode, Network } from '../invoice/types'
import type { Result } from '../result'
import { isAskedAgain } from './asked-again'
import { receivedMsat, saidExcess } from './excess'
import { isHeld, isLocked } from './held-money'
import { askedByHash, oddAmount } from './paid-state'
import { isPaidTo } from './status'
import type { Order, PaymentFact } from './types'
import { saidUnderpaid } from './underpaid'

/** What the merchant's desk says about the money of one order: exactly one of these. Amounts are msat. */
export type DeskPaymentState =
  | { readonly type: 'not-invoiced', readonly sinceSeconds: number }
  /** `expiresAt` null: what was sent is no Lightning invoice. */
  | { readonly type: 'waiting', readonly expiresAt: Seconds | null }
  /** `givenUp`: the own wallet takes no payment by it any more, and was never seen to hold one. */
  | { readonly type: 'expired', readonly expiredAt: Seconds, readonly givenUp?: true }
  /** The customer says, or shows, that it was paid; the own wallet has not confirmed it. `expired`: the invoice ended meanwhile. */
  | { readonly type: 'checking', readonly since: Seconds, readonly expired: boolean }
  /** The own wallet gives no answer about an invoice of this order. */
  | { readonly type: 'could-not-check', readonly claimed: boolean }
  /** Locked, and not the merchant's yet. */
  | { readonly type: 'reserved', readonly by: 'wallet' | 'escrow' }
  /** What paid the newest invoice was held and went back, and nothing can pay that one any more. */
  | { readonly type: 'released' }
  /** `askedMsat`: less than that arrived, and the merchant took it as paid. */
  | { readonly type: 'paid', readonly strength: 'proved' | 'said', readonly msat: Msat | null, readonly askedMsat?: Msat }
  | { readonly type: 'underpaid' | 'overpaid', readonly askedMsat: Msat, readonly msat: Msat | null }
  | { readonly type: 'paid-twice', readonly msat: Msat | null }
  | { readonly type: 'paid-late', readonly after: 'end' | 'reissue', readonly msat: Msat | null }
  | { readonly type: 'refund-due', readonly msat: Msat | null }
  /** What was sent in the merchant's name cannot be right: no shopper's Souk pays it. */
  | { readonly type: 'mismatch', readonly codes: readonly (InvoiceCheckCode | InvoiceErrorCode)[] }
  | { readonly type: 'refused' }
  | { readonly type: 'ended' }

export interface DeskPaymentNeeds {
  readonly order: Order
  readonly now: Seconds
  readonly network: Network
  /** Which order first asked with each payment hash (`paymentHashOwners`). */
  readonly knownHashes: ReadonlyMap<Hex32, OrderKey>
  /** The own wallet could not be asked about this order when it was tried last. */
  readonly unreachable: boolean
}

/** The strict reading of an invoice (`decodeRequestInvoice`); null: its program is not here yet, and nothing is objected to. */
export type ReadInvoice = ((text: string) => Result<DecodedInvoice, { readonly code: InvoiceErrorCode }>) | null

/** Whether what was sent in the merchant's name is to be read for the state: few orders wait for money. */
export const wantsReading = (order: Order): boolean => order.request !== null && order.request.options.some(({ type }) => type === 'ln') && !isPaidTo(order, 'merchant')

/** The merchant's side of a payment, from facts alone. Only the own wallet proves (T8): a shopper's preimage is a reason to look. */
export function deskPaymentStateBy(needs: DeskPaymentNeeds, read: ReadInvoice): DeskPaymentState {
  const { order, unreachable } = needs
  if (order.status === 'refunded')
    return { type: 'ended' }
  const settled = settledState(order)
  if (settled !== null)
    return settled
  const claim = isAskedAgain(order) ? undefined : order.payments.find(({ by }) => by === 'shopper')
  const locked = isLocked(order)
  if (claim === undefined && !locked && (order.status === 'cancelled' || order.status === 'failed'))
    return order.refusal !== null && order.cancelledBy === null ? { type: 'refused' } : { type: 'ended' }
  if (unreachable && (claim !== undefined || order.request !== null))
    return { type: 'could-not-check', claimed: claim !== undefined }
  if (locked)
    return { type: 'reserved', by: order.holds.some(isHeld) ? 'wallet' : 'escrow' }
  return unsettledState(needs, claim?.at ?? null, read)
}

/** null: neither the own wallet nor the merchant says that anything arrived. */
function settledState(order: Order): DeskPaymentState | null {
  const own = order.payments.filter(({ by, strength }) => by === 'own-wallet' && strength === 'proved')
  if (!isPaidTo(order, 'merchant'))
    return null
  const msat = receivedMsat(order)
  // After a loss of what this device knew, his own word about it is still in the order.
  if (own.length > 1 || (order.problems.includes('paid-twice') && saidExcess(order, 'twice').length > 0))
    return { type: 'paid-twice', msat }
  if (order.problems.includes('paid-after-end'))
    return { type: 'paid-late', after: 'end', msat }
  if (order.problems.includes('refund-due') || order.problems.includes('refused-after-paid'))
    return { type: 'refund-due', msat }
  if (order.status === 'cancelled')
    return { type: 'ended' }
  const odd = oddAmount(order, own)
  if (odd?.type === 'underpaid')
    return { ...odd, msat }
  const said = saidUnderpaid(order)
  const asked = askedByHash(order, said?.paymentHash ?? null)
  if (said !== undefined && asked !== null && own.length === 0)
    return { type: 'underpaid', askedMsat: asked, msat }
  if (order.problems.includes('paid-superseded') && own.length > 0)
    return { type: 'paid-late', after: 'reissue', msat }
  return odd === null ? { type: 'paid', strength: own.length > 0 ? 'proved' : 'said', msat, ...takenFor(order, own) } : { ...odd, msat }
}

/** What one payment should have brought, where less was taken as paid. */
function takenFor(order: Order, own: readonly PaymentFact[]): { readonly askedMsat?: Msat } {
  const [payment] = own
  const asked = own.length === 1 && payment !== undefined ? askedByHash(order, payment.paymentHash) : null
  return asked !== null && (payment?.msat ?? asked) < asked ? { askedMsat: asked } : {}
}

function unsettledState({ order, now, network, knownHashes }: DeskPaymentNeeds, claimedAt: Seconds | null, read: ReadInvoice): DeskPaymentState {
  const { request } = order
  const ends = request?.expiresAt ?? null
  const expired = ends !== null && now > ends
  if (claimedAt !== null)
    return { type: 'checking', since: claimedAt, expired }
  if (request === null)
    return { type: 'not-invoiced', sinceSeconds: Math.max(0, now - order.placedAt) }
  const released = order.holds.find(({ paymentHash, state }) => state === 'released' && paymentHash === request.paymentHash)
  if (released !== undefined)
    // Only what was held is given back by the wallet itself; what was given up before may never have come.
    return released.heldAt !== null || released.reason === 'by-wallet' ? { type: 'released' } : { type: 'expired', expiredAt: released.endedAt ?? ends ?? now, givenUp: true }
  if (expired)
    return { type: 'expired', expiredAt: ends }
  const codes = request.recipient === '' && request.selfMade === undefined ? objections(order, network, knownHashes, read) : []
  return codes.length > 0 ? { type: 'mismatch', codes } : { type: 'waiting', expiresAt: ends }
}

/** The checks that a shopper makes (T7), on what went out in the merchant's name: another program of his may have sent it. */
function objections({ key, request, issued }: Order, network: Network, knownHashes: ReadonlyMap<Hex32, OrderKey>, read: ReadInvoice): readonly (InvoiceCheckCode | InvoiceErrorCode)[] {
  if (read === null || request === null || request.options.every(({ type }) => type !== 'ln'))
    return []
  const invoice = read(request.bolt11 ?? request.options.find(({ type }) => type === 'ln')?.link ?? '')
  if (!invoice.ok)
    return [invoice.error.code]
  const { paymentHash } = invoice.value
  const owner = knownHashes.get(paymentHash)
  const agreed = request.saidMsat ?? issued.find(one => one.paymentHash === paymentHash)?.asked
  return checkInvoice(invoice.value, { now: request.at, network, knownHashes: new Set(owner !== undefined && owner !== key ? [paymentHash] : []), ...(agreed !== undefined && { agreed }) })
}
