import { watch } from 'vue'
import { orderKey } from '../domain/order/keys'
import { useAccountStore } from '../stores/account'
import { useCartStore } from '../stores/cart'
import { useOrdersStore } from '../stores/orders'

/** A cart whose order was placed, and which a crash kept from being cleared, goes as soon as that order is seen here (T1). */
export function usePlacedCarts(): void {
  const account = useAccountStore()
  const cart = useCartStore()
  const orders = useOrdersStore()
  watch([() => orders.loaded, () => cart.carts] as const, ([loaded, carts]) => {
    const { pubkey } = account
    if (!loaded || pubkey === null)
      return
    for (const { stall, merchant, orderId, lines } of carts) {
      const order = orderId === null ? undefined : orders.get(orderKey(pubkey, merchant, orderId))
      // Of an order that takes several messages a crash may have kept some from being placed: the cart is what is left to place it.
      if (order !== undefined && (order.dialect !== 'shopstr' || order.items.length >= lines.length))
        cart.clear(stall)
    }
  }, { immediate: true })
}
