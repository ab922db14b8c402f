import type { EventId } from '../brand'
import type { Ended } from './endings'
import type { Paid } from './payments'
import type { Placing } from './place'
import type { Asked } from './requests'
import { comparePositions, type Entry } from './sequence'
import type { HoldWord } from './held-money'
import type { FulfilmentWord, OrderMessage, OrderStatus, StatusMessage, TimelineEntry, TimelineWhat } from './types'

const wordWhat: Readonly<Record<FulfilmentWord, readonly [TimelineWhat, OrderStatus | null]>> = {
  accepted: ['accepted', 'order_confirmed'],
  processing: ['processing', 'processing'],
  ready_to_ship: ['ready-to-ship', 'ready_to_ship'],
  in_transit: ['in-transit', 'in_transit'],
  out_for_delivery: ['out-for-delivery', 'out_for_delivery'],
  delivered: ['delivered', 'delivered'],
  completed: ['completed', 'completed'],
  exception: ['exception', null],
}

/** Wallets and providers: nobody said it. */
const SYSTEMS: ReadonlySet<OrderMessage['type']> = new Set(['wallet-settled', 'wallet-paid', 'paying-failed', 'hold', 'escrow'])
const lockWhat = { locked: 'escrow_locked', disputed: 'disputed', released: 'completed', refunded: 'refunded' } as const

interface Line { readonly what: TimelineWhat, readonly status: OrderStatus | null, readonly verified?: boolean, readonly text?: string }

export interface TimelineNeeds {
  readonly placing: Placing
  readonly entries: readonly Entry[]
  readonly asked: Asked
  readonly paid: Paid
  readonly ended: Ended
  /** Accepted by hand: no longer somebody unknown. */
  readonly accepted: ReadonlySet<EventId>
}

/** What happened, one line per change: nostrmarket repeats 'paid' with every word. */
export function timelineOf({ placing, entries, asked, paid, ended, accepted }: TimelineNeeds): readonly TimelineEntry[] {
  const { counted } = placing
  const proofs = new Map(paid.payments.map(payment => [payment.message, payment.strength === 'proved']))
  const superseding = new Set(asked.requests.map(request => request.supersededBy))
  const lines: TimelineEntry[] = [{ at: counted.sentAt, what: 'placed', status: 'payment_pending', by: 'shopper', text: placing.shopperMessage, message: counted.id, verified: false }]
  for (const { id, sentAt } of placing.rewritten)
    lines.push({ at: sentAt, what: 'rewritten', status: null, by: 'shopper', text: '', message: id, verified: false })

  const said: SaidSoFar = { paid: false, shipped: false, words: new Set(), holds: new Set(), twice: saidTwice(entries) }
  for (const entry of entries) {
    const { at, id, message } = entry
    const by = message.type === 'unattributed' ? 'unattributed' : SYSTEMS.has(message.type) || (message.type === 'refund-pay' && message.via !== 'hand') ? 'system' : entry.by
    for (const { what, status, verified = false, text } of linesOf(entry, said, proofs, superseding, ended, accepted))
      lines.push({ at, what, status, by, text: text ?? ('text' in message ? message.text : ''), message: id, verified })
  }
  // Within one second an answer may come out before its order by its id alone: nothing is before the order.
  const isPlacing = ({ what }: TimelineEntry): number => Number(what === 'placed')
  return lines.toSorted((a, b) => (a.at === b.at ? isPlacing(b) - isPlacing(a) : 0) || comparePositions({ at: a.at, id: a.message }, { at: b.at, id: b.message }))
}

interface SaidSoFar { paid: boolean, shipped: boolean, readonly words: Set<FulfilmentWord>, readonly holds: Set<string>, readonly twice: ReadonlySet<EventId> }

function linesOf(entry: Entry, said: SaidSoFar, proofs: ReadonlyMap<EventId, boolean>, superseding: ReadonlySet<EventId | null>, ended: Ended, accepted: ReadonlySet<EventId>): readonly Line[] {
  const { id, by, message } = entry
  const refund = ended.refunds.lines.get(id)
  switch (message.type) {
    case 'payment-request':
      return [{ what: superseding.has(id) ? 'reissued' : 'requested', status: 'payment_requested' }]
    case 'self-made':
      return [{ what: 'self-made', status: 'payment_requested', text: message.address }]
    case 'refusal':
      return [{ what: 'refused', status: 'failed' }]
    case 'receipt':
    case 'wallet-paid':
    case 'wallet-settled': {
      const proved = proofs.get(id)
      // A second word on a payment already listed.
      if (proved === undefined)
        return []
      return [{ what: proved ? 'paid-proved' : 'paid-claimed', status: proved ? 'payment_confirmed' : null, verified: proved }]
    }
    case 'paying-failed':
      return [{ what: 'payment-failed', status: null, text: message.reason }]
    case 'hold':
      return !said.twice.has(entry.id) && (message.step === 'held' || (message.step === 'released' && said.holds.has(`held ${message.paymentHash}`))) ? holdLines({ state: message.step, hash: message.paymentHash }, said) : []
    case 'escrow':
      return [{ what: `escrow-${message.state}`, status: lockWhat[message.state], text: message.provider, verified: message.proof !== '' }]
    case 'plan':
      return [{ what: 'plan', status: null }]
    case 'unattributed':
      return accepted.has(id) ? [] : [{ what: 'unattributed', status: null }]
    case 'refund-pay':
      return refund === undefined ? [] : [{ ...refund, status: null }]
    case 'status':
      // A second word on a refund already listed says nothing new.
      if (message.refund !== undefined || message.refundStep !== undefined)
        return [...refund === undefined ? [] : [{ ...refund, status: null }], ...statusLines(entry, { ...message, text: '' }, said, ended.onlyAsked.has(id) && by === 'shopper')]
      return statusLines(entry, message, said, ended.onlyAsked.has(id) && by === 'shopper')
    default:
      return []
  }
}

/**
 * The fact of the own wallet and the word that tells of it are one thing that happened: that it is held is known from the wallet,
 * why it went back from the word.
 */
function saidTwice(entries: readonly Entry[]): ReadonlySet<EventId> {
  const held = new Set(entries.flatMap(({ message }) => message.type === 'hold' && message.step === 'held' ? [message.paymentHash] : []))
  const back = new Set(entries.flatMap(({ by, message }) => by === 'merchant' && message.type === 'status' && message.hold?.state === 'released' ? [message.hold.hash] : []))
  return new Set(entries.flatMap(({ id, message }) =>
    (message.type === 'status' && message.hold?.state === 'held' && held.has(message.hold.hash))
    || (message.type === 'hold' && message.step === 'released' && back.has(message.paymentHash))
      ? [id]
      : []))
}

function holdLines({ state, hash }: HoldWord, said: SaidSoFar): readonly Line[] {
  const name = `${state} ${hash}`
  if (state === 'asked' || said.holds.has(name))
    return []
  said.holds.add(name)
  return [state === 'held' ? { what: 'held', status: 'escrow_locked', verified: true } : { what: 'hold-released', status: null }]
}

function statusLines({ id, by }: Entry, message: StatusMessage, said: SaidSoFar, onlyAsks: boolean): readonly Line[] {
  const lines: Line[] = []
  if (by === 'merchant') {
    if (message.hold !== undefined && !said.twice.has(id))
      lines.push(...holdLines(message.hold, said).map(line => ({ ...line, verified: false })))
    if (message.takesBackPaid) {
      said.paid = false
      lines.push({ what: 'payment-taken-back', status: null })
    }
    else if (message.saidPaid && !said.paid) {
      said.paid = true
      lines.push({ what: 'paid-said', status: 'payment_confirmed' })
    }
    if (message.shipped !== undefined && message.shipped !== said.shipped) {
      said.shipped = message.shipped
      lines.push(message.shipped ? { what: 'shipped', status: 'shipped' } : { what: 'unshipped', status: 'processing' })
    }
  }
  if (message.word !== undefined && (!said.words.has(message.word) || message.word === 'exception') && (by === 'merchant' || message.word === 'delivered' || message.word === 'completed')) {
    said.words.add(message.word)
    const [what, status] = wordWhat[message.word]
    lines.push({ what, status })
  }
  if (message.cancelled)
    lines.push(onlyAsks ? { what: 'cancel-requested', status: null } : { what: 'cancelled', status: 'cancelled' })
  if (message.keepsOrder && by === 'merchant')
    lines.push({ what: 'cancel-declined', status: null })
  if (message.dispute !== undefined)
    lines.push({ what: `dispute-${message.dispute}`, status: message.dispute === 'opened' ? 'disputed' : null })
  if (lines.length === 0 && by === 'merchant' && message.tracking !== undefined)
    return [{ what: 'tracking', status: null }]
  return lines.length === 0 && message.text !== '' && message.hold === undefined ? [{ what: 'status-text', status: null }] : lines
}
