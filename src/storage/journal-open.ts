import type { IDBPDatabase, IDBPTransaction } from 'idb'
import { openDB } from 'idb'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import type { StorageError } from '../ports/journal'
import type { JournalSchema } from './journal-records'
import { isQuota } from './key-value'

type Upgrade = (db: IDBPDatabase<JournalSchema>, transaction: IDBPTransaction<JournalSchema, ('messages' | 'deliveries' | 'aside' | 'carriers')[], 'versionchange'>) => void

/** Step n brings the database from version n to n + 1; never changed once released. */
const databaseSteps: readonly Upgrade[] = [
  (db) => {
    const messages = db.createObjectStore('messages', { keyPath: 'id' })
    messages.createIndex('order', ['sentAt', 'id'])
    messages.createIndex('thread', 'thread')
    const deliveries = db.createObjectStore('deliveries', { keyPath: 'id' })
    deliveries.createIndex('message', 'message')
    deliveries.createIndex('thread', 'thread')
    deliveries.createIndex('open', 'open')
    deliveries.createIndex('deliveredAt', 'deliveredAt')
    db.createObjectStore('aside', { keyPath: 'id' })
  },
  (db) => {
    db.createObjectStore('carriers', { keyPath: 'id' }).createIndex('at', 'at')
  },
]

/** An IndexedDB that does not answer (seen with damaged profiles, and behind another tab's upgrade) counts as switched off. */
const OPEN_MS = 4_000

export async function openJournalDatabase(name: string, onLost: () => void): Promise<Result<IDBPDatabase<JournalSchema>, StorageError>> {
  if (typeof indexedDB === 'undefined')
    return err({ code: 'storage-off' })
  let late = false
  try {
    const opening = openDB<JournalSchema>(name, databaseSteps.length, {
      upgrade(db, from, _to, transaction) {
        for (const step of databaseSteps.slice(from))
          step(db, transaction)
      },
      // A newer program in another tab, or signing out there, wants this connection out of its way.
      blocking(_current, _blocked, event) {
        if (event.target instanceof IDBDatabase)
          event.target.close()
        onLost()
      },
      terminated: onLost,
    })
    const db = await Promise.race([opening, new Promise<null>((resolve) => { setTimeout(resolve, OPEN_MS, null) })])
    if (db)
      return ok(db)
    late = true
    opening.then(tardy => tardy.close(), () => undefined)
    return err({ code: 'storage-off' })
  }
  catch (thrown) {
    return late ? err({ code: 'storage-off' }) : err(storageError(thrown))
  }
}

/** What IndexedDB threw, in our words. @throws what is no fault of the storage: a bug. */
export function storageError(thrown: unknown): StorageError {
  if (isQuota(thrown))
    return { code: 'storage-full' }
  if (thrown instanceof Error && thrown.name === 'VersionError')
    return { code: 'storage-newer' }
  if (thrown instanceof Error && thrown.message === 'vault is closed')
    return { code: 'storage-locked' }
  if (thrown instanceof DOMException)
    return { code: 'storage-off' }
  throw thrown
}
