import { useDocumentVisibility } from '@vueuse/core'
import { computed, onScopeDispose, watch } from 'vue'
import type { EventId, Hex32, Seconds } from '../domain/brand'
import { isPaidTo } from '../domain/order/status'
import type { Order, PaymentFact } from '../domain/order/types'
import { openInvoiceFinder, planLookups, type OpenInvoice } from '../domain/wallet/lookup-plan'
import type { InvoiceSource } from '../ports/invoices'
import { useDeskHealthStore } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useBookStock } from './useBookStock'
import { useDesk } from './useDesk'
import { useLeading } from './useLeading'

const AT_ONCE = 4
const LONGEST_NAP = 30

/**
 * Looks up issued invoices at the own wallet while this tab leads: all of them at the start and after every gap, then by
 * the schedule, and at once on a hint. Every attempt of an order stays watched until a day after its expiry, and until the
 * shopper was told.
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
  let life = new AbortController()
  let wake = (): void => undefined

  const findOpen = openInvoiceFinder()
  const watched = computed<readonly OpenInvoice[]>(() => findOpen(orders.asMerchant, clock.now()))

  async function lookup({ order, paymentHash }: OpenInvoice): Promise<void> {
    lookedAt.set(paymentHash, clock.now())
    const settled = await desk.settle(order, paymentHash)
    const code = settled.ok ? settled.value.state.status === 'unknown' ? 'source_offline' : null : settled.error.code
    health.report('lookingUp', code === null ? null : { order, code })
  }

  async function run(source: InvoiceSource, signal: AbortSignal): Promise<void> {
    const busy = new Set<Hex32>()
    const hint = source.subscribe((hint) => {
      if (hint.type === 'touched')
        lookedAt.delete(hint.paymentHash)
      else if (hint.type === 'gap')
        lookedAt.clear()
      wake()
    })
    signal.addEventListener('abort', hint, { once: true })
    while (!signal.aborted) {
      const nap = new AbortController()
      wake = () => nap.abort()
      const stopNap = (): void => nap.abort()
      signal.addEventListener('abort', stopNap, { once: true })
      const { due, pause } = planLookups({ open: watched.value, lookedAt, busy, visible: visibility.value === 'visible', now: clock.now() })
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

  watch([desk.source, leading, () => orders.loaded] as const, ([source, leads, loaded]) => {
    life.abort()
    life = new AbortController()
    if (source !== null && leads && loaded)
      void run(source, life.signal)
  }, { immediate: true })
  watch([watched, visibility], () => wake())

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
    clearInterval(again)
    health.report('lookingUp', null)
  })
  return { open: computed(() => watched.value.length) }
}
