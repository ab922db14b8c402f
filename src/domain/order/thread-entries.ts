import { toSeconds, type EventId, type OrderKey, type Seconds } from '../brand'
import { aliasOf, candidateKeys, joinsLoosely, looseKey, type KeyParts } from './keys'
import { comparePositions, type Entry } from './sequence'
import { asPlan } from './plan'
import type { OrderMessage, Role } from './types'
import { acceptedByHand, asStatus } from './unattributed'

/** Ten years: a fold believes no time further from the order (orders.md §5.3). */
const FURTHEST = 10 * 365 * 86_400 + 2 * 86_400

/** Each message of this very thread once; a wrong author's are never in the set (orders.md §5.10). */
export function messagesOfThread(messages: Iterable<OrderMessage>, key: OrderKey, parts: KeyParts): readonly OrderMessage[] {
  const unique = new Map<string, OrderMessage>()
  for (const message of messages) {
    if (!unique.has(message.id))
      unique.set(message.id, message)
  }
  const all = [...unique.values()]
  const orders = all.filter(message => message.type === 'order')
  const taken = new Set(orders.flatMap(candidateKeys))
  const aliases = orders.filter(order => candidateKeys(order).includes(key)).map(order => aliasOf(parts, order.id))
  const keys = new Set([key, ...aliases.filter(alias => !taken.has(alias))])
  return all.filter(message => looseKey(message) === undefined ? candidateKeys(message).some(one => keys.has(one)) : joinsLoosely(message, parts))
}

const roleOf = (message: OrderMessage, { shopper, merchant }: KeyParts): Role =>
  message.type === 'unattributed'
    ? (message.receiver === merchant ? 'shopper' : 'merchant')
    // Who trades with himself says each thing in the role it needs.
    : shopper === merchant && !['order', 'receipt', 'plan'].includes(message.type)
      ? 'merchant'
      : message.author === shopper ? 'shopper' : 'merchant'

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
    const word = asStatus(message, message.receiver === parts.merchant ? parts.shopper : parts.merchant)
    return word === undefined ? [own] : [own, { ...own, message: word }]
  })
  return { entries: entries.toSorted(comparePositions), accepted }
}
