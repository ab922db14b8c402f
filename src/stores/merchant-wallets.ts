import { computed, type ComputedRef } from 'vue'
import { issuingWallet, MOST_WALLETS, walletId, withIssuer, withName, withoutWallet, withWallet, type MerchantWallet, type MerchantWallets } from '../domain/wallet/merchant-wallets'
import { err, type Result } from '../domain/result'
import type { StorageError } from '../ports/journal'
import type { WalletSettings } from '../ports/wallet-settings'
import type { PrivateSettings } from './private-settings'

export type KeepWalletError = StorageError | { readonly code: 'too-many-wallets' }
type Kept = Promise<Result<void, StorageError>>

/** The merchant's wallets among the private settings: a list, of which exactly one makes the invoices. */
export function merchantWallets(sealed: PrivateSettings) {
  const change = (next: (wallets: MerchantWallets) => MerchantWallets): Kept => sealed.change(current => ({ ...current, wallets: next(current.wallets) }))
  const list: ComputedRef<readonly MerchantWallet[]> = computed(() => sealed.wallets.value.list)
  const issuing = computed<MerchantWallet | null>(() => issuingWallet(sealed.wallets.value))

  return {
    /** All that are connected, the first connected first. */
    wallets: list,
    /** The one that makes the invoices. */
    issuingWallet: issuing,
    /** How that one is reached; null: none is connected. */
    merchantWallet: computed<WalletSettings | null>(() => issuing.value?.settings ?? null),
    /** The first that is added makes the invoices; one that is here already is the same wallet, with what is new of it. */
    async addWallet(settings: WalletSettings, name = ''): Promise<Result<void, KeepWalletError>> {
      const known = list.value.some(({ id }) => id === walletId(settings))
      return list.value.length >= MOST_WALLETS && !known ? err({ code: 'too-many-wallets' }) : change(wallets => withWallet(wallets, settings, name))
    },
    chooseWallet: (id: string): Kept => change(wallets => withIssuer(wallets, id)),
    renameWallet: (id: string, name: string): Kept => change(wallets => withName(wallets, id, name)),
    removeWallet: (id: string): Kept => change(wallets => withoutWallet(wallets, id)),
    /** Connects this one and lets it make the invoices; null: the one that makes them goes. */
    setMerchantWallet: (settings: WalletSettings | null): Kept => change(wallets => settings === null
      ? withoutWallet(wallets, wallets.issuing ?? '')
      : withIssuer(withWallet(wallets, settings), walletId(settings))),
  }
}
