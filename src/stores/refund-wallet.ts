import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useAccountStore } from './account'
import { useSettingsStore } from './settings'

/** The wallet that refunds are paid from: it may spend, so it is held in memory while the account is open, unless its owner keeps it. */
export const useRefundWalletStore = defineStore('refund-wallet', () => {
  const account = useAccountStore()
  const settings = useSettingsStore()
  const held = shallowRef<string | null>(null)
  watch(() => account.vault, () => { held.value = null }, { flush: 'sync' })
  return {
    uri: computed(() => held.value ?? settings.refundWalletUri),
    hold: (uri: string | null): void => { held.value = uri },
  }
})
