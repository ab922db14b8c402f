import { onScopeDispose, shallowReadonly, shallowRef, watch, type ShallowRef } from 'vue'
import type { InvoiceSource } from '../ports/invoices'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'

/** The merchant's wallet as it is connected now; one connection for all who use it. */
export const useInvoiceSource: () => Readonly<ShallowRef<InvoiceSource | null>> = shared(() => {
  const services = useServices()
  const settings = useSettingsStore()
  const source = shallowRef<InvoiceSource | null>(null)
  watch(() => settings.merchantWallet, (wallet) => {
    source.value?.dispose()
    source.value = wallet === null ? null : services.openInvoiceSource(wallet)
    // The merchant's own server is asked for rates, too: it is theirs, and one more.
    services.rates.also?.(wallet?.kind === 'lnbits' ? [wallet.url] : [])
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => source.value?.dispose())
  return shallowReadonly(source)
})
