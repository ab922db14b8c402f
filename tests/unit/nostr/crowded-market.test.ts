import { setMaxListeners } from 'node:events'
import { initNostrWasm } from 'nostr-wasm'
import { expect, test } from 'vitest'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { createCatalogFeed } from '../../../src/nostr/catalog-feed'
import { systemClock } from '../../../src/nostr/system-clock'
import { createSeen } from '../../../src/nostr/seen'
import { createMemoryListings } from '../../../src/storage/memory-listings'
import { nowSeconds, person, until } from '../../support/signed'
import { product, stall } from '../contracts/catalog-feed.contract'
import { stage } from './stage'

const { pool, honest, ends } = stage()

test('T20: a key that fills every page with its own listings does not keep those of others waiting, nor get all its own in', async () => {
  const [loud, quiet] = [person(), person()]
  const wasm = await initNostrWasm()
  const start = nowSeconds() - 9_000
  const flood = Array.from({ length: 3_500 }, (_, at) => {
    const event = { kind: 30_018, created_at: start + at, tags: [['d', `f${at}`]], content: JSON.stringify({ id: `f${at}`, stall_id: 's', name: 'flood', currency: 'sat', price: 1, quantity: 1 }), pubkey: '', id: '', sig: '' }
    wasm.finalizeEvent(event, loud.secret)
    return event as unknown as NostrEvent
  })
  const old = Array.from({ length: 5 }, (_, at) => product(quiet, `q${at}`, { at: start - 5_000 }))
  const { url } = await honest([...flood, stall(quiet, 's1'), ...old])
  const relays = pool()
  const feed = createCatalogFeed({ pool: relays, clock: systemClock, seen: createSeen(), openStore: createMemoryListings, limits: { perAuthor: 3_000, listings: 50_000, deletedPerAuthor: 100 } })
  const life = new AbortController()
  setMaxListeners(50, life.signal)
  ends.push(() => life.abort())
  let [loudOnes, quietOnes, loudBefore, phase] = [0, 0, -1, '']
  feed.open({ relays: [url], signal: life.signal, onProgress: progress => { phase = progress.phase }, onBatch(batch) {
    loudOnes += batch.products.filter(({ author }) => author === loud.pubkey).length
    quietOnes += batch.products.filter(({ author }) => author === quiet.pubkey).length
    if (quietOnes === 5 && loudBefore < 0)
      loudBefore = loudOnes
  } })
  await until(() => phase === 'live', 'live', 25_000)
  await until(() => quietOnes === 5, 'the quiet ones')
  expect(loudBefore).toBeLessThan(3_000)
  // What was received is handed over in slices.
  await until(() => loudOnes >= 3_000, 'the loud ones')
  await systemClock.sleep(300)
  expect(loudOnes).toBe(3_000)
}, 40_000)
