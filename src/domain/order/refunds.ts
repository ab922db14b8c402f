import { toMsat, type EventId, type Hex32, type Msat } from '../brand'
import { SAT } from './excess'
import { isRefundLock } from './open-refund'
import type { Paid } from './payments'
import { hashOfPreimage } from './receipt-proof'
import type { RefundLine, RefundLines, RefundPay, RefundRecord, RefundState, OrderRefunds } from './refund-types'
import { readRequestInvoice } from './request-peek'
import { comparePositions, isBefore, type Entry, type Position } from './sequence'

export interface Refunds extends OrderRefunds {
  /** From where on what came back covers what was paid; null: it does not. */
  readonly coveredSince: Position | null
  readonly lines: RefundLines
}

interface Draft {
  readonly id: string
  readonly from: Position
  asked: (Position & { readonly msat: Msat, readonly reason: string }) | null
  /** By the shopper, oldest first: an invoice for this refund, or an address. */
  readonly given: { readonly to: string, readonly at: Position }[]
  readonly facts: (Position & { readonly fact: RefundPay })[]
  said: (Position & { readonly msat: Msat, readonly proof: string, readonly text: string }) | null
  arrived: boolean
}

const INVOICE = /\b(ln(?:bcrt|tbs|bc|tb|sb)\d[0-9a-z]{100,2400})\b/i

/** Money that goes back, as asked, given, paid and said by whom it belongs to (payments.md §8.5). */
export function gatherRefunds(entries: readonly Entry[], paid: Paid): Refunds {
  const drafts = draftsOf(entries)
  const lines = new Map<EventId, RefundLine>()
  let declined: (Position & { readonly text: string }) | null = null
  let address = ''
  const lastOffer = entries.findLast(({ by, message }) => by === 'merchant' && message.type === 'status' && (message.refundStep?.step === 'ask' || message.refundStep?.step === 'none'))
  const isReplaced = ({ id, asked, from }: Draft): boolean => lastOffer !== undefined && isBefore(asked ?? from, lastOffer) && offeredIn(lastOffer) !== id

  for (const entry of entries) {
    const { at, id, by, message } = entry
    if (message.type === 'refund-pay' && by === 'merchant' && !isRefundLock(message))
      lines.set(id, payLine(message))
    if (message.type !== 'status' || message.refundStep === undefined)
      continue
    const step = message.refundStep
    if (by === 'merchant' && (step.step === 'ask' || step.step === 'none')) {
      const ends = step.step === 'none' || step.rest === 'kept'
      declined = ends ? { at, id, text: message.text } : null
      lines.set(id, { what: step.step === 'none' ? 'refund-declined' : 'refund-asked', verified: false, text: message.text })
    }
    else if (by === 'shopper' && step.step === 'to') {
      if (step.to.includes('@'))
        address = step.to
      lines.set(id, { what: 'refund-given', verified: false, text: step.to.includes('@') ? step.to : '' })
    }
    else if (by === 'shopper' && step.step === 'got') {
      lines.set(id, { what: 'refund-confirmed', verified: false, text: message.text })
    }
  }

  const proofs = new Set<Hex32>()
  const refunds: RefundRecord[] = []
  const done: (Position & { readonly msat: Msat })[] = []
  for (const draft of drafts) {
    const record = recordOf(draft, address, isReplaced(draft))
    const paidAt = paidPosition(draft)
    const shown = record.preimage === '' ? null : hashOfPreimage(record.preimage)
    // One proof pays one refund.
    if (paidAt !== null && shown !== null && proofs.has(shown))
      continue
    if (shown !== null)
      proofs.add(shown)
    refunds.push(record)
    if (paidAt !== null) {
      done.push({ ...paidAt, msat: record.msat })
      // Said once: by the own wallet's fact, else by the word.
      for (const { id, fact } of draft.facts)
        if (fact.state === 'paid')
          lines.delete(id)
      lines.set(paidAt.id, { what: 'refunded', verified: record.proved, text: draft.said?.text ?? '' })
    }
  }
  return { ...sumUp(done, paid), refunds, refundDeclined: declined === null ? null : { text: declined.text, at: declined.at }, refundAddress: address, lines }
}

/** The refund that an offer names; one that takes every offer back names none. */
const offeredIn = ({ message }: Entry): string | null =>
  message.type === 'status' && message.refundStep?.step === 'ask' ? message.refundStep.id : null

const payLine = ({ state, reason }: RefundPay): RefundLine =>
  ({ what: state === 'paid' ? 'refunded' : `refund-${state}`, verified: false, text: state === 'begun' ? '' : reason })

/** Each refund with all that was said about it. Whatever names one first opens it: clocks differ. */
function draftsOf(entries: readonly Entry[]): readonly Draft[] {
  const drafts = new Map<string, Draft>()
  const draft = (id: string, { at, id: message }: Position): Draft => {
    const known = drafts.get(id)
    if (known !== undefined)
      return known
    const made: Draft = { id, from: { at, id: message }, asked: null, given: [], facts: [], said: null, arrived: false }
    drafts.set(id, made)
    return made
  }
  for (const entry of entries) {
    const { at, id, by, message } = entry
    if (by !== 'merchant')
      continue
    if (message.type === 'refund-pay') {
      if (isRefundLock(message))
        continue
      draft(message.refund, entry).facts.push({ at, id, fact: message })
    }
    else if (message.type === 'status' && message.refundStep?.step === 'ask') {
      draft(message.refundStep.id, entry).asked ??= { at, id, msat: message.refundStep.msat, reason: message.refundStep.why ?? message.text }
    }
    if (message.type === 'status' && message.refund !== undefined)
      draft(message.refund.id ?? id, entry).said ??= { at, id, msat: message.refund.msat, proof: message.refund.proof, text: message.text }
  }
  for (const entry of drafts.size === 0 ? [] : entries) {
    if (entry.by === 'shopper')
      answer(drafts, entry)
  }
  return [...drafts.values()]
}

function answer(drafts: ReadonlyMap<string, Draft>, { at, id, message }: Entry): void {
  if (message.type === 'status') {
    const step = message.refundStep
    if (step?.step === 'to')
      drafts.get(step.id)?.given.push({ to: step.to, at: { at, id } })
    else if (step?.step === 'got' && drafts.has(step.id))
      Object.assign(drafts.get(step.id) ?? {}, { arrived: true })
    return
  }
  // On other clients an invoice comes as words: of exactly what was asked, it is the answer.
  const text = message.type === 'chat' ? INVOICE.exec(message.text)?.[1]?.toLowerCase() : undefined
  const invoice = text === undefined ? null : readRequestInvoice(text)
  if (invoice === null)
    return
  for (const draft of drafts.values()) {
    if (draft.asked !== null && draft.asked.msat === invoice.amount && isBefore(draft.asked, { at, id }))
      draft.given.push({ to: invoice.bolt11, at: { at, id } })
  }
}

const earliestOf = (a: Position | null, b: Position | null): Position | null =>
  a === null ? b : b === null || isBefore(a, b) ? a : b

function paidPosition({ facts, said }: Draft): Position | null {
  const fact = facts.find(one => one.fact.state === 'paid')
  const first = earliestOf(fact ?? null, said)
  return first === null ? null : { at: first.at, id: first.id }
}

function recordOf(draft: Draft, address: string, replaced: boolean): RefundRecord {
  const { id, asked, said, given, facts } = draft
  const open = openAttempt(facts)
  const begun = facts.findLast(({ fact }) => fact.state === 'begun' && (open === null || fact.paymentHash === open.fact.paymentHash)) ?? open
  const paid = facts.find(({ fact }) => fact.state === 'paid')
  const last = open ?? facts.at(-1)
  const target = given.at(-1)?.to ?? address
  const proof = proofOf(draft)
  const state = stateOf(draft, target, replaced)
  const attempt = open?.fact ?? paid?.fact ?? begun?.fact
  const isOpen = state === 'paying' || state === 'unknown' || state === 'paid'
  return {
    id,
    at: draft.from.at,
    state,
    msat: paidTwice(facts) ?? proof.msat ?? paid?.fact.msat ?? said?.msat ?? (isOpen ? begun?.fact.msat : undefined) ?? asked?.msat ?? begun?.fact.msat ?? toMsat(0),
    reason: asked?.reason ?? begun?.fact.reason ?? said?.text ?? '',
    target,
    bolt11: isOpen ? begun?.fact.bolt11 ?? '' : '',
    paymentHash: open?.fact.paymentHash ?? proof.paymentHash ?? (isOpen ? attempt?.paymentHash ?? null : null),
    via: isOpen ? attempt?.via ?? null : null,
    begunAt: begun?.at ?? null,
    paidAt: paidPosition(draft)?.at ?? null,
    preimage: proof.preimage,
    proved: proof.paymentHash !== null,
    fee: paid?.fact.fee ?? null,
    failure: last !== undefined && (last.fact.state === 'failed' || last.fact.state === 'unknown') ? last.fact.reason : '',
    told: said !== null,
    arrived: draft.arrived,
    ...(asked === null && said === null && { unasked: true }),
  }
}

/** Two devices that knew nothing of each other: all of it went. null: they did not. */
function paidTwice(facts: Draft['facts']): Msat | null {
  const paid = new Map(facts.flatMap(({ fact }) => fact.state === 'paid' && fact.paymentHash !== null ? [[fact.paymentHash, fact.msat] as const] : []))
  const sum = [...paid.values()].reduce((total, msat) => total + msat, 0)
  return paid.size > 1 && Number.isSafeInteger(sum) ? toMsat(sum) : null
}

interface Proof { readonly preimage: string, readonly paymentHash: Hex32 | null, readonly msat: Msat | null }

/** A preimage proves the invoice that the shopper gave; to the merchant also the one that his own device paid. */
function proofOf({ facts, said, given }: Draft): Proof {
  const invoices = given.flatMap(({ to }) => readRequestInvoice(to) ?? [])
  const own = facts.find(({ fact }) => fact.state === 'paid')?.fact
  if (own !== undefined && own.paymentHash !== null && hashOfPreimage(own.preimage) === own.paymentHash)
    return { preimage: own.preimage, paymentHash: own.paymentHash, msat: own.msat }
  const proof = said?.proof ?? ''
  const hash = hashOfPreimage(proof)
  const invoice = invoices.find(({ paymentHash }) => paymentHash === hash)
  return { preimage: hash === null ? '' : proof.toLowerCase(), paymentHash: invoice?.paymentHash ?? null, msat: invoice?.amount ?? null }
}

/**
 * The newest word on the newest attempt whose end is not known; null: all have ended. Another device may have begun with another
 * invoice: what became of one says nothing of the other.
 */
function openAttempt(facts: Draft['facts']): Draft['facts'][number] | null {
  const newest = new Map(facts.map(one => [one.fact.paymentHash, one] as const))
  return facts.findLast(one => newest.get(one.fact.paymentHash) === one && (one.fact.state === 'begun' || one.fact.state === 'unknown')) ?? null
}

function stateOf({ said, given, facts }: Draft, target: string, replaced: boolean): RefundState {
  const open = openAttempt(facts)
  if (open !== null)
    return open.fact.state === 'unknown' ? 'unknown' : 'paying'
  if (said !== null || facts.some(({ fact }) => fact.state === 'paid'))
    return 'paid'
  if (replaced)
    return 'replaced'
  const newest = given.at(-1)
  const last = facts.at(-1)
  if (last !== undefined && (newest === undefined || isBefore(newest.at, last)))
    return 'failed'
  return target === '' ? 'asked' : 'ready'
}

/** Whole and bounded, whatever was said: nobody gives back more than came. */
function sumUp(done: readonly (Position & { readonly msat: Msat })[], paid: Paid): Pick<Refunds, 'refundedMsat' | 'coveredSince'> {
  // What came late, or a second time, is there whether or not the order was paid.
  const hasCome = paid.since !== null || paid.payments.some(({ excess }) => excess !== undefined)
  const received = hasCome ? paid.msat : null
  let sum = 0
  let coveredSince: Position | null = null
  for (const { at, id, msat } of done.toSorted(comparePositions)) {
    sum = Math.min(sum + msat, received ?? Number.MAX_SAFE_INTEGER)
    if (coveredSince === null && sum > 0 && hasCome && sum + SAT > (received ?? 0))
      coveredSince = { at, id }
  }
  return { refundedMsat: toMsat(sum), coveredSince }
}
