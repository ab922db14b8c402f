import type { EventId, OrderKey, Pubkey } from '../brand'
import { limits } from '../limits'
import { aliasOf, candidateKeys, looseKey, mirrorKey, orderKey, splitKey } from './keys'
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
  /** Threads in which whom throw-away orders claim to be is answered (Shopstr): the orders that claim it. */
  readonly claimed: Map<OrderKey, Set<OrderKey>>
  /** Threads of one hand: see `handOf`. */
  readonly hands: Map<string, Set<OrderKey>>
  /** Private messages that name no order, by either person. */
  readonly chat: Map<Pubkey, Map<EventId, ChatMessage>>
  refused: number
}

export const createThreadIndex = (viewer?: Pubkey): ThreadIndex =>
  ({ viewer, messages: new Map(), threads: new Map(), loose: new Map(), keysByParty: new Map(), aliases: new Map(), claimed: new Map(), hands: new Map(), chat: new Map(), refused: 0 })

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
    for (const alias of namedBy(key, [message])) {
      index.aliases.set(alias, key)
      changed.push(...mirrored(index, alias))
    }
    for (const alias of claimedBy(key, [message])) {
      entryOf(index.claimed, alias, () => new Set()).add(key)
      changed.push(...claimants(index, alias, 1), ...mirrored(index, alias))
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
  const claims = claimedBy(key, [message])
  const still = new Set(claimedBy(key, thread.messages.values()))
  const rivals = claims.flatMap(alias => claimants(index, alias, 1))
  for (const alias of claims) {
    if (!still.has(alias))
      index.claimed.get(alias)?.delete(key)
  }
  const aliases = [...namedBy(key, [message]), ...claims]
  for (const alias of aliases)
    index.aliases.delete(alias)
  if (thread.placed === 0) {
    for (const party of partiesOf(key))
      index.keysByParty.get(party)?.delete(key)
  }
  return [key, ...rivals, ...[key, ...aliases].flatMap(one => mirrored(index, one)), ...rehand(index, thread, handOfAll(thread))]
}

export const isPlaced = (index: ThreadIndex, key: OrderKey): boolean => (index.threads.get(key)?.placed ?? 0) > 0
/** The order that a thread names by another name than its own; an id that is an order's own names no other order. */
export const aliasedTo = (index: ThreadIndex, key: OrderKey): OrderKey | undefined =>
  isPlaced(index, key) ? undefined : index.aliases.get(key) ?? claimantOf(index, key)
export const isAlias = (index: ThreadIndex, key: OrderKey): boolean => aliasedTo(index, key) !== undefined
export const hasOrder = (index: ThreadIndex, key: OrderKey): boolean => isPlaced(index, key) || isAlias(index, key)

/** The threads that are one order with this one, itself among them. */
export function kinOf(index: ThreadIndex, { key, hand }: Thread): readonly OrderKey[] {
  const kin = hand === null ? undefined : index.hands.get(hand)
  return kin === undefined || kin.size > MOST_OF_ONE_HAND ? [key] : [...kin]
}

/** Threads that name this thread's order: by one of its order messages, or by whom it claims to be from. */
export function aliasesOf(key: OrderKey, messages: Iterable<OrderMessage>): readonly OrderKey[] {
  const all = [...messages]
  return [...namedBy(key, all), ...new Set(claimedBy(key, all))]
}

function namedBy(key: OrderKey, messages: Iterable<OrderMessage>): readonly OrderKey[] {
  const parts = splitKey(key)
  return parts === undefined ? [] : [...messages].flatMap(message => message.type === 'order' ? [aliasOf(parts, message.id)] : [])
}

/** Where the merchant answers an order by a throw-away key: with whom it says it is from, under its own id (gamma.md §8.1). */
function claimedBy(key: OrderKey, messages: Iterable<OrderMessage>): readonly OrderKey[] {
  const parts = splitKey(key)
  return parts === undefined ? [] : [...messages].flatMap((message) => {
    const claims = message.type === 'order' ? message.throwAway?.claims ?? null : null
    return claims === null || claims === parts.shopper || claims === parts.merchant ? [] : [orderKey(claims, parts.merchant, parts.id)]
  })
}

/** Orders that read differently when that thread grows; of too many none does. @param more beyond the bound, at which they part */
function claimants(index: ThreadIndex, alias: OrderKey, more = 0): readonly OrderKey[] {
  const keys = index.claimed.get(alias)
  return keys === undefined || keys.size > MOST_OF_ONE_HAND + more ? [] : [...keys]
}

/**
 * The one order that claims to be from there. Of two that are not one hand's either may be a stranger's who has learned the id:
 * then neither gets what was said to the person they both name.
 */
function claimantOf(index: ThreadIndex, alias: OrderKey): OrderKey | undefined {
  const [first, ...others] = claimants(index, alias)
  const thread = first === undefined ? undefined : index.threads.get(first)
  if (thread === undefined)
    return undefined
  const kin = new Set(kinOf(index, thread))
  return others.every(key => kin.has(key)) ? first : undefined
}

/** Whether something was said to a person whom several strangers claim to be. */
export const isContested = (index: ThreadIndex, { key, messages }: Thread): boolean =>
  claimedBy(key, messages.values()).some(alias => (index.claimed.get(alias)?.size ?? 0) > 1 && !isPlaced(index, alias) && index.threads.has(alias) && claimantOf(index, alias) === undefined)

function touch(index: ThreadIndex, keys: readonly OrderKey[]): readonly OrderKey[] {
  const named = keys.flatMap(key => [key, ...(index.aliases.has(key) ? [index.aliases.get(key) ?? key] : []), ...claimants(index, key)])
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
