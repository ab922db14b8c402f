import type { PlanMessage, RequestMessage } from './types'

/**
 * A request that the shopper wrote is what his client means to pay, and to whom (gamma.md §8.4): shown, never payable, since
 * its invoice would be of his own choosing.
 */
export function asPlan({ id, author, receiver, sentAt, transport, dialect, orderId, options, msat, recipient }: RequestMessage): PlanMessage {
  const address = options.find(option => option.type === 'lnurl')?.link
  return { type: 'plan', id, author, receiver, sentAt, transport, dialect, orderId, msat: msat ?? null, recipient: recipient ?? receiver, ...(address !== undefined && { lightningAddress: address }) }
}
