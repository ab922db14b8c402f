import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe } from 'vitest'
import type { Seconds } from '../../../src/domain/brand'
import { openJournal } from '../../../src/storage/journal-db'
import { createMemoryJournal } from '../../../src/storage/memory-journal'
import { memoryVault } from '../../../src/storage/vault'
import { SHOPPER } from '../storage/messages'
import { journalContract } from './journal.contract'

const now = () => 9000 as Seconds

describe('journal in memory', () => {
  journalContract(() => createMemoryJournal({ now }))
})

describe('journal in IndexedDB', () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory()
  })
  journalContract(async () => openJournal({ account: SHOPPER, vault: await memoryVault(), now }))
})
