import { setMaxListeners } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import type { RelayUrl } from '../../../src/domain/brand'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import type { CatalogBatch, CatalogFeed, CatalogProgress } from '../../../src/ports/catalog-feed'
import { nowSeconds, person, signed, until } from '../../support/signed'
import type { Person } from '../../support/signed'

export interface MarketStage {
  readonly feed: CatalogFeed
  readonly relays: readonly { readonly url: RelayUrl, load(events: readonly NostrEvent[]): void, stop(): Promise<void>, start(): Promise<void> }[]
  /** Publishes live, as a merchant would. */
  publish(event: NostrEvent, relay: RelayUrl): Promise<void>
  retryNow(): void
  close(): Promise<void>
}

export const product = (by: Person, id: string, more: { at?: number, name?: string, stall?: string } = {}): NostrEvent =>
  signed({ kind: 30_018, created_at: more.at ?? nowSeconds() - 500, tags: [['d', id], ['t', 'Food']], content: JSON.stringify({ id, stall_id: more.stall ?? 's1', name: more.name ?? id, currency: 'sat', price: 21, quantity: 3, images: [] }) }, by)

export const stall = (by: Person, id: string, at = nowSeconds() - 1_000): NostrEvent =>
  signed({ kind: 30_017, created_at: at, tags: [['d', id]], content: JSON.stringify({ id, name: `stall ${id}`, currency: 'sat', shipping: [{ id: 'z', name: 'World', cost: 5, regions: [] }] }) }, by)

/** What a page that follows the feed would show. */
export function watch(feed: CatalogFeed, relays: readonly RelayUrl[]) {
  const products = new Map<string, string>()
  const stalls = new Map<string, string>()
  const names = new Map<string, string>()
  const seen = new Map<string, Set<string>>()
  const batches: CatalogBatch[] = []
  const progress: CatalogProgress[] = []
  const life = new AbortController()
  // Many undertakings hang on this one signal; Node takes more than ten for a mistake.
  setMaxListeners(50, life.signal)
  feed.open({
    relays,
    signal: life.signal,
    onBatch(batch) {
      batches.push(batch)
      batch.products.forEach(one => products.set(one.address, one.name))
      batch.stalls.forEach(one => stalls.set(one.address, one.name))
      batch.profiles.forEach(one => names.set(one.pubkey, one.name))
      for (const address of batch.gone) {
        products.delete(address)
        stalls.delete(address)
      }
      batch.seen.forEach(({ address, relays: on }) => seen.set(address, new Set([...seen.get(address) ?? [], ...on])))
    },
    onProgress: now => progress.push(now),
  })
  return { products, stalls, names, seen, batches, progress, life, phase: () => progress.at(-1)?.phase }
}

export function catalogFeedContract(stageOf: (relays: number) => Promise<MarketStage>): void {
  vi.setConfig({ testTimeout: 20_000 })
  const ends: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse())
      await end()
  })
  const merchant = person()

  async function stage(relays = 1): Promise<MarketStage & { first: MarketStage['relays'][number], urls: RelayUrl[] }> {
    const made = await stageOf(relays)
    ends.push(() => made.close())
    const [first] = made.relays
    if (!first)
      throw new Error('no relay')
    return { ...made, first, urls: made.relays.map(({ url }) => url) }
  }
  function open(feed: CatalogFeed, urls: readonly RelayUrl[]) {
    const seen = watch(feed, urls)
    ends.push(() => seen.life.abort())
    return seen
  }

  test('brings all of a market that is larger than the relay gives at once, newest first, in batches a page can take', async () => {
    const { feed, first, urls } = await stage()
    const start = nowSeconds() - 5_000
    first.load([stall(merchant, 's1'), ...Array.from({ length: 130 }, (_, at) => product(merchant, `p${at}`, { at: start + at }))])
    const { products, stalls, batches, phase } = open(feed, urls)
    await until(() => phase() === 'live', 'live')
    await until(() => products.size === 130, 'all products')
    expect(stalls.size).toBe(1)
    expect(Math.max(...batches.map(batch => batch.products.length))).toBeLessThanOrEqual(400)
    const [newest] = batches.find(batch => batch.products.length > 0)?.products ?? []
    expect(newest?.id).toBe('p129')
    expect(batches.every(batch => batch.from === 'relay')).toBe(true)
  })

  test('a product whose stall never comes is there all the same', async () => {
    const { feed, first, urls } = await stage()
    first.load([product(merchant, 'orphan', { stall: 'nowhere' })])
    const { products } = open(feed, urls)
    await until(() => products.size === 1, 'the product')
    expect([...products.values()]).toEqual(['orphan'])
  })

  test('the newest version counts, whatever comes first; live ones take its place', async () => {
    const { feed, relays, urls, publish } = await stage(2)
    relays[0]?.load([product(merchant, 'cup', { at: 1_700_000_500, name: 'newer' })])
    relays[1]?.load([product(merchant, 'cup', { at: 1_700_000_000, name: 'older' })])
    const { products, phase } = open(feed, urls)
    await until(() => phase() === 'live', 'live')
    expect([...products.values()]).toEqual(['newer'])
    await publish(product(merchant, 'cup', { at: nowSeconds(), name: 'newest' }), urls[0] as RelayUrl)
    await until(() => [...products.values()][0] === 'newest', 'the live one')
  })

  test('says on which relays each listing was seen', async () => {
    const { feed, relays, urls } = await stage(2)
    const both = product(merchant, 'both')
    relays.forEach(relay => relay.load([both]))
    relays[1]?.load([product(merchant, 'one')])
    const { seen, phase } = open(feed, urls)
    await until(() => phase() === 'live', 'live')
    await until(() => seen.get(`30018:${merchant.pubkey}:both`)?.size === 2, 'seen on both')
    expect(seen.get(`30018:${merchant.pubkey}:one`)).toEqual(new Set([urls[1]]))
  })

  test('deletions by the author hide a listing, stored or live; those by others do not', async () => {
    const { feed, first, urls, publish } = await stage()
    const stranger = person()
    const [gone, kept, later] = [product(merchant, 'gone'), product(merchant, 'kept'), product(merchant, 'later')]
    first.load([kept, later])
    // A relay may still have what was deleted elsewhere.
    first.load([signed({ kind: 5, tags: [['a', `30018:${merchant.pubkey}:gone`], ['e', gone.id], ['k', '30018']] }, merchant), gone])
    first.load([signed({ kind: 5, tags: [['a', `30018:${merchant.pubkey}:kept`], ['e', kept.id]] }, stranger), product(stranger, 'theirs')])
    const { products, phase } = open(feed, urls)
    await until(() => phase() === 'live' && !products.has(`30018:${merchant.pubkey}:gone`), 'live, and the deletion heard')
    await new Promise(resolve => setTimeout(resolve, 900))
    expect([...products.values()].toSorted()).toEqual(['kept', 'later', 'theirs'])
    await publish(signed({ kind: 5, created_at: nowSeconds(), tags: [['a', `30018:${merchant.pubkey}:later`], ['e', later.id], ['k', '30018']] }, merchant), first.url)
    await until(() => !products.has(`30018:${merchant.pubkey}:later`), 'deleted live')
  })

  test('names of the merchants follow', async () => {
    const { feed, first, urls } = await stage()
    first.load([product(merchant, 'p'), signed({ kind: 0, content: '{"name":"Amber"}' }, merchant), signed({ kind: 0, content: '{"name":"Nobody"}' }, person())])
    const { names } = open(feed, urls)
    await until(() => names.size === 1, 'the profile')
    expect([...names.values()]).toEqual(['Amber'])
  })

  test('NIP-99 goods come with their merchant\'s stall, ways to send, reviews and payment details; what is deleted live is gone', async () => {
    const { feed, first, urls, publish } = await stage()
    const [shopper, stranger] = [person(), person()]
    const post = `30406:${merchant.pubkey}:post`
    const option = signed({ kind: 30_406, created_at: nowSeconds() - 400, tags: [['d', 'post'], ['title', 'Post'], ['price', '5', 'SATS'], ['country', 'AT']] }, merchant)
    const pay = (by: Person) => signed({ kind: 30_078, created_at: nowSeconds() - 400, tags: [['d', 'pay'], ['l', 'payment_detail']], content: '{"payment_method":"ln","payment_detail":"me@ln.example"}' }, by)
    first.load([
      signed({ kind: 30_402, created_at: nowSeconds() - 400, tags: [['d', 'vase'], ['title', 'Vase'], ['price', '9', 'SATS'], ['type', 'simple', 'physical'], ['shipping_option', post]] }, merchant),
      option,
      signed({ kind: 30_403, created_at: nowSeconds() - 400, tags: [['d', 'secret'], ['title', 'Not yet'], ['price', '9', 'SATS']] }, merchant),
      signed({ kind: 31_555, created_at: nowSeconds() - 400, tags: [['d', `a:30402:${merchant.pubkey}:vase`], ['rating', '1', 'thumb']] }, shopper),
      pay(merchant), pay(stranger),
      signed({ kind: 30_078, created_at: nowSeconds() - 400, tags: [['d', 'cart']], content: '{}' }, merchant),
      signed({ kind: 0, content: '{"name":"Clay","lud16":"clay@ln.example"}' }, merchant),
    ])
    const { products, stalls, batches, phase } = open(feed, urls)
    const all = <T>(of: (batch: CatalogBatch) => readonly T[]): readonly T[] => batches.flatMap(of)
    await until(() => phase() === 'live' && all(batch => batch.paymentDetails).length > 0 && all(batch => batch.reviews).length > 0 && [...stalls.values()].includes('Clay'), 'all of it')
    expect([...products.values()]).toEqual(['Vase'])
    expect(all(batch => batch.stalls).at(-1)?.zones).toMatchObject([{ id: post, name: 'Post' }])
    expect(all(batch => batch.products).at(-1)?.zoneIds).toEqual([post])
    expect(all(batch => batch.profiles).at(-1)?.lud16).toBe('clay@ln.example')
    expect(new Set(all(batch => batch.paymentDetails).map(({ merchant: whose }) => whose))).toEqual(new Set([merchant.pubkey]))
    await publish(signed({ kind: 5, created_at: nowSeconds(), tags: [['a', post]] }, merchant), first.url)
    await until(() => all(batch => batch.stalls).at(-1)?.zones.length === 0, 'the way to send is gone')
    await publish(signed({ kind: 30_403, created_at: nowSeconds(), tags: [['d', 'vase']] }, merchant), first.url)
    await until(() => all(batch => batch.products).at(-1)?.active === false, 'off the shelf by a draft')
  })

  test('T20: a listing of the far future does not win, malformed ones are counted', async () => {
    const { feed, first, urls } = await stage()
    first.load([product(merchant, 'cup', { name: 'today' }), product(merchant, 'cup', { at: nowSeconds() + 400_000_000, name: '2040' })])
    first.load([signed({ kind: 30_018, tags: [['d', 'bad']], content: 'no json' }, merchant), signed({ kind: 30_018, tags: [], content: '{}' }, merchant)])
    const { products, progress, phase } = open(feed, urls)
    await until(() => phase() === 'live', 'live')
    expect([...products.values()]).not.toContain('2040')
    expect(progress.at(-1)?.refused).toBeGreaterThanOrEqual(1)
  })

  test('T21: says so when no relay can be reached, and catches up when one comes back', async () => {
    const { feed, first, urls, retryNow } = await stage()
    await first.stop()
    const { products, phase } = open(feed, urls)
    await until(() => phase() === 'offline', 'offline')
    first.load([product(merchant, 'p')])
    await first.start()
    retryNow()
    await until(() => products.size === 1 && phase() === 'live', 'caught up', 15_000)
  })

  test('shows first what this device remembers, also without any relay', async () => {
    const { feed, first, urls } = await stage()
    first.load([stall(merchant, 's1'), product(merchant, 'p')])
    const before = open(feed, urls)
    await until(() => before.phase() === 'live' && before.products.size === 1, 'live')
    await new Promise(resolve => setTimeout(resolve, 1_500))
    before.life.abort()
    await first.stop()
    const after = open(feed, urls)
    await until(() => after.products.size === 1 && after.stalls.size === 1, 'from the device')
    expect(after.batches[0]?.from).toBe('device')
    expect(after.seen.get(`30018:${merchant.pubkey}:p`)).toEqual(new Set(urls))
  })
}
