import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { createCatalogFeed } from '../../../src/nostr/catalog-feed'
import { createSeen } from '../../../src/nostr/seen'
import { systemClock } from '../../../src/nostr/system-clock'
import { openListings } from '../../../src/storage/listing-db'
import { nowSeconds, pause, person, signed, until } from '../../support/signed'
import { product, watch } from '../contracts/catalog-feed.contract'
import { stage } from './stage'

const { pool, honest, ends } = stage()
const merchant = person()

test('what was deleted here does not come back from a relay that never heard of it: now, nor after a reload', async () => {
  const cup = product(merchant, 'cup', { at: nowSeconds() - 5_000, name: 'cup' })
  const bowl = product(merchant, 'bowl', { at: nowSeconds() - 5_000, name: 'bowl' })
  const { url } = await honest([cup, bowl])
  const open = () => {
    const feed = createCatalogFeed({ pool: pool(), clock: systemClock, seen: createSeen(), openStore: openListings })
    const page = watch(feed, [url])
    ends.push(() => page.life.abort())
    return { ...page, feed, names: () => [...page.products.values()].sort() }
  }
  const first = open()
  await until(() => first.names().length === 2, 'both', 15_000)
  first.feed.remember?.(signed({ kind: 5, tags: [['a', `30018:${merchant.pubkey}:cup`], ['e', cup.id], ['k', '30018']] }, merchant))
  await until(() => first.names().length === 1, 'the cup is gone')
  // The device writes a little at a time.
  await pause(2_500)
  first.life.abort()
  await pause(1_200)

  const again = open()
  await until(() => again.names().includes('bowl') && again.phase() === 'live', 'read again', 15_000)
  await pause(500)
  expect(again.names()).toEqual(['bowl'])
}, 40_000)
