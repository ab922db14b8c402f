import { computed } from 'vue'
import type { Result } from '../domain/result'
import type { SourceCapabilities, WalletError } from '../ports/invoices'
import type { WalletSettings } from '../ports/wallet-settings'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

/** Connects the merchant's wallet: tried before it is kept (T17). */
export function useMerchantWallet() {
  const services = useServices()
  const settings = useSettingsStore()

  async function test(wallet: WalletSettings): Promise<Result<SourceCapabilities, WalletError>> {
    const source = services.openInvoiceSource(wallet)
    try {
      return await source.capabilities()
    }
    finally {
      source.dispose()
    }
  }

  return {
    test,
    save: (wallet: WalletSettings) => settings.setMerchantWallet(wallet),
    disconnect: () => settings.setMerchantWallet(null),
    state: computed<'none' | 'connected'>(() => settings.merchantWallet === null ? 'none' : 'connected'),
  }
}
