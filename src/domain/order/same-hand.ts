import type { PlacedMessage } from './types'

/**
 * Shopstr sends one order message for each line of a cart, by a key made for that very message: only the order id joins them, and
 * whoever has seen one message knows that (gamma.md §6, §8.1). So they are one order where each also says what a stranger
 * cannot know, where to send the goods or how to reach the shopper, and names the same shopper.
 * @returns the same text for messages that belong together; null: nothing in it tells its writer from anybody else
 */
export function handOf({ throwAway, receiver, orderId, address, contact }: PlacedMessage): string | null {
  if (throwAway === undefined || throwAway.claims === null)
    return null
  const { phone = '', email = '' } = contact
  // Where a merchant hands goods out stands in his listing.
  const secret = `${throwAway.pickup === true ? '' : address}${phone}${email}`
  return secret === '' ? null : JSON.stringify([receiver, orderId, throwAway.claims, address, phone, email])
}

/** More are no cart. Beyond it nobody's messages are joined, so that a flood of them costs no more than so many orders (T20). */
export const MOST_OF_ONE_HAND = 50
