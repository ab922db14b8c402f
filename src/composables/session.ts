import { onScopeDispose, watch } from 'vue'
import { useAccountStore } from '../stores/account'
import { useAttentionStore } from '../stores/attention'
import { useConversationsStore } from '../stores/conversations'
import { usePaymentRequestsStore } from '../stores/payment-requests'
import { useAddressPayments } from './useAddressPayments'
import { useAutoInvoice } from './useAutoInvoice'
import { useDeletions } from './useDeletions'
import { useDelivery } from './useDelivery'
import { useFirstRelayLists } from './useFirstRelayLists'
import { useOrderEvents } from './useOrderEvents'
import { usePlacedCarts } from './usePlacedCarts'
import { usePrepaidIntake } from './usePrepaidIntake'
import { useReceipts } from './useReceipts'
import { useSettlement } from './useSettlement'
import { useUnknownPayments } from './useUnknownPayments'
import { useUntold } from './useUntold'

/** Everything that runs by itself while an account is open. Ends with its scope. */
export function runSession(): void {
  const account = useAccountStore()
  // From its snapshot at first: what is to be paid is known before any order was read.
  const requests = usePaymentRequestsStore()
  const attention = useAttentionStore()
  watch(() => requests.current.length, count => attention.report(count), { immediate: true })
  const conversations = useConversationsStore()
  watch(() => conversations.unread, count => attention.reportUnread(count), { immediate: true })
  onScopeDispose(() => {
    attention.report(0)
    attention.reportUnread(0)
  })
  useOrderEvents(() => account.pubkey)
  useFirstRelayLists()
  useDelivery()
  useDeletions()
  usePlacedCarts()
  useUnknownPayments()
  useReceipts()
  useAddressPayments()
  useAutoInvoice()
  useSettlement()
  usePrepaidIntake()
  useUntold()
}
