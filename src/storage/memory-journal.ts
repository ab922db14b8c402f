import type { EventId, Seconds } from '../domain/brand'
import type { OrderMessage } from '../domain/order/types'
import { err, ok } from '../domain/result'
import type { Carrier, Delivery, Journal, JournalEntry, StorageError } from '../ports/journal'
import { MOST_CARRIERS } from './carriers'
import { createFollowers, createListeners } from './followers'
import { hintOfMessage } from './thread-hint'

export interface MemoryJournalOptions {
  readonly now: () => Seconds
  /** Why this journal does not rest on the device; told to everyone who follows it. */
  readonly because?: StorageError
}

/** A journal of this session only: tests, private mode, a browser without IndexedDB (T12). */
export function createMemoryJournal({ now, because }: MemoryJournalOptions): Journal {
  const entries = new Map<EventId, JournalEntry>()
  const deliveries = new Map<string, Delivery>()
  const carriers = new Map<EventId, Carrier>()
  const followers = createFollowers()
  const deliveryListeners = createListeners()
  const waiting: { signal: AbortSignal, onLead: () => void }[] = []
  let closed = false

  const oldestFirst = (): JournalEntry[] => [...entries.values()]
    .sort((a, b) => a.message.sentAt - b.message.sentAt || (a.message.id < b.message.id ? -1 : 1))

  const deliveriesOf = (message: EventId): Delivery[] => [...deliveries.values()].filter(delivery => delivery.message === message)

  function add(message: OrderMessage, replaces?: EventId): boolean {
    if (entries.has(message.id))
      return false
    const entry: JournalEntry = { message, arrivedAt: now(), ...replaces === undefined ? {} : { replaces } }
    entries.set(message.id, { message, arrivedAt: entry.arrivedAt })
    followers.tellNew([entry])
    return true
  }

  function note(noted: readonly Carrier[]): void {
    for (const carrier of noted)
      carriers.set(carrier.id, carrier)
    for (const id of [...carriers.keys()].slice(0, Math.max(0, carriers.size - MOST_CARRIERS)))
      carriers.delete(id)
  }

  function nextLeader(): void {
    const next = waiting.find(one => !one.signal.aborted)
    next?.onLead()
  }

  return {
    async append(message, queued = [], replaces) {
      if (closed)
        return err({ code: 'storage-locked' })
      if (replaces !== undefined) {
        const former = deliveriesOf(replaces)
        if (!entries.has(replaces) || former.some(delivery => delivery.deliveredAt !== null))
          return ok({ added: false })
        entries.delete(replaces)
        for (const delivery of former)
          deliveries.delete(delivery.id)
      }
      if (entries.has(message.id))
        return ok({ added: false })
      for (const delivery of queued)
        deliveries.set(delivery.id, delivery)
      add(message, replaces)
      if (queued.length > 0 || replaces !== undefined)
        deliveryListeners.tell()
      return ok({ added: true })
    },
    async appendAll(messages, noted = []) {
      if (closed)
        return err({ code: 'storage-locked' })
      const added = messages.filter(message => add(message)).length
      note(noted)
      return ok({ added })
    },
    follow(listener, onKept) {
      const follower = followers.add(listener)
      queueMicrotask(() => {
        const kept = oldestFirst()
        follower.give(kept, 'kept')
        if (!follower.ended())
          onKept?.(because ? err(because) : ok(kept.length))
      })
      return follower.end
    },
    async messagesOf(order) {
      const { gatherThread } = await import('./gather-thread')
      return ok(await gatherThread(order, async hint => [...entries.values()].flatMap(({ message }) => hintOfMessage(message) === hint ? [message] : [])))
    },
    has: async ids => new Set(ids.filter(id => entries.has(id) || carriers.has(id))),
    async noteCarriers(noted) {
      note(noted)
      return ok(undefined)
    },
    carriers: async () => [...carriers.values()].flatMap(({ id, stamp }) => stamp === undefined ? [] : [{ id, at: stamp }]),
    spoilt: async () => [...carriers.values()].filter(({ spoilt }) => spoilt !== '').sort((a, b) => b.at - a.at),
    undelivered: async () => [...deliveries.values()]
      .filter(delivery => delivery.deliveredAt === null && delivery.stopped === null)
      .sort((a, b) => a.queuedAt - b.queuedAt),
    deliveriesOf: async order => [...deliveries.values()].filter(delivery => delivery.order === order),
    async saveDelivery(delivery) {
      const former = deliveries.get(delivery.id)
      if (former && (former.deliveredAt === null || delivery.deliveredAt !== null)) {
        deliveries.set(delivery.id, delivery)
        deliveryListeners.tell()
      }
      return ok(undefined)
    },
    onDeliveries: deliveryListeners.add,
    lead(signal, onLead) {
      const first = !waiting.some(one => !one.signal.aborted)
      waiting.push({ signal, onLead })
      signal.addEventListener('abort', nextLeader, { once: true })
      if (first && !signal.aborted)
        onLead()
    },
    async clear() {
      entries.clear()
      deliveries.clear()
      deliveryListeners.tell()
    },
    close() {
      closed = true
      followers.endAll()
      deliveryListeners.clear()
    },
  }
}
