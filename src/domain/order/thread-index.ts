import type { EventId, OrderKey, Pubkey, Seconds } from '../brand'
import { limits } from '../limits'
import { foldParts } from './fold-thread'
import { aliasOf, candidateKeys, joinsLoosely, looseKey, mirrorKey, splitKey } from './keys'
import { boundOrphans } from './orphans'
import { bySentAtThenId } from './sequence'
import { withinBounds } from './thread-bounds'
import type { ChatMessage, Order, OrderMessage } from './types'

interface Thread {
  readonly key: OrderKey
  readonly messages: Map<EventId, OrderMessage>
  /** Order messages among them. */
  placed: number
  /** Messages that could be of the mirrored thread as well. */
  shared: number
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
  /** Private messages that name no order, by either person. */
  readonly chat: Map<Pubkey, Map<EventId, ChatMessage>>
  refused: number
}

export const createThreadIndex = (viewer?: Pubkey): ThreadIndex =>
  ({ viewer, messages: new Map(), threads: new Map(), loose: new Map(), keysByParty: new Map(), aliases: new Map(), chat: new Map(), refused: 0 })

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
  const thread = entryOf(index.threads, key, () => ({ key, messages: new Map<EventId, OrderMessage>(), placed: 0, shared: 0, stale: true, order: undefined }))
  thread.messages.set(message.id, message)
  thread.shared += shared ? 1 : 0
  if (message.type === 'order') {
    thread.placed += 1
    for (const party of partiesOf(key))
      entryOf(index.keysByParty, party, () => new Set()).add(key)
    for (const alias of aliasesOf(key, [message]))
      index.aliases.set(alias, key)
  }
  if (thread.messages.size > 3 * limits.messagesPerOrder)
    prune(index, thread)
  // What either of the two may have said moves to the thread that has its order.
  return message.type === 'order' && thread.placed === 1 ? [key, ...mirrored(index, thread)] : [key]
}

/** A flood costs no more than the bound: what the fold would leave out anyway is let go (orders.md §5.10). */
function prune(index: ThreadIndex, thread: Thread): void {
  const { orders, others } = withinBounds([...thread.messages.values()], index.viewer, limits.messagesPerOrder)
  thread.messages.clear()
  for (const message of [...orders, ...others])
    thread.messages.set(message.id, message)
  thread.placed = orders.length
  thread.shared = others.filter(message => candidateKeys(message).length > 1).length
}

const mirrored = (index: ThreadIndex, { key, shared }: Thread): readonly OrderKey[] => {
  const mirror = shared > 0 ? mirrorKey(key) : undefined
  return mirror !== undefined && index.threads.has(mirror) ? [mirror] : []
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
  return touch(index, keys.flatMap((key) => {
    const thread = index.threads.get(key)
    if (thread?.messages.delete(id) !== true)
      return []
    thread.shared -= keys.length > 1 ? 1 : 0
    thread.placed -= message.type === 'order' ? 1 : 0
    for (const alias of aliasesOf(key, [message]))
      index.aliases.delete(alias)
    if (message.type === 'order' && thread.placed === 0) {
      for (const party of partiesOf(key))
        index.keysByParty.get(party)?.delete(key)
    }
    return [key, ...mirrored(index, thread)]
  }))
}

/** The order of one thread; undefined while it has not come. Folded when asked, kept until it changes. */
export function orderOf(index: ThreadIndex, key: OrderKey): Order | undefined {
  const thread = index.threads.get(key)
  if (thread === undefined || thread.placed === 0)
    return undefined
  if (thread.stale) {
    const { messages, ambiguous } = readThread(index, thread)
    const parts = splitKey(key)
    thread.order = parts && foldParts(key, parts, messages, { ambiguous, ...(index.viewer !== undefined && { viewer: index.viewer }) })
    thread.stale = false
  }
  return thread.order
}

interface Read { readonly messages: readonly OrderMessage[], readonly ambiguous: boolean }

function readThread(index: ThreadIndex, thread: Thread): Read {
  const parts = splitKey(thread.key)
  const loose = parts === undefined || index.loose.size === 0
    ? []
    : partiesOf(thread.key).flatMap(party => [...index.loose.get(party)?.values() ?? []]).filter(message => joinsLoosely(message, parts))
  const { messages, ambiguous } = ownMessages(index, thread)
  return { messages: [...messages, ...loose, ...adopted(index, thread)], ambiguous }
}

/**
 * A shared message belongs to the thread that has its order; both or neither: a request to the one in which its author sells,
 * anything else to the smaller key (orders.md §5.2).
 */
function ownMessages(index: ThreadIndex, thread: Thread): Read {
  const own = [...thread.messages.values()]
  const mirror = thread.shared > 0 ? mirrorKey(thread.key) : undefined
  if (mirror === undefined)
    return { messages: own, ambiguous: false }
  const [here, there] = [hasOrder(index, thread.key), hasOrder(index, mirror)]
  const isRequest = (message: OrderMessage): boolean => message.type === 'payment-request'
  const isOurs = (message: OrderMessage): boolean =>
    here === there ? (isRequest(message) ? candidateKeys(message)[0] === thread.key : thread.key < mirror) : here
  const isShared = (message: OrderMessage): boolean => candidateKeys(message).length > 1
  return {
    messages: own.filter(message => !isShared(message) || isOurs(message)),
    ambiguous: here && there && own.some(message => isShared(message) && !isRequest(message) && isOurs(message)),
  }
}

const isPlaced = (index: ThreadIndex, key: OrderKey): boolean => (index.threads.get(key)?.placed ?? 0) > 0
/** An id that is an order's own names no other order. */
const isAlias = (index: ThreadIndex, key: OrderKey): boolean => index.aliases.has(key) && !isPlaced(index, key)
const hasOrder = (index: ThreadIndex, key: OrderKey): boolean => isPlaced(index, key) || isAlias(index, key)

/** What was said of this thread's order under the id of its order message. */
const adopted = (index: ThreadIndex, { key, placed, messages }: Thread): readonly OrderMessage[] =>
  placed === 0 ? [] : aliasesOf(key, messages.values()).flatMap(alias => isAlias(index, alias) ? [...index.threads.get(alias)?.messages.values() ?? []] : [])

function aliasesOf(key: OrderKey, messages: Iterable<OrderMessage>): readonly OrderKey[] {
  const parts = splitKey(key)
  return parts === undefined ? [] : [...messages].flatMap(message => message.type === 'order' ? [aliasOf(parts, message.id)] : [])
}

export interface FoldedThreads {
  readonly orders: ReadonlyMap<OrderKey, Order>
  /** By thread; a thread's messages in sequence. */
  readonly orphans: ReadonlyMap<OrderKey, readonly OrderMessage[]>
  /** Private messages that name no order, by author and by receiver: ask for the counterparty. */
  readonly chat: ReadonlyMap<Pubkey, readonly ChatMessage[]>
  /** By the wrong author, or orphans without room. */
  readonly dropped: number
}

/** Everything at once. @param now judges the age of orphans; without it none is too old */
export function foldedOf(index: ThreadIndex, now?: Seconds): FoldedThreads {
  const orders = new Map<OrderKey, Order>()
  for (const key of [...index.threads.keys()].sort()) {
    const order = orderOf(index, key)
    if (order !== undefined)
      orders.set(key, order)
  }
  const { orphans, dropped } = orphansOf(index, now)
  const chat = new Map([...index.chat].toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([person, messages]) => [person, [...messages.values()].toSorted(bySentAtThenId)] as const))
  return { orders, orphans, chat, dropped: dropped + index.refused }
}

/** What waits for its order, within bounds. */
export function orphansOf(index: ThreadIndex, now?: Seconds): { readonly orphans: FoldedThreads['orphans'], readonly dropped: number } {
  const waiting = new Map<OrderKey, readonly OrderMessage[]>()
  for (const thread of index.threads.values()) {
    if (hasOrder(index, thread.key))
      continue
    const messages = thread.shared === 0 ? [...thread.messages.values()] : readThread(index, thread).messages.filter(message => looseKey(message) === undefined)
    if (messages.length > 0)
      waiting.set(thread.key, messages)
  }
  return boundOrphans(waiting, now)
}

function touch(index: ThreadIndex, keys: readonly OrderKey[]): readonly OrderKey[] {
  const changed = new Set(keys.flatMap(key => [key, ...(index.aliases.has(key) ? [index.aliases.get(key) ?? key] : [])]))
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
