import type { DBSchema, IDBPDatabase } from 'idb'
import { openDB } from 'idb'
import type { Seconds } from '../domain/brand'
import type { ListingStore, StoredListing } from '../ports/listing-store'
import { mergeBatch, mergeListing, overflow } from './listing-merge'
import { createMemoryListings } from './memory-listings'

/** `rank`: negative time, so that reading forward is newest first and one `getAll` brings a whole chunk. */
interface ListingRecord extends StoredListing { readonly rank: number }
interface ListingSchema extends DBSchema {
  listings: { key: string, value: ListingRecord, indexes: { rank: [number, string] } }
}
type Database = IDBPDatabase<ListingSchema>

export const LISTINGS_NAME = 'souk-listings'
const VERSION = 1
const CHUNK = 500
const OPEN_MS = 4_000

/**
 * Listings in IndexedDB. Public events, so nothing is sealed; the relays have everything again, so nothing here is worth
 * a word to the person when the disk is full or switched off: then it lives in memory.
 */
export function openListings(): ListingStore {
  const memory = createMemoryListings()
  const opened = open().catch(() => null)
  let last: ListingRecord | null = null

  async function either<T>(onDisk: (db: Database) => Promise<T>, inMemory: (store: ListingStore) => Promise<T>, otherwise: T): Promise<T> {
    const db = await opened
    return db ? onDisk(db).catch((thrown: unknown) => {
      // Full, closed by the browser, or damaged: the relays have everything again.
      if (thrown instanceof DOMException)
        return otherwise
      throw thrown
    }) : inMemory(memory)
  }

  return {
    loadFirst: count => either<readonly StoredListing[]>(async (db) => {
      const first = await db.getAllFromIndex('listings', 'rank', undefined, count)
      last = first.at(-1) ?? null
      return first
    }, store => store.loadFirst(count), []),
    loadRest: onChunk => either(async (db) => {
      for (;;) {
        const after: IDBKeyRange | undefined = last ? IDBKeyRange.lowerBound([last.rank, last.key], true) : undefined
        const chunk: ListingRecord[] = await db.getAllFromIndex('listings', 'rank', after, CHUNK)
        const end = chunk.at(-1)
        if (!end)
          return
        last = end
        await onChunk(chunk)
      }
    }, store => store.loadRest(onChunk), undefined),
    save: listings => either(async (db) => {
      await write(db, mergeBatch(listings))
      return true
    }, store => store.save(listings), false),
    remove: keys => either(async (db) => {
      const transaction = db.transaction('listings', 'readwrite', { durability: 'relaxed' })
      await Promise.all([...keys.map(async key => transaction.store.delete(key)), transaction.done])
    }, store => store.remove(keys), undefined),
    trim: most => either(async (db) => {
      const count = await db.count('listings')
      if (count <= most)
        return
      const keys = await db.getAllKeysFromIndex('listings', 'rank')
      const transaction = db.transaction('listings', 'readwrite', { durability: 'relaxed' })
      await Promise.all([...overflow(keys, most).map(async key => transaction.store.delete(key)), transaction.done])
    }, store => store.trim(most), undefined),
    newest: () => either<Seconds | null>(async db => (await db.getAllFromIndex('listings', 'rank', undefined, 1))[0]?.event.created_at ?? null, store => store.newest(), null),
    close() {
      void opened.then(db => db?.close())
      memory.close()
    },
  }
}

async function open(): Promise<Database | null> {
  if (typeof indexedDB === 'undefined')
    return null
  const opening = openDB<ListingSchema>(LISTINGS_NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore('listings', { keyPath: 'key' }).createIndex('rank', ['rank', 'key'])
    },
    blocking(_current, _blocked, event) {
      if (event.target instanceof IDBDatabase)
        event.target.close()
    },
  })
  const db = await Promise.race([opening, new Promise<null>((resolve) => { setTimeout(resolve, OPEN_MS, null) })])
  if (!db)
    opening.then(tardy => tardy.close(), () => undefined)
  return db
}

/** One transaction: reads run side by side with the writes that they lead to. Relaxed: a lost batch comes again. */
async function write(db: Database, listings: readonly StoredListing[]): Promise<void> {
  const transaction = db.transaction('listings', 'readwrite', { durability: 'relaxed' })
  await Promise.all([
    ...listings.map(async (listing) => {
      const former = await transaction.store.get(listing.key)
      const merged = mergeListing(former, listing)
      if (merged !== former && (merged.event.id !== former?.event.id || merged.relays.length !== former.relays.length)) {
        const { key, event, relays } = merged
        await transaction.store.put({ key, event, relays, rank: -event.created_at })
      }
    }),
    transaction.done,
  ])
}
