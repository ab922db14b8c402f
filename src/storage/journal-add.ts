import type { IDBPDatabase } from 'idb'
import { putCarriers } from './carriers'
import type { CarrierRecord, JournalSchema, MessageRecord } from './journal-records'

/**
 * Messages and what brought them in one transaction. Relaxed: what came from relays is there again should the power fail now.
 * @returns the ids that were not here before
 */
export async function addAll(db: IDBPDatabase<JournalSchema>, records: readonly MessageRecord[], carriers: readonly CarrierRecord[]): Promise<ReadonlySet<string>> {
  if (records.length + carriers.length === 0)
    return new Set()
  const transaction = db.transaction(['messages', 'carriers'], 'readwrite', { durability: 'relaxed' })
  const messages = transaction.objectStore('messages')
  const there = await Promise.all(records.map(record => messages.getKey(record.id)))
  const fresh = new Map(records.filter((_record, index) => there[index] === undefined).map(record => [record.id, record]))
  await Promise.all([...[...fresh.values()].map(async record => messages.add(record)), putCarriers(transaction.objectStore('carriers'), carriers), transaction.done])
  return new Set(fresh.keys())
}
