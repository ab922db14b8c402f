import type { Hex32, OrderKey, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import { HOLD_SECONDS, type Hold, type ReleaseReason } from '../domain/order/held-money'
import { refusalFor, stockVerdict, type OrderRefusal } from '../domain/order/stock'
import { isPaidTo } from '../domain/order/status'
import type { Order } from '../domain/order/types'
import { err, ok, type Result } from '../domain/result'
import type { InvoiceSource, InvoiceState } from '../ports/invoices'
import type { StorageError } from '../ports/journal'
import { listingsOf, type AutoInvoiceDeps } from './autoInvoice'
import { factId, localFact, type FactBody } from './local-fact'
import { keepFacts } from './own-notes'
import { readOrder, type ReadOrder } from './read-order'
import { afterOwnMessages, sayAbout } from './send'
import { settlePayment, type SettleDeps, type SettleError, type Settled } from './settlePayment'

type Shop = Pick<AutoInvoiceDeps, 'shelf' | 'orders' | 'shelfComplete' | 'isCurrent' | 'refusalWords'>

/** What the shopper reads; every text stands by itself, other clients show nothing beside it. */
export interface HoldWords {
  readonly held: string
  readonly released: (reason: ReleaseReason) => string
  /** The reason, where no listing says it any more. */
  readonly soldOut: string
}

export interface SettleHoldDeps extends SettleDeps, Shop {
  readonly source: Pick<InvoiceSource, 'lookup' | 'settleHold' | 'cancelHold'>
  readonly holdWords: HoldWords
}

/** By hand: what the merchant decided instead of the rules. */
export type HoldChoice = 'take' | 'release'

/** Whoever has the preimage decides first. */
const OTHERS_FIRST = 60
const ENDED: ReadonlySet<InvoiceState['status']> = new Set(['cancelled', 'failed', 'expired'])
const OVER: ReadonlySet<Order['status']> = new Set(['refunded', 'completed', 'disputed'])

type Verdict =
  | { readonly act: 'take' | 'wait' }
  | { readonly act: 'release', readonly reason: ReleaseReason }

/**
 * One step with a reserved payment, as the own wallet says it stands: the stock is checked, then it is taken or given back.
 * What was decided is kept before the wallet is told, so a crash between any two steps ends in the same place: run again,
 * it goes on where it stopped. A hold of another device, whose preimage is not here, is that device's to take; what that one
 * left undecided goes back from here as well.
 */
export async function settleHold(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32, choice: HoldChoice | null = null): Promise<Result<Settled, SettleError>> {
  const read = await readHold(deps, key, paymentHash)
  if (!read.ok)
    return read
  const { order, hold } = read.value
  if (order.merchant !== deps.signer.pubkey)
    return err({ code: 'not-yours' })
  if (hold === undefined)
    return settlePayment(deps, key, paymentHash)
  const state = await deps.source.lookup(paymentHash)
  if (hold.preimage === null)
    return withoutPreimage(deps, key, hold, state)
  if (state.status === 'accepted')
    return onHeld(deps, key, paymentHash, state, choice)
  if (state.status === 'settled')
    return settlePayment(deps, key, paymentHash)
  if (ENDED.has(state.status))
    return afterEnd(deps, key, paymentHash, state)
  const dead = state.status === 'pending' ? whyDead(order, paymentHash) ?? (hold.state === 'releasing' ? hold.reason : null) : null
  return dead === null ? ok({ state, found: 'nothing' }) : release(deps, key, paymentHash, dead)
}

/** To give back takes the hash alone; to take it takes the preimage. */
async function withoutPreimage(deps: SettleHoldDeps, key: OrderKey, hold: Hold, state: InvoiceState): Promise<Result<Settled, SettleError>> {
  const { paymentHash } = hold
  if (ENDED.has(state.status) && hold.state === 'releasing')
    return afterEnd(deps, key, paymentHash, state)
  if (state.status !== 'accepted')
    return settlePayment(deps, key, paymentHash)
  const now = deps.clock.now()
  const due = hold.releaseAt ?? (hold.heldAt === null ? null : hold.heldAt + HOLD_SECONDS)
  if (due === null) {
    const kept = await keepStep(deps, key, paymentHash, heldStep(state, now))
    return kept.ok ? ok({ state, found: 'nothing' }) : kept
  }
  return hold.state === 'taking' || now < due + OTHERS_FIRST ? ok({ state, found: 'nothing' }) : release(deps, key, paymentHash, hold.reason ?? 'too-late')
}

/** Gives up an invoice that nobody has paid, before another takes its place. What has been paid meanwhile goes its own way. */
export async function withdrawHold(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32): Promise<Result<Settled, SettleError>> {
  const read = await readHold(deps, key, paymentHash)
  if (!read.ok)
    return read
  if (read.value.order.merchant !== deps.signer.pubkey)
    return err({ code: 'not-yours' })
  const state = await deps.source.lookup(paymentHash)
  return state.status === 'pending' && read.value.hold !== undefined ? release(deps, key, paymentHash, 'replaced') : settleHold(deps, key, paymentHash)
}

const heldStep = ({ msat, heldUntil }: Extract<InvoiceState, { status: 'accepted' }>, now: Seconds): StepBody =>
  ({ step: 'held', msat, releaseAt: toSeconds(now + HOLD_SECONDS), ...heldUntil !== undefined && { heldUntil } })

interface ReadHold extends ReadOrder { readonly hold: Hold | undefined }

async function readHold(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32): Promise<Result<ReadHold, SettleError>> {
  const read = await readOrder(deps, key, deps.signer.pubkey)
  return read.ok ? ok({ ...read.value, hold: read.value.order.holds.find(one => one.paymentHash === paymentHash) }) : read
}

type StepBody = Omit<Extract<FactBody, { readonly type: 'hold' }>, 'type' | 'paymentHash'>

/** Each step once, whoever finds it. */
async function keepStep(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32, body: StepBody): Promise<Result<unknown, StorageError>> {
  return keepFacts(deps, [localFact({ id: factId('hold', body.step, key, paymentHash), me: deps.signer.pubkey, order: key, at: deps.clock.now() }, { type: 'hold', paymentHash, ...body })])
}

async function onHeld(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32, state: Extract<InvoiceState, { status: 'accepted' }>, choice: HoldChoice | null): Promise<Result<Settled, SettleError>> {
  const now = deps.clock.now()
  const kept = await keepStep(deps, key, paymentHash, heldStep(state, now))
  if (!kept.ok)
    return kept
  const read = await readHold(deps, key, paymentHash)
  if (!read.ok)
    return read
  const { order, hold } = read.value
  const verdict = hold === undefined ? { act: 'wait' as const } : judge(deps, order, hold, now, choice)
  switch (verdict.act) {
    case 'take': return take(deps, key, paymentHash)
    case 'release': return release(deps, key, paymentHash, verdict.reason)
    case 'wait': {
      const told = hold?.told.held === false ? await sayHold(deps, read.value, paymentHash, 'held', deps.holdWords.held) : ok(undefined)
      return told.ok ? ok({ state, found: 'nothing' }) : told
    }
  }
}

/** What was decided once stands. Who gets the last piece does not depend on who paid in which sequence (T11). */
function judge(deps: Shop, order: Order, hold: Hold, now: Seconds, choice: HoldChoice | null): Verdict {
  if (hold.state === 'taking')
    return { act: 'take' }
  if (hold.state === 'releasing')
    return { act: 'release', reason: hold.reason ?? 'by-hand' }
  const asked = order.issued.find(({ paymentHash }) => paymentHash === hold.paymentHash)?.asked ?? 0
  const dead = whyDead(order, hold.paymentHash) ?? ((hold.msat ?? 0) < asked ? 'too-little' : now >= (hold.releaseAt ?? 0) ? 'too-late' : null)
  if (dead !== null)
    return { act: 'release', reason: dead }
  if (choice !== null)
    return choice === 'take' ? { act: 'take' } : { act: 'release', reason: 'by-hand' }
  const shelf = deps.shelf()
  const refusal = lacking(deps, order, now)
  // By an old version of a listing it would be taken for pieces that are gone, or refused for pieces that are there.
  if (!deps.shelfComplete() && (refusal !== null || !listingsOf(order, shelf).every(deps.isCurrent)))
    return { act: 'wait' }
  return refusal === null ? { act: 'take' } : { act: 'release', reason: 'sold-out' }
}

function lacking({ shelf, orders }: Shop, order: Order, now: Seconds): OrderRefusal | null {
  const here = shelf()
  const own = new Map([...here.products].filter(([, product]) => product.author === order.merchant))
  const all = [...[...orders()].filter(({ key }) => key !== order.key), order]
  return refusalFor(order, here, stockVerdict(own, all, now))
}

/** Why nothing may be taken by this invoice any more, whatever the stock. */
function whyDead(order: Order, paymentHash: Hex32): ReleaseReason | null {
  if (order.cancelledBy !== null || order.refusal !== null || OVER.has(order.status))
    return 'order-over'
  // A preimage of a former invoice may have leaked before payment: it pays for nothing (T8).
  if (isPaidTo(order, 'merchant'))
    return 'paid-otherwise'
  return order.requests.some(request => request.paymentHash === paymentHash && request.supersededBy !== null) ? 'replaced' : null
}

/** The decision first, then the wallet, then what the wallet says of it. */
async function take(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32): Promise<Result<Settled, SettleError>> {
  const kept = await keepStep(deps, key, paymentHash, { step: 'taking' })
  if (!kept.ok)
    return kept
  const read = await readHold(deps, key, paymentHash)
  if (!read.ok)
    return read
  const { hold } = read.value
  if (hold?.state === 'taking' && hold.preimage !== null)
    await deps.source.settleHold?.(hold.preimage)
  const settled = await settlePayment(deps, key, paymentHash)
  // The wallet does not do it yet: whoever paid is not left with a payment that says nothing.
  if (settled.ok && settled.value.state.status === 'accepted' && hold?.told.held === false) {
    const told = await sayHold(deps, read.value, paymentHash, 'held', deps.holdWords.held)
    if (!told.ok)
      return told
  }
  return settled
}

async function release(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32, reason: ReleaseReason): Promise<Result<Settled, SettleError>> {
  const kept = await keepStep(deps, key, paymentHash, { step: 'releasing', reason })
  if (!kept.ok)
    return kept
  await deps.source.cancelHold?.(paymentHash)
  const state = await deps.source.lookup(paymentHash)
  if (state.status === 'settled')
    return settlePayment(deps, key, paymentHash)
  return ENDED.has(state.status) ? afterEnd(deps, key, paymentHash, state) : ok({ state, found: 'nothing' })
}

/** The wallet says that it is back: kept, and told once. An invoice that merely ran out was never held. */
async function afterEnd(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32, state: InvoiceState): Promise<Result<Settled, SettleError>> {
  const before = await readHold(deps, key, paymentHash)
  if (!before.ok)
    return before
  const { hold } = before.value
  if (hold === undefined || (state.status === 'expired' && hold.state === 'asked'))
    return ok({ state, found: 'nothing' })
  const kept = await keepStep(deps, key, paymentHash, { step: 'released', reason: hold.reason ?? 'by-wallet' })
  if (!kept.ok)
    return kept
  const told = await tellReleased(deps, key, paymentHash)
  return told.ok ? ok({ state, found: 'nothing' }) : told
}

async function tellReleased(deps: SettleHoldDeps, key: OrderKey, paymentHash: Hex32): Promise<Result<void, SettleError>> {
  const read = await readHold(deps, key, paymentHash)
  if (!read.ok)
    return read
  const { order, hold } = read.value
  if (hold?.state !== 'released')
    return ok(undefined)
  if (!hold.told.released) {
    const said = await sayHold(deps, read.value, paymentHash, 'released', deps.holdWords.released(hold.reason ?? 'by-wallet'))
    if (!said.ok)
      return said
  }
  if (hold.told.refused)
    return ok(undefined)
  const after = await readHold(deps, key, paymentHash)
  if (!after.ok)
    return after
  const refusal = lacking(deps, order, deps.clock.now())
  await afterOwnMessages(deps, after.value.messages, deps.signer.pubkey)
  const sent = await sayAbout(deps, order, { say: 'refusal', text: refusal === null ? deps.holdWords.soldOut : deps.refusalWords(refusal), pin: order.placedBy })
  return sent.ok ? ok(undefined) : sent
}

async function sayHold(deps: SettleHoldDeps, { order, messages }: ReadOrder, hash: Hex32, state: 'held' | 'released', text: string): Promise<Result<void, SettleError>> {
  await afterOwnMessages(deps, messages, deps.signer.pubkey)
  const sent = await sayAbout(deps, order, { say: 'word', by: deps.signer.pubkey, text, extra: { hold: { state, hash } } })
  return sent.ok ? ok(undefined) : sent
}
