import type { IDBPDatabase, IDBPObjectStore } from 'idb'
import * as v from 'valibot'
import { isPubkey, type EventId, type Pubkey, type Seconds } from '../domain/brand'
import type { Carrier } from '../ports/journal'
import type { Vault } from '../ports/snapshots'
import type { CarrierRecord, JournalSchema } from './journal-records'

/** Forgotten ones are opened once more, and found to be here already. */
export const MOST_CARRIERS = 100_000
/** Forgotten down to this, so that not every write has to count. */
const AFTER_PRUNING = 90_000
/** At least so many that nobody can read stay remembered, whatever else is forgotten. */
const SPOILT_KEPT = 10_000
const SHOWN_SPOILT = 200

/** Longer ones are cut: it is for a look, not for use. */
const SHOWN_TEXT = 4_000
const Inside = v.object({ from: v.optional(v.custom<Pubkey>(isPubkey)), text: v.optional(v.string()) })

/** Who wrote it and what it says is private, whoever may have been meant by it (T14). */
async function sealCarrier(vault: Vault, { id, at, spoilt, stamp, from, text }: Carrier): Promise<CarrierRecord> {
  const inside = { ...(from !== undefined && { from }), ...(text !== undefined && { text: text.slice(0, SHOWN_TEXT) }) }
  return { id, at, spoilt, ...(stamp !== undefined && { stamp }), ...(spoilt !== '' && Object.keys(inside).length > 0 && { sealed: await vault.seal(inside) }) }
}

async function openCarrier(vault: Vault, { id, at, spoilt, sealed }: CarrierRecord): Promise<Carrier> {
  const opened = sealed === undefined ? null : await vault.unseal(sealed)
  const inside = opened?.ok ? v.safeParse(Inside, opened.value) : null
  const { from, text } = inside?.success ? inside.output : {}
  return { id: id as EventId, at: at as Seconds, spoilt, ...(from !== undefined && { from }), ...(text !== undefined && { text }) }
}

/** How many texts were kept since old ones were last let go. */
const keptTexts = new WeakMap<IDBPDatabase<JournalSchema>, number>()

/** Of a flood nobody looks at more than the newest: the texts of the others are let go, at the first one of a session and then now and again. */
async function boundTexts(db: IDBPDatabase<JournalSchema>, more: number): Promise<void> {
  if (more === 0)
    return
  const before = keptTexts.get(db)
  keptTexts.set(db, (before ?? 0) + more)
  if (before !== undefined && before < SHOWN_SPOILT)
    return
  keptTexts.set(db, more)
  const transaction = db.transaction('carriers', 'readwrite')
  let seen = 0
  for (let cursor = await transaction.store.index('at').openCursor(null, 'prev'); cursor !== null; cursor = await cursor.continue()) {
    const { sealed, ...rest } = cursor.value
    seen += sealed === undefined ? 0 : 1
    if (sealed !== undefined && seen > SHOWN_SPOILT)
      void cursor.update(rest)
  }
  await transaction.done
}

type CarrierStore = IDBPObjectStore<JournalSchema, ('messages' | 'carriers')[], 'carriers', 'readwrite'>

/** Within the transaction of `store`, which goes on. */
export async function putCarriers(store: CarrierStore, carriers: readonly CarrierRecord[]): Promise<void> {
  if (carriers.length === 0)
    return
  await Promise.all(carriers.map(async record => store.put(record)))
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

/** Sealed before the transaction that keeps them: it would not wait. */
export async function sealCarriers(db: IDBPDatabase<JournalSchema>, vault: Vault, carriers: readonly Carrier[]): Promise<readonly CarrierRecord[]> {
  const records = await Promise.all(carriers.map(carrier => sealCarrier(vault, carrier)))
  await boundTexts(db, records.filter(({ sealed }) => sealed !== undefined).length)
  return records
}

export async function noteCarriers(db: IDBPDatabase<JournalSchema>, vault: Vault, carriers: readonly Carrier[]): Promise<void> {
  const records = await sealCarriers(db, vault, carriers)
  const transaction = db.transaction(['messages', 'carriers'], 'readwrite')
  await Promise.all([putCarriers(transaction.objectStore('carriers'), records), transaction.done])
}

/** Those of which the event's own time is known. */
export async function stampedCarriers(db: IDBPDatabase<JournalSchema>): Promise<readonly { readonly id: EventId, readonly at: Seconds }[]> {
  return (await db.getAll('carriers')).flatMap(({ id, stamp }) => stamp === undefined ? [] : [{ id: id as EventId, at: stamp as Seconds }])
}

/** Newest first, as many as anybody would look at. */
export async function spoiltCarriers(db: IDBPDatabase<JournalSchema>, vault: Vault): Promise<readonly Carrier[]> {
  const found: CarrierRecord[] = []
  for (let cursor = await db.transaction('carriers').store.index('at').openCursor(null, 'prev'); cursor !== null && found.length < SHOWN_SPOILT; cursor = await cursor.continue()) {
    if (cursor.value.spoilt !== '')
      found.push(cursor.value)
  }
  return Promise.all(found.map(record => openCarrier(vault, record)))
}
