import { useDocumentVisibility } from '@vueuse/core'
import { computed, onScopeDispose, watch } from 'vue'
import { toSeconds, type EventId, type Hex32, type OrderKey, type Seconds } from '../domain/brand'
import { isHeld } from '../domain/order/held-money'
import { openInvoices } from '../domain/order/own-invoices'
import { isPaidTo } from '../domain/order/status'
import type { Order } from '../domain/order/types'
import { nextLookupIn } from '../domain/wallet/poll-schedule'
import type { InvoiceSource } from '../ports/invoices'
import { useDeskHealthStore } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useBookStock } from './useBookStock'
import { useDesk } from './useDesk'
import { useLeading } from './useLeading'

/** What is reserved is looked at as closely as what may still be paid: it goes back in time. */
const HELD_SECONDS = 24 * 3_600
function watchedUntil({ holds }: Pick<Order, 'holds'>, paymentHash: Hex32, expiresAt: Seconds): Seconds {
  const heldAt = holds.find(hold => hold.paymentHash === paymentHash && isHeld(hold))?.heldAt ?? null
  return heldAt === null ? expiresAt : toSeconds(Math.max(expiresAt, heldAt + HELD_SECONDS))
}

interface Watched { readonly order: OrderKey, readonly paymentHash: Hex32, readonly expiresAt: Seconds }

/** Invoices older than that are looked up by hand only. */
const WATCHED_SECONDS = 60 * 24 * 3_600
const AT_ONCE = 4
/** The newest ones are looked at every few seconds, the rest once a minute: wallets limit how often they are asked. */
const CLOSELY = 10
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

  const watched = computed<readonly Watched[]>(() => {
    const oldest = clock.now() - WATCHED_SECONDS
    return orders.asMerchant.flatMap(order => openInvoices(order)
      .filter(({ expiresAt }) => expiresAt > oldest)
      .map(({ paymentHash, expiresAt }) => ({ order: order.key, paymentHash, expiresAt: watchedUntil(order, paymentHash, expiresAt) })))
      .sort((a, b) => b.expiresAt - a.expiresAt)
  })

  async function lookup({ order, paymentHash }: Watched): Promise<void> {
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

  watch([desk.source, leading, () => orders.loaded] as const, ([source, leads, loaded]) => {
    life.abort()
    life = new AbortController()
    if (source !== null && leads && loaded)
      void run(source, life.signal)
  }, { immediate: true })
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
    clearInterval(again)
    health.report('lookingUp', null)
  })
  return { open: computed(() => watched.value.length) }
}
