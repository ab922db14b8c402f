import { computed, onScopeDispose, shallowReadonly, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { OpenedWallet } from '../flows/lookup-invoice'
import type { InvoiceSource } from '../ports/invoices'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'

export interface InvoiceSources {
  /** Every connected wallet: those that issue no longer are still asked about what they made. */
  readonly opened: Readonly<ShallowRef<readonly OpenedWallet[]>>
  /** The one that makes the invoices. */
  readonly issuing: ComputedRef<InvoiceSource | null>
}

/** The merchant's wallets as they are connected now; one connection each for all who use it. */
export const useInvoiceSources: () => InvoiceSources = shared(() => {
  const services = useServices()
  const settings = useSettingsStore()
  const opened = shallowRef<readonly OpenedWallet[]>([])
  watch(() => settings.wallets, (wallets) => {
    const left = new Map(opened.value.map(one => [one.id, one]))
    opened.value = wallets.map((wallet) => {
      const before = left.get(wallet.id)
      // Another name, or the same read again for another tab, is no reason to hang up.
      if (before === undefined || JSON.stringify(before.settings) !== JSON.stringify(wallet.settings))
        return { ...wallet, source: services.openInvoiceSource(wallet.settings) }
      left.delete(wallet.id)
      return { ...wallet, source: before.source }
    })
    left.forEach(({ source }) => source.dispose())
    // The merchant's own server is asked for rates, too: it is theirs, and one more.
    services.rates.also?.(wallets.flatMap(({ settings }) => settings.kind === 'lnbits' ? [settings.url] : []))
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => opened.value.forEach(({ source }) => source.dispose()))
  return {
    opened: shallowReadonly(opened),
    issuing: computed(() => opened.value.find(({ id }) => id === settings.issuingWallet?.id)?.source ?? null),
  }
})

/** The wallet that makes the invoices. */
export const useInvoiceSource = (): ComputedRef<InvoiceSource | null> => useInvoiceSources().issuing
