import type { Hex32 } from '../brand'
import { isNamed } from './own-receipts'
import type { PaymentPanelState } from './payment-panel'
import type { Order } from './types'

/**
 * Payment hash of the invoice that 'I have paid' speaks of, where nothing here can show it. null: there is none to say it of, or
 * it was said.
 * @param taken the invoice that a wallet outside was given
 */
export function claimableHash({ type }: Pick<PaymentPanelState, 'type'>, order: Pick<Order, 'request' | 'paying' | 'payments'>, taken: Hex32 | null): Hex32 | null {
  const hash = hashOf(type, order, taken)
  return hash === null || isNamed(order, hash) ? null : hash
}

function hashOf(type: PaymentPanelState['type'], { request, paying }: Pick<Order, 'request' | 'paying'>, taken: Hex32 | null): Hex32 | null {
  switch (type) {
    case 'ready':
    case 'checking':
    case 'expired': return request?.paymentHash ?? null
    case 'superseded': return taken
    case 'could-not-check': return paying
    default: return null
  }
}
