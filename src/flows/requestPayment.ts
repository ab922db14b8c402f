import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Hex32, Msat, OrderKey } from '../domain/brand'
import { stallOf } from '../domain/catalog/product'
import { isFresh } from '../domain/money/rate'
import type { CurrencyCode, Rate } from '../domain/money/types'
import type { FormerDoubt, FormerInvoice } from '../domain/order/former-invoices'
import { isLocked } from '../domain/order/held-money'
import { productAddress, type PricingCode, type PricingError, type Shelf } from '../domain/order/pricing'
import { reprice, type SnapshotContent } from '../domain/order/snapshot'
import { isPaidTo } from '../domain/order/status'
import type { LocalFact, Order, OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { InvoiceSource, WalletError } from '../ports/invoices'
import type { StorageError } from '../ports/journal'
import type { Rates } from '../ports/rates'
import { clearFormer, withdrawFormer, type FormerError, type Formers } from './clear-former'
import { factId, localFact } from './local-fact'
import { keepFacts } from './own-notes'
import { readOrder, type ReadOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export interface RequestPaymentDeps extends SendDeps {
  readonly source: Pick<InvoiceSource, 'create'> & Partial<Pick<InvoiceSource, 'capabilities'>>
  /** Looks up what was asked before; null: nobody here can. */
  readonly former: Formers | null
  /** Which connected wallet that is; kept with the invoice, which is looked up there. */
  readonly wallet?: string
  readonly rates: Rates
  readonly shelf: () => Shelf
  /** The order that first asked with a payment hash, over all orders here (I12). */
  readonly ownerOf: (hash: Hex32) => OrderKey | undefined
  /** Reserve, then take; absent: what is paid is taken. */
  readonly reserve?: {
    readonly wanted: (order: Order) => boolean
    /** A new secret number. */
    readonly preimage: () => Hex32
    /** Says to the shopper that money comes back by itself. */
    readonly text: string
  }
  /** What people read: the invoice's own line, and the message's cost breakdown. */
  readonly words: (order: Order, priced: SnapshotContent, reissued: boolean) => {
    readonly description: string
    readonly text: string
    /** By which zone it goes, where that is another one than before; absent: it has no name. */
    readonly rezoned?: string
  }
}

export type RequestPaymentError = SendError | ReadOrderError | WalletError | FormerError
  | { readonly code: 'not-yours' | 'already-paid' | 'ended' | 'reserved' }
  /** More than may be asked without the merchant looking at it. */
  | { readonly code: 'over-limit' }
  /** The merchant wants what pays this order reserved first, and this wallet cannot do that: nothing was made in its place. */
  | { readonly code: 'cannot-reserve' }
  | { readonly code: PricingCode, readonly productId?: string }

export interface AskingChoice {
  readonly zoneId?: string
  readonly atMost?: (total: Msat) => boolean
  /** What the merchant has read about former invoices, and wants all the same. */
  readonly despite?: readonly FormerDoubt[]
}

/** Prices in fiat: the usual quarter of an hour; in sat nothing moves but stock (payments.md §8.4). */
const EXPIRY_FIAT = 15 * 60
const EXPIRY_SAT = 60 * 60
const LONGEST_DESCRIPTION = 640

const OVER: ReadonlySet<Order['status']> = new Set(['cancelled', 'refunded', 'completed', 'disputed'])
type Issued = Extract<LocalFact, { type: 'invoice-issued' }>

/**
 * An invoice for exactly the order's total by the merchant's own listings, at the zone ordered or another one, with a
 * rate of its own (T10). What was asked before is looked up first (T9). What was issued is kept before it is sent (I13): a payment of it can always be found.
 * Only then is a former one given up: where none can be made, the customer still has that.
 */
export async function requestPayment(deps: RequestPaymentDeps, key: OrderKey, { zoneId, atMost, despite = [] }: AskingChoice = {}): Promise<Result<OrderMessage, RequestPaymentError>> {
  const me = deps.signer.pubkey
  const before = await readAskable(deps, key)
  if (!before.ok)
    return before
  const priced = await price(deps, before.value.order, zoneId)
  if (!priced.ok)
    return priced
  const { totals } = priced.value
  if (totals.totalMsat === null)
    return err({ code: 'no_rate', detail: totals.total.currency })
  if (atMost?.(totals.totalMsat) === false)
    return err({ code: 'over-limit' })
  const read = await readCleared(deps, before.value, despite)
  if (!read.ok)
    return read
  const { order } = read.value
  const zone = zoneId ?? order.zoneId
  const reissued = order.requests.length > 0
  const { description, text, rezoned } = deps.words(order, priced.value, reissued)

  const unsent = unsentInvoice(order, { now: deps.clock.now(), asked: totals.totalMsat, zoneId: zone, wallet: deps.wallet, reserves: deps.reserve !== undefined })
  const issued = unsent === undefined ? await issue(deps, order, { priced: priced.value, asked: totals.totalMsat, zoneId: zone, description }) : ok(unsent)
  if (!issued.ok)
    return issued
  const alone = await readWithdrawn(deps, read.value)
  if (!alone.ok)
    return alone
  await afterOwnMessages(deps, alone.value.messages, me)
  const { bolt11, expiresAt, paymentHash: hash } = issued.value
  const reserve = deps.reserve !== undefined && await isReserved(deps, key, hash) ? { reserve: { hash, text: deps.reserve.text } } : {}
  return sayAbout(deps, order, { say: 'request', msat: totals.totalMsat, options: [{ type: 'ln', label: 'ln', link: bolt11 }], text, pin: order.placedBy, zoneId: zone, expiresAt, ...reserve, ...(rezoned !== undefined && zone !== order.zoneId && { rezoned }) })
}

type NotIssued = WalletError | StorageError | { readonly code: 'cannot-reserve' }
interface ToIssue { readonly priced: SnapshotContent, readonly asked: Msat, readonly zoneId: string, readonly description: string }

/** Makes an invoice and keeps what was made, with its rate, before anybody can pay it (I12, I13). */
async function issue(deps: RequestPaymentDeps, order: Order, { priced, asked, zoneId, description }: ToIssue): Promise<Result<Pick<Issued, 'bolt11' | 'expiresAt' | 'paymentHash'>, NotIssued>> {
  const { key } = order
  const { totals } = priced
  const attempt = order.issued.reduce((most, one) => Math.max(most, one.attempt), 0) + 1
  const hash = await prepareHold(deps, order, attempt)
  if (!hash.ok)
    return hash
  const invoice = await deps.source.create({
    orderId: order.id,
    attempt,
    amount: asked,
    description: description.slice(0, LONGEST_DESCRIPTION),
    expirySeconds: totals.total.currency === 'SAT' ? EXPIRY_SAT : EXPIRY_FIAT,
    number: order.number,
    parties: { merchant: order.merchant, buyer: order.shopper },
    ...(hash.value !== null && { hold: { paymentHash: hash.value } }),
  })
  if (!invoice.ok)
    return hash.value === null ? invoice : notHeld(deps, key, hash.value, invoice.error)
  const { bolt11, paymentHash, expiresAt, verify } = invoice.value
  const owner = deps.ownerOf(paymentHash)
  if (owner !== undefined && owner !== key)
    return err({ code: 'source_bad_invoice', detail: 'payment hash of another order' })
  const place = { me: deps.signer.pubkey, order: key, at: deps.clock.now() }
  const kept = await keepFacts(deps, [
    localFact({ ...place, id: factId('snapshot', key, paymentHash) }, priced),
    localFact({ ...place, id: factId('pinned', key, order.placedBy) }, { type: 'pinned', orderMessage: order.placedBy }),
    localFact({ ...place, id: factId('invoice-issued', key, paymentHash) }, {
      type: 'invoice-issued', attempt, paymentHash, bolt11, asked, expiresAt, totals, zoneId, ...deps.wallet !== undefined && { wallet: deps.wallet }, ...verify !== undefined && { verify },
    }),
  ])
  return kept.ok ? ok({ bolt11, expiresAt, paymentHash }) : kept
}

/** The secret is kept before anybody can pay for it (payments.md §4.5); after a crash the same one serves. null: an ordinary invoice. */
async function prepareHold(deps: RequestPaymentDeps, order: Order, attempt: number): Promise<Result<Hex32 | null, StorageError>> {
  const { reserve, signer, clock } = deps
  if (reserve?.wanted(order) !== true)
    return ok(null)
  const prepared = order.holds.find(hold => hold.attempt === attempt && hold.state === 'asked' && hold.preimage !== null)
  if (prepared !== undefined)
    return ok(prepared.paymentHash)
  const preimage = reserve.preimage()
  const paymentHash = bytesToHex(sha256(hexToBytes(preimage))) as Hex32
  const kept = await keepFacts(deps, [localFact({ id: factId('hold', 'prepared', order.key, paymentHash), me: signer.pubkey, order: order.key, at: clock.now() }, { type: 'hold', step: 'prepared', paymentHash, preimage, attempt })])
  return kept.ok ? ok(paymentHash) : kept
}

/** A 'no' that may be meant for holding alone: the wallet itself says what it can do. */
const REFUSALS: ReadonlySet<WalletError['code']> = new Set(['source_refused', 'source_unauthorized'])

/** No invoice came that could be held. An ordinary one is another promise to the shopper: the merchant's to choose (T11). */
async function notHeld(deps: RequestPaymentDeps, key: OrderKey, paymentHash: Hex32, error: WalletError): Promise<Result<never, NotIssued>> {
  if (error.code === 'source_bad_invoice')
    return giveUp(deps, key, paymentHash, error)
  const can = REFUSALS.has(error.code) ? await deps.source.capabilities?.() : undefined
  return err(error.code === 'not_implemented' || (can?.ok === true && can.value.hold !== true) ? { code: 'cannot-reserve' } : error)
}

/** The wallet made another invoice for that hash than was asked: it will make no second one. */
async function giveUp(deps: RequestPaymentDeps, key: OrderKey, paymentHash: Hex32, error: WalletError): Promise<Result<never, WalletError | StorageError>> {
  const kept = await keepFacts(deps, [localFact({ id: factId('hold', 'released', key, paymentHash), me: deps.signer.pubkey, order: key, at: deps.clock.now() }, { type: 'hold', step: 'released', paymentHash, reason: 'bad-invoice' })])
  return kept.ok ? err(error) : kept
}

async function isReserved(deps: RequestPaymentDeps, key: OrderKey, hash: Hex32): Promise<boolean> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  return read.ok && read.value.order.holds.some(hold => hold.paymentHash === hash && hold.preimage !== null)
}

type AskingAgain = Pick<RequestPaymentDeps, 'journal' | 'signer' | 'clock' | 'former'>
/** `withdrawable`: former invoices that are given up as soon as there is another one. */
interface Cleared extends ReadOrder { readonly withdrawable: readonly FormerInvoice[] }

/** The order as it is once its former invoices have been looked up, if it may still be asked for. */
export async function readCleared(deps: AskingAgain, { order }: ReadOrder, despite: readonly FormerDoubt[]): Promise<Result<Cleared, FormerError | NotAskable>> {
  const clear = await clearFormer(deps, order, despite)
  // Also where one is not known: another of them may have been found paid.
  const after = await readAskable(deps, order.key)
  return !after.ok ? after : clear.ok ? ok({ ...after.value, withdrawable: clear.value }) : clear
}

/** The order as it is once its wallet has given up what went out before, if it may still be asked for. */
export async function readWithdrawn({ former, ...deps }: AskingAgain, cleared: Cleared): Promise<Result<ReadOrder, FormerError | NotAskable>> {
  const { order, withdrawable } = cleared
  if (former === null || withdrawable.length === 0)
    return ok(cleared)
  const gone = await withdrawFormer(former, order.key, withdrawable)
  const after = await readAskable(deps, order.key)
  return after.ok && !gone.ok ? gone : after
}

type NotAskable = ReadOrderError | { readonly code: NonNullable<ReturnType<typeof whyNot>> }

/** The order as it is now, if it may be asked for payment. */
export async function readAskable(deps: Pick<RequestPaymentDeps, 'journal' | 'signer'>, key: OrderKey): Promise<Result<ReadOrder, NotAskable>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  const refused = read.ok ? whyNot(read.value.order, deps) : null
  return refused === null ? read : err({ code: refused })
}

/** Why nothing may be asked for an order now; null: it may. */
function whyNot(order: Order, { signer }: Pick<RequestPaymentDeps, 'signer'>): 'not-yours' | 'already-paid' | 'ended' | 'reserved' | null {
  if (order.merchant !== signer.pubkey)
    return 'not-yours'
  // A preimage from outside is a reason to look, none to stop asking (T8).
  if (isPaidTo(order, 'merchant'))
    return 'already-paid'
  if (isLocked(order))
    return 'reserved'
  return OVER.has(order.status) ? 'ended' : null
}

/** The order at the own prices of now; a rate is asked only where one is needed, and none older than an hour serves. */
export async function price({ rates, shelf, clock }: Pick<RequestPaymentDeps, 'rates' | 'shelf' | 'clock'>, order: Order, zoneId: string | undefined): Promise<Result<SnapshotContent, WalletError | { readonly code: PricingCode, readonly productId?: string }>> {
  const currency = currencyOf(order, shelf())
  const rate: Result<Rate | null, { readonly detail: string }> = currency === null ? ok(null) : await rates.rate(currency)
  if (!rate.ok)
    return err({ code: 'no_rate', detail: rate.error.detail })
  if (rate.value !== null && !isFresh(rate.value, clock.now()))
    return err({ code: 'no_rate', detail: rate.value.currency })
  const priced: Result<SnapshotContent, PricingError> = reprice(order, shelf(), rate.value, zoneId)
  return priced
}

/** null: bitcoin units, or not known. */
function currencyOf(order: Order, shelf: Shelf): CurrencyCode | null {
  const product = order.items.map(line => shelf.products.get(productAddress(order.merchant, line))).find(one => one !== undefined)
  const currency = product === undefined ? null : stallOf(product, shelf.stalls)?.currency ?? null
  return currency === 'SAT' || currency === 'BTC' ? null : currency
}

interface Wanted { readonly now: number, readonly asked: number, readonly zoneId: string, readonly wallet: string | undefined, readonly reserves: boolean }

/** An invoice that was made and kept, and that a crash kept from being sent. One of a wallet that issues no longer is left behind. */
function unsentInvoice(order: Order, { now, asked, zoneId, wallet, reserves }: Wanted): Issued | undefined {
  return order.issued.find(issued => issued.expiresAt > now && issued.asked === asked && issued.zoneId === zoneId
    && (issued.wallet === undefined || issued.wallet === wallet)
    && order.requests.every(({ paymentHash }) => paymentHash !== issued.paymentHash)
    // Nobody pays to be reserved without having read so.
    && (reserves || order.holds.every(({ paymentHash }) => paymentHash !== issued.paymentHash)))
}
