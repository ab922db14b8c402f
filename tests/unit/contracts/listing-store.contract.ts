import { expect, test } from 'vitest'
import type { EventId, Pubkey, RelayUrl, Seconds } from '../../../src/domain/brand'
import type { ListingStore, StoredListing } from '../../../src/ports/listing-store'

const A = 'wss://a.example/' as RelayUrl
const B = 'wss://b.example/' as RelayUrl

export const listing = (n: number, at: number, change: { id?: number, relays?: RelayUrl[] } = {}): StoredListing => ({
  key: `30018:${'ab'.repeat(32)}:p${n}`,
  event: { id: (change.id ?? n * 10_000 + at).toString(16).padStart(64, '0') as EventId, pubkey: 'ab'.repeat(32) as Pubkey, created_at: at as Seconds, kind: 30018, tags: [['d', `p${n}`]], content: `{"v":${at}}`, sig: 'cd'.repeat(64) },
  relays: change.relays ?? [A],
})

async function all(store: ListingStore, first = 0): Promise<readonly StoredListing[]> {
  const found = first === 0 ? [] : [...await store.loadFirst(first)]
  await store.loadRest((chunk) => { found.push(...chunk) })
  return found
}

/** What every ListingStore promises. */
export function listingStoreContract(open: () => ListingStore): void {
  test('the newest come first, then all the rest, each once', async () => {
    const store = open()
    await store.save(Array.from({ length: 1300 }, (_, n) => listing(n, 1000 + (n * 7919) % 1300)))
    const first = await store.loadFirst(60)
    expect(first).toHaveLength(60)
    const rest: StoredListing[] = []
    await store.loadRest((chunk) => { rest.push(...chunk) })
    const times = [...first, ...rest].map(one => one.event.created_at)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect(new Set([...first, ...rest].map(one => one.key)).size).toBe(1300)
    expect(await store.newest()).toBe(2299)
    store.close()
  })

  test('the newest version stays, in whatever sequence they come; ties go to the lowest id', async () => {
    const store = open()
    await store.save([listing(1, 20), listing(1, 10)])
    await store.save([listing(1, 15)])
    await store.save([listing(2, 10, { id: 9 }), listing(2, 10, { id: 8 })])
    await store.save([listing(2, 10, { id: 9 })])
    expect((await all(store)).map(one => [one.event.created_at, Number(one.event.id)])).toEqual([[20, Number(listing(1, 20).event.id)], [10, 8]])
    store.close()
  })

  test('where a version was seen is joined', async () => {
    const store = open()
    await store.save([listing(1, 10)])
    await store.save([listing(1, 10, { relays: [B] })])
    expect((await all(store, 5))[0]?.relays).toEqual([A, B])
    store.close()
  })

  test('what is removed is gone, and T20: what is too much goes from the old end', async () => {
    const store = open()
    await store.save([1, 2, 3, 4].map(n => listing(n, n)))
    await store.remove([listing(4, 4).key])
    await store.trim(2)
    expect((await all(store, 9)).map(one => one.event.created_at)).toEqual([3, 2])
    store.close()
  })

  test('an old deletion outlives newer listings: what it deleted does not come back', async () => {
    const store = open()
    const deletion = { ...listing(9, 1), key: 'd'.repeat(64) }
    await store.save([deletion, ...[1, 2, 3, 4].map(n => listing(n, n + 1))])
    await store.trim(3)
    expect((await all(store, 9)).map(({ key }) => key)).toEqual([listing(4, 5).key, listing(3, 4).key, deletion.key])
    store.close()
  })

  test('where a former version was seen is kept: a deletion has to get there too', async () => {
    const store = open()
    await store.save([listing(1, 10)])
    await store.save([listing(1, 11, { id: 7, relays: [B] })])
    expect((await all(store, 5))[0]?.relays).toEqual([A, B])
    store.close()
  })
}
