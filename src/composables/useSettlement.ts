import { useDocumentVisibility } from '@vueuse/core'
import { computed, onScopeDispose, watch } from 'vue'
import type { EventId, Hex32, OrderKey, Seconds } from '../domain/brand'
import { openInvoices } from '../domain/order/own-invoices'
import { isPaidTo } from '../domain/order/status'
import { whereToAsk, type Askable } from '../domain/wallet/merchant-wallets'
import { nextLookupIn } from '../domain/wallet/poll-schedule'
import type { OpenedWallet } from '../flows/lookup-invoice'
import { useDeskHealthStore, type DeskProblem } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useBookStock } from './useBookStock'
import { useDesk } from './useDesk'
import { useLeading } from './useLeading'

interface Watched { readonly order: OrderKey, readonly paymentHash: Hex32, readonly expiresAt: Seconds, readonly at: Askable }

/** Invoices older than that are looked up by hand only. */
const WATCHED_SECONDS = 60 * 24 * 3_600
const AT_ONCE = 4
/** The newest ones are looked at every few seconds, the rest once a minute: wallets limit how often they are asked. */
const CLOSELY = 10
const LONGEST_NAP = 30

/**
 * Looks up issued invoices at the own wallets while this tab leads: all of them at the start and after every gap, then by
 * the schedule, and at once on a hint. Each is asked of the wallet that made it, whichever issues now. Every attempt of an
 * order stays watched until a day after its expiry, and until the shopper was told.
 */
export function useSettlement() {
  const { clock } = useServices()
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
  /** Wallets that are listened to. */
  const heard = new Map<string, { readonly source: OpenedWallet['source'], readonly end: () => void }>()
  let life = new AbortController()
  let wake = (): void => undefined

  const watched = computed<readonly Watched[]>(() => {
    const oldest = clock.now() - WATCHED_SECONDS
    return orders.asMerchant.flatMap(order => openInvoices(order)
      .filter(({ expiresAt }) => expiresAt > oldest)
      .map(invoice => ({ order: order.key, paymentHash: invoice.paymentHash, expiresAt: invoice.expiresAt, at: whereToAsk(invoice, desk.wallets.value) }))
      .filter(({ at }) => at.ids.length > 0))
      .sort((a, b) => b.expiresAt - a.expiresAt)
  })

  async function lookup({ order, paymentHash, at }: Watched): Promise<void> {
    lookedAt.set(paymentHash, clock.now())
    const settled = await desk.settle(order, paymentHash)
    const [wallet = ''] = at.ids
    // Of several that may know it, none has to.
    const code = settled.ok ? settled.value.state.status === 'unknown' && at.sure ? 'source_offline' : null : settled.error.code
    if (code !== null)
      failing.set(wallet, { order, code, wallet })
    else if (settled.ok && settled.value.state.status !== 'unknown')
      failing.delete(wallet)
    report()
  }

  function report(): void {
    health.report('lookingUp', [...failing.values()].find(({ wallet }) => desk.wallets.value.some(({ id }) => id === wallet)) ?? null)
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
      let pause = LONGEST_NAP
      for (const [rank, invoice] of watched.value.entries()) {
        const watch = visibility.value === 'visible' && rank < CLOSELY ? 'open' : 'background'
        const due = busy.has(invoice.paymentHash) ? null : nextLookupIn({ expiresAt: invoice.expiresAt, lookedAt: lookedAt.get(invoice.paymentHash) ?? null, watch }, clock.now())
        if (due !== 0)
          pause = Math.min(pause, due ?? LONGEST_NAP)
        else if (busy.size < AT_ONCE) {
          busy.add(invoice.paymentHash)
          void lookup(invoice).finally(() => {
            busy.delete(invoice.paymentHash)
            wake()
          })
        }
      }
      await clock.sleep(Math.max(0.5, pause) * 1_000, nap.signal)
      signal.removeEventListener('abort', stopNap)
    }
  }

  const works = computed(() => desk.wallets.value.length > 0 && leading.value && orders.loaded)
  watch(works, (yes) => {
    life.abort()
    life = new AbortController()
    if (yes)
      void run(life.signal)
  }, { immediate: true })
  watch([works, toHear] as const, ([yes, wallets]) => hear(yes ? wallets : []), { immediate: true })
  watch(desk.wallets, report)
  watch([watched, visibility], () => wake())

  /** A shopper's receipt proves nothing here: it says when to ask the wallet (T8). One that names no invoice of ours may mean any. */
  const receipts = computed(() => orders.asMerchant.flatMap(({ key, payments }) => payments.flatMap(({ by, message, paymentHash }) => by === 'shopper' ? [{ key, message, paymentHash }] : [])))
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
  })
  return { open: computed(() => watched.value.length) }
}
