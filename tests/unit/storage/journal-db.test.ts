import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Seconds } from '../../../src/domain/brand'
import type { Vault } from '../../../src/ports/snapshots'
import { journalName } from '../../../src/storage/account-names'
import { openJournal } from '../../../src/storage/journal-db'
import { memoryVault } from '../../../src/storage/vault'
import { kept, settle } from '../contracts/journal.contract'
import { SHOPPER, answered, delivery, id, orderKey, placed } from './messages'

const now = () => 9000 as Seconds
let vault: Vault
const open = (time = now) => openJournal({ account: SHOPPER, vault, now: time })

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  vault = await memoryVault()
})
afterEach(() => { vi.restoreAllMocks() })

test('T1: what was appended is there after the tab closed', async () => {
  const first = open()
  await first.append(placed(1), [delivery(placed(1))])
  first.close()
  const second = open()
  expect((await kept(second)).ids()).toEqual([id(1)])
  expect(await second.undelivered()).toHaveLength(1)
  second.close()
})

test('T1: a transaction that fails leaves neither message nor delivery', async () => {
  const journal = open()
  await kept(journal)
  const real = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args: Parameters<typeof real>) {
    if (this.name === 'deliveries')
      throw new DOMException('full', 'QuotaExceededError')
    return real.apply(this, args)
  })
  expect(await journal.append(placed(1), [delivery(placed(1))])).toEqual({ ok: false, error: { code: 'storage-full' } })
  vi.restoreAllMocks()
  expect(await journal.has([id(1)])).toEqual(new Set())
  expect(await journal.append(placed(1), [delivery(placed(1))])).toEqual({ ok: true, value: { added: true } })
  journal.close()
})

test('T13: a second tab hears of messages and deliveries, and of what replaced what', async () => {
  const [one, other] = [open(), open()]
  const follower = await kept(other)
  let deliveries = 0
  other.onDeliveries(() => deliveries++)
  await one.append(placed(1), [delivery(placed(1))])
  await one.append(placed(2), [delivery(placed(2))], id(1))
  await vi.waitFor(() => expect(follower.news.map(entry => [entry.message.id, entry.replaces])).toContainEqual([id(2), id(1)]))
  expect(deliveries).toBeGreaterThanOrEqual(2)
  one.close()
  other.close()
})

test('T13: two tabs that append the same message keep it once', async () => {
  const [one, other] = [open(), open()]
  const results = await Promise.all([one.append(placed(1), [delivery(placed(1))]), other.append(placed(1), [delivery(placed(1))])])
  expect(results.filter(result => result.ok && result.value.added)).toHaveLength(1)
  expect(await other.undelivered()).toHaveLength(1)
  one.close()
  other.close()
})

test('T12: without IndexedDB the session is kept in memory, and it says so', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const journal = open()
  expect(await journal.append(placed(1))).toEqual({ ok: true, value: { added: true } })
  const follower = await kept(journal)
  expect(follower.result).toEqual({ ok: false, error: { code: 'storage-off' } })
  expect(follower.ids()).toEqual([id(1)])
  journal.close()
  vi.unstubAllGlobals()
})

test('T12: a database of a newer program is neither read nor written', async () => {
  const name = journalName(SHOPPER)
  const newer = await openDB(name, 99, { upgrade: db => void db.createObjectStore('messages', { keyPath: 'id' }) })
  await newer.put('messages', { id: 'theirs' })
  newer.close()
  const journal = open()
  const follower = await kept(journal)
  expect(follower.result).toEqual({ ok: false, error: { code: 'storage-newer' } })
  await journal.append(placed(1))
  journal.close()
  const again = await openDB(name, 99)
  expect(await again.getAllKeys('messages')).toEqual(['theirs'])
  again.close()
})

test('T12: a record that cannot be read is set aside as it was, counted, and its message may come again', async () => {
  const first = open()
  await first.appendAll([placed(1), answered(2)])
  first.close()
  const raw = await openDB(journalName(SHOPPER))
  const record = await raw.get('messages', id(1))
  await raw.put('messages', { ...record, sealed: 'AAAA' })
  raw.close()

  const second = open()
  const follower = await kept(second)
  expect(follower.ids()).toEqual([id(2)])
  expect(follower.result).toEqual({ ok: false, error: { code: 'storage-corrupt' } })
  expect(await second.append(placed(1))).toEqual({ ok: true, value: { added: true } })
  second.close()
  const after = await openDB(journalName(SHOPPER))
  expect((await after.getAll('aside')).map(one => one.record.sealed)).toEqual(['AAAA'])
  after.close()
})

test('T12: a record of a newer program stays where it is', async () => {
  const first = open()
  await first.append(placed(1))
  first.close()
  const raw = await openDB(journalName(SHOPPER))
  await raw.put('messages', { ...await raw.get('messages', id(1)), v: 7 })
  raw.close()
  const second = open()
  expect((await kept(second)).result).toEqual({ ok: false, error: { code: 'storage-newer' } })
  expect(await second.append(placed(1))).toEqual({ ok: true, value: { added: false } })
  second.close()
})

test('T14: a locked vault gives nothing, and nothing is set aside because of it', async () => {
  const first = open()
  await first.append(placed(1))
  vault.close()
  expect(await first.append(placed(2))).toEqual({ ok: false, error: { code: 'storage-locked' } })
  expect((await kept(first)).result).toEqual({ ok: false, error: { code: 'storage-locked' } })
  first.close()
  const raw = await openDB(journalName(SHOPPER))
  expect(await raw.count('aside')).toBe(0)
  expect(await raw.count('messages')).toBe(1)
  raw.close()
})

test('T15: clear leaves no database', async () => {
  const journal = open()
  await journal.append(placed(1))
  await journal.clear()
  journal.close()
  expect(await indexedDB.databases()).toEqual([])
})

test('delivered ones go after a week, waiting ones never', async () => {
  const first = open()
  await first.append(placed(1), [delivery(placed(1), 'order-1', { deliveredAt: 9000 as Seconds })])
  await first.append(placed(2, 'o2'), [delivery(placed(2, 'o2'), 'o2')])
  first.close()
  const later = open(() => 9000 + 8 * 86400 as Seconds)
  await settle()
  expect(await later.deliveriesOf(orderKey('order-1'))).toEqual([])
  expect(await later.undelivered()).toHaveLength(1)
  later.close()
})

test('T12: a connection that was taken away is opened anew; questions never throw meanwhile', async () => {
  const journal = open()
  await journal.append(placed(1), [delivery(placed(1))])
  // Another tab deletes the database: the browser asks this connection to get out of its way.
  await deleteDB(journalName(SHOPPER))
  expect(await journal.undelivered()).toEqual([])
  expect(await journal.append(placed(2), [delivery(placed(2))])).toEqual({ ok: true, value: { added: true } })
  expect(await journal.has([id(1), id(2)])).toEqual(new Set([id(2)]))
  expect(await journal.undelivered()).toHaveLength(1)
  journal.close()
})

test('what was laid elsewhere by a former version is found again after a start', async () => {
  const first = open()
  await first.appendAll([placed(1), answered(2, id(1))])
  first.close()
  const db = await openDB(journalName(SHOPPER))
  const record: unknown = await db.get('messages', id(2))
  await db.put('messages', { ...record as object, thread: 'elsewhere' })
  db.close()
  const second = open()
  await kept(second)
  await settle()
  const thread = await second.messagesOf(orderKey('order-1'))
  expect(thread.ok && thread.value.map(message => message.id)).toEqual([id(1), id(2)])
  second.close()
})
