import type { IDBPDatabase } from 'idb'
import type { EventId, Seconds } from '../domain/brand'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { Delivery, JournalEntry, StorageError } from '../ports/journal'
import type { Vault } from '../ports/snapshots'
import type { Follower } from './followers'
import type { AsideRecord, JournalSchema, MessageRecord } from './journal-records'
import { openDelivery, openMessage } from './journal-records'
import { hintOfMessage } from './thread-hint'
import { turns } from './turns'

type Database = IDBPDatabase<JournalSchema>

export const CHUNK = 32

/**
 * Everything kept, oldest first, in chunks. What cannot be read moves to the `aside` store as it was found, so that the
 * relays' copy can come in again and nothing is overwritten (T12); what a newer program wrote stays where it is.
 */
export async function readAll(db: Database, vault: Vault, follower: Follower, now: Seconds): Promise<Result<number, StorageError>> {
  let range: IDBKeyRange | undefined
  let kept = 0
  let problem: StorageError | null = null
  const giveTurn = turns()
  while (!follower.ended()) {
    const records = await db.getAllFromIndex('messages', 'order', range, CHUNK)
    const last = records.at(-1)
    if (!last)
      break
    const results = await Promise.all(records.map(record => openMessage(vault, record)))
    const entries: JournalEntry[] = []
    const unreadable: AsideRecord[] = []
    for (const [index, result] of results.entries()) {
      if (result.ok)
        entries.push(result.value)
      else if (result.error.code === 'storage-locked')
        return result
      else {
        problem = result.error
        const record = records[index]
        if (record && result.error.code === 'storage-corrupt')
          unreadable.push({ id: record.id, store: 'messages', at: now, record })
      }
    }
    await setAside(db, unreadable)
    await layAnew(db, records, entries)
    follower.give(entries, 'kept')
    kept += entries.length
    range = IDBKeyRange.lowerBound([last.sentAt, last.id], true)
    await giveTurn()
  }
  return problem ? err(problem) : ok(kept)
}

/** Where messages lie together was decided otherwise once: what rests from then is laid where it is looked for now. */
async function layAnew(db: Database, records: readonly MessageRecord[], entries: readonly JournalEntry[]): Promise<void> {
  const hints = new Map<string, string>(entries.map(({ message }) => [message.id, hintOfMessage(message)]))
  const misplaced = records.filter(({ id, thread }) => (hints.get(id) ?? thread) !== thread)
  if (misplaced.length === 0)
    return
  const transaction = db.transaction('messages', 'readwrite')
  await Promise.all([...misplaced.map(async ({ id }) => {
    const there = await transaction.store.get(id)
    if (there !== undefined)
      await transaction.store.put({ ...there, thread: hints.get(id) ?? there.thread })
  }), transaction.done])
}

async function setAside(db: Database, records: readonly AsideRecord[]): Promise<void> {
  if (records.length === 0)
    return
  const transaction = db.transaction(['messages', 'aside'], 'readwrite')
  await Promise.all([
    ...records.flatMap(record => [
      transaction.objectStore('aside').put({ ...record, id: `${record.id}:${record.at}` }),
      transaction.objectStore('messages').delete(record.id),
    ]),
    transaction.done,
  ])
}

/** Those that are there and can be read, in the order asked. */
export async function readMessages(db: Database, vault: Vault, ids: readonly EventId[]): Promise<readonly JournalEntry[]> {
  const transaction = db.transaction('messages')
  const records = await Promise.all(ids.map(id => transaction.store.get(id)))
  const results = await Promise.all(records.flatMap(record => record ? [openMessage(vault, record)] : []))
  return results.flatMap(result => result.ok ? [result.value] : [])
}

export async function readDeliveries(vault: Vault, records: readonly JournalSchema['deliveries']['value'][]): Promise<readonly Delivery[]> {
  const results = await Promise.all(records.map(record => openDelivery(vault, record)))
  return results.flatMap(result => result.ok ? [result.value] : []).sort((a, b) => a.queuedAt - b.queuedAt)
}
