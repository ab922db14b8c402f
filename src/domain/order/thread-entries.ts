import { toSeconds, type EventId, type Seconds } from '../brand'
import type { KeyParts } from './keys'
import { comparePositions, type Entry } from './sequence'
import { asPlan } from './plan'
import type { OrderMessage, Role } from './types'
import { acceptedByHand, asReceipt, asStatus } from './unattributed'

/** Ten years: a fold believes no time further from the order (orders.md §5.3). */
const FURTHEST = 10 * 365 * 86_400 + 2 * 86_400

const ONLY_SHOPPERS: ReadonlySet<OrderMessage['type']> = new Set(['order', 'receipt', 'plan'])

const roleOf = (message: OrderMessage, { merchant }: KeyParts): Role =>
  message.type === 'unattributed'
    ? (message.receiver === merchant ? 'shopper' : 'merchant')
    // Who trades with himself says each thing in the role it needs; a Shopstr shopper writes with more keys than the order is named by.
    : message.author !== merchant || ONLY_SHOPPERS.has(message.type) ? 'shopper' : 'merchant'

/** Times within bounds, in sequence, what was recognised by hand as its sender's word. */
export function entriesOf(messages: readonly OrderMessage[], parts: KeyParts, placedAt: Seconds): { readonly entries: readonly Entry[], readonly accepted: ReadonlySet<EventId> } {
  const latest = toSeconds(Math.min(placedAt + FURTHEST, 2 ** 32))
  const accepted = acceptedByHand(messages)
  const entries = messages.flatMap((message): Entry[] => {
    const at = message.sentAt > latest ? latest : message.sentAt
    const by = roleOf(message, parts)
    const own: Entry = { at, id: message.id, by, message: by === 'shopper' && message.type === 'payment-request' ? asPlan(message) : message }
    if (message.type !== 'unattributed' || !accepted.has(message.id))
      return [own]
    const other = message.receiver === parts.merchant ? parts.shopper : parts.merchant
    // Each only what is theirs to say (T3).
    const word = by === 'shopper' ? asReceipt(message, other) : asStatus(message, other)
    return word === undefined ? [own] : [own, { ...own, message: word }]
  })
  return { entries: entries.toSorted(comparePositions), accepted }
}
