import { computed } from 'vue'
import type { Money } from '../domain/money/types'
import { priceOrder } from '../domain/order/pricing'
import type { Order } from '../domain/order/types'
import { useCatalogStore } from '../stores/catalog'

/** The zones an order's stall ships to now, and the order's total with each, priced as a new invoice would be. */
export function useZoneTotals(order: () => Order) {
  const catalog = useCatalogStore()
  const zones = computed(() => {
    const address = order().snapshot?.stall
    return ((address === undefined ? undefined : catalog.stalls.get(address))?.zones ?? []).map(({ id, name }) => ({ id, name }))
  })
  /** null = the listings are not on this device. */
  function totalWith(zoneId: string): Money | null {
    const { merchant, items } = order()
    const priced = priceOrder({ merchant, items, zoneId, shelf: { products: catalog.products, stalls: catalog.stalls }, rate: null, offSale: true })
    return priced.ok ? priced.value.totals.total : null
  }
  return { zones, totalWith }
}
