import { computed, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { deskPaymentStateBy, wantsReading, type DeskPaymentState } from '../domain/order/desk-payment-facts'
import { paymentHashOwners } from '../domain/order/hash-owners'
import type { Order } from '../domain/order/types'
import { openInvoiceFinder } from '../domain/wallet/lookup-plan'
import { whereToAsk } from '../domain/wallet/merchant-wallets'
import { useDeskHealthStore } from '../stores/desk-health'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { invoiceReading, loadInvoiceReading } from './invoice-reading'
import { useSettingsStore } from '../stores/settings'
import { useNow } from './useNow'

/** What the desk says about the money of one order, as it stands now. */
export function useDeskPayment(order: MaybeRefOrGetter<Order>): ComputedRef<DeskPaymentState> {
  const { config, essential = (load: () => Promise<void>) => load() } = useServices()
  const orders = useOrdersStore()
  const health = useDeskHealthStore()
  const settings = useSettingsStore()
  const now = useNow()
  const findOpen = openInvoiceFinder()
  /** An invoice of it that is still asked about got no answer, or was made by a wallet that gives none at all. */
  const unreachable = computed(() => {
    const { wallets, invoices } = health.silence
    return (wallets.size > 0 || invoices.size > 0) && findOpen([toValue(order)], now.value).some((invoice) => {
      const { ids, sure } = whereToAsk(invoice, settings.wallets)
      return invoices.has(invoice.paymentHash) || (sure && ids.every(id => wallets.has(id)))
    })
  })
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
    unreachable: unreachable.value,
  }, invoiceReading.value))
}
