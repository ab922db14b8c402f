import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { createCatalogFeed } from '../../../src/nostr/catalog-feed'
import { createSeen } from '../../../src/nostr/seen'
import { systemClock } from '../../../src/nostr/system-clock'
import { readFromNet } from '../../../src/nostr/worker/net-messages'
import { createMemoryListings } from '../../../src/storage/memory-listings'
import { nowSeconds, person, pause, until } from '../../support/signed'
import { product, watch } from '../contracts/catalog-feed.contract'
import { DEAD, stage } from './stage'

const { pool, honest, ends } = stage()
const merchant = person()

function open(relays: Parameters<typeof watch>[1]) {
  const line = pool()
  const page = watch(createCatalogFeed({ pool: line, clock: systemClock, seen: createSeen(), openStore: createMemoryListings }), relays)
  ends.push(() => page.life.abort())
  return { ...page, line, complete: () => page.progress.at(-1)?.complete ?? [] }
}

test('the market is live once one relay was read, and each relay is named that has shown all of it', async () => {
  const good = await honest([product(merchant, 'cup')])
  const page = open([good.url, DEAD])
  await until(() => page.phase() === 'live' && page.complete().length > 0, 'live', 20_000)
  await pause(300)
  expect(page.complete()).toEqual([good.url])
}, 30_000)

test('a relay counts as read only when the page has heard of every listing', async () => {
  const start = nowSeconds() - 5_000
  const { url } = await honest(Array.from({ length: 900 }, (_, at) => product(merchant, `p${at}`, { at: start + at })), { maxLimit: 1_000 })
  const page = open([url])
  let atFirst = -1
  await until(() => {
    if (page.complete().length > 0 && atFirst < 0)
      atFirst = page.products.size
    return atFirst >= 0
  }, 'read', 20_000)
  // Progress is told after the last batch, never before it.
  const told = page.progress.findIndex(({ complete }) => complete.length > 0)
  expect(page.progress[told]?.received).toBe(900)
  expect(atFirst).toBe(900)
}, 30_000)

test('a relay that was away is read again before it counts as read', async () => {
  const { url, relay } = await honest([product(merchant, 'cup', { name: 'old' })])
  const page = open([url])
  await until(() => page.complete().length === 1, 'read')
  await relay.stop()
  relay.load([product(merchant, 'cup', { at: nowSeconds() - 100, name: 'new' })] as unknown as Parameters<typeof relay.load>[0])
  await relay.start()
  const before = page.progress.length
  page.line.retryNow()
  await until(() => page.progress.slice(before).some(({ complete }) => complete.length === 0), 'unread', 20_000)
  await until(() => page.complete().length === 1, 'read again', 20_000)
  expect([...page.products.values()]).toEqual(['new'])
}, 45_000)

test('the worker\'s word of it reaches the page', () => {
  const progress = { phase: 'live', received: 1, refused: 0, complete: [DEAD] }
  expect(readFromNet({ type: 'progress', id: 1, progress })).toEqual({ type: 'progress', id: 1, progress })
  expect(readFromNet({ type: 'progress', id: 1, progress: { ...progress, complete: undefined } })).toBeNull()
})
