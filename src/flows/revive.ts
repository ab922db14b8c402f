import type { Delivery } from '../ports/journal'

/** A person says: try again, whatever relays have said. A kind 4 is signed anew, since its time may have been the trouble. */
export const revived = (delivery: Delivery): Delivery =>
  ({ ...delivery, stopped: null, attempts: 0, lastTriedAt: null, ...(delivery.transport === 'nip04' && { event: null }) })
