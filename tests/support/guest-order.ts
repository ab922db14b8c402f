import { useCheckout } from '../../src/composables/useCheckout'
import { runSession } from '../../src/composables/session'
import type { OrderKey } from '../../src/domain/brand'
import type { Product, Stall } from '../../src/domain/catalog/types'
import { useCartStore } from '../../src/stores/cart'
import type { Page } from './page'

/** Fills the cart with one piece, and the form, and orders as a guest; the session goes on. */
export async function orderAsGuest(page: Page, product: Product, stall: Stall): Promise<OrderKey> {
  page.use(useCartStore).add(product, stall, 1)
  const checkout = page.run(() => useCheckout(stall.address)).value
  checkout.zoneId.value = 'zone-1'
  Object.assign(checkout.form, { name: 'Sam', address: '1 Lake Road' })
  checkout.asGuest.value = true
  const placed = await checkout.place()
  if (!placed.ok)
    throw new Error(placed.error.code)
  page.run(runSession)
  return placed.value
}
