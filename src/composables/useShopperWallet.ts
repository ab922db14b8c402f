import { onScopeDispose, shallowReadonly, shallowRef, watch, type ShallowRef } from 'vue'
import { readNwcUri } from '../domain/wallet/nwc-uri'
import type { Wallet } from '../ports/wallet'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'

/** The shopper's wallet as it is connected now; null while none is. */
export const useShopperWallet: () => Readonly<ShallowRef<Wallet | null>> = shared(() => {
  const services = useServices()
  const settings = useSettingsStore()
  const wallet = shallowRef<Wallet | null>(null)
  watch(() => settings.shopperWalletUri, (uri) => {
    wallet.value?.dispose()
    const connection = uri === null ? null : readNwcUri(uri)
    wallet.value = connection?.ok ? services.openWallet(connection.value) : null
  }, { immediate: true, flush: 'sync' })
  onScopeDispose(() => wallet.value?.dispose())
  return shallowReadonly(wallet)
})
