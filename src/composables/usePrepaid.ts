import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import type { Order } from '../domain/order/types'
import { prepaidOf, type Prepaid } from '../domain/order/prepaid'
import { useCatalogStore } from '../stores/catalog'

/** How the merchant of an order, or of one to be placed, is paid without asking; null: the merchant asks, or nothing is known yet. */
export function usePrepaid(order: MaybeRefOrGetter<Pick<Order, 'merchant' | 'dialect'> | null | undefined>): ComputedRef<Prepaid | null> {
  const catalog = useCatalogStore()
  return computed(() => {
    const about = toValue(order)
    return about === null || about === undefined
      ? null
      : prepaidOf({ merchant: about.merchant, dialect: about.dialect, profile: catalog.profiles.get(about.merchant), details: catalog.paymentDetailsOf(about.merchant) })
  })
}
