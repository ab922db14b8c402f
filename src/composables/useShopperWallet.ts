import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import { readNwcUri } from '../domain/wallet/nwc-uri'
import type { Wallet } from '../ports/wallet'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'

/** The shopper's wallet as it is connected now, else the browser's own; null while there is neither. */
export const useShopperWallet: () => ComputedRef<Wallet | null> = shared(() => {
  const services = useServices()
  const settings = useSettingsStore()
  const wallet = shallowRef<Wallet | null>(null)
  const inBrowser = shallowRef<Wallet | null>(null)
  const ended = services.browserWallet?.onPresent((present) => { inBrowser.value = present ? services.browserWallet?.wallet ?? null : null })
  watch(() => settings.shopperWalletUri, (uri) => {
    wallet.value?.dispose()
    const connection = uri === null ? null : readNwcUri(uri)
    wallet.value = connection?.ok ? services.openWallet(connection.value) : null
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => {
    ended?.()
    wallet.value?.dispose()
  })
  return computed(() => wallet.value ?? inBrowser.value)
})
