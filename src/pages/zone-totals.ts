import { computed } from 'vue'
import { words } from '../components/words'
import { zoneName, zonesFor } from '../domain/catalog/shipping'
import type { Money } from '../domain/money/types'
import { productAddress, priceOrder } from '../domain/order/pricing'
import type { Order } from '../domain/order/types'
import { useCatalogStore } from '../stores/catalog'

/** The zones by which an order's goods can go now, and the order's total with each, priced as a new invoice would be. */
export function useZoneTotals(order: () => Order) {
  const catalog = useCatalogStore()
  const zones = computed(() => {
    const address = order().snapshot?.stall
    const stall = address === undefined ? undefined : catalog.stalls.get(address)
    const goods = order().items.flatMap(line => catalog.products.get(productAddress(order().merchant, line)) ?? [])
    return stall === undefined ? [] : zonesFor(goods, stall).map(zone => ({ id: zone.id, name: zoneName(zone, words.zones) }))
  })
  /** null = the listings are not on this device. */
  function totalWith(zoneId: string): Money | null {
    const { merchant, items } = order()
    const priced = priceOrder({ merchant, items, zoneId, shelf: { products: catalog.products, stalls: catalog.stalls }, rate: null, offSale: true })
    return priced.ok ? priced.value.totals.total : null
  }
  return { zones, totalWith }
}
