import type { IDBPDatabase } from 'idb'
import type { EventId, Seconds } from '../domain/brand'
import type { Carrier } from '../ports/journal'
import type { JournalSchema } from './journal-records'

/** Forgotten ones are opened once more, and found to be here already. */
export const MOST_CARRIERS = 100_000
/** Forgotten down to this, so that not every write has to count. */
const AFTER_PRUNING = 90_000
const SHOWN_SPOILT = 200

export async function noteCarriers(db: IDBPDatabase<JournalSchema>, carriers: readonly Carrier[]): Promise<void> {
  const transaction = db.transaction('carriers', 'readwrite')
  for (const { id, at, spoilt, stamp } of carriers)
    void transaction.store.put({ id, at, spoilt, ...stamp === undefined ? {} : { stamp } })
  const count = await transaction.store.count()
  if (count > MOST_CARRIERS) {
    let left = count - AFTER_PRUNING
    for (let cursor = await transaction.store.index('at').openCursor(); cursor !== null && left > 0; cursor = await cursor.continue()) {
      void cursor.delete()
      left--
    }
  }
  await transaction.done
}

/** Those of which the event's own time is known. */
export async function stampedCarriers(db: IDBPDatabase<JournalSchema>): Promise<readonly { readonly id: EventId, readonly at: Seconds }[]> {
  return (await db.getAll('carriers')).flatMap(({ id, stamp }) => stamp === undefined ? [] : [{ id: id as EventId, at: stamp as Seconds }])
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
