import { computed, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { deskPaymentStateBy, wantsReading, type DeskPaymentState } from '../domain/order/desk-payment-facts'
import { paymentHashOwners } from '../domain/order/hash-owners'
import type { Order } from '../domain/order/types'
import { useDeskHealthStore } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { invoiceReading, loadInvoiceReading } from './invoice-reading'
import { useNow } from './useNow'

/** What the desk says about the money of one order, as it stands now. */
export function useDeskPayment(order: MaybeRefOrGetter<Order>): ComputedRef<DeskPaymentState> {
  const { config, essential = (load: () => Promise<void>) => load() } = useServices()
  const orders = useOrdersStore()
  const health = useDeskHealthStore()
  const now = useNow()
  const knownHashes = computed(() => paymentHashOwners(orders.byKey.values()))
  watch(() => invoiceReading.value === null && wantsReading(toValue(order)), (missing) => {
    if (missing)
      void essential(loadInvoiceReading)
  }, { immediate: true })
  return computed(() => deskPaymentStateBy({
    order: toValue(order),
    now: now.value,
    network: config.network,
    knownHashes: knownHashes.value,
    unreachable: health.lookingUp !== null && health.lookingUp.order === toValue(order).key,
  }, invoiceReading.value))
}
