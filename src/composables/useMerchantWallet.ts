import { computed } from 'vue'
import { openInvoices } from '../domain/order/own-invoices'
import type { Result } from '../domain/result'
import { walletId, walletPlace, whereToAsk, type MerchantWallet } from '../domain/wallet/merchant-wallets'
import type { SourceCapabilities, WalletError } from '../ports/invoices'
import type { WalletSettings } from '../ports/wallet-settings'
import { useOrdersStore } from '../stores/orders'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'

export interface ListedWallet {
  readonly id: string
  readonly kind: WalletSettings['kind']
  /** The merchant's own name for it, else where it is. */
  readonly name: string
  /** Host, relay or address; its secret stays out of every text. */
  readonly place: string
  /** Makes the invoices. */
  readonly issues: boolean
  /** Invoices that may still be paid, and that no other connected wallet can be asked about. */
  readonly open: number
}

/** Paid late is still paid: the node's clock may lag, and a lookup come late (payments.md §6.3, I17). */
const AFTER_EXPIRY = 24 * 3_600

/** Connects a merchant's wallets: each is tried before it is kept (T17). */
export function useMerchantWallet() {
  const services = useServices()
  const settings = useSettingsStore()
  const orders = useOrdersStore()

  async function test(wallet: WalletSettings): Promise<Result<SourceCapabilities, WalletError>> {
    const source = services.openInvoiceSource(wallet)
    try {
      return await source.capabilities()
    }
    finally {
      source.dispose()
    }
  }

  const open = computed(() => {
    const counts = new Map<string, number>()
    const now = services.clock.now()
    for (const invoice of orders.asMerchant.flatMap(openInvoices)) {
      const { ids } = whereToAsk(invoice, settings.wallets)
      if (ids.length === 1 && ids[0] !== undefined && invoice.expiresAt + AFTER_EXPIRY > now)
        counts.set(ids[0], (counts.get(ids[0]) ?? 0) + 1)
    }
    return counts
  })
  const nameOf = ({ name, settings: { kind }, settings: own }: MerchantWallet): string => name || walletPlace(own) || kind

  return {
    test,
    wallets: computed<readonly ListedWallet[]>(() => settings.wallets.map(wallet => ({
      id: wallet.id, kind: wallet.settings.kind, name: nameOf(wallet), place: walletPlace(wallet.settings),
      issues: wallet.id === settings.issuingWallet?.id, open: open.value.get(wallet.id) ?? 0,
    }))),
    /** The one that makes the invoices, by name; '' for none. */
    issuer: computed(() => settings.issuingWallet === null ? '' : nameOf(settings.issuingWallet)),
    nameOf,
    /** How a connected one is reached, to ask it again. */
    settingsOf: (id: string): WalletSettings | null => settings.wallets.find(wallet => wallet.id === id)?.settings ?? null,
    isConnected: (wallet: WalletSettings): boolean => settings.wallets.some(({ id }) => id === walletId(wallet)),
    idOf: walletId,
    add: settings.addWallet,
    choose: settings.chooseWallet,
    rename: settings.renameWallet,
    remove: settings.removeWallet,
  }
}
