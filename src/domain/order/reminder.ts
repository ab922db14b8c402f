import type { Seconds } from '../brand'
import type { Order } from './types'

/** Whether the merchant may be reminded of what is waited for: not so soon, now, or already written to within a day. */
export type Reminder = 'early' | 'due' | 'sent'

/** Many stalls answer by hand: asking sooner helps nobody. */
const FIRST_AFTER = 3_600
const EVERY = 24 * 3_600

/**
 * Any line of the shopper's counts, whatever it says: nobody is to be written to more often than once a day by a button.
 * @param since from when on it is waited for; absent: from the order on, for its invoice
 */
export function reminderOf({ placedAt, chat }: Pick<Order, 'placedAt' | 'chat'>, now: Seconds, since: Seconds = placedAt): Reminder {
  if (now - since < FIRST_AFTER)
    return 'early'
  const last = chat.findLast(({ by }) => by === 'shopper')
  return last !== undefined && now - last.at < EVERY ? 'sent' : 'due'
}
