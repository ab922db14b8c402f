import { useDocumentVisibility } from '@vueuse/core'
import { computed, onScopeDispose, watch } from 'vue'
import type { EventId, Hex32, OrderKey, Seconds } from '../domain/brand'
import { isHeld } from '../domain/order/held-money'
import { isPaidTo } from '../domain/order/status'
import type { Order, PaymentFact } from '../domain/order/types'
import { openInvoiceFinder, planLookups, type OpenInvoice } from '../domain/wallet/lookup-plan'
import { whereToAsk, type Askable } from '../domain/wallet/merchant-wallets'
import type { OpenedWallet } from '../flows/lookup-invoice'
import type { SignerError } from '../ports/signer'
import { useAccountStore } from '../stores/account'
import { useDeskHealthStore, type DeskProblem, type Silence } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useBookStock } from './useBookStock'
import { useDesk } from './useDesk'
import { useLeading } from './useLeading'

interface Watched extends OpenInvoice { readonly at: Askable }

const AT_ONCE = 4
const LONGEST_NAP = 30
const LONGEST_SILENCE = 600
const SIGNER: ReadonlySet<string> = new Set<SignerError['code']>(['declined', 'locked', 'unavailable', 'wrong-account', 'decrypt', 'unsupported', 'bad-answer'])

/**
 * Looks up issued invoices at the own wallets while this tab leads: all of them at the start and after every gap, then by
 * the schedule, and at once on a hint. Each is asked of the wallet that made it, whichever issues now. Every attempt of an
 * order stays watched until a day after its expiry, and until the shopper was told. Looking needs no signer: one that asks a
 * person is asked only for what is said to the shopper, when somebody is there.
 */
export function useSettlement() {
  const { clock } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const leading = useLeading()
  const desk = useDesk()
  const stock = useBookStock()
  const visibility = useDocumentVisibility()
  const health = useDeskHealthStore()
  const lookedAt = new Map<Hex32, Seconds>()
  /** Receipts that the wallet was asked about. */
  const heeded = new Set<EventId>()
  /** Wallets that could not be asked, until they can. */
  const failing = new Map<string, DeskProblem>()
  /** Invoices that a wallet gave no answer about, by wallet, since it answered last; and of these, such as still have none. */
  const silent = new Map<string, Set<Hex32>>()
  const unanswered = new Set<Hex32>()
  /** Paid, and the signer did not let it be told: when it may be asked again. */
  const unsaid = new Map<Hex32, { readonly again: number, readonly times: number }>()
  /** Wallets that are listened to. */
  const heard = new Map<string, { readonly source: OpenedWallet['source'], readonly end: () => void }>()
  let life = new AbortController()
  let wake = (): void => undefined

  const findOpen = openInvoiceFinder()
  const watched = computed<readonly Watched[]>(() => findOpen(orders.asMerchant, clock.now())
    .map(invoice => ({ ...invoice, at: whereToAsk(invoice, desk.wallets.value) }))
    .filter(({ at }) => at.ids.length > 0))

  async function lookup({ order, paymentHash, at }: Watched): Promise<void> {
    lookedAt.set(paymentHash, clock.now())
    let unasked = false
    const settled = await desk.settle(order, paymentHash, null, () => {
      unasked ||= !account.maySign
      return account.maySign
    })
    const [wallet = ''] = at.ids
    // Whoever came meanwhile is asked at once.
    if (unasked && account.maySign)
      lookedAt.delete(paymentHash)
    else
      noteSigner(order, paymentHash, settled.ok ? null : settled.error.code)
    // Of several that may know it, none has to.
    // That nobody is there yet who could sign what follows is no trouble of the desk: the wallet has answered.
    const answered = settled.ok ? settled.value.state.status !== 'unknown' : unasked && settled.error.code === 'locked'
    const code = answered ? null : settled.ok ? at.sure ? 'source_offline' : null : settled.error.code
    if (code !== null)
      failing.set(wallet, { order, code, wallet })
    else if (answered)
      failing.delete(wallet)
    if (answered) {
      silent.delete(wallet)
      unanswered.delete(paymentHash)
    }
    else if (settled.ok && at.sure) {
      silent.set(wallet, (silent.get(wallet) ?? new Set()).add(paymentHash))
      unanswered.add(paymentHash)
    }
    report()
  }

  /** A 'no' is not asked again by itself; what is held cannot wait for long, it has an end. */
  function noteSigner(key: OrderKey, paymentHash: Hex32, code: string | null): void {
    if (code === null || !SIGNER.has(code)) {
      unsaid.delete(paymentHash)
      return
    }
    const times = (unsaid.get(paymentHash)?.times ?? 0) + 1
    const held = orders.get(key)?.holds.some(hold => hold.paymentHash === paymentHash && isHeld(hold)) === true
    unsaid.set(paymentHash, { times, again: held ? clock.now() + LONGEST_NAP : code === 'declined' ? Infinity : clock.now() + Math.min(LONGEST_SILENCE, LONGEST_NAP * 2 ** times) })
  }

  /** One invoice may be lost at its wallet: a wallet is silent when it answers about nothing. */
  function silence(): Silence {
    const open = watched.value.filter(({ at }) => at.sure)
    const wallets = [...silent].filter(([wallet, about]) => {
      const asked = open.filter(({ at }) => at.ids[0] === wallet)
      return asked.length > 0 && asked.filter(({ paymentHash }) => about.has(paymentHash)).length >= Math.min(2, asked.length)
    })
    return { wallets: new Set(wallets.map(([wallet]) => wallet)), invoices: new Set(open.flatMap(({ paymentHash }) => unanswered.has(paymentHash) ? [paymentHash] : [])) }
  }

  function report(): void {
    health.report('lookingUp', [...failing.values()].find(({ wallet }) => desk.wallets.value.some(({ id }) => id === wallet)) ?? null)
    health.reportSilence(silence())
  }

  /** The one that issues, and those that are asked about something. */
  const toHear = computed(() => desk.wallets.value.filter(({ id, source }) => source === desk.source.value || watched.value.some(({ at }) => at.ids.includes(id))))

  function hear(wallets: readonly OpenedWallet[]): void {
    for (const [id, { source, end }] of heard) {
      if (wallets.every(wallet => wallet.source !== source)) {
        end()
        heard.delete(id)
      }
    }
    for (const { id, source } of wallets) {
      if (!heard.has(id))
        heard.set(id, { source, end: source.subscribe((hint) => {
          if (hint.type === 'touched')
            lookedAt.delete(hint.paymentHash)
          else if (hint.type === 'gap')
            watched.value.forEach(({ at, paymentHash }) => { if (at.ids.includes(id)) lookedAt.delete(paymentHash) })
          wake()
        }) })
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    const busy = new Set<Hex32>()
    while (!signal.aborted) {
      const nap = new AbortController()
      wake = () => nap.abort()
      const stopNap = (): void => nap.abort()
      signal.addEventListener('abort', stopNap, { once: true })
      const { due, pause } = planLookups({ open: watched.value.filter(({ paymentHash }) => (unsaid.get(paymentHash)?.again ?? 0) <= clock.now()), lookedAt, busy, visible: visibility.value === 'visible', now: clock.now() })
      for (const invoice of due.slice(0, AT_ONCE - busy.size)) {
        busy.add(invoice.paymentHash)
        void lookup(invoice).finally(() => {
          busy.delete(invoice.paymentHash)
          wake()
        })
      }
      await clock.sleep(Math.max(0.5, pause) * 1_000, nap.signal)
      signal.removeEventListener('abort', stopNap)
    }
  }

  const works = computed(() => desk.wallets.value.length > 0 && leading.value && account.signer !== null && orders.loaded)
  watch(works, (yes) => {
    life.abort()
    life = new AbortController()
    unsaid.clear()
    if (yes)
      void run(life.signal)
  }, { immediate: true })
  watch([works, toHear] as const, ([yes, wallets]) => hear(yes ? wallets : []), { immediate: true })
  watch(desk.wallets, report)
  watch([watched, visibility], () => wake())
  watch(() => [account.taps, account.maySign] as const, () => {
    for (const paymentHash of unsaid.keys())
      lookedAt.delete(paymentHash)
    unsaid.clear()
    wake()
  })

  /** A shopper's receipt proves nothing here: it says when to ask the wallet (T8). One that names no invoice of ours may mean any. */
  const receiptsOf = new WeakMap<Order, readonly Pick<PaymentFact, 'message' | 'paymentHash'>[]>()
  const receipts = computed(() => orders.asMerchant.flatMap((order) => {
    const found = receiptsOf.get(order) ?? order.payments.filter(({ by }) => by === 'shopper')
    receiptsOf.set(order, found)
    return found.map(({ message, paymentHash }) => ({ key: order.key, message, paymentHash }))
  }))
  watch(receipts, (all) => {
    const fresh = all.filter(({ message }) => !heeded.has(message))
    for (const { key, message, paymentHash } of fresh) {
      heeded.add(message)
      for (const invoice of watched.value)
        if (invoice.order === key && (paymentHash === null || invoice.paymentHash === paymentHash))
          lookedAt.delete(invoice.paymentHash)
    }
    if (fresh.length > 0)
      wake()
  }, { immediate: true })

  /** Pieces that are paid and still listed; booked again until a relay has taken the listing. */
  const paid = computed(() => orders.asMerchant.filter(order => isPaidTo(order, 'merchant')).length)
  watch([paid, leading, () => orders.loaded], ([, leads, loaded]) => {
    if (leads && loaded)
      void stock.book()
  }, { immediate: true })
  const again = setInterval(() => {
    if (leading.value && orders.loaded)
      void stock.book()
  }, LONGEST_NAP * 1_000)

  onScopeDispose(() => {
    life.abort()
    hear([])
    clearInterval(again)
    health.report('lookingUp', null)
    health.reportSilence({ wallets: new Set(), invoices: new Set() })
  })
  return { open: computed(() => watched.value.length) }
}
