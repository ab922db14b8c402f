import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { openListings } from '../../../src/storage/listing-db'
import { createMemoryListings } from '../../../src/storage/memory-listings'
import { listing, listingStoreContract } from './listing-store.contract'

describe('listings in memory', () => listingStoreContract(createMemoryListings))
describe('listings in IndexedDB', () => {
  beforeEach(() => { globalThis.indexedDB = new IDBFactory() })
  listingStoreContract(openListings)

  test('are there after a reload', async () => {
    const store = openListings()
    await store.save([listing(1, 10)])
    store.close()
    expect(await openListings().loadFirst(60)).toMatchObject([{ key: listing(1, 10).key }])
  })

  test('T12: a full disk is said, and what was there stays', async () => {
    const store = openListings()
    await store.save([listing(1, 5)])
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => { throw new DOMException('full', 'QuotaExceededError') })
    expect(await store.save([listing(1, 10)])).toBe(false)
    put.mockRestore()
    expect((await store.loadFirst(1))[0]?.event.created_at).toBe(5)
  })
})
