import { computed } from 'vue'
import { fatesOf } from '../components/order/delivery-view'
import { words } from '../components/talk/words'
import { useNotice } from '../composables/useNotice'
import { useResend } from '../composables/useResend'
import { useSeen } from '../composables/useSeen'
import type { Order } from '../domain/order/types'
import { useAccountStore } from '../stores/account'
import { useConversationsStore } from '../stores/conversations'
import { useDeliveriesStore } from '../stores/deliveries'
import { useOrdersStore } from '../stores/orders'

/** What an order's page of either side tells of its messages: where they went, and once more what went nowhere. On screen they are read. */
export function useOrderLetters(order: () => Order) {
  const account = useAccountStore()
  const orders = useOrdersStore()
  const store = useDeliveriesStore()
  const conversations = useConversationsStore()
  const notice = useNotice()
  const resend = useResend()
  const deliveries = computed(() => store.ofOrder(order().key))
  useSeen(() => orders.chatOf(order().key).length, () => conversations.sawOrder(order()))
  return {
    deliveries,
    fates: computed(() => fatesOf(deliveries.value, account.pubkey ?? '')),
    async sendAgain(message: string): Promise<void> {
      await resend(order().key, message)
      notice.done(words.fate.againDone)
    },
  }
}
