/** What the panel says and offers in each state: words, what is safe, and the next action (expectations 20–25). */
import { panelWords } from './words'
import { toMsat, type Msat } from '../../../domain/brand'
import { tenthsApart } from '../../../domain/order/amount-band'
import type { PaidState } from '../../../domain/order/paid-state'
import type { PaymentPanelState } from '../../../domain/order/payment-panel'
import { assertNever } from '../../../domain/result'
import byHand from '../../../locales/by-hand.en.json'
import { fill, wordOf } from '../words'

export type PanelAct = 'pay-address' | 'message' | 'retry' | 'ask-anew' | 'accept' | 'order-again' | 'remind' | 'cancel' | 'show-new' | 'not-paid' | 'claim'
export type Tone = 'quiet' | 'info' | 'positive' | 'warning' | 'negative'

export interface PanelView {
  readonly tone: Tone
  readonly icon: 'clock' | 'offline' | 'bolt' | 'check' | 'question' | 'warning' | 'cancel' | 'info'
  readonly title: string
  /** One loud sentence, before everything else. */
  readonly warn: string | null
  readonly body: readonly string[]
  /** Worth knowing before paying what may be paid. */
  readonly note: string | null
  /** Where an invoice that nobody sent comes from, and what cannot be known of it. */
  readonly origin: readonly string[]
  /** What is safe. Always said, in every state where money is not settled. */
  readonly safe: string | null
  readonly acts: readonly { readonly act: PanelAct, readonly label: string, readonly primary: boolean }[]
}

const p = panelWords
/** After this long without an invoice we say that it is slow. */
const SLOW_SECONDS = 600

const view = (tone: Tone, icon: PanelView['icon'], title: string, body: readonly string[], rest: Partial<PanelView> = {}): PanelView =>
  ({ tone, icon, title, body, note: null, origin: [], warn: null, safe: null, acts: [], ...rest })

/** It can be said wherever an invoice may have been paid by a wallet that tells nothing here. */
const havePaid = { act: 'claim', label: p.claim.act, primary: false } as const

/**
 * @param amount says an amount of msat with its unit, as the person wants it shown
 * @param name what the merchant is called: a stranger's text
 * @param way by which zone it is sent, where that is not the one that was chosen: a stranger's text; '' for unknown
 */
export function panelView(state: PaymentPanelState, amount: (msat: Msat) => string, name: string = p.askedAgreed.who, way = ''): PanelView {
  switch (state.type) {
    case 'waiting-for-merchant':
      return waitingView(state)
    case 'not-sent':
      return view('warning', 'offline', p.notSent.title, [p.notSent.body, p.notSent.close],
        { safe: p.notSent.safe, acts: [{ act: 'retry', label: p.notSent.act, primary: true }] })
    case 'prepaid':
      return prepaidView(state, name)
    case 'ready':
      return view('quiet', 'bolt', p.ready.title, [p.ready.body], {
        note: readyNote(state, amount, way),
        safe: state.reserve === true ? p.held.before : null,
        warn: state.afterUnknown ? p.ready.afterUnknown : state.afterClaim ? byHand.ways.afterClaim : state.afterAddress === undefined ? null : fill(p.prepaid.after, { address: state.afterAddress }),
        origin: originOf(state, name),
      })
    case 'paying':
      return view('info', 'clock', p.paying.title, [fill(p.paying.body, { via: wordOf(p.paying.via, state.via, p.paying.via.other) })], { safe: p.paying.safe })
    case 'reserved':
      return state.sure
        ? view('info', 'clock', p.held.title, [p.held.body], { safe: p.held.safe })
        : view('warning', 'question', p.held.unsureTitle, [p.held.unsureBody], { warn: p.held.unsureWarn, safe: p.held.unsureSafe, acts: [{ act: 'message', label: p.held.message, primary: false }] })
    case 'released':
      return view('info', 'info', state.back ? p.held.back : p.held.coming, [state.back ? p.held.backBody : p.held.comingBody], {
        safe: p.held.nothingLost,
        acts: [...state.back ? [{ act: 'ask-anew' as const, label: p.held.again, primary: true }] : [], { act: 'message', label: p.held.message, primary: false }],
      })
    case 'outcome-unknown':
      return view('warning', 'question', p.unknown.title, [p.unknown.body], {
        warn: p.unknown.warn,
        safe: p.unknown.safe,
        acts: [{ act: 'message', label: p.unknown.message, primary: false }],
      })
    case 'expired-while-paying':
      return view('warning', 'clock', p.expiredPaying.title, [p.expiredPaying.body], {
        warn: p.unknown.warn,
        safe: p.expiredPaying.safe,
        acts: [{ act: 'message', label: p.unknown.message, primary: false }],
      })
    case 'could-not-check':
      return couldNotCheckView(state)
    case 'paid': case 'underpaid': case 'overpaid': case 'paid-twice': case 'paid-late': case 'refund-due':
      return paidView(state, amount)
    case 'checking':
      return view('warning', 'clock', p.checking.title, [p.checking.body, p.expired.warnBody],
        { warn: p.expired.warn, safe: p.expired.safe, acts: [havePaid, { act: 'ask-anew', label: p.checking.act, primary: false }] })
    case 'expired':
      if (state.selfMade !== undefined)
        return expiredAddressView(state.selfMade)
      return view('warning', 'clock', p.expired.title, [p.expired.body, p.expired.warnBody],
        { warn: p.expired.warn, safe: p.expired.safe, acts: [{ act: 'ask-anew', label: p.expired.act, primary: true }, havePaid] })
    case 'mismatch':
      return mismatchView(state, amount, way)
    case 'refused':
      return view('negative', 'cancel', p.refused.title, [state.text === '' ? p.refused.silent : p.refused.said], {
        safe: state.released === true ? `${p.held.back}.` : p.refused.safe,
        acts: [{ act: 'order-again', label: p.refused.again, primary: true }, { act: 'message', label: p.refused.act, primary: false }],
      })
    case 'superseded':
      if (state.told)
        return view('info', 'info', p.superseded.title, [p.superseded.told, p.superseded.body],
          { warn: p.unknown.warn, safe: p.superseded.toldSafe, acts: [{ act: 'message', label: p.unknown.message, primary: true }, { act: 'show-new', label: p.superseded.act, primary: false }] })
      return view('info', 'info', p.superseded.title, [p.superseded.body],
        { warn: p.superseded.warn, safe: p.superseded.safe, acts: [havePaid, { act: 'show-new', label: p.superseded.act, primary: false }, { act: 'message', label: p.superseded.message, primary: false }] })
    case 'ended':
      return view('quiet', 'cancel', p.ended.title, [p.ended.body], { safe: p.ended.safe })
    case 'unsupported':
      return elsewhereView(state, amount)
    default:
      return assertNever(state)
  }
}

function elsewhereView({ elsewhere, afterClaim }: Extract<PaymentPanelState, { type: 'unsupported' }>, amount: (msat: Msat) => string): PanelView {
  const w = byHand.ways
  const asked = elsewhere?.msat ?? null
  const agreed = elsewhere?.agreedMsat ?? null
  return view('info', 'info', w.title, [w.body], {
    warn: elsewhere?.differs && asked !== null && agreed !== null ? fill(w.differs, { asked: amount(asked), agreed: amount(agreed) }) : afterClaim ? w.afterClaim : null,
    safe: w.safe,
    acts: [{ act: 'ask-anew', label: w.other, primary: false }],
  })
}

type Ready = Extract<PaymentPanelState, { type: 'ready' }>

/** The merchant asked for nothing: said plainly beside the code. */
function originOf({ selfMade }: Ready, name: string): readonly string[] {
  if (selfMade === undefined)
    return []
  const { address, host, verify, bound } = selfMade
  return [
    fill(p.prepaid.ready, { name, address }),
    ...(address.toLowerCase().endsWith(`@${host.toLowerCase()}`) ? [] : [fill(p.prepaid.host, { host })]),
    ...(bound ? [] : [p.prepaid.unbound]),
    verify === null ? fill(p.prepaid.unwatched, { name }) : p.prepaid.watched,
  ]
}

function prepaidView({ address, msat }: Extract<PaymentPanelState, { type: 'prepaid' }>, name: string): PanelView {
  const safe = p.prepaid.safe
  if (address === null || msat === null)
    return view('info', 'question', p.prepaid.noAddressTitle, [fill(address === null ? p.prepaid.noAddress : p.prepaid.noAmount, { name })], { safe, acts: [{ act: 'message', label: p.prepaid.ask, primary: true }] })
  return view('info', 'bolt', fill(p.prepaid.title, { name }), [fill(p.prepaid.body, { name, address }), p.prepaid.order, fill(p.prepaid.cannot, { name })], {
    safe,
    acts: [{ act: 'pay-address', label: fill(p.prepaid.act, { name }), primary: true }, { act: 'message', label: fill(p.prepaid.message, { name }), primary: false }],
  })
}

/** Who may have paid it outside is told not to pay again before anything new is offered; where nobody can know, asked (T9). */
function expiredAddressView({ address, verify }: NonNullable<Extract<PaymentPanelState, { type: 'expired' }>['selfMade']>): PanelView {
  const rest = { warn: p.expired.warn, safe: p.expired.safe }
  const message = { act: 'message', label: p.unknown.message, primary: false } as const
  return verify === null
    ? view('warning', 'question', p.prepaid.askTitle, [fill(p.prepaid.expiredUnwatched, { address }), p.prepaid.askBody], {
        ...rest, acts: [{ ...havePaid, primary: true }, { act: 'pay-address', label: p.prepaid.askNo, primary: false }, message],
      })
    : view('warning', 'clock', p.expired.title, [fill(p.prepaid.expiredBody, { address }), p.prepaid.expiredWatched], {
        ...rest, acts: [{ act: 'pay-address', label: p.prepaid.expiredAct, primary: true }, havePaid, message],
      })
}

function waitingView({ sinceSeconds, reminder }: Extract<PaymentPanelState, { type: 'waiting-for-merchant' }>): PanelView {
  const body = [p.waiting.body, sinceSeconds > SLOW_SECONDS ? p.waiting.slow : p.waiting.usual, reminder === 'sent' ? p.waiting.reminded : p.waiting.close]
  return view('info', 'clock', p.waiting.title, body, {
    safe: p.waiting.safe,
    acts: [
      reminder === 'due' ? { act: 'remind', label: p.waiting.remind, primary: true } : { act: 'message', label: p.waiting.act, primary: false },
      { act: 'cancel', label: p.waiting.cancel, primary: false },
    ],
  })
}

/** What differs from what was agreed to, in the words of a shop: by how much, and that it is usual. */
function readyNote({ msat, checks, rezoned }: Ready, amount: (msat: Msat) => string, way: string): string | null {
  const { agreedMsat } = checks
  if (rezoned === true)
    return rezonedNote(msat, agreedMsat, amount, way)
  const tenths = agreedMsat === null ? 0 : tenthsApart(msat, agreedMsat)
  if (checks.amount === 'within' || checks.amount === 'below') {
    if (agreedMsat === null || tenths === 0)
      return checks.amount === 'below' ? p.ready.below : null
    return fill(msat > agreedMsat ? p.ready.more : checks.amount === 'below' ? p.ready.lessMuch : p.ready.less, { percent: percentText(tenths), agreed: amount(agreedMsat) })
  }
  return p.ready[checks.amount]
}

/** Another way, another total: old and new, and by how much they differ. */
function rezonedNote(msat: Msat, agreedMsat: Msat | null, amount: (msat: Msat) => string, way: string): string {
  const said = way === '' ? p.rezoned.unnamed : fill(p.rezoned.named, { zone: way })
  if (agreedMsat === null || agreedMsat === msat)
    return said
  const difference = amount(toMsat(Math.abs(msat - agreedMsat)))
  return `${said} ${fill(msat > agreedMsat ? p.rezoned.more : p.rezoned.less, { asked: amount(msat), agreed: amount(agreedMsat), difference })}`
}

/** `1.2`; whole numbers without a point. */
const percentText = (tenths: number): string => (tenths / 10).toLocaleString(undefined, { maximumFractionDigits: 1 })

function couldNotCheckView({ over, told }: Extract<PaymentPanelState, { type: 'could-not-check' }>): PanelView {
  const claim = told ? [] : [{ ...havePaid, label: p.couldNotCheck.paid }]
  const said = told ? [p.couldNotCheck.told] : []
  if (!over)
    return view('warning', 'question', p.couldNotCheck.title, [...said, p.couldNotCheck.body],
      { warn: p.unknown.warn, safe: p.unknown.safe, acts: [{ act: 'message', label: p.unknown.message, primary: false }, ...claim] })
  return view('warning', 'question', p.couldNotCheck.overTitle, [...said, told ? p.couldNotCheck.overTold : p.couldNotCheck.overBody], {
    warn: p.expired.warn,
    safe: p.couldNotCheck.overSafe,
    acts: [{ act: 'message', label: p.unknown.message, primary: true }, ...claim, { act: 'not-paid', label: p.couldNotCheck.notPaid, primary: false }],
  })
}

/** How sure it is must not look alike (T8), nor what does not fit (T9). */
function paidView(state: PaidState, amount: (msat: Msat) => string): PanelView {
  const write = [{ act: 'message', label: p.paid.write, primary: true }] as const
  switch (state.type) {
    case 'paid':
      return plainPaidView(state)
    case 'underpaid':
      return view('warning', 'warning', p.paid.underpaid.title, [fill(state.strength === 'said' ? p.paid.underpaid.bodySaid : p.paid.underpaid.body, amountsOf(state, amount))], { safe: p.paid.underpaid.safe, acts: write })
    case 'overpaid':
      return view('positive', 'check', p.paid.overpaid.title, [fill(p.paid.overpaid.body, amountsOf(state, amount))], { safe: p.paid.safe, acts: [{ ...write[0], primary: false }] })
    case 'paid-twice':
      return view('warning', 'warning', p.paid.twice.title, [state.named === undefined || state.strength === 'proved' ? p.paid.twice.body : fill(p.paid.twice.bodySaid, { amount: amount(state.named) })], { safe: p.paid.twice.safe, acts: write })
    case 'refund-due':
      return view('warning', 'warning', p.paid.refund.title, [p.paid.refund.body], { safe: p.paid.refund.safe, acts: write })
    case 'paid-late':
      return state.after === 'end'
        ? view('warning', 'warning', p.paid.late.endTitle, [state.named === undefined || state.strength === 'proved' ? p.paid.late.endBody : fill(p.paid.late.endBodySaid, { amount: amount(state.named) })], { safe: p.paid.late.endSafe, acts: write })
        : view('info', 'check', p.paid.late.reissueTitle, [p.paid.late.reissueBody], { safe: p.paid.safe })
    default:
      return assertNever(state)
  }
}

const amountsOf = ({ askedMsat, msat }: Extract<PaidState, { type: 'underpaid' | 'overpaid' }>, amount: (msat: Msat) => string) =>
  ({ asked: amount(askedMsat), arrived: msat === null ? p.paid.unnamed : amount(msat) })

function plainPaidView({ strength, silent }: Extract<PaidState, { type: 'paid' }>): PanelView {
  const reminded = silent?.reminder === 'sent' ? [p.waiting.reminded] : []
  const message = { act: 'message', label: p.waiting.act, primary: false } as const
  const remind = silent?.reminder === 'due' ? [{ act: 'remind', label: p.waiting.remind, primary: true } as const] : []
  switch (strength) {
    case 'proved':
      return view('positive', 'check', p.paid.proved.title, [p.paid.proved.body, ...silent === undefined ? [] : [p.paid.waitMerchant], ...reminded],
        { safe: p.paid.safe, acts: silent === undefined || silent.reminder === 'early' ? [] : [...remind, message] })
    case 'said':
      return view('info', 'check', p.paid.said.title, [p.paid.said.body], { safe: p.paid.safe })
    case 'claimed':
      // Who said it by mistake can only say so in words.
      return view('warning', 'question', p.paid.claimed.title, [p.paid.claimed.body, ...silent === undefined ? [] : [p.paid.silent.claimed], ...reminded], { safe: p.paid.claimedSafe, acts: [...remind, message] })
    default:
      return assertNever(strength)
  }
}

function mismatchView(state: Extract<PaymentPanelState, { type: 'mismatch' }>, amount: (msat: Msat) => string, way: string): PanelView {
  const asked = state.askedMsat === null ? '' : amount(state.askedMsat)
  const agreed = state.agreedMsat === null ? '' : amount(state.agreedMsat)
  const rezoned = state.rezoned === true && state.askedMsat !== null ? [rezonedNote(state.askedMsat, state.agreedMsat, amount, way)] : []
  const reasons = [...rezoned, ...state.codes.map(code => fill(wordOf(p.mismatch.codes, code, p.mismatch.codes.damaged), { asked, agreed })), ...apart(state)]
  const accept = state.payable && state.askedMsat !== null
  return view('negative', 'warning', p.mismatch.title, accept ? reasons : [...reasons, p.mismatch.notPayable], {
    safe: p.mismatch.safe,
    // The first thing offered is never the way to pay (T7).
    acts: [
      { act: 'message', label: p.mismatch.decline, primary: true },
      accept
        ? { act: 'accept', label: fill(p.mismatch.accept, { amount: asked }), primary: false }
        : { act: 'ask-anew', label: p.mismatch.askNew, primary: false },
    ],
  })
}

function apart({ codes, askedMsat, agreedMsat }: Extract<PaymentPanelState, { type: 'mismatch' }>): readonly string[] {
  const tenths = codes.includes('amount_mismatch') && askedMsat !== null && agreedMsat !== null ? tenthsApart(askedMsat, agreedMsat) : 0
  return tenths === 0 || askedMsat === null || agreedMsat === null ? [] : [fill(askedMsat > agreedMsat ? p.mismatch.more : p.mismatch.less, { percent: percentText(tenths) })]
}

/** What a screen reader hears when the state changes by itself. */
export function announcement(shown: PanelView): string {
  return [shown.title, shown.warn ?? '', shown.safe ?? ''].filter(text => text !== '').map(text => /[.!?…]$/.test(text) ? text : `${text}.`).join(' ')
}
