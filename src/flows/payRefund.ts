import { toSeconds, type Msat, type OrderKey, type Seconds } from '../domain/brand'
import type { DecodedInvoice, Network } from '../domain/invoice/types'
import { isRefundLock, isUnderWay } from '../domain/order/open-refund'
import { hashOfPreimage } from '../domain/order/receipt-proof'
import { refundObjection, type RefundObjection } from '../domain/order/refund-offer'
import { readRefundTarget, type RefundTargetError } from '../domain/order/refund-target'
import type { RefundPay, RefundRecord, RefundVia } from '../domain/order/refund-types'
import { decodeRequestInvoice } from '../domain/order/request-invoice'
import type { Order, OrderMessage } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { StorageError } from '../ports/journal'
import type { PayAddress, PayAddressError } from '../ports/pay-address'
import type { RefundPayer } from '../ports/refund'
import type { PayOutcome } from '../ports/wallet'
import { factId, localFact } from './local-fact'
import { inWord } from './order-words'
import { keepFacts } from './own-notes'
import { readOrder, readOwnOrder, type ReadOrderError } from './read-order'
import { afterOwnMessages, sayAbout, type SendDeps, type SendError } from './send'

export interface RefundDeps extends SendDeps {
  readonly network: Network
  readonly payAddress: PayAddress
  /** Payment hashes of every order here, but for this very refund. */
  readonly usedHashes: (refund: string) => ReadonlySet<string>
  /** What the shopper reads beside 'refunded'. */
  readonly words: (order: Order, refund: RefundRecord) => string
}

/** `to`: what the merchant was given elsewhere; absent: what the shopper said in the order. */
export interface RefundDraft { readonly id: string, readonly msat: Msat, readonly reason: string, readonly to?: string }

export type PayRefundError = StorageError | ReadOrderError | RefundTargetError | PayAddressError
  | { readonly code: RefundObjection | 'not-yours' | 'no-target' | 'no-refund' | 'not-over' | 'wrong-proof' }

/** With less left than this a wallet may not get through (payments.md I5). */
const LEAST_SECONDS = 30
/** A wallet that has not answered by then may still pay. */
const ANSWER_SECONDS = 90
/** After expiry nothing new can arrive but what was under way (payments.md §4.4). */
const UNDER_WAY_SECONDS = 600

/**
 * Checks the target, notes that a refund begins, and only then asks the wallet. A crash or a time-out leaves the note: nothing
 * else is begun before it is known what became of it (payments.md §8.5).
 */
export async function payRefund(deps: RefundDeps & { readonly payer: RefundPayer }, key: OrderKey, draft: RefundDraft): Promise<Result<PayOutcome, PayRefundError>> {
  const begun = await begin(deps, key, draft, deps.payer.kind)
  if (!begun.ok)
    return begun
  const outcome = await answered(deps, deps.payer.refund(begun.value, draft.msat))
  const noted = await noteOutcome(deps, key, { refund: draft.id, paymentHash: begun.value.paymentHash, bolt11: begun.value.bolt11, msat: draft.msat, via: deps.payer.kind }, outcome)
  if (!noted.ok)
    return noted
  if (outcome.status === 'paid')
    await tellRefunded(deps, key, draft.id)
  return ok(outcome)
}

/** The invoice to be paid by hand. It counts as begun: no wallet is asked beside it. */
export async function showRefund(deps: RefundDeps, key: OrderKey, draft: RefundDraft): Promise<Result<DecodedInvoice, PayRefundError>> {
  return begin(deps, key, draft, 'hand')
}

/**
 * Asks the wallet again what became of the refund under way. null: none is, or no wallet was asked about it. A 'failed' is believed
 * only when no tab can be trying any more: it may tell of an attempt before the one that runs.
 */
export async function resolveRefund(deps: RefundDeps & { readonly payer: RefundPayer }, key: OrderKey): Promise<Result<PayOutcome | null, PayRefundError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const record = read.value.order.refunds.find(isUnderWay)
  if (record === undefined || record.via === 'hand' || record.via === null || record.paymentHash === null)
    return ok(null)
  const outcome = await answered(deps, deps.payer.resolve(record.paymentHash))
  if (outcome.status === 'failed' && deps.clock.now() <= (record.begunAt ?? 0) + ANSWER_SECONDS)
    return ok({ status: 'unknown', reason: 'it may still be tried' })
  const attempt = { refund: record.id, paymentHash: record.paymentHash, bolt11: record.bolt11, msat: record.msat, via: record.via }
  const noted = await noteOutcome(deps, key, attempt, outcome, record)
  if (!noted.ok)
    return noted
  // Also where this one failed, and another device's has paid.
  if (outcome.status !== 'unknown')
    await tellRefunded(deps, key, record.id)
  return ok(outcome)
}

/** `proof`: the preimage that the merchant's wallet shows. `said`: paid, and nothing shows it. `not-paid`: looked, and it was not. */
export type ByHand = { readonly how: 'proof', readonly preimage: string } | { readonly how: 'said' } | { readonly how: 'not-paid' }

/** What the merchant found in a wallet that cannot be asked from here. */
export async function settleRefundByHand(deps: RefundDeps, key: OrderKey, draft: RefundDraft, found: ByHand): Promise<Result<void, PayRefundError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { order } = read.value
  const record = order.refunds.find(({ id }) => id === draft.id)
  const underWay = record !== undefined && isUnderWay(record)
  const objection = underWay ? null : refundObjection(order, draft.msat, draft.id)
  if (order.merchant !== deps.signer.pubkey || objection !== null)
    return err({ code: objection ?? 'not-yours' })
  const attempt = { refund: draft.id, paymentHash: underWay ? record.paymentHash : null, bolt11: underWay ? record.bolt11 : '', msat: underWay ? record.msat : draft.msat, via: 'hand' as const }
  if (found.how === 'not-paid') {
    // A wallet that is still at it could pay after a second one was begun.
    if (underWay && record.via !== 'hand' && !isDead(record, deps.clock.now()))
      return err({ code: 'not-over' })
    return underWay ? noteFact(deps, key, { ...attempt, state: 'failed', reason: 'not-paid' }) : err({ code: 'no-refund' })
  }
  const preimage = found.how === 'proof' ? found.preimage.trim().toLowerCase() : ''
  if (found.how === 'proof' && (attempt.paymentHash === null || hashOfPreimage(preimage) !== attempt.paymentHash))
    return err({ code: 'wrong-proof' })
  const noted = await noteFact(deps, key, { ...attempt, state: 'paid', preimage, reason: draft.reason })
  if (noted.ok)
    await tellRefunded(deps, key, draft.id)
  return noted
}

export type TellError = SendError | ReadOrderError | { readonly code: 'not-yours' | 'no-refund' }

/** Tells the shopper, with the proof: once, and again only where that failed. The money has gone either way. */
export async function tellRefunded(deps: RefundDeps, key: OrderKey, id: string): Promise<Result<void, TellError>> {
  const me = deps.signer.pubkey
  const read = await readOrder(deps, key, me)
  if (!read.ok)
    return read
  const { order, messages } = read.value
  const record = order.refunds.find(refund => refund.id === id)
  if (order.merchant !== me || record?.state !== 'paid')
    return err({ code: order.merchant === me ? 'no-refund' : 'not-yours' })
  if (record.told)
    return ok(undefined)
  await afterOwnMessages(deps, messages, me)
  const said = await sayAbout(deps, order, inWord(order, 'merchant', deps.words(order, record), { refund: { msat: record.msat, proof: record.preimage, id } }))
  return said.ok ? ok(undefined) : said
}

async function begin(deps: RefundDeps, key: OrderKey, draft: RefundDraft, via: RefundVia): Promise<Result<DecodedInvoice, PayRefundError>> {
  const read = await readOwnOrder(deps, key, 'merchant')
  if (!read.ok)
    return read
  const { order, messages } = read.value
  const objection = refundObjection(order, draft.msat, draft.id)
  if (objection !== null)
    return err({ code: objection })
  const invoice = await invoiceFor(deps, draft, draft.to ?? order.refunds.find(({ id }) => id === draft.id)?.target ?? order.refundAddress)
  if (!invoice.ok)
    return invoice
  const { paymentHash, bolt11 } = invoice.value
  const fact = factOf({ refund: draft.id, paymentHash, bolt11, msat: draft.msat, via, state: 'begun', reason: draft.reason })
  const at = after(messages, deps.clock.now())
  // Another device may begin meanwhile: what differs bears another id, or the two would never agree on what happened (T2).
  const id = factId('refund-begun', key, draft.id, paymentHash, String(at), via, draft.reason)
  const kept = await keepFacts(deps, [localFact({ id, me: deps.signer.pubkey, order: key, at }, fact)])
  if (!kept.ok)
    return kept
  if (kept.value.added === 0)
    return err({ code: 'under-way' })
  const first = await isFirst(deps, key, messages, fact)
  return first.ok ? first.value ? invoice : err({ code: 'under-way' }) : first
}

/**
 * Tabs that read the same and begin at once write one lock: whoever comes second does not pay, and says so. The attempt is noted
 * before, so that after a crash in between it is known; the lock stays on this device.
 */
async function isFirst(deps: RefundDeps, key: OrderKey, seen: readonly OrderMessage[], attempt: RefundPay): Promise<Result<boolean, StorageError>> {
  const me = deps.signer.pubkey
  const turn = seen.filter(message => message.type === 'refund-pay' && isRefundLock(message)).length
  const lock = localFact({ id: factId('refund-lock', key, me, String(turn)), me, order: key, at: deps.clock.now() }, { ...attempt, paymentHash: null, bolt11: '' })
  const kept = await deps.journal.append(lock)
  if (!kept.ok || kept.value.added)
    return kept.ok ? ok(true) : kept
  const now = await deps.journal.messagesOf(key)
  if (!now.ok)
    return now
  // Of one invoice the other's end is the end of both.
  const before = new Set(seen.map(message => message.id))
  const shares = now.value.filter(message => message.type === 'refund-pay' && message.paymentHash === attempt.paymentHash && !before.has(message.id)).length > 1
  const noted = shares ? ok(undefined) : await noteFact(deps, key, { ...attempt, state: 'failed', reason: 'under-way' })
  return noted.ok ? ok(false) : noted
}

/** Of exactly the amount, for this network, alive, and of no other order (I1–I6 turned round). */
async function invoiceFor(deps: RefundDeps, { id, msat }: RefundDraft, to: string): Promise<Result<DecodedInvoice, PayRefundError>> {
  if (to === '')
    return err({ code: 'no-target' })
  const needs = { msat, now: deps.clock.now(), network: deps.network, usedHashes: deps.usedHashes(id), leastSeconds: LEAST_SECONDS }
  const target = readRefundTarget(to, needs)
  if (!target.ok)
    return target
  if (target.value.kind === 'invoice')
    return ok(target.value.invoice)
  const made = await deps.payAddress.invoice(target.value.address, msat)
  if (!made.ok)
    return made
  const read = readRefundTarget(made.value.bolt11, needs)
  return !read.ok ? read : read.value.kind === 'invoice' ? ok(read.value.invoice) : err({ code: 'not-a-target' })
}

type Attempt = Pick<RefundPay, 'refund' | 'paymentHash' | 'bolt11' | 'msat' | 'via'>
const factOf = (fact: Attempt & Pick<RefundPay, 'state'> & Partial<RefundPay>): RefundPay =>
  ({ preimage: '', fee: null, reason: '', ...fact, type: 'refund-pay' })

/** @param known how it stands: that there is still no answer is noted once */
async function noteOutcome(deps: RefundDeps, key: OrderKey, attempt: Attempt, outcome: PayOutcome, known?: RefundRecord): Promise<Result<void, PayRefundError>> {
  switch (outcome.status) {
    case 'paid': return noteFact(deps, key, { ...attempt, state: 'paid', preimage: outcome.preimage, fee: outcome.fees })
    case 'declined': return noteFact(deps, key, { ...attempt, state: 'failed', reason: 'declined' })
    case 'failed': return noteFact(deps, key, { ...attempt, state: 'failed', reason: outcome.code })
    case 'unknown': return known?.state === 'unknown' ? ok(undefined) : noteFact(deps, key, { ...attempt, state: 'unknown', reason: outcome.reason })
  }
}

async function noteFact(deps: RefundDeps, key: OrderKey, fact: Attempt & Pick<RefundPay, 'state'> & Partial<RefundPay>): Promise<Result<void, StorageError>> {
  const messages = await deps.journal.messagesOf(key)
  if (!messages.ok)
    return messages
  // Paid once, however often the wallet is asked.
  const id = fact.state === 'paid' ? factId('refund-paid', key, fact.refund, fact.paymentHash ?? '') : deps.clock.newId()
  const kept = await keepFacts(deps, [localFact({ id, me: deps.signer.pubkey, order: key, at: after(messages.value, deps.clock.now()) }, factOf(fact))])
  return kept.ok ? ok(undefined) : kept
}

/** A beginning and its end in one second would be sorted by their ids: the end would sometimes come first. */
const after = (messages: readonly OrderMessage[], now: Seconds): Seconds =>
  toSeconds(messages.reduce((latest: number, { type, sentAt }) => type === 'refund-pay' && sentAt >= latest ? sentAt + 1 : latest, now))

/** No answer in time is no failure. */
async function answered({ clock }: Pick<RefundDeps, 'clock'>, asking: Promise<PayOutcome>): Promise<PayOutcome> {
  const waiting = new AbortController()
  const late = clock.sleep(ANSWER_SECONDS * 1_000, waiting.signal).then((): PayOutcome => ({ status: 'unknown', reason: 'no answer yet' }))
  try {
    return await Promise.race([asking.catch((): PayOutcome => ({ status: 'unknown', reason: 'the wallet ended with an error' })), late])
  }
  finally {
    waiting.abort()
  }
}

function isDead({ bolt11 }: RefundRecord, now: Seconds): boolean {
  const invoice = decodeRequestInvoice(bolt11)
  return invoice.ok && now > invoice.value.expiresAt + UNDER_WAY_SECONDS
}
