import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { deskPaymentState, type DeskPaymentState } from '../domain/order/desk-payment-state'
import { paymentHashOwners } from '../domain/order/hash-owners'
import type { Order } from '../domain/order/types'
import { useDeskHealthStore } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useNow } from './useNow'

/** What the desk says about the money of one order, as it stands now. */
export function useDeskPayment(order: MaybeRefOrGetter<Order>): ComputedRef<DeskPaymentState> {
  const { config } = useServices()
  const orders = useOrdersStore()
  const health = useDeskHealthStore()
  const now = useNow()
  const knownHashes = computed(() => paymentHashOwners(orders.byKey.values()))
  return computed(() => deskPaymentState({
    order: toValue(order),
    now: now.value,
    network: config.network,
    knownHashes: knownHashes.value,
    unreachable: health.lookingUp !== null && health.lookingUp.order === toValue(order).key,
  }))
}
