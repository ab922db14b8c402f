import type { IDBPDatabase, IDBPObjectStore } from 'idb'
import type { EventId, Seconds } from '../domain/brand'
import type { Carrier } from '../ports/journal'
import type { JournalSchema } from './journal-records'

/** Forgotten ones are opened once more, and found to be here already. */
export const MOST_CARRIERS = 100_000
/** Forgotten down to this, so that not every write has to count. */
const AFTER_PRUNING = 90_000
/** At least so many that nobody can read stay remembered, whatever else is forgotten. */
const SPOILT_KEPT = 10_000
const SHOWN_SPOILT = 200

type CarrierStore = IDBPObjectStore<JournalSchema, ('messages' | 'carriers')[], 'carriers', 'readwrite'>

/** Within the transaction of `store`, which goes on. */
export async function putCarriers(store: CarrierStore, carriers: readonly Carrier[]): Promise<void> {
  if (carriers.length === 0)
    return
  await Promise.all(carriers.map(async ({ id, at, spoilt }) => store.put({ id, at, spoilt })))
  const count = await store.count()
  if (count > MOST_CARRIERS)
    await prune(store, count - AFTER_PRUNING)
}

/** Whoever floods an account with rubbish pushes out rubbish: what was opened would have to be opened again. */
async function prune(store: CarrierStore, surplus: number): Promise<void> {
  const rubbish: string[] = []
  const good: string[] = []
  for (let cursor = await store.index('at').openCursor(); cursor !== null; cursor = await cursor.continue())
    (cursor.value.spoilt === '' ? good : rubbish).push(cursor.primaryKey)
  const first = rubbish.slice(0, Math.max(0, rubbish.length - SPOILT_KEPT)).slice(0, surplus)
  const rest = good.slice(0, surplus - first.length)
  await Promise.all([...first, ...rest].map(async id => store.delete(id)))
}

export async function noteCarriers(db: IDBPDatabase<JournalSchema>, carriers: readonly Carrier[]): Promise<void> {
  const transaction = db.transaction(['messages', 'carriers'], 'readwrite')
  await Promise.all([putCarriers(transaction.objectStore('carriers'), carriers), transaction.done])
}

/** Newest first, as many as anybody would look at. */
export async function spoiltCarriers(db: IDBPDatabase<JournalSchema>): Promise<readonly Carrier[]> {
  const found: Carrier[] = []
  for (let cursor = await db.transaction('carriers').store.index('at').openCursor(null, 'prev'); cursor !== null && found.length < SHOWN_SPOILT; cursor = await cursor.continue()) {
    const { id, at, spoilt } = cursor.value
    if (spoilt !== '')
      found.push({ id: id as EventId, at: at as Seconds, spoilt })
  }
  return found
}
