import { computed, onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import { maskedNwc, readNwcUri, type NwcConnection } from '../domain/wallet/nwc-uri'
import { err, ok, type Result } from '../domain/result'
import { refundPayerOn, type RefundPayer } from '../ports/refund'
import type { Wallet, WalletBudget } from '../ports/wallet'
import { useRefundWalletStore } from '../stores/refund-wallet'
import { useServices } from '../stores/services'
import { useSettingsStore } from '../stores/settings'
import { shared } from './shared'

type Connected = Promise<Result<void, { readonly code: string, readonly detail?: string }>>

const read = (uri: string | null): NwcConnection | null => {
  const connection = uri === null ? null : readNwcUri(uri)
  return connection?.ok ? connection.value : null
}

/**
 * A connection that may spend, chosen for refunds alone; one for all who use it. Nothing is opened before something is to be paid or
 * asked, and its money is looked at only where that is shown.
 */
export const useRefundWallet = shared(() => {
  const services = useServices()
  const settings = useSettingsStore()
  const store = useRefundWalletStore()
  const chosen = computed(() => read(store.uri))
  let wallet: Wallet | null = null
  /** What it may still spend, where it says so. */
  const budget = shallowRef<WalletBudget | null>(null)

  function close(): void {
    wallet?.dispose()
    wallet = null
    budget.value = null
  }
  watch(() => store.uri, close, { flush: 'sync' })
  onScopeDispose(close)

  function opened(): Wallet | null {
    if (chosen.value !== null)
      wallet ??= services.openWallet(chosen.value)
    return wallet
  }

  /** Asks what it may spend, and again after a payment: less is left. */
  async function look(): Promise<void> {
    const asked = opened()
    const told = await asked?.budget?.() ?? null
    if (wallet === asked)
      budget.value = told
  }

  /** Tried before it is held: it must not be known to be unable to pay, on the shop's network, and be no connection that the shop receives with (T17). */
  async function connect(text: string, keep: boolean): Connected {
    const connection = readNwcUri(text)
    if (!connection.ok)
      return connection
    // Each receives, not only the one that makes the invoices now.
    if (settings.wallets.some(({ settings: shop }) => shop.kind === 'nwc' && read(shop.uri)?.secret === connection.value.secret))
      return err({ code: 'receiving-connection' })
    const source = services.openInvoiceSource({ kind: 'nwc', uri: text.trim() })
    const can = await source.capabilities().finally(() => source.dispose())
    if (!can.ok)
      return can
    if (can.value.network !== null && can.value.network !== services.config.network)
      return err({ code: 'wrong-network' })
    // One that does not say what it may do is taken at its owner's word, as a shopper's is: the first payment shows it.
    if (can.value.unlisted !== true && (!can.value.canSpend || can.value.pays === false))
      return err({ code: 'cannot-spend' })
    store.hold(text.trim())
    return keep ? settings.keepRefundWallet(text.trim()) : ok(undefined)
  }

  async function disconnect(): Promise<void> {
    store.hold(null)
    if (settings.refundWalletUri !== null)
      await settings.keepRefundWallet(null)
  }

  return {
    connected: computed(() => chosen.value !== null),
    /** Opens it where it was not yet; null: none is connected. */
    payer: (): RefundPayer | null => {
      const open = opened()
      return open === null ? null : refundPayerOn(open)
    },
    /** Which wallet, never its secret. */
    label: computed(() => chosen.value === null ? '' : maskedNwc(chosen.value)),
    budget: shallowReadonly(budget),
    look,
    connect,
    disconnect,
  }
})
