/** What the desk says in each state of a payment: what is, what is safe, and what to do next. */
import type { Msat } from '../../domain/brand'
import type { DeskPaymentState } from '../../domain/order/desk-payment-facts'
import { assertNever } from '../../domain/result'
import { agoText, fullText } from '../order/clock-text'
import { fill, wordOf } from '../order/words'
import { words } from './words'

export interface DeskPaymentView {
  readonly tone: 'quiet' | 'positive' | 'warning'
  readonly title: string
  /** Sentences; the last says what to do next. */
  readonly lines: readonly string[]
}

const w = words.order.invoice
const s = w.states

const view = (tone: DeskPaymentView['tone'], title: string, ...lines: readonly string[]): DeskPaymentView => ({ tone, title, lines })

export interface DeskPaymentTexts { readonly msat: (msat: Msat) => string, readonly now: number }

export function deskPaymentView(state: DeskPaymentState, { msat, now }: DeskPaymentTexts): DeskPaymentView {
  const amount = (value: Msat | null): string => value === null ? s.unnamed : msat(value)
  switch (state.type) {
    case 'not-invoiced':
      return view('quiet', w.none, s.notInvoiced)
    case 'waiting':
      return view('quiet', w.waiting, ...state.expiresAt === null ? [] : [fill(w.expires, { time: fullText(state.expiresAt) })], s.waiting)
    case 'expired':
      if (state.givenUp === true)
        return view('quiet', s.givenUpTitle, s.givenUp)
      return view('quiet', fill(s.expiredTitle, { time: agoText(state.expiredAt, now) }), s.expired)
    case 'checking':
      return view('warning', w.paidClaimed, ...state.expired ? [s.checkingExpired] : [], s.checking)
    case 'could-not-check':
      return view('warning', s.couldNotCheckTitle, state.claimed ? s.couldNotCheckClaimed : s.couldNotCheck)
    case 'reserved':
      return view('quiet', w.reserved, state.by === 'wallet' ? s.reserved : s.reservedEscrow)
    case 'released':
      return view('quiet', s.releasedTitle, s.released)
    case 'paid':
      if (state.askedMsat !== undefined)
        return view('positive', s.takenTitle, fill(s.amounts, { asked: msat(state.askedMsat), arrived: amount(state.msat) }), s.taken)
      return state.strength === 'proved' ? view('positive', w.paidProved, s.proved) : view('quiet', w.paidSaid, s.said)
    case 'underpaid':
      return view('warning', s.underpaidTitle, fill(s.amounts, { asked: msat(state.askedMsat), arrived: amount(state.msat) }), s.underpaid)
    case 'overpaid':
      return view('positive', s.overpaidTitle, fill(s.amounts, { asked: msat(state.askedMsat), arrived: amount(state.msat) }), s.overpaid)
    case 'paid-twice':
      return view('warning', s.twiceTitle, fill(s.arrived, { arrived: amount(state.msat) }), s.twice)
    case 'paid-late':
      return state.after === 'end' ? view('warning', s.lateEndTitle, s.lateEnd) : view('positive', s.lateReissueTitle, s.lateReissue)
    case 'refund-due':
      return view('warning', s.refundTitle, s.refund)
    case 'mismatch':
      return view('warning', s.mismatchTitle, ...state.codes.map(code => wordOf(s.codes, code, s.codes.damaged)), s.mismatch)
    case 'refused':
      return view('quiet', w.refused, s.refused)
    case 'ended':
      return view('quiet', s.endedTitle, s.ended)
    default:
      return assertNever(state)
  }
}
