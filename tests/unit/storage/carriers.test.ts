import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { openDB } from 'idb'
import { beforeEach, expect, test } from 'vitest'
import type { Seconds } from '../../../src/domain/brand'
import type { Vault } from '../../../src/ports/snapshots'
import { journalName } from '../../../src/storage/account-names'
import { openJournal } from '../../../src/storage/journal-db'
import { memoryVault } from '../../../src/storage/vault'
import { SHOPPER, id } from './messages'

let vault: Vault
const open = () => openJournal({ account: SHOPPER, vault, now: () => 9000 as Seconds })
const spoilt = (n: number, text = `secret words ${n}`) => ({ id: id(n), at: (1000 + n) as Seconds, spoilt: 'schema', from: SHOPPER, text })

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory()
  vault = await memoryVault()
})

async function atRest(): Promise<readonly { readonly id: string, readonly sealed?: string }[]> {
  const db = await openDB(journalName(SHOPPER))
  const records = await db.getAll('carriers')
  db.close()
  return records
}

test('T14: who wrote what cannot be read, and its text, rest as ciphertext only and are there after a reload', async () => {
  const first = open()
  await first.noteCarriers([spoilt(1)])
  expect(JSON.stringify(await atRest())).not.toMatch(new RegExp(`secret words|${SHOPPER}`))
  first.close()
  const second = open()
  expect(await second.spoilt()).toEqual([spoilt(1)])
  second.close()
})

test('forgotten ones leave no text, and need no work when they come again', async () => {
  const journal = open()
  await journal.noteCarriers([spoilt(1)])
  await journal.noteCarriers((await journal.spoilt()).map(({ id, at }) => ({ id, at, spoilt: '' })))
  expect(await journal.spoilt()).toEqual([])
  expect((await atRest()).map(({ sealed }) => sealed)).toEqual([undefined])
  expect(await journal.has([id(1)])).toEqual(new Set([id(1)]))
  journal.close()
})

test('of a flood the newest texts are kept, each to a bound', async () => {
  const journal = open()
  await journal.noteCarriers([spoilt(1, 'x'.repeat(100_000))])
  expect((await journal.spoilt())[0]?.text).toHaveLength(4_000)
  for (let round = 0; round < 4; round++)
    await journal.noteCarriers(Array.from({ length: 200 }, (_, n) => spoilt(2 + round * 200 + n)))
  expect((await atRest()).filter(({ sealed }) => sealed !== undefined).length).toBeLessThanOrEqual(600)
  expect((await journal.spoilt())[0]).toEqual(spoilt(801))
  journal.close()
})
