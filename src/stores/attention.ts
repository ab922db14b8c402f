import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** What waits for the person, as numbers for the navigation: light, so that every page can show it. */
export const useAttentionStore = defineStore('attention', () => {
  /** Invoices that can be paid now. */
  const toPay = shallowRef(0)
  /** Messages that were not read yet. */
  const unread = shallowRef(0)
  return { unread, reportUnread: (count: number): void => { unread.value = count }, toPay, report: (payable: number): void => { toPay.value = payable } }
})
