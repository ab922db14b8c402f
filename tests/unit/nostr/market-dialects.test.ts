import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Pubkey } from '../../../src/domain/brand'
import { stallAddressOf } from '../../../src/domain/catalog/implicit-stall'
import { zonesFor } from '../../../src/domain/catalog/shipping'
import { kinds, type NostrEvent } from '../../../src/domain/protocol/event'
import { createMarket } from '../../../src/nostr/catalog/market'
import type { MarketLimits } from '../../../src/nostr/catalog/newest'
import { collectionRef, eventOf, optionRef, type Made } from '../../support/gamma-listings'
import { pageOf } from '../../support/market-page'
import { people, T0 } from '../../support/order-messages'
import { relayUrl } from '../../support/signed'

const relay = relayUrl('wss://one.test')
const { merchant, shopper } = people
const implicit = stallAddressOf(merchant)
type Tags = readonly (readonly string[])[]

const mug = (id: string, tags: Tags, made: Made) => eventOf(kinds.gammaProduct, [['d', id], ['title', `mug ${id}`], ['price', '9', 'EUR'], ['type', 'simple', 'physical'], ...tags], made)
const draft = (id: string, made: Made) => eventOf(kinds.gammaDraft, [['d', id]], made)
const option = (id: string, made: Made, cost = '5') => eventOf(kinds.shippingOption, [['d', id], ['title', id], ['price', cost, 'EUR'], ['country', 'AT']], made)
const group = (id: string, options: readonly string[], made: Made) => eventOf(kinds.collection, [['d', id], ['title', id], ...options.map(one => ['shipping_option', optionRef(one)])], made)
const deletion = (tags: Tags, made: Made) => eventOf(kinds.deletion, tags, made)
const review = (of: string, made: Made) => eventOf(kinds.review, [['d', `a:30402:${merchant}:${of}`], ['rating', '1', 'thumb']], made)
const detail = (made: Made) => eventOf(kinds.appData, [['d', 'pay'], ['l', 'payment_detail']], { ...made, content: '{"payment_method":"ln","payment_detail":"me@ln.example","is_default":true}' })
const profile = (name: string, made: Made) => eventOf(kinds.profile, [], { ...made, content: JSON.stringify({ name, lud16: 'me@ln.example' }) })
const shop = (name: string, made: Made) => eventOf(kinds.market, [['d', made.by ?? merchant]], { ...made, content: JSON.stringify({ name }) })
const oldStall = (made: Made) => eventOf(kinds.stall, [['d', 's']], { ...made, content: '{"id":"s","name":"old stall","currency":"EUR","shipping":[{"id":"z","name":"World","cost":5,"regions":[]}]}' })
const oldProduct = (id: string, made: Made) => eventOf(kinds.product, [['d', id]], { ...made, content: JSON.stringify({ id, stall_id: 's', name: `mug ${id}`, currency: 'EUR', price: 9, quantity: 3 }) })

function open(limits: Partial<MarketLimits> = {}) {
  const market = createMarket({ now: () => toSeconds(T0 + 10_000), loopbackImages: false, limits })
  const page = pageOf(market)
  return {
    market, page,
    take(...events: readonly NostrEvent[]) {
      events.forEach(event => market.take(event, [relay], 'relay'))
      page.listen()
    },
    product: (id: string) => page.products.get(`30402:${merchant}:${id}`),
    /** Names of the ways by which it can be ordered. */
    ways(id: string): readonly string[] {
      const product = page.products.get(`30402:${merchant}:${id}`)
      const stall = page.stalls.get(implicit)
      return product === undefined || stall === undefined ? [] : zonesFor([product], stall).map(({ name }) => name)
    },
  }
}

const story: readonly NostrEvent[] = [
  oldStall({ n: 1 }), oldProduct('old', { n: 2 }), oldProduct('both', { n: 3 }),
  mug('both', [['shipping_option', optionRef('post')]], { n: 4, at: T0 + 5 }),
  mug('a', [['shipping_option', optionRef('post'), '2'], ['shipping_option', collectionRef('box')]], { n: 5, at: T0 }),
  mug('a', [['shipping_option', collectionRef('box'), '1']], { n: 6, at: T0 + 50 }),
  mug('drafted', [], { n: 7, at: T0 }), draft('drafted', { n: 8, at: T0 + 9 }),
  mug('undrafted', [], { n: 9, at: T0 + 30 }), draft('undrafted', { n: 10, at: T0 + 9 }),
  mug('again', [], { n: 11, at: T0 }), draft('again', { n: 12, at: T0 + 9 }), deletion([['e', 'c'.repeat(64)], ['a', `30403:${merchant}:again`]], { n: 13, at: T0 + 20 }),
  option('post', { n: 14, at: T0 }), option('post', { n: 15, at: T0 + 40 }, '7'), option('courier', { n: 16 }),
  option('lost', { n: 17 }), deletion([['a', optionRef('lost')]], { n: 18, at: T0 + 10 }), mug('stranded', [['shipping_option', optionRef('lost')]], { n: 19 }),
  group('box', ['post'], { n: 20, at: T0 }), group('box', ['courier', 'post'], { n: 21, at: T0 + 60 }),
  mug('shopstr', [['shipping', 'Added Cost', '3', 'EUR']], { n: 22 }),
  mug('gone', [], { n: 23, at: T0 }), deletion([['a', `30402:${merchant}:gone`]], { n: 24, at: T0 + 3 }),
  // Shopstr deletes the former version by its id after each edit.
  mug('edited', [['summary', 'first']], { n: 25, at: T0 }), mug('edited', [['summary', 'second']], { n: 26, at: T0 + 7 }), deletion([['e', eventOf(1, [], { n: 25 }).id]], { n: 27, at: T0 + 8 }),
  // The newest version is deleted: an older one is none the better.
  mug('withdrawn', [['summary', 'first']], { n: 28, at: T0 }), mug('withdrawn', [['summary', 'second']], { n: 29, at: T0 + 7 }), deletion([['e', eventOf(1, [], { n: 29 }).id]], { n: 30, at: T0 + 8 }),
  profile('Amber', { n: 31 }), profile('Amber Ltd', { n: 32, at: T0 + 4 }), shop('Amber\'s', { n: 33 }),
  review('a', { n: 34, by: shopper }), review('a', { n: 35, by: shopper, at: T0 + 90 }), review('gone', { n: 36, by: shopper }), deletion([['a', `31555:${shopper}:a:30402:${merchant}:gone`]], { n: 37, by: shopper, at: T0 + 99 }),
  detail({ n: 38 }),
  // A stranger deletes what is not theirs.
  deletion([['a', optionRef('post')], ['a', `30402:${merchant}:a`]], { n: 39, by: shopper, at: T0 + 500 }),
]

describe('both dialects on one shelf', () => {
  test('whatever comes first, the shelf is the same', () => {
    const straight = open()
    straight.take(...story)
    const expected = straight.page.all()
    fc.assert(fc.property(fc.shuffledSubarray([...story], { minLength: story.length }), fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 12 }), (events, cuts) => {
      const { market, page } = open()
      events.forEach((event, at) => {
        market.take(event, [relay], 'relay')
        // The page hears in the middle of it, too.
        if (cuts[at % cuts.length] === 0)
          page.listen()
      })
      // Relays send everything twice.
      events.slice(0, 9).forEach(event => market.take(event, [relay], 'relay'))
      page.listen()
      expect(page.all()).toEqual(expected)
    }), { numRuns: 150 })
  })

  test('and it is what a person would expect', () => {
    const { take, page, ways, product } = open()
    take(...story)
    expect([...page.products.keys()].filter(address => address.startsWith('30018')).length).toBe(2)
    expect(['both', 'a', 'stranded', 'shopstr', 'gone', 'withdrawn'].map(id => [id, ways(id)])).toEqual([
      ['both', ['post']], ['a', ['courier', 'post']], ['stranded', []], ['shopstr', ['']], ['gone', []], ['withdrawn', []],
    ])
    expect(['drafted', 'undrafted', 'again', 'edited'].map(id => product(id)?.active)).toEqual([false, true, true, true])
    expect([product('gone'), product('withdrawn')]).toEqual([undefined, undefined])
    expect(product('edited')?.nip99?.summary).toBe('second')
    expect(page.stalls.get(implicit)).toMatchObject({ name: 'Amber\'s', zones: [{ name: 'courier' }, { name: 'post', cost: { minor: 700 } }, { id: 'own:delivery' }] })
    expect([...page.reviews.values()]).toMatchObject([{ publishedAt: T0 + 90 }])
    expect([...page.payments.values()]).toMatchObject([{ merchant, destination: 'me@ln.example' }])
  })
})

describe('a product whose ways come late', () => {
  test('is there at once, can be ordered when its option comes, and not any more when that is deleted', () => {
    const { take, ways, product } = open()
    take(mug('a', [['shipping_option', optionRef('post')]], { n: 1 }))
    expect(product('a')?.name).toBe('mug a')
    expect(ways('a')).toEqual([])
    take(option('post', { n: 2 }))
    expect(ways('a')).toEqual(['post'])
    take(deletion([['a', optionRef('post')]], { n: 3, at: T0 + 10 }))
    expect(ways('a')).toEqual([])
    expect(product('a')).toBeDefined()
  })

  test('goes by those of its collection when that comes, and not when it is gone', () => {
    const { take, ways } = open()
    take(mug('a', [['shipping_option', collectionRef('box')]], { n: 1 }), option('post', { n: 2 }))
    expect(ways('a')).toEqual([])
    take(group('box', ['post'], { n: 3 }))
    expect(ways('a')).toEqual(['post'])
    take(deletion([['e', eventOf(1, [], { n: 3 }).id]], { n: 4, at: T0 + 10 }))
    expect(ways('a')).toEqual([])
  })
})

test('the page is told again only of what changed, and only of merchants of whom something did', () => {
  const { take, page } = open()
  const theirs: Made = { by: shopper }
  take(mug('a', [], { n: 1 }), mug('b', [['shipping_option', collectionRef('box')]], { n: 2 }), mug('c', [], { n: 3, ...theirs }))
  page.told.clear()
  take(group('box', [], { n: 4 }))
  expect([...page.told]).toEqual([[`30402:${merchant}:b`, 1], [implicit, 1]])
  page.told.clear()
  take(profile('Amber', { n: 5 }))
  expect([...page.told]).toEqual([[implicit, 1]])
  expect(page.stalls.get(implicit)?.name).toBe('Amber')
})

test('a merchant of NIP-15 alone has no stall but the own ones', () => {
  const { take, page } = open()
  take(oldStall({ n: 1 }), oldProduct('old', { n: 2 }), profile('Amber', { n: 3 }), shop('Amber\'s', { n: 4 }))
  expect([...page.stalls.values()].map(({ name }) => name)).toEqual(['old stall'])
})

test('the stall of a merchant without NIP-99 listings any more goes with the last of them', () => {
  const { take, page } = open()
  take(mug('a', [], { n: 1 }))
  expect(page.stalls.has(implicit)).toBe(true)
  take(deletion([['a', `30402:${merchant}:a`]], { n: 2, at: T0 + 1 }))
  expect(page.stalls.size).toBe(0)
})

test('a draft that is nobody\'s product is shown nowhere', () => {
  const { take, page, market } = open()
  take(draft('secret', { n: 1 }), eventOf(kinds.gammaDraft, [['d', 'full'], ['title', 'x'], ['price', '1', 'EUR']], { n: 2 }))
  expect(page.all()).toMatchObject({ products: [], stalls: [] })
  expect(market.people().size).toBe(0)
})

describe('T20: what is kept of whom', () => {
  const others = Array.from({ length: 9 }, (_, at) => `${at}`.repeat(64) as Pubkey)

  test('of one product the newest reviews, whatever comes first', () => {
    const all = others.map((by, at) => review('a', { by, n: 40 + at, at: T0 + at }))
    for (const events of [all, all.toReversed()]) {
      const { take, page } = open({ reviewsPerProduct: 3 })
      take(...events)
      expect([...page.reviews.values()].map(({ publishedAt }) => publishedAt).toSorted()).toEqual([T0 + 6, T0 + 7, T0 + 8])
    }
  })

  test('reviews without an end take no room from goods, and goods none from reviews', () => {
    const { take, market, page } = open({ reviews: 2, listings: 2 })
    take(...others.map((by, at) => review(`p${at}`, { by, n: 40 + at })))
    expect(page.reviews.size).toBe(2)
    take(mug('a', [], { n: 1 }), mug('b', [], { n: 2 }))
    expect(page.products.size).toBe(2)
    expect(market.isTooMany(mug('c', [], { n: 3 }))).toBe(true)
    expect(market.isTooMany(review('c', { n: 4, by: shopper }))).toBe(true)
  })

  test('all kinds of one key count together, and ways to send have a bound of their own', () => {
    const { take, market } = open({ perAuthor: 4, besidesGoods: 2 })
    take(option('one', { n: 1 }), group('two', [], { n: 2 }))
    expect(market.isTooMany(option('three', { n: 3 }))).toBe(true)
    expect(market.isTooMany(option('one', { n: 4, at: T0 + 1 }))).toBe(false)
    take(mug('a', [], { n: 5 }), draft('b', { n: 6 }))
    expect(market.isTooMany(mug('c', [], { n: 7 }))).toBe(true)
    expect(market.isTooMany(mug('c', [], { n: 7, by: shopper }))).toBe(false)
  })
})

test('the device keeps every kind, and forgets a way to send that was deleted', () => {
  const { take, market } = open()
  take(option('post', { n: 1 }), group('box', [], { n: 2 }), mug('a', [], { n: 3 }), draft('b', { n: 4 }), review('a', { n: 5, by: shopper }), detail({ n: 6 }), shop('S', { n: 7 }))
  expect(market.toKeep(100).map(({ event }) => event.kind)).toEqual([30406, 30405, 30402, 30403, 31555, 30078, 30019])
  take(deletion([['a', optionRef('post')]], { n: 8, at: T0 + 1 }))
  expect(market.toForget()).toEqual([optionRef('post')])
})
