import { computed, onScopeDispose, shallowReadonly, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { toMsat, type OrderKey } from '../domain/brand'
import { isUnderWay } from '../domain/order/open-refund'
import { err, ok, type Result } from '../domain/result'
import type { ByHand, RefundDeps, RefundDraft } from '../flows/payRefund'
import words from '../locales/refunds.en.json'
import type { PayOutcome } from '../ports/wallet'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { askRefund, cancelOrder, declineRefund, payRefund, resolveRefund, settleRefundByHand, showRefund, tellRefunded } from './desk-flows'
import { inTurn } from './in-turn'
import { filled } from './sent-words'
import { useRefundDeps } from './useRefundDeps'
import { useRefundWallet } from './useRefundWallet'
import { amountText } from './useMoney'

export interface RefundProblem { readonly code: string, readonly detail?: string }
type Acted = Promise<Result<void, RefundProblem>>
/** `rest`: no more than that goes back. */
export interface RefundOfferForm { readonly msat: number, readonly reason: string, readonly rest?: 'kept' }
export type CancelDecision = { readonly money: 'all' | 'part', readonly msat: number } | { readonly money: 'later' | 'none' } | null

export type { RefundDraft }

const PAUSES = [2, 5, 10, 20, 30, 60]

/** Everything a merchant does about money that goes back. One act at a time; each says what went wrong. */
export function useMerchantRefund(key: MaybeRefOrGetter<OrderKey>) {
  const { clock } = useServices()
  const orders = useOrdersStore()
  const refundDeps = useRefundDeps()
  const wallet = useRefundWallet()
  const busy = shallowRef<'' | 'saying' | 'paying' | 'asking'>('')
  const order = computed(() => orders.get(toValue(key)))
  const number = (): string => order.value?.number ?? ''

  async function act<T>(what: 'saying' | 'paying' | 'asking', work: (deps: RefundDeps, key: OrderKey) => Promise<Result<T, RefundProblem>>): Promise<Result<T, RefundProblem>> {
    if (busy.value !== '')
      return err({ code: 'busy' })
    busy.value = what
    try {
      const given = await refundDeps(toValue(key))
      return given.ok ? await inTurn(toValue(key), () => work(given.value, toValue(key))) : given
    }
    finally {
      busy.value = ''
    }
  }
  const done = async (acting: Promise<Result<unknown, RefundProblem>>): Acted => {
    const result = await acting
    return result.ok ? ok(undefined) : result
  }

  const say = (send: RefundDeps, on: OrderKey, { msat, reason, rest }: RefundOfferForm): Promise<Result<unknown, RefundProblem>> => {
    if (!Number.isSafeInteger(msat) || msat < 1)
      return Promise.resolve(err({ code: 'no-amount' }))
    const text = filled(rest === undefined ? words.sent.ask : words.sent.askRest, { amount: amountText(toMsat(msat)), number: number(), reason }).trim()
    return askRefund(send, on, { id: newId(), msat: toMsat(msat), why: reason, text, ...(rest !== undefined && { rest }) })
  }
  const newId = (): string => clock.newId().slice(0, 16)
  const decline = (reason: string): Acted => done(act('saying', (send, on) => declineRefund(send, on, filled(words.sent.none, { number: number(), reason }).trim())))

  /** First the word that ends the order, then the one about the money: each stands if the other fails. */
  const cancel = (reason: string, decision: CancelDecision): Acted => done(act('saying', async (send, on): Promise<Result<unknown, RefundProblem>> => {
    const cancelled = await cancelOrder(send, on, 'merchant', filled(words.sent.cancelled, { number: number(), reason }).trim())
    if (!cancelled.ok || decision === null || decision.money === 'later')
      return cancelled
    if (!('msat' in decision))
      return declineRefund(send, on, filled(words.sent.none, { number: number(), reason }).trim())
    return say(send, on, { msat: decision.msat, reason, ...(decision.money === 'part' && { rest: 'kept' as const }) })
  }))

  const pay = (draft: RefundDraft): Promise<Result<PayOutcome, RefundProblem>> => act('paying', async (given, on): Promise<Result<PayOutcome, RefundProblem>> => {
    const payer = wallet.payer()
    return payer === null ? err({ code: 'no-wallet' }) : payRefund({ ...given, payer }, on, draft)
  })
  const ask = (): Promise<Result<PayOutcome | null, RefundProblem>> => act('asking', async (given, on): Promise<Result<PayOutcome | null, RefundProblem>> => {
    const payer = wallet.payer()
    return payer === null ? err({ code: 'no-wallet' }) : resolveRefund({ ...given, payer }, on)
  })

  /** A refund whose end nobody heard, in this session or an earlier one: the wallet is asked until it knows. */
  async function follow(signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      await clock.sleep((PAUSES[Math.min(round, PAUSES.length - 1)] ?? 60) * 1_000, signal)
      if (!signal.aborted && busy.value === '')
        await ask()
    }
  }
  const doubtful = computed(() => wallet.connected.value && busy.value !== 'paying' && order.value?.refunds.some(refund => isUnderWay(refund) && refund.via !== 'hand') === true)
  let life = new AbortController()
  watch([doubtful, () => toValue(key)], ([yes]) => {
    life.abort()
    life = new AbortController()
    if (yes)
      void follow(life.signal)
  }, { immediate: true })
  onScopeDispose(() => life.abort())

  return {
    busy: shallowReadonly(busy),
    offer: (form: RefundOfferForm): Acted => done(act('saying', (send, on) => say(send, on, form))),
    decline,
    cancel,
    pay,
    /** The invoice as a code, to be paid by hand. */
    show: (draft: RefundDraft): Acted => done(act('saying', (given, on) => showRefund(given, on, draft))),
    settle: (draft: RefundDraft, found: ByHand): Acted => done(act('saying', (given, on) => settleRefundByHand(given, on, draft, found))),
    ask,
    tell: (id: string): Acted => done(act('saying', (given, on) => tellRefunded(given, on, id))),
    newId,
    wallet,
  }
}
