/** What the panel says and offers in each state: words, what is safe, and the next action (expectations 20–25). */
import type { Msat } from '../../../domain/brand'
import type { PaymentPanelState } from '../../../domain/order/payment-panel'
import { assertNever } from '../../../domain/result'
import { fill, wordOf, words } from '../words'

export type PanelAct = 'pay-address' | 'message' | 'retry' | 'ask-anew' | 'accept' | 'order-again'
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

const p = words.panel
/** After this long without an invoice we say that it is slow. */
const SLOW_SECONDS = 600

const view = (tone: Tone, icon: PanelView['icon'], title: string, body: readonly string[], rest: Partial<PanelView> = {}): PanelView =>
  ({ tone, icon, title, body, note: null, origin: [], warn: null, safe: null, acts: [], ...rest })

/**
 * @param amount says an amount of msat with its unit, as the person wants it shown
 * @param name what the merchant is called: a stranger's text
 */
export function panelView(state: PaymentPanelState, amount: (msat: Msat) => string, name: string = p.askedAgreed.who): PanelView {
  switch (state.type) {
    case 'waiting-for-merchant':
      return view('info', 'clock', p.waiting.title, [
        p.waiting.body,
        state.sinceSeconds > SLOW_SECONDS ? p.waiting.slow : p.waiting.usual,
        p.waiting.close,
      ], { safe: p.waiting.safe, acts: [{ act: 'message', label: p.waiting.act, primary: false }] })
    case 'not-sent':
      return view('warning', 'offline', p.notSent.title, [p.notSent.body, p.notSent.close],
        { safe: p.notSent.safe, acts: [{ act: 'retry', label: p.notSent.act, primary: true }] })
    case 'prepaid':
      return prepaidView(state, name)
    case 'ready':
      return view('quiet', 'bolt', p.ready.title, [p.ready.body], {
        note: state.checks.amount === 'within' ? null : p.ready[state.checks.amount],
        safe: state.reserve === true ? p.held.before : null,
        warn: state.afterAddress === undefined ? null : fill(p.prepaid.after, { address: state.afterAddress }),
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
    case 'paid':
      return paidView(state.strength)
    case 'expired':
      if (state.selfMade !== undefined)
        return expiredAddressView(state.selfMade)
      return view('warning', 'clock', p.expired.title, [p.expired.body, p.expired.warnBody],
        { warn: p.expired.warn, safe: p.expired.safe, acts: [{ act: 'ask-anew', label: p.expired.act, primary: true }] })
    case 'mismatch':
      return mismatchView(state, amount)
    case 'refused':
      return view('negative', 'cancel', p.refused.title, [state.text === '' ? p.refused.silent : p.refused.said], {
        safe: state.released === true ? `${p.held.back}.` : p.refused.safe,
        acts: [{ act: 'order-again', label: p.refused.again, primary: true }, { act: 'message', label: p.refused.act, primary: false }],
      })
    case 'superseded':
      return view('info', 'info', p.superseded.title, [p.superseded.body],
        { safe: p.superseded.safe, acts: [{ act: 'ask-anew', label: p.superseded.act, primary: false }] })
    case 'ended':
      return view('quiet', 'cancel', p.ended.title, [p.ended.body], { safe: p.ended.safe })
    case 'unsupported':
      return view('warning', 'info', p.unsupported.title, [p.unsupported.body],
        { safe: p.unsupported.safe, acts: [{ act: 'ask-anew', label: p.unsupported.act, primary: true }] })
    default:
      return assertNever(state)
  }
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

/** Who may have paid it outside is told not to pay again before anything new is offered (T9). */
function expiredAddressView({ address, verify }: NonNullable<Extract<PaymentPanelState, { type: 'expired' }>['selfMade']>): PanelView {
  return view('warning', 'clock', p.expired.title, [fill(p.prepaid.expiredBody, { address }), verify === null ? p.prepaid.expiredUnwatched : p.prepaid.expiredWatched], {
    warn: p.expired.warn,
    safe: p.expired.safe,
    acts: [{ act: 'pay-address', label: p.prepaid.expiredAct, primary: true }, { act: 'message', label: p.unknown.message, primary: false }],
  })
}

/** How sure it is must not look alike (T8). */
function paidView(strength: Extract<PaymentPanelState, { type: 'paid' }>['strength']): PanelView {
  switch (strength) {
    case 'proved':
      return view('positive', 'check', p.paid.proved.title, [p.paid.proved.body], { safe: p.paid.safe })
    case 'said':
      return view('info', 'check', p.paid.said.title, [p.paid.said.body], { safe: p.paid.safe })
    case 'claimed':
      return view('warning', 'question', p.paid.claimed.title, [p.paid.claimed.body], { safe: p.paid.claimedSafe })
    default:
      return assertNever(strength)
  }
}

function mismatchView(state: Extract<PaymentPanelState, { type: 'mismatch' }>, amount: (msat: Msat) => string): PanelView {
  const asked = state.askedMsat === null ? '' : amount(state.askedMsat)
  const agreed = state.agreedMsat === null ? '' : amount(state.agreedMsat)
  const reasons = state.codes.map(code => fill(wordOf(p.mismatch.codes, code, p.mismatch.codes.damaged), { asked, agreed }))
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

/** What a screen reader hears when the state changes by itself. */
export function announcement(shown: PanelView): string {
  return [shown.title, shown.warn ?? '', shown.safe ?? ''].filter(text => text !== '').map(text => /[.!?…]$/.test(text) ? text : `${text}.`).join(' ')
}
