import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { EventId, OrderKey, Pubkey, Seconds } from '../domain/brand'
import { orderKey } from '../domain/order/keys'
import { unreadOf, type Heard } from '../domain/order/reading'
import type { ChatMessage, Order, UnattributedMessage } from '../domain/order/types'
import { useAccountStore } from './account'
import type { HeardChat } from './chat-log'
import { useOrdersStore } from './orders'
import { keptReading } from './read-marks'
import { useServices } from './services'

/** One person's conversation as a list shows it. */
export interface Conversation { readonly person: Pubkey, readonly last: ChatMessage, readonly unread: number }
/** A message of a conversation; `order`: which one it names, where that is here. */
export interface ChatLine { readonly message: ChatMessage, readonly order: Order | null }
/** What asks for a person's judgement: it counts for nothing by itself (gamma.md §8.1). */
export type Claim = { readonly kind: 'unattributed', readonly message: UnattributedMessage, readonly order: Order | null } | { readonly kind: 'order-like', readonly message: ChatMessage }

const heard = ({ message: { id, author, sentAt }, arrivedAt }: HeardChat): Heard => ({ id, author, sentAt, arrivedAt })
const MOST_CLAIMS = 200

/** Who wrote to us and what of it was not read yet, over all orders and beside them. */
export const useConversationsStore = defineStore('conversations', () => {
  const { snapshots, clock } = useServices()
  const account = useAccountStore()
  const orders = useOrdersStore()
  const reading = keptReading({ snapshots, account, clock })

  const orderIn = (person: Pubkey, { orderId }: ChatMessage): Order | null => {
    const me = account.pubkey
    return orderId === undefined || me === null ? null : orders.get(orderKey(person, me, orderId)) ?? orders.get(orderKey(me, person, orderId)) ?? null
  }

  /** Which conversation a message is read in: an order's where it names one that is here, else the person's. */
  const threadOf = (person: Pubkey, message: ChatMessage): string => orderIn(person, message)?.key ?? person

  function threadsOf(person: Pubkey): ReadonlyMap<string, readonly HeardChat[]> {
    const threads = new Map<string, HeardChat[]>()
    for (const one of orders.chats().get(person)?.values() ?? []) {
      const name = threadOf(person, one.message)
      const said = threads.get(name)
      if (said === undefined)
        threads.set(name, [one])
      else
        said.push(one)
    }
    return threads
  }

  /** Ids of what was not read yet, by person and by thread. */
  const unread = computed(() => {
    void orders.revision
    const me = account.pubkey
    const marks = reading.marks.value
    const found = new Map<Pubkey, ReadonlyMap<string, readonly EventId[]>>()
    if (me === null || marks === null || !orders.loaded)
      return found
    for (const person of orders.chats().keys()) {
      const threads = [...threadsOf(person)].map(([name, said]) => [name, unreadOf(said.map(heard), marks.threads.get(name), marks.since, me)] as const)
      if (threads.some(([, ids]) => ids.length > 0))
        found.set(person, new Map(threads))
    }
    return found
  })
  const countOf = (person: Pubkey): number => [...unread.value.get(person)?.values() ?? []].reduce((sum, ids) => sum + ids.length, 0)

  const people = computed<readonly Conversation[]>(() => {
    void orders.revision
    return [...orders.chats()].flatMap(([person, chat]) => {
      const last = [...chat.values()].reduce<ChatMessage | null>((newest, { message }) => newest === null || isLater(message, newest) ? message : newest, null)
      return last === null ? [] : [{ person, last, unread: countOf(person) }]
    }).toSorted((a, b) => b.last.sentAt - a.last.sentAt || (a.person < b.person ? -1 : 1))
  })

  /** The newest order of each two people: messages that name none are read on it too. */
  const newestOf = computed(() => {
    const newest = new Map<string, OrderKey>()
    for (const { shopper, merchant, key } of [...orders.asShopper, ...orders.asMerchant]) {
      const pair = `${shopper}:${merchant}`
      if (!newest.has(pair))
        newest.set(pair, key)
    }
    return newest
  })

  /** What an order's row counts: messages about it, and on the newest order with that person those about none. */
  function unreadOfOrder({ key, shopper, merchant }: Order): number {
    const person = shopper === account.pubkey ? merchant : shopper
    const threads = unread.value.get(person)
    const loose = newestOf.value.get(`${shopper}:${merchant}`) === key ? threads?.get(person)?.length ?? 0 : 0
    return (threads?.get(key)?.length ?? 0) + loose
  }

  /** Oldest first, all of them. */
  function messagesWith(person: Pubkey): readonly ChatLine[] {
    void orders.revision
    return [...orders.chats().get(person)?.values() ?? []].map(({ message }) => ({ message, order: orderIn(person, message) }))
      .toSorted((a, b) => isLater(a.message, b.message) ? 1 : -1)
  }

  const ordersWith = (person: Pubkey): readonly Order[] =>
    [...orders.asShopper.filter(({ merchant }) => merchant === person), ...orders.asMerchant.filter(({ shopper }) => shopper === person)]

  /** The whole conversation was on the screen. */
  const sawPerson = (person: Pubkey): void => reading.saw([...threadsOf(person)].map(([name, said]) => [name, said.map(heard)]))
  /** The order's messages were, and with them those that name no order. */
  function sawOrder({ key, shopper, merchant }: Order): void {
    const person = shopper === account.pubkey ? merchant : shopper
    reading.saw([...threadsOf(person)].filter(([name]) => name === key || name === person).map(([name, said]) => [name, said.map(heard)]))
  }

  /** For the merchant's judgement, newest first, bounded; what was judged is not asked again. */
  const claims = computed<readonly Claim[]>(() => {
    void orders.revision
    const decided = reading.decided.value
    const asked = [
      ...orders.unattributed(),
      ...[...orders.chats().values()].flatMap(chat => [...chat.values()].flatMap(({ message }) =>
        message.looksLikeOrder === undefined || message.author === account.pubkey ? [] : [message])),
    ]
    // Looked up for those that are shown: whoever sends thousands must not have all orders gone through for each.
    return asked.filter(({ id }) => (decided.get(id) ?? 'open') === 'open').toSorted((a, b) => isLater(a, b) ? -1 : 1).slice(0, MOST_CLAIMS)
      .map((message): Claim => message.type === 'unattributed' ? { kind: 'unattributed', message, order: orderNamed(message) } : { kind: 'order-like', message })
  })

  const byId = computed(() => {
    const groups = new Map<string, Order[]>()
    for (const order of [...orders.asMerchant, ...orders.asShopper]) {
      const same = groups.get(order.id)
      if (same === undefined)
        groups.set(order.id, [order])
      else
        same.push(order)
    }
    return groups
  })
  const orderNamed = ({ orderId, itemOf, receiver }: UnattributedMessage): Order | null =>
    byId.value.get(orderId)?.find(order => [order.shopper, order.merchant].includes(receiver) && (itemOf ?? order.merchant) === order.merchant) ?? null

  return {
    people,
    unread: computed(() => [...unread.value.keys()].reduce((sum, person) => sum + countOf(person), 0)),
    /** What was read is known: before that nothing is counted. */
    ready: computed(() => reading.marks.value !== null && orders.loaded),
    unreadOfOrder,
    messagesWith,
    ordersWith,
    sawPerson,
    sawOrder,
    claims,
    decided: reading.decided,
    decide: reading.decide,
    /** When this account last wrote to that person, outside of orders or in them; 0: never. */
    lastOwnAt: (person: Pubkey): Seconds => [...orders.chats().get(person)?.values() ?? []].reduce((latest, { message }) => message.author === account.pubkey && message.sentAt > latest ? message.sentAt : latest, 0 as Seconds),
  }
})

const isLater = (a: { readonly sentAt: Seconds, readonly id: EventId }, b: { readonly sentAt: Seconds, readonly id: EventId }): boolean =>
  a.sentAt > b.sentAt || (a.sentAt === b.sentAt && a.id > b.id)
