import type { OrderKey } from '../domain/brand'
import { revived } from '../flows/deliver'
import { useAccountStore } from '../stores/account'
import { useRelaysStore } from '../stores/relays'

/** 'Try again now': what relays refused for good is tried anew, and those that are away are called at once. */
export function useResend(): (order: OrderKey) => Promise<void> {
  const account = useAccountStore()
  const relays = useRelaysStore()
  return async (order) => {
    const { journal } = account
    for (const delivery of await journal?.deliveriesOf(order) ?? []) {
      if (delivery.stopped !== null && delivery.deliveredAt === null)
        await journal?.saveDelivery(revived(delivery))
    }
    relays.retryNow()
  }
}
