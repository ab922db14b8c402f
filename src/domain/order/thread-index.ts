import type { EventId, OrderKey, Pubkey } from '../brand'
import { limits } from '../limits'
import { aliasOf, candidateKeys, looseKey, mirrorKey, splitKey } from './keys'
import { handOf, MOST_OF_ONE_HAND } from './same-hand'
import { withinBounds } from './thread-bounds'
import type { ChatMessage, Order, OrderMessage } from './types'

export interface Thread {
  readonly key: OrderKey
  readonly messages: Map<EventId, OrderMessage>
  /** Order messages among them. */
  placed: number
  /** Messages that could be of the mirrored thread as well. */
  shared: number
  /** Whose order messages these are, where that is told by more than their key (Shopstr). */
  hand: string | null
  /** Folded anew when asked for. */
  stale: boolean
  order: Order | undefined
}

/** Messages by thread, so that what one message costs follows what it changes. Mutable, owned by one store. */
export interface ThreadIndex {
  readonly viewer: Pubkey | undefined
  readonly messages: Map<EventId, OrderMessage>
  readonly threads: Map<OrderKey, Thread>
  /** What joins by `party:id` alone. */
  readonly loose: Map<string, Map<EventId, OrderMessage>>
  readonly keysByParty: Map<string, Set<OrderKey>>
  /** Threads that name an order by its order message: which order that is. */
  readonly aliases: Map<OrderKey, OrderKey>
  /** Threads of one hand: see `handOf`. */
  readonly hands: Map<string, Set<OrderKey>>
  /** Private messages that name no order, by either person. */
  readonly chat: Map<Pubkey, Map<EventId, ChatMessage>>
  refused: number
}

export const createThreadIndex = (viewer?: Pubkey): ThreadIndex =>
  ({ viewer, messages: new Map(), threads: new Map(), loose: new Map(), keysByParty: new Map(), aliases: new Map(), hands: new Map(), chat: new Map(), refused: 0 })

export function indexOf(messages: Iterable<OrderMessage>, viewer?: Pubkey): ThreadIndex {
  const index = createThreadIndex(viewer)
  for (const message of messages)
    addMessage(index, message)
  return index
}

/** @returns the threads that may read differently now; empty for what was known, is chat, or is by the wrong author */
export function addMessage(index: ThreadIndex, message: OrderMessage): readonly OrderKey[] {
  if (index.messages.has(message.id))
    return []
  const loose = looseKey(message)
  if (loose !== undefined) {
    index.messages.set(message.id, message)
    entryOf(index.loose, loose, () => new Map()).set(message.id, message)
    return touch(index, [...index.keysByParty.get(loose) ?? []])
  }
  if (message.type === 'chat' && message.orderId === undefined) {
    index.messages.set(message.id, message)
    for (const party of new Set([message.author, message.receiver]))
      entryOf(index.chat, party, () => new Map()).set(message.id, message)
    return []
  }
  const keys = candidateKeys(message)
  if (keys.length === 0) {
    index.refused += 1
    return []
  }
  index.messages.set(message.id, message)
  return touch(index, keys.flatMap(key => putInto(index, key, message, keys.length > 1)))
}

function putInto(index: ThreadIndex, key: OrderKey, message: OrderMessage, shared: boolean): readonly OrderKey[] {
  const thread = entryOf(index.threads, key, () => ({ key, messages: new Map<EventId, OrderMessage>(), placed: 0, shared: 0, hand: null, stale: true, order: undefined }))
  thread.messages.set(message.id, message)
  thread.shared += shared ? 1 : 0
  const changed: OrderKey[] = [key]
  if (message.type === 'order') {
    thread.placed += 1
    for (const party of partiesOf(key))
      entryOf(index.keysByParty, party, () => new Set()).add(key)
    for (const alias of aliasesOf(key, [message])) {
      index.aliases.set(alias, key)
      changed.push(...mirrored(index, alias))
    }
    // What either of the two may have said moves to the thread that has its order.
    if (thread.placed === 1 && thread.shared > 0)
      changed.push(...mirrored(index, key))
  }
  if (message.type === 'order')
    changed.push(...rehand(index, thread, thread.placed === 1 || thread.hand === handOf(message) ? handOf(message) : null))
  if (thread.messages.size > 3 * limits.messagesPerOrder)
    changed.push(...prune(index, thread))
  return changed
}

/** A flood costs no more than the bound: what the fold would leave out anyway is let go (orders.md §5.10). */
function prune(index: ThreadIndex, thread: Thread): readonly OrderKey[] {
  const { orders, others } = withinBounds([...thread.messages.values()], index.viewer, limits.messagesPerOrder)
  thread.messages.clear()
  for (const message of [...orders, ...others])
    thread.messages.set(message.id, message)
  thread.placed = orders.length
  thread.shared = others.filter(message => candidateKeys(message).length > 1).length
  return rehand(index, thread, handOfAll(thread))
}

function mirrored(index: ThreadIndex, key: OrderKey): readonly OrderKey[] {
  const mirror = mirrorKey(key)
  return mirror !== undefined && index.threads.has(mirror) ? [mirror] : []
}

/** One key that writes for two is no evidence for either. */
function handOfAll({ messages }: Thread): string | null {
  const hands = new Set([...messages.values()].flatMap(message => message.type === 'order' ? [handOf(message)] : []))
  const [hand = null] = hands.size === 1 ? hands : []
  return hand
}

/** Puts a thread to those of the same hand. @returns whom that joins, and whom it leaves */
function rehand(index: ThreadIndex, thread: Thread, hand: string | null): readonly OrderKey[] {
  if (hand === thread.hand)
    return []
  const former = thread.hand === null ? undefined : index.hands.get(thread.hand)
  former?.delete(thread.key)
  const joined = hand === null ? undefined : entryOf(index.hands, hand, () => new Set()).add(thread.key)
  thread.hand = hand
  // At one too many they part, all at once; a larger crowd is parted already.
  return [former, joined].flatMap(crowd => crowd === undefined || crowd.size > MOST_OF_ONE_HAND + 1 ? [] : [...crowd])
}

/** Takes a message out again: an own one that no relay ever took, signed anew. */
export function removeMessage(index: ThreadIndex, id: EventId): readonly OrderKey[] {
  const message = index.messages.get(id)
  if (message === undefined)
    return []
  index.messages.delete(id)
  const loose = looseKey(message)
  if (loose !== undefined) {
    index.loose.get(loose)?.delete(id)
    return touch(index, [...index.keysByParty.get(loose) ?? []])
  }
  for (const party of [message.author, message.receiver])
    index.chat.get(party)?.delete(id)
  const keys = candidateKeys(message)
  return touch(index, keys.flatMap(key => takeFrom(index, key, message, keys.length > 1)))
}

function takeFrom(index: ThreadIndex, key: OrderKey, message: OrderMessage, shared: boolean): readonly OrderKey[] {
  const thread = index.threads.get(key)
  if (thread?.messages.delete(message.id) !== true)
    return []
  thread.shared -= shared ? 1 : 0
  if (message.type !== 'order')
    return [key, ...mirrored(index, key)]
  thread.placed -= 1
  const aliases = aliasesOf(key, [message])
  for (const alias of aliases)
    index.aliases.delete(alias)
  if (thread.placed === 0) {
    for (const party of partiesOf(key))
      index.keysByParty.get(party)?.delete(key)
  }
  return [key, ...[key, ...aliases].flatMap(one => mirrored(index, one)), ...rehand(index, thread, handOfAll(thread))]
}

export const isPlaced = (index: ThreadIndex, key: OrderKey): boolean => (index.threads.get(key)?.placed ?? 0) > 0
/** An id that is an order's own names no other order. */
export const isAlias = (index: ThreadIndex, key: OrderKey): boolean => index.aliases.has(key) && !isPlaced(index, key)
export const hasOrder = (index: ThreadIndex, key: OrderKey): boolean => isPlaced(index, key) || isAlias(index, key)

/** The threads that are one order with this one, itself among them. */
export function kinOf(index: ThreadIndex, { key, hand }: Thread): readonly OrderKey[] {
  const kin = hand === null ? undefined : index.hands.get(hand)
  return kin === undefined || kin.size > MOST_OF_ONE_HAND ? [key] : [...kin]
}

/** Threads that name this thread's order by one of its order messages. */
export function aliasesOf(key: OrderKey, messages: Iterable<OrderMessage>): readonly OrderKey[] {
  const parts = splitKey(key)
  return parts === undefined ? [] : [...messages].flatMap(message => message.type === 'order' ? [aliasOf(parts, message.id)] : [])
}

function touch(index: ThreadIndex, keys: readonly OrderKey[]): readonly OrderKey[] {
  const named = keys.flatMap(key => [key, ...(index.aliases.has(key) ? [index.aliases.get(key) ?? key] : [])])
  const changed = new Set(named.flatMap((key) => {
    const thread = index.threads.get(key)
    return thread === undefined ? [key] : [key, ...kinOf(index, thread)]
  }))
  for (const key of changed) {
    const thread = index.threads.get(key)
    if (thread !== undefined)
      thread.stale = true
  }
  return [...changed]
}

function partiesOf(key: OrderKey): readonly string[] {
  const parts = splitKey(key)
  return parts === undefined ? [] : [...new Set([`${parts.shopper}:${parts.id}`, `${parts.merchant}:${parts.id}`])]
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined)
    return known
  const made = make()
  map.set(key, made)
  return made
}
