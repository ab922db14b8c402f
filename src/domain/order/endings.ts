import { movedBefore, type Fulfilled } from './fulfilment'
import type { Paid } from './payments'
import { gatherRefunds, type Refunds } from './refunds'
import { isBefore, type Entry, type Position } from './sequence'
import type { Order, Role } from './types'

export interface Ended {
  readonly cancelled: (Position & { readonly by: Role, readonly reason: string }) | null
  readonly cancelRequestedBy: Role | null
  /** Merchant's cancellations that came too late. */
  readonly tooLate: readonly ('cancelled-after-shipped' | 'cancelled-after-completed')[]
  /** Message ids of cancellations that only ask: for the timeline. */
  readonly onlyAsked: ReadonlySet<string>
  readonly refunds: Refunds
  readonly refundCovers: boolean
  readonly dispute: Order['dispute']
}

/**
 * Cancellation, refund and dispute: how an order ends other than well (orders.md §5.7).
 * @param counted what this side may build on: a preimage from outside is no money that could go back (T8)
 */
export function gatherEndings(entries: readonly Entry[], fulfilled: Fulfilled, paid: Paid, counted: Paid = paid): Ended {
  const refunds = gatherRefunds(entries, counted.since === null ? paid : counted)
  const covered = refunds.coveredSince
  let dispute: Order['dispute'] = null
  for (const entry of entries)
    dispute = disputed(dispute, entry, covered !== null && !isBefore(entry, covered))
  return { ...gatherCancels(entries, fulfilled, paid), refunds, refundCovers: covered !== null, dispute }
}

type Cancels = Pick<Ended, 'cancelled' | 'cancelRequestedBy' | 'tooLate' | 'onlyAsked'>

/** Which word ended the order, if one did, and which only ask for it. */
export function gatherCancels(entries: readonly Entry[], fulfilled: Fulfilled, paid: Paid): Cancels {
  let cancelled: Ended['cancelled'] = null
  let asked: Role | null = null
  const tooLate = new Set<'cancelled-after-shipped' | 'cancelled-after-completed'>()
  const onlyAsked = new Set<string>()
  const answered = answeredUpTo(entries)

  for (const [index, entry] of entries.entries()) {
    const { at, by, message } = entry
    if (message.type !== 'status')
      continue
    if (message.cancelled && cancelled === null) {
      const moved = movedBefore(fulfilled, entry)
      if (by === 'merchant' ? moved === null : moved === null && !paidBefore(paid, entry)) {
        cancelled = { at, id: entry.id, by, reason: message.text }
      }
      else {
        onlyAsked.add(entry.id)
        asked = by === 'shopper' && index > answered ? by : asked
        if (by === 'merchant')
          tooLate.add(moved === 'completed' ? 'cancelled-after-completed' : 'cancelled-after-shipped')
      }
    }
  }
  return {
    cancelled,
    cancelRequestedBy: cancelled === null ? asked : null,
    tooLate: [...tooLate],
    onlyAsked,
  }
}

/** Where the newest wish to cancel stands that the merchant said no to, by its name: clocks differ. -1: he said no to none. */
function answeredUpTo(entries: readonly Entry[]): number {
  const kept = new Set(entries.flatMap(({ by, message }) => by === 'merchant' && message.type === 'status' && message.keepsOrder !== undefined ? [message.keepsOrder] : []))
  return kept.size === 0 ? -1 : entries.findLastIndex(({ id, by, message }) => by === 'shopper' && message.type === 'status' && message.cancelled === true && kept.has(id))
}

export const paidBefore = (paid: Paid, point: Position): boolean => paid.since !== null && isBefore(paid.since, point)

/** Either opens; the opener, the merchant's own word or a full refund ends it. */
function disputed(known: Order['dispute'], { at, by, message }: Entry, refunded: boolean): Order['dispute'] {
  if (message.type !== 'status')
    return known
  if (message.dispute === 'opened' && known?.open !== true)
    return { by, reason: message.text, at, open: true }
  if (known?.open !== true)
    return known
  const ends = (message.dispute === 'withdrawn' && by === known.by) || (message.dispute === 'resolved' && by === 'merchant')
    || (message.word === 'completed' && by === known.by) || (refunded && by === 'merchant' && message.refund !== undefined)
  return ends ? { ...known, open: false } : known
}
