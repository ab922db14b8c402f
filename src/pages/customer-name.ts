import type { Order } from '../domain/order/types'
import { useCatalogStore } from '../stores/catalog'

/** How a customer is called on the desk: by the name on the parcel, else by profile, else by a piece of the key. */
export function useCustomerName(): (order: Order) => string {
  const catalog = useCatalogStore()
  return order => order.name.trim() !== '' ? order.name.trim() : catalog.profiles.get(order.shopper)?.name.trim() || `${order.shopper.slice(0, 8)}…`
}
