import { computed } from 'vue'
import { zoneTotal } from '../components/desk/zone-total'
import type { Money } from '../domain/money/types'
import type { Order } from '../domain/order/types'
import { useCatalogStore } from '../stores/catalog'

/** The zones an order's stall ships to now, and the order's total with each. */
export function useZoneTotals(order: () => Order) {
  const catalog = useCatalogStore()
  const stall = computed(() => {
    const address = order().snapshot?.stall
    return address === undefined ? undefined : catalog.stalls.get(address)
  })
  const products = computed(() => new Map<string, ReturnType<typeof catalog.products.get>>(catalog.products))
  return {
    zones: computed(() => (stall.value?.zones ?? []).map(({ id, name }) => ({ id, name }))),
    totalWith: (zoneId: string): Money | null => zoneTotal(order(), stall.value, zoneId, address => products.value.get(address)),
  }
}
