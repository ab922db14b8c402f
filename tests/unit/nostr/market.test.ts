import { describe, expect, test } from 'vitest'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { toSeconds } from '../../../src/domain/brand'
import { createMarket } from '../../../src/nostr/catalog/market'
import { person, relayUrl, signed } from '../../support/signed'
import { product, stall } from '../contracts/catalog-feed.contract'

const NOW = 1_800_000_000
const relay = relayUrl('wss://one.test')
const second = relayUrl('wss://two.test')
const [loud, quiet] = [person(), person()]
const make = (limits = { perAuthor: 5, listings: 100, deletedPerAuthor: 10 }, now = () => NOW) => createMarket({ now: () => toSeconds(now()), loopbackImages: false, limits })
const at = (seconds: number) => ({ at: seconds })
const nameOf = (event: NostrEvent) => (JSON.parse(event.content) as { name: string }).name

test('T20: one key with more listings than we keep of one takes no room from others, and no signature check', () => {
  const market = make()
  const many = Array.from({ length: 8 }, (_, n) => product(loud, `p${n}`, at(NOW - 100)))
  many.forEach(event => market.take(event, [relay], 'relay'))
  market.take(product(quiet, 'mine', at(NOW - 100)), [relay], 'relay')
  const names = market.drain(100)?.products.map(({ name }) => name)
  expect(names).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'mine'])
  expect(market.isTooMany(product(loud, 'p99', at(NOW - 50)))).toBe(true)
  expect(market.isTooMany(product(quiet, 'p99', at(NOW - 50)))).toBe(false)
  // A new version of what is here is welcome.
  const newer = product(loud, 'p0', { at: NOW - 50, name: 'p0 again' })
  expect(market.isTooMany(newer)).toBe(false)
  market.take(newer, [relay], 'relay')
  expect(market.drain(100)?.products.map(({ name }) => name)).toEqual(['p0 again'])
})

test('T20: what lies ahead of our clock waits for its time, and counts then', () => {
  let now = NOW
  const market = make(undefined, () => now)
  market.take(product(quiet, 'cup', { at: NOW + 4_000, name: 'later' }), [relay], 'relay')
  market.take(product(quiet, 'cup', { at: NOW - 10, name: 'now' }), [relay], 'relay')
  expect(market.drain(100)?.products.map(({ name }) => name)).toEqual(['now'])
  market.releaseHeld()
  expect(market.drain(100)).toBeNull()
  now = NOW + 4_100
  market.releaseHeld()
  expect(market.drain(100)?.products.map(({ name }) => name)).toEqual(['later'])
})

test('T20: held events are bounded for each key', () => {
  let now = NOW
  const market = make({ perAuthor: 1_000, listings: 1_000, deletedPerAuthor: 10 }, () => now)
  for (let n = 0; n < 60; n++)
    market.take(product(loud, `f${n}`, at(NOW + 5_000)), [relay], 'relay')
  now = NOW + 6_000
  market.releaseHeld()
  expect(market.drain(1_000)?.products).toHaveLength(50)
})

describe('what the page hears', () => {
  test('no more products at once than it can take, and each once', () => {
    const market = make({ perAuthor: 100, listings: 100, deletedPerAuthor: 10 })
    for (let n = 0; n < 25; n++)
      market.take(product(quiet, `p${n}`, at(NOW - n)), [relay], 'relay')
    const parts = [market.drain(10), market.drain(10), market.drain(10), market.drain(10)]
    expect(parts.map(part => part?.products.length)).toEqual([10, 10, 5, undefined])
  })

  test('a version that was replaced before the page heard of it is never sent', () => {
    const market = make()
    const [older, newer] = [product(quiet, 'cup', { at: NOW - 100, name: 'older' }), product(quiet, 'cup', { at: NOW - 50, name: 'newer' })]
    for (const event of [older, newer, older])
      market.take(event, [relay], 'relay')
    expect(market.drain(100)?.products.map(({ name }) => name)).toEqual(['newer'])
  })

  test('the same version on a second relay tells only where it is', () => {
    const market = make()
    const cup = product(quiet, 'cup', at(NOW - 100))
    market.take(cup, [relay], 'relay')
    market.drain(100)
    market.take(cup, [second, relay], 'relay')
    expect(market.drain(100)).toMatchObject({ products: [], seen: [{ relays: [second] }] })
  })

  test('a product that was deleted and published anew comes back', () => {
    const market = make()
    const first = product(quiet, 'cup', at(NOW - 100))
    market.take(first, [relay], 'relay')
    market.take(signed({ kind: 5, created_at: NOW - 50, tags: [['a', `30018:${quiet.pubkey}:cup`], ['e', first.id]] }, quiet), [relay], 'relay')
    expect(market.drain(100)).toMatchObject({ products: [], gone: [`30018:${quiet.pubkey}:cup`] })
    market.take(first, [second], 'relay')
    expect(market.drain(100)?.products ?? []).toEqual([])
    market.take(product(quiet, 'cup', { at: NOW - 10, name: 'again' }), [relay], 'relay')
    expect(market.drain(100)).toMatchObject({ products: [{ name: 'again' }], gone: [] })
  })
})

test('the device keeps the newest versions of what relays brought, nothing that it had itself, and forgets what was deleted', () => {
  const market = make()
  const [mine, cup, table] = [product(quiet, 'mine', at(NOW - 100)), product(quiet, 'cup', at(NOW - 100)), stall(quiet, 's1', NOW - 100)]
  market.take(mine, [relay], 'device')
  market.take(cup, [relay], 'relay')
  market.take(table, [relay], 'relay')
  expect(market.toKeep(100).map(({ event }) => nameOf(event)).toSorted()).toEqual(['cup', 'stall s1'])
  expect(market.toKeep(100)).toEqual([])
  market.take(signed({ kind: 5, created_at: NOW, tags: [['e', mine.id]] }, quiet), [relay], 'relay')
  expect(market.toForget()).toEqual([`30018:${quiet.pubkey}:mine`])
  expect(market.toKeep(100).map(({ event }) => event.kind)).toEqual([5])
})
