import { computed } from 'vue'
import type { Msat, OrderKey, Seconds } from '../domain/brand'
import { awaitsInvoice, heldReason, type HeldReason } from '../domain/order/answer-rules'
import { priceOrder, type Shelf } from '../domain/order/pricing'
import { refusalFor, stockClaimants, stockVerdict } from '../domain/order/stock'
import type { Order } from '../domain/order/types'
import { useCatalogStore } from '../stores/catalog'
import { useDeskHealthStore } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'
import { useNow } from './useNow'
import { useShelfState } from './useShelfState'

/** Minute of the day where this device is, 0 … 1439. */
export function localMinute(at: Seconds): number {
  const time = new Date(at * 1_000)
  return time.getHours() * 60 + time.getMinutes()
}

const COARSE = 30
const BEFORE_SHIPPING: ReadonlySet<Order['status']> = new Set(['payment_confirmed', 'order_confirmed', 'processing', 'ready_to_ship'])

/** Orders that wait for an invoice, why each was not answered by itself, and which paid ones the stock does not cover. */
export const useHeldOrders = shared(() => {
  const orders = useOrdersStore()
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  const health = useDeskHealthStore()
  const state = useShelfState()
  const seconds = useNow()
  const now = computed(() => Math.floor(seconds.value / COARSE) * COARSE as Seconds)
  const minute = computed(() => localMinute(seconds.value))
  const waiting = computed(() => orders.asMerchant.filter(order => awaitsInvoice(order, now.value)))

  const shelf = computed<Shelf>(() => ({ products: catalog.products, stalls: catalog.stalls }))
  const merchant = computed(() => orders.asMerchant[0]?.merchant)
  const own = computed<Shelf['products']>(() => new Map([...catalog.products].filter(([, product]) => product.author === merchant.value)))
  const claimantsAmong = stockClaimants()
  /** Only once all is read: thousands of orders that come one slice after the other are not weighed at each. */
  const claimants = computed(() => orders.loaded ? claimantsAmong(own.value, orders.asMerchant) : [])
  const verdict = computed(() => stockVerdict(own.value, claimants.value, now.value))

  /** Prices in sat need no rate; of others the attempt itself has said whether they are over a bound. */
  function totalOf({ merchant, items, zoneId }: Order): Msat | null {
    const priced = priceOrder({ merchant, items, zoneId, shelf: shelf.value, rate: null, offSale: true })
    return priced.ok ? priced.value.totals.totalMsat : null
  }

  const reasons = computed<ReadonlyMap<OrderKey, HeldReason>>(() => new Map(waiting.value.map(order => [order.key, heldReason({
    order,
    now: now.value,
    minute: minute.value,
    rules: settings.answerRules,
    on: settings.autoInvoice,
    hasWallet: settings.merchantWallet !== null,
    // By an old version of a listing nothing is said of stock or zones.
    refusal: state.complete.value ? refusalFor(order, shelf.value, verdict.value) : null,
    total: totalOf(order),
    failure: health.failures.get(order.key) ?? null,
  })])))

  return {
    /** What an order costs by the listings of now; null where that takes a rate, or a listing that is not here. */
    totalOf,
    /** null: it waits for nothing of ours. */
    reasonOf: ({ key }: Pick<Order, 'key'>): HeldReason | null => reasons.value.get(key) ?? null,
    isToInvoice: ({ key }: Pick<Order, 'key'>): boolean => reasons.value.has(key),
    count: computed(() => waiting.value.length),
    /** Paid, and its pieces have gone to another: the money goes back. */
    isOversold: ({ key, shipped, status, stockShort }: Pick<Order, 'key' | 'shipped' | 'status' | 'stockShort'>): boolean => !shipped && BEFORE_SHIPPING.has(status)
      && (stockShort === true || (state.complete.value && verdict.value.orders.get(key) === 'oversold')),
  }
})
