import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import type { RelayUrl } from '../../../src/domain/brand'
import { createCatalogFeed } from '../../../src/nostr/catalog-feed'
import { createElsewhere, MOST_VISITED } from '../../../src/nostr/catalog/elsewhere'
import { createSeen } from '../../../src/nostr/seen'
import { systemClock } from '../../../src/nostr/system-clock'
import { createMemoryListings } from '../../../src/storage/memory-listings'
import { nowSeconds, pause, person, relayUrl, signed, until, type Person } from '../../support/signed'
import { product, watch } from '../contracts/catalog-feed.contract'
import { stage } from './stage'

const { pool, honest, ends } = stage()
const merchant = person()

function open(relays: readonly RelayUrl[]) {
  const feed = createCatalogFeed({ pool: pool(), clock: systemClock, seen: createSeen(), openStore: createMemoryListings })
  const page = watch(feed, relays)
  ends.push(() => page.life.abort())
  return { ...page, feed, names: () => [...page.products.values()].sort() }
}
const listOf = (who: Person, ...urls: string[]) => signed({ kind: 10002, tags: urls.map(url => ['r', url, 'write']) }, who)

test('NIP-65: what a merchant publishes only on the own write relay is on the shelf too', async () => {
  const theirs = await honest([product(merchant, 'bowl', { name: 'bowl' }), product(merchant, 'cup', { name: 'newer cup' }), product(person(), 'other', { name: 'of somebody else' })])
  const ours = await honest([product(merchant, 'cup', { at: nowSeconds() - 5_000, name: 'old cup' }), listOf(merchant, theirs.url)])
  const page = open([ours.url])
  await until(() => page.names().length === 2 && page.names().includes('newer cup'), 'both are here', 15_000)
  await pause(200)
  expect(page.names()).toEqual(['bowl', 'newer cup'])
}, 30_000)

test('a link to a listing that none of our relays has brings it from the relays that it names', async () => {
  const theirs = await honest([product(merchant, 'bowl', { name: 'bowl' })])
  const ours = await honest([])
  const page = open([ours.url])
  await until(() => page.phase() === 'live', 'live')
  expect(page.names()).toEqual([])
  page.feed.look?.({ merchant: merchant.pubkey, relays: [theirs.url] })
  await until(() => page.names().length === 1, 'the bowl')
}, 30_000)

function visits(own: RelayUrl) {
  const asked: RelayUrl[] = []
  let now = 0
  let most = 0
  const elsewhere = createElsewhere({ own: [own], signal: new AbortController().signal, onEvents: () => undefined, pool: { async fetchAll({ relays }) {
    asked.push(...relays)
    most = Math.max(most, ++now)
    await pause(1)
    now--
    return { complete: relays, incomplete: [] }
  } } })
  return { elsewhere, asked, most: () => most }
}

test('T20: a thousand merchants who each name relays of their own make us visit a few, two at a time, those of most merchants first', async () => {
  const { elsewhere, asked, most } = visits(relayUrl('wss://ours.example'))
  const shared = 'wss://shared.example'
  for (let n = 0; n < 200; n++)
    elsewhere.note(listOf(person(), `wss://a${n}.example`, n % 10 === 0 ? shared : `wss://b${n}.example`, `wss://c${n}.example`))
  elsewhere.read()
  await until(() => asked.length >= MOST_VISITED, 'visited')
  elsewhere.read()
  await pause(50)
  expect(asked).toHaveLength(MOST_VISITED)
  expect(asked[0]).toBe(relayUrl(shared))
  expect(most()).toBeLessThanOrEqual(2)
})

test('T20: nobody sends us to our own machine, and a hint counts only for its author\'s own listings', async () => {
  const { elsewhere, asked } = visits(relayUrl('wss://ours.example'))
  elsewhere.note(listOf(merchant, 'ws://127.0.0.1:631', 'wss://ours.example'))
  elsewhere.note(signed({ kind: 30_402, tags: [['d', 'x'], ['a', `30405:${person().pubkey}:other`, 'wss://victim.example']] }, person()))
  elsewhere.note(signed({ kind: 30_402, tags: [['d', 'x'], ['a', `30405:${merchant.pubkey}:mine`, 'wss://hinted.example']] }, merchant))
  elsewhere.read()
  elsewhere.look(merchant.pubkey, [relayUrl('ws://127.0.0.1:631')])
  await pause(30)
  expect(asked).toEqual([relayUrl('wss://hinted.example')])
})
