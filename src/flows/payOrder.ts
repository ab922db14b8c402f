import { toMsat, toSeconds, type Hex32, type Msat, type OrderKey, type Seconds } from '../domain/brand'
import type { Network } from '../domain/invoice/types'
import { isAskedAgain } from '../domain/order/asked-again'
import { ANSWER_SECONDS, paymentPanel, type PaymentPanelState } from '../domain/order/payment-panel'
import { wasAsked } from '../domain/order/paying-wallet'
import { decodeRequestInvoice } from '../domain/order/request-invoice'
import type { Order, OrderMessage } from '../domain/order/types'
import { assertNever, err, ok, type Result } from '../domain/result'
import type { Clock } from '../ports/clock'
import type { StorageError } from '../ports/journal'
import type { Signer } from '../ports/signer'
import type { PayOutcome, Wallet } from '../ports/wallet'
import { factId, localFact, type FactBody } from './local-fact'
import { keepFacts, type NoteDeps } from './own-notes'
import { readOrder, type ReadOrderError } from './read-order'

export interface PayOrderDeps extends NoteDeps {
  readonly wallet: Wallet
  readonly clock: Clock
  readonly signer: Pick<Signer, 'pubkey'>
  readonly network: Network
  readonly knownHashes: () => ReadonlyMap<Hex32, OrderKey>
  /** The one invoice whose differing amount the shopper has agreed to. */
  readonly accepted: Hex32 | null
}

export type PayError = StorageError | ReadOrderError
  /** What the panel shows instead of a way to pay. */
  | { readonly code: 'not-payable', readonly state: PaymentPanelState['type'] }
  /** Less time is left than a wallet may need (payments.md I5). */
  | { readonly code: 'expires-soon' }
  | { readonly code: 'no-agreed-amount' }
  /** Another tab began a payment of this order in the same moment. */
  | { readonly code: 'under-way' }
  /** Between the look and the payment the merchant replaced it, or the order ended. */
  | { readonly code: 'superseded' }

const LEAST_SECONDS = 30

/**
 * Checks the request as it stands now (T7), notes that a payment begins, and only then asks the wallet. A crash or a
 * time-out leaves the note: nothing is offered to be paid twice until it is known what became of it. The note is the lock,
 * too: of two tabs that begin at once the journal takes one, and a tab that dies holds nothing (T9, T13).
 */
export async function payOrder(deps: PayOrderDeps, key: OrderKey): Promise<Result<PayOutcome, PayError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const now = deps.clock.now()
  const state = paymentPanel({ order: read.value.order, now, outboxWaiting: false, network: deps.network, knownHashes: deps.knownHashes(), accepted: deps.accepted })
  if (state.type !== 'ready')
    return err({ code: 'not-payable', state: state.type })
  if (!state.checks.oneTap && deps.accepted === null)
    return err({ code: 'no-agreed-amount' })
  if (state.expiresAt - now < LEAST_SECONDS)
    return err({ code: 'expires-soon' })
  const invoice = decodeRequestInvoice(state.bolt11)
  if (!invoice.ok)
    return err({ code: 'not-payable', state: 'mismatch' })

  const { paymentHash } = invoice.value
  const begun = await begin(deps, key, paymentHash, read.value.messages)
  if (!begun.ok)
    return begun
  const looked = await readOrder(deps, key, deps.signer.pubkey)
  // What arrived while this was noted counts: the former invoice is not to be paid any more (T10).
  if (!looked.ok || !isStillPayable(looked.value.order, paymentHash)) {
    const undone = await note(deps, key, { type: 'paying-failed', paymentHash, reason: 'superseded' })
    return !looked.ok ? looked : undone.ok ? err({ code: 'superseded' }) : undone
  }
  const outcome = await deps.wallet.pay(invoice.value)
  const noted = await noteOutcome(deps, key, paymentHash, state.msat, outcome)
  return noted.ok ? ok(outcome) : noted
}

const isStillPayable = (order: Order, hash: Hex32): boolean =>
  order.request?.paymentHash === hash && order.refusal === null && (order.payment === 'unpaid' || isAskedAgain(order)) && order.status !== 'cancelled' && order.status !== 'refunded'

/** The same note from every tab that saw the same attempts before: the journal adds one of them. */
async function begin({ journal, notes, clock, signer, wallet }: PayOrderDeps, key: OrderKey, paymentHash: Hex32, seen: readonly OrderMessage[]): Promise<Result<void, PayError>> {
  const attempt = seen.filter(({ type }) => type === 'paying').length + 1
  const fact = localFact({ id: factId('paying', key, String(attempt)), me: signer.pubkey, order: key, at: after(seen, clock) }, { type: 'paying', paymentHash, via: wallet.kind, ...wallet.id !== undefined && { wallet: wallet.id } })
  const kept = await keepFacts({ journal, ...notes && { notes } }, [fact])
  if (!kept.ok)
    return kept
  return kept.value.added === 0 ? err({ code: 'under-way' }) : ok(undefined)
}

/**
 * The person has looked into the wallet, which shows no payment: the way is open again. Only where nothing new can arrive by
 * that invoice any more.
 */
export async function giveUpPaying(deps: Pick<PayOrderDeps, 'journal' | 'notes' | 'clock' | 'signer' | 'network' | 'knownHashes'>, key: OrderKey): Promise<Result<void, PayError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { order } = read.value
  const state = paymentPanel({ order, now: deps.clock.now(), outboxWaiting: false, network: deps.network, knownHashes: deps.knownHashes(), accepted: null })
  if (order.paying === null || state.type !== 'could-not-check' || !state.over)
    return err({ code: 'not-payable', state: state.type })
  return note(deps, key, { type: 'paying-failed', paymentHash: order.paying, reason: 'not-seen' })
}

/**
 * Asks the wallet again what became of a payment that was begun. `unknown` goes on waiting. A 'failed' is believed only when no
 * tab can be trying any more: it may tell of an attempt before the one that runs. Another wallet than the one that was asked
 * to pay is not asked: its 'not found' would open the way to pay twice (T9).
 */
export async function resolvePayment(deps: Pick<PayOrderDeps, 'journal' | 'notes' | 'wallet' | 'clock' | 'signer'>, key: OrderKey): Promise<Result<PayOutcome | null, PayError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  if (!read.ok)
    return read
  const { paying, payingSince, requests } = read.value.order
  if (paying === null)
    return ok(null)
  if (!wasAsked(deps.wallet, read.value.order))
    return ok({ status: 'unknown', reason: 'another wallet was asked' })
  const msat = requests.find(({ paymentHash }) => paymentHash === paying)?.msat ?? null
  const outcome = await deps.wallet.resolve(paying)
  if (outcome.status === 'failed' && deps.clock.now() <= (payingSince ?? 0) + ANSWER_SECONDS)
    return ok({ status: 'unknown', reason: 'it may still be tried' })
  const noted = await noteOutcome(deps, key, paying, msat, outcome)
  return noted.ok ? ok(outcome) : noted
}

/** A payment of which another than the wallet tells: the service that made the invoice. '' = it proves nothing. */
export function notePaidElsewhere(deps: Pick<PayOrderDeps, 'journal' | 'notes' | 'clock' | 'signer'>, key: OrderKey, { paymentHash, msat, preimage }: { readonly paymentHash: Hex32, readonly msat: Msat, readonly preimage: Hex32 | null }): Promise<Result<void, StorageError>> {
  if (preimage !== null)
    return noteOutcome(deps, key, paymentHash, msat, { status: 'paid', preimage, fees: null })
  return note(deps, key, { type: 'wallet-paid', paymentHash, preimage: '', msat })
}

function noteOutcome(deps: Pick<PayOrderDeps, 'journal' | 'notes' | 'clock' | 'signer'>, key: OrderKey, paymentHash: Hex32, msat: Msat | null, outcome: PayOutcome): Promise<Result<void, StorageError>> {
  switch (outcome.status) {
    case 'paid':
      return note(deps, key, { type: 'wallet-paid', paymentHash, preimage: outcome.preimage, msat: msat ?? toMsat(0) })
    case 'declined':
      return note(deps, key, { type: 'paying-failed', paymentHash, reason: 'declined' })
    case 'failed':
      return note(deps, key, { type: 'paying-failed', paymentHash, reason: outcome.code })
    case 'unknown':
      return Promise.resolve(ok(undefined))
    default:
      return assertNever(outcome)
  }
}

async function note({ journal, notes, clock, signer }: Pick<PayOrderDeps, 'journal' | 'notes' | 'clock' | 'signer'>, order: OrderKey, body: FactBody): Promise<Result<void, StorageError>> {
  const messages = await journal.messagesOf(order)
  if (!messages.ok)
    return messages
  // A payment is paid once, however often the wallet is asked; it may begin and fail more than once.
  // A word without a proof must not stand in the proof's place.
  const id = body.type === 'wallet-paid' ? factId(body.type, order, body.paymentHash, ...(body.preimage === '' ? ['unproved'] : [])) : clock.newId()
  const kept = await keepFacts({ journal, ...notes && { notes } }, [localFact({ id, me: signer.pubkey, order, at: after(messages.value, clock) }, body)])
  return kept.ok ? ok(undefined) : kept
}

/** A beginning and its end in one second would be sorted by their ids: the end would sometimes come first. */
const after = (messages: readonly OrderMessage[], clock: Pick<Clock, 'now'>): Seconds =>
  toSeconds(Math.max(clock.now(), messages.reduce((newest: number, { type, sentAt }) => type === 'paying' || type === 'paying-failed' ? Math.max(newest, sentAt) : newest, -1) + 1))
