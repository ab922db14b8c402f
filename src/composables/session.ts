import { useAccountStore } from '../stores/account'
import { usePaymentRequestsStore } from '../stores/payment-requests'
import { useAutoInvoice } from './useAutoInvoice'
import { useDelivery } from './useDelivery'
import { useOrderEvents } from './useOrderEvents'
import { usePlacedCarts } from './usePlacedCarts'
import { useSettlement } from './useSettlement'
import { useUnknownPayments } from './useUnknownPayments'

/** Everything that runs by itself while an account is open. Ends with its scope. */
export function runSession(): void {
  const account = useAccountStore()
  // Keeps its snapshot from the first moment on, whatever page is open.
  usePaymentRequestsStore()
  useOrderEvents(() => account.pubkey)
  useDelivery()
  usePlacedCarts()
  useUnknownPayments()
  useAutoInvoice()
  useSettlement()
}
