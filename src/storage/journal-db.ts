import type { IDBPDatabase, IDBPTransaction } from 'idb'
import { deleteDB } from 'idb'
import * as v from 'valibot'
import type { EventId, Pubkey, Seconds } from '../domain/brand'
import { isEventId } from '../domain/brand'
import type { OrderMessage } from '../domain/order/types'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Carrier, Delivery, Journal, JournalEntry, StorageError } from '../ports/journal'
import type { Vault } from '../ports/snapshots'
import { journalName } from './account-names'
import { createFollowers, createListeners } from './followers'
import { openJournalDatabase, storageError } from './journal-open'
import { addAll } from './journal-add'
import { noteCarriers, sealCarriers, spoiltCarriers, stampedCarriers } from './carriers'
import { CHUNK, readAll, readDeliveries, readMessages } from './journal-read'
import type { DeliveryRecord, JournalSchema, MessageRecord } from './journal-records'
import { asEventId, sealDelivery, sealMessage } from './journal-records'
import type { KeyValue } from './key-value'
import { OURS, deviceText } from './key-value'
import { createMemoryJournal } from './memory-journal'
import { lead, openTabChannel } from './tabs'
import { hintOfOrder } from './thread-hint'
import { turns } from './turns'

export interface JournalOptions { readonly account: Pubkey, readonly vault: Vault, readonly now: () => Seconds }

type Database = IDBPDatabase<JournalSchema>
type Written<T> = Result<T, StorageError>

/** Messages that are written together. */
const BATCH = 128
const DELIVERED_KEPT_SECONDS = 7 * 24 * 3600
const News = v.object({
  ids: v.optional(v.array(v.custom<EventId>(isEventId)), []),
  replaces: v.optional(v.custom<EventId>(isEventId)),
  deliveries: v.optional(v.boolean(), false),
})

/**
 * The journal of one account in IndexedDB. Everything private is sealed before a transaction opens, since transactions do
 * not wait for cryptography; message and deliveries go into one (T1). Without IndexedDB it keeps this session in memory
 * and says so to whoever follows (T12).
 */
export function openJournal({ account, vault, now }: JournalOptions): Journal {
  const name = journalName(account)
  const followers = createFollowers()
  const deliveryListeners = createListeners()
  const life = new AbortController()
  const channel = openTabChannel(name, heard)

  let opened = open()
  let isLost = false
  const inMemory = opened.then(result => result.ok ? null : createMemoryJournal({ now, because: result.error }))

  function open() {
    return openJournalDatabase(name, () => { isLost = true }).then(async (result) => {
      if (result.ok)
        await prune(result.value, now())
      return result
    })
  }

  /** Runs on the database, or on the journal in memory where there is none. */
  async function either<T>(onDisk: (db: Database) => Promise<T>, elsewhere: (journal: Journal) => Promise<T>): Promise<T> {
    // The browser ended the connection, or another tab needed it out of its way: a new one serves.
    if (isLost && !life.signal.aborted) {
      isLost = false
      opened = open()
    }
    const [result, memory] = [await opened, await inMemory]
    return result.ok ? onDisk(result.value) : elsewhere(memory ?? createMemoryJournal({ now, because: result.error }))
  }

  async function trying<T>(work: () => Promise<Written<T>>): Promise<Written<T>> {
    if (life.signal.aborted)
      return err({ code: 'storage-locked' })
    try {
      return await work()
    }
    catch (thrown) {
      return err(storageError(thrown))
    }
  }

  /** A question that storage cannot answer now is answered with nothing: whoever asks goes on, and asks again. */
  async function asking<T>(work: () => Promise<T>, nothing: T): Promise<T> {
    const answer = await trying(async () => ok(await work()))
    return answer.ok ? answer.value : nothing
  }

  function announce(entries: readonly JournalEntry[], deliveries: boolean, replaces?: EventId): void {
    followers.tellNew(entries)
    if (deliveries)
      deliveryListeners.tell()
    if (entries.length > 0 || deliveries)
      channel.tell({ ids: entries.map(entry => entry.message.id), deliveries, ...replaces === undefined ? {} : { replaces } })
  }

  /** Another tab wrote: its messages are read from the disk, not taken from the channel. */
  function heard(data: unknown): void {
    const news = v.safeParse(News, data)
    if (!news.success)
      return
    if (news.output.deliveries)
      deliveryListeners.tell()
    const { ids, replaces } = news.output
    if (ids.length > 0)
      void trying(async () => {
        const result = await opened
        if (result.ok)
          for (const entry of await readMessages(result.value, vault, ids))
            followers.tellNew([replaces === undefined ? entry : { ...entry, replaces }])
        return ok(undefined)
      })
  }

  async function keepOne(db: Database, message: OrderMessage, queued: readonly Delivery[], replaces?: EventId): Promise<Written<{ added: boolean }>> {
    const arrivedAt = now()
    const record = await sealMessage(vault, message, arrivedAt)
    const sealed = await Promise.all(queued.map(delivery => sealDelivery(vault, delivery)))
    const added = await write(db, record, sealed, replaces)
    if (added)
      announce([{ message, arrivedAt, ...replaces === undefined ? {} : { replaces } }], queued.length > 0 || replaces !== undefined, replaces)
    return ok({ added })
  }

  /** One transaction a batch; sealed before, with turns for the page between: a restored account brings thousands at once. */
  async function keepMany(db: Database, messages: readonly OrderMessage[], carriers: readonly Carrier[]): Promise<Written<{ added: number }>> {
    const giveTurn = turns()
    const arrivedAt = now()
    let count = 0
    for (let start = 0; start === 0 || start < messages.length; start += BATCH) {
      const batch = messages.slice(start, start + BATCH)
      const records: MessageRecord[] = []
      for (let at = 0; at < batch.length; at += CHUNK) {
        records.push(...await Promise.all(batch.slice(at, at + CHUNK).map(message => sealMessage(vault, message, arrivedAt))))
        await giveTurn()
      }
      const added = await addAll(db, records, start + BATCH < messages.length ? [] : await sealCarriers(db, vault, carriers))
      announce(batch.filter(message => added.has(message.id)).map(message => ({ message, arrivedAt })), false)
      count += added.size
    }
    return ok({ added: count })
  }

  return {
    append: (message, queued = [], replaces) => either(
      db => trying(() => keepOne(db, message, queued, replaces)),
      memory => memory.append(message, queued, replaces),
    ),
    appendAll: (messages, carriers = []) => either(db => trying(() => keepMany(db, messages, carriers)), memory => memory.appendAll(messages, carriers)),
    follow(listener, onKept) {
      const follower = followers.add(listener)
      let endMemory = () => undefined as void
      void Promise.all([opened, inMemory]).then(async ([result, memory]) => {
        if (follower.ended())
          return
        if (memory) {
          endMemory = memory.follow(listener, onKept)
          return
        }
        const outcome = result.ok ? await trying(() => readAll(result.value, vault, follower, now())) : result
        if (!follower.ended())
          onKept?.(outcome)
      })
      return () => { follower.end(); endMemory() }
    },
    messagesOf: order => either(
      db => trying(async () => {
        const { gatherThread } = await import('./gather-thread')
        return ok(await gatherThread(order, async (hint) => {
          const ids = await db.getAllKeysFromIndex('messages', 'thread', hint)
          return (await readMessages(db, vault, ids.map(asEventId))).map(entry => entry.message)
        }))
      }),
      memory => memory.messagesOf(order),
    ),
    has: ids => either(db => asking(async () => {
      const transaction = db.transaction(['messages', 'carriers'])
      const stores = [transaction.objectStore('messages'), transaction.objectStore('carriers')] as const
      const found = await Promise.all(ids.map(async id => await stores[0].getKey(id) ?? await stores[1].getKey(id)))
      return new Set(ids.filter((_id, index) => found[index] !== undefined))
    }, new Set<EventId>()), memory => memory.has(ids)),
    noteCarriers: carriers => either(db => trying(async () => {
      await noteCarriers(db, vault, carriers)
      return ok(undefined)
    }), memory => memory.noteCarriers(carriers)),
    carriers: () => either(db => asking(() => stampedCarriers(db), []), memory => memory.carriers()),
    spoilt: () => either(db => asking(() => spoiltCarriers(db, vault), []), memory => memory.spoilt()),
    undelivered: () => either(db => asking(async () => readDeliveries(vault, await db.getAllFromIndex('deliveries', 'open')), []), memory => memory.undelivered()),
    deliveriesOf: order => either(
      db => asking(async () => readDeliveries(vault, await db.getAllFromIndex('deliveries', 'thread', order === null ? '' : hintOfOrder(order))), []),
      memory => memory.deliveriesOf(order),
    ),
    saveDelivery: delivery => either(
      db => trying(async () => {
        if (await replaceDelivery(db, await sealDelivery(vault, delivery)))
          announce([], true)
        return ok(undefined)
      }),
      memory => memory.saveDelivery(delivery),
    ),
    onDeliveries(listener) {
      const ends = [deliveryListeners.add(listener)]
      void inMemory.then((memory) => { if (memory) ends.push(memory.onDeliveries(listener)) })
      return () => ends.forEach(end => end())
    },
    lead(signal, onLead) {
      const lease = `${OURS}lease:${name}`
      lead(name, AbortSignal.any([signal, life.signal]), onLead, { read: () => leases().getItem(lease), write: text => text ? leases().setItem(lease, text) : leases().removeItem(lease) })
    },
    async clear() {
      const [result, memory] = [await opened, await inMemory]
      await memory?.clear()
      if (result.ok) {
        result.value.close()
        await deleteDB(name)
      }
    },
    close() {
      life.abort()
      followers.endAll()
      deliveryListeners.clear()
      channel.close()
      void opened.then((result) => { if (result.ok) result.value.close() })
      void inMemory.then(memory => memory?.close())
    },
  }
}

let leaseStore: KeyValue | null = null
/** One for all journals of this tab, also where it is memory only. */
const leases = (): KeyValue => leaseStore ??= deviceText().store

/** One transaction: the former goes, the message and its deliveries come; or nothing changes. */
async function write(db: Database, record: MessageRecord, deliveries: readonly DeliveryRecord[], replaces?: EventId): Promise<boolean> {
  const transaction = db.transaction(['messages', 'deliveries'], 'readwrite', { durability: 'strict' })
  try {
    return await writeIn(transaction, record, deliveries, replaces)
  }
  catch (thrown) {
    // A request that throws before it is made does not end its transaction: what went before would be kept alone (T1).
    await abort(transaction)
    throw thrown
  }
}

type WriteTransaction = IDBPTransaction<JournalSchema, ('messages' | 'deliveries')[], 'readwrite'>

async function abort(transaction: WriteTransaction): Promise<void> {
  const over = transaction.done.then(() => undefined, () => undefined)
  try {
    transaction.abort()
  }
  catch (thrown) {
    // Already aborted by the failure itself.
    if (!(thrown instanceof DOMException))
      throw thrown
  }
  await over
}

async function writeIn(transaction: WriteTransaction, record: MessageRecord, deliveries: readonly DeliveryRecord[], replaces?: EventId): Promise<boolean> {
  const messages = transaction.objectStore('messages')
  const outbox = transaction.objectStore('deliveries')
  if (replaces !== undefined) {
    const former = await outbox.index('message').getAll(replaces)
    const there = await messages.getKey(replaces)
    // Gone already, or a relay took it while we signed anew: what stands stays (T1, T13).
    if (there === undefined || former.some(delivery => delivery.deliveredAt !== null)) {
      await transaction.done
      return false
    }
    await Promise.all([messages.delete(replaces), ...former.map(async delivery => outbox.delete(delivery.id))])
  }
  if (await messages.getKey(record.id) !== undefined) {
    await transaction.done
    return false
  }
  await Promise.all([messages.add(record), ...deliveries.map(async delivery => outbox.put(delivery)), transaction.done])
  return true
}

/** A delivery that is gone (its message was signed anew) does not come back, and what one tab saw delivered stays so (T13). */
async function replaceDelivery(db: Database, record: DeliveryRecord): Promise<boolean> {
  const transaction = db.transaction('deliveries', 'readwrite')
  const former = await transaction.store.get(record.id)
  const writes = former !== undefined && (former.deliveredAt === null || record.deliveredAt !== null)
  await Promise.all([...writes ? [transaction.store.put(record)] : [], transaction.done])
  return writes
}

async function prune(db: Database, now: Seconds): Promise<void> {
  const old = await db.getAllKeysFromIndex('deliveries', 'deliveredAt', IDBKeyRange.upperBound(now - DELIVERED_KEPT_SECONDS))
  if (old.length === 0)
    return
  const transaction = db.transaction('deliveries', 'readwrite')
  await Promise.all([...old.map(id => transaction.store.delete(id)), transaction.done])
}
