import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { OrderKey } from '../domain/brand'
import { parseRouteId } from '../domain/order/route-id'
import type { Order } from '../domain/order/types'
import { useOrdersStore } from '../stores/orders'

/** The order that the address names. `key` null: the address is damaged; `order` undefined: it is not here, or not yet. */
export interface OrderRoute {
  readonly key: ComputedRef<OrderKey | null>
  readonly order: ComputedRef<Order | undefined>
  /** To the sign-in page, and back to this order. */
  readonly signIn: () => void
  readonly go: (path: string) => void
}

export function useOrderRoute(): OrderRoute {
  const route = useRoute()
  const router = useRouter()
  const orders = useOrdersStore()
  const key = computed(() => {
    const parsed = parseRouteId(String(route.params['key'] ?? ''))
    return parsed.ok ? parsed.value : null
  })
  return {
    key,
    order: computed(() => key.value === null ? undefined : orders.get(key.value)),
    signIn: () => void router.push({ path: '/sign-in', query: { next: route.fullPath } }),
    go: path => void router.push(path),
  }
}
