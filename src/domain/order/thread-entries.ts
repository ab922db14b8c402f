import { toSeconds, type EventId, type OrderKey, type Seconds } from '../brand'
import { candidateKeys, looseKey, type KeyParts } from './keys'
import { comparePositions, type Entry } from './sequence'
import type { OrderMessage, Role } from './types'
import { acceptedByHand, asStatus } from './unattributed'

/** Ten years: a fold believes no time further from the order (orders.md §5.3). */
const FURTHEST = 10 * 365 * 86_400 + 2 * 86_400

const belongs = (message: OrderMessage, key: OrderKey, { shopper, merchant, id }: KeyParts): boolean => {
  const loose = looseKey(message)
  if (loose === undefined)
    return candidateKeys(message).includes(key)
  return loose === `${shopper}:${id}` || (message.type === 'unattributed' && loose === `${merchant}:${id}`)
}

/** Each message of this very thread once; a wrong author's are never in the set (orders.md §5.10). */
export function messagesOfThread(messages: Iterable<OrderMessage>, key: OrderKey, parts: KeyParts): readonly OrderMessage[] {
  const unique = new Map<string, OrderMessage>()
  for (const message of messages) {
    if (!unique.has(message.id) && belongs(message, key, parts))
      unique.set(message.id, message)
  }
  return [...unique.values()]
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
    const own: Entry = { at, id: message.id, by: roleOf(message, parts), message }
    if (message.type !== 'unattributed' || !accepted.has(message.id))
      return [own]
    const word = asStatus(message, message.receiver === parts.merchant ? parts.shopper : parts.merchant)
    return word === undefined ? [own] : [own, { ...own, message: word }]
  })
  return { entries: entries.toSorted(comparePositions), accepted }
}
