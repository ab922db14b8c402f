import type { OrderKey, Seconds } from '../brand'
import { foldParts } from './fold-thread'
import { candidateKeys, joinsLoosely, looseKey, mirrorKey, splitKey } from './keys'
import { boundOrphans, type BoundedOrphans } from './orphans'
import { bySentAtThenId } from './sequence'
import { aliasedTo, aliasesOf, hasOrder, isAlias, isContested, kinOf, type Thread, type ThreadIndex } from './thread-index'
import type { Order, OrderMessage } from './types'

/** The order of one thread; undefined while it has not come, and for a thread that is part of another one's order. */
export function orderOf(index: ThreadIndex, key: OrderKey): Order | undefined {
  const thread = index.threads.get(key)
  if (thread === undefined || thread.placed === 0 || firstOfKin(index, thread) !== key)
    return undefined
  // Folded when asked, kept until it changes.
  if (thread.stale) {
    const { messages, ambiguous } = readKin(index, thread)
    const parts = splitKey(key)
    thread.order = parts && foldParts(key, parts, messages, { ambiguous, ...(index.viewer !== undefined && { viewer: index.viewer }) })
    thread.stale = false
  }
  return thread.order
}

/** Of which order a thread's messages are: its own, the one it is part of, or the one it names by an order message. */
export function ownerOf(index: ThreadIndex, key: OrderKey): OrderKey {
  const placed = aliasedTo(index, key) ?? key
  const thread = index.threads.get(placed)
  return thread === undefined || thread.placed === 0 ? placed : firstOfKin(index, thread)
}

/** All threads in which something of this order may be said. */
export function threadsOf(index: ThreadIndex, key: OrderKey): readonly OrderKey[] {
  const thread = index.threads.get(ownerOf(index, key))
  const kin = thread === undefined ? [key] : kinOf(index, thread)
  return kin.flatMap(one => [one, ...aliasesOf(one, index.threads.get(one)?.messages.values() ?? [])])
}

/** What an order is folded from, under whichever of its names it was said; each message once. */
export function messagesOfOrder(index: ThreadIndex, key: OrderKey): readonly OrderMessage[] {
  const thread = index.threads.get(ownerOf(index, key))
  return thread === undefined ? [] : readKin(index, thread).messages
}

/** The thread whose order message is the smallest gives the united order its key. */
function firstOfKin(index: ThreadIndex, thread: Thread): OrderKey {
  const kin = kinOf(index, thread)
  if (kin.length === 1)
    return thread.key
  const [first] = kin.flatMap(key => [...index.threads.get(key)?.messages.values() ?? []].flatMap(message => message.type === 'order' ? [{ key, message }] : []))
    .toSorted((a, b) => bySentAtThenId(a.message, b.message))
  return first?.key ?? thread.key
}

interface Read { readonly messages: readonly OrderMessage[], readonly ambiguous: boolean }

function readKin(index: ThreadIndex, thread: Thread): Read {
  const read = kinOf(index, thread).flatMap((key) => {
    const one = index.threads.get(key)
    return one === undefined ? [] : [readThread(index, one)]
  })
  const [only] = read
  if (read.length === 1 && only !== undefined)
    return only
  const messages = new Map(read.flatMap(one => one.messages).map(message => [message.id, message]))
  return { messages: [...messages.values()], ambiguous: read.some(one => one.ambiguous) }
}

function readThread(index: ThreadIndex, thread: Thread): Read {
  const parts = splitKey(thread.key)
  const loose = parts === undefined || index.loose.size === 0
    ? []
    : [...new Set([parts.shopper, parts.merchant])].flatMap(party => [...index.loose.get(`${party}:${parts.id}`)?.values() ?? []]).filter(message => joinsLoosely(message, parts))
  const { messages, ambiguous } = ownMessages(index, thread)
  return { messages: [...messages, ...loose, ...adopted(index, thread)], ambiguous: ambiguous || isContested(index, thread) }
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

/** What was said of this thread's order under the id of its order message. */
const adopted = (index: ThreadIndex, { key, placed, messages }: Thread): readonly OrderMessage[] =>
  placed === 0
    ? []
    : aliasesOf(key, messages.values()).flatMap((alias) => {
        const named = isAlias(index, alias) ? index.threads.get(alias) : undefined
        return named === undefined ? [] : ownMessages(index, named).messages
      })

/** What waits for its order, within bounds. @param now judges age; without it nothing is too old */
export function orphansOf(index: ThreadIndex, now?: Seconds): BoundedOrphans {
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
