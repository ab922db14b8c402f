import type { OrderKey } from '../domain/brand'
import { revived } from '../flows/revive'
import { useAccountStore } from '../stores/account'
import { useRelaysStore } from '../stores/relays'

/**
 * 'Try again now': what relays refused for good is tried anew, and those that are away are called at once. Of one order, or
 * (null) of what is about none; `message` names one of its messages, else all are tried.
 */
export function useResend(): (order: OrderKey | null, message?: string) => Promise<void> {
  const account = useAccountStore()
  const relays = useRelaysStore()
  return async (order, message) => {
    const { journal } = account
    for (const delivery of await journal?.deliveriesOf(order) ?? []) {
      if (delivery.stopped !== null && delivery.deliveredAt === null && (message === undefined || delivery.message === message))
        await journal?.saveDelivery(revived(delivery))
    }
    relays.retryNow()
  }
}
