import { lineName } from '../components/order/line-name'
import { productAddress, priceOrder, type Priced } from '../domain/order/pricing'
import type { Order } from '../domain/order/types'
import { useCatalogStore } from '../stores/catalog'

/**
 * Orders whose prices of the time are not on this device (new ones on the desk, or a device that joined later):
 * their goods and sums by the listings as they are now. null where those are not here either.
 */
export function useListedNow() {
  const catalog = useCatalogStore()

  function pricedNow({ snapshot, merchant, items, zoneId }: Order): Priced | null {
    if (snapshot !== null)
      return null
    const priced = priceOrder({ merchant, items, zoneId, shelf: { products: catalog.products, stalls: catalog.stalls }, rate: null, offSale: true })
    return priced.ok ? priced.value : null
  }

  /** "2 × Beeswax candle, 1 × Brass holder": as ordered, else as listed now. */
  function itemsText({ snapshot, merchant, items }: Order): string {
    return snapshot !== null
      ? snapshot.lines.map(line => `${line.quantity} × ${lineName(line)}`).join(', ')
      : items.map(line => `${line.quantity} × ${lineName({ name: catalog.products.get(productAddress(merchant, line))?.name ?? line.productId.slice(0, 12), variant: line.variant })}`).join(', ')
  }

  return { pricedNow, itemsText }
}
