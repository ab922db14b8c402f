import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type { Order } from '../domain/order/types'
import { prepaidOf, type Prepaid } from '../domain/order/prepaid'
import { useCatalogStore } from '../stores/catalog'

/** Whether nobody but the shopper moves now: nothing was asked, and the merchant's address may be paid. */
export function useMayPayNow(): (order: Order) => boolean {
  const catalog = useCatalogStore()
  return order => order.status === 'payment_pending' && order.payment === 'unpaid' && typeof prepaidBy(catalog, order)?.address === 'string'
}

function prepaidBy(catalog: ReturnType<typeof useCatalogStore>, { merchant, dialect }: Pick<Order, 'merchant' | 'dialect'>): Prepaid | null {
  return prepaidOf({ merchant, dialect, profile: catalog.profiles.get(merchant), details: catalog.paymentDetailsOf(merchant) })
}

/** How the merchant of an order, or of one to be placed, is paid without asking; null: the merchant asks, or nothing is known yet. */
export function usePrepaid(order: MaybeRefOrGetter<Pick<Order, 'merchant' | 'dialect'> | null | undefined>): ComputedRef<Prepaid | null> {
  const catalog = useCatalogStore()
  return computed(() => {
    const about = toValue(order)
    return about === null || about === undefined ? null : prepaidBy(catalog, about)
  })
}
