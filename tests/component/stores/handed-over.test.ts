import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hex32, OrderKey } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { useAccountStore } from '../../../src/stores/account'
import { useHandedOverStore } from '../../../src/stores/handed-over'
import { pubkeyOf, secrets } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'
import { atRest } from '../desk/stage'

let device: Device
let pages: Page[] = []
beforeEach(() => { device = newDevice() })
afterEach(() => {
  pages.forEach(page => page.close())
  pages = []
})
const order = (n: number): OrderKey => orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), `order-${n}`)
const hash = (n: number): Hex32 => n.toString(16).padStart(64, 'a') as Hex32

async function open(who: 'shopper' | 'merchant' | null = 'shopper'): Promise<ReturnType<typeof useHandedOverStore>> {
  const page = openPage(memoryServices({ clock: manualClock(), hub: createHub(), device }))
  pages.push(page)
  const account = page.use(useAccountStore)
  await (who === null ? account.resume() : account.keepKey(nsecEncode(secrets[who]), 'correct horse', who, true))
  return page.use(useHandedOverStore)
}

test('what was given to a wallet outside is known after a reload, rests sealed, and is the account\'s own', async () => {
  const here = await open()
  here.mark(order(1), hash(1), 'code')
  expect(here.of(order(1))).toEqual({ order: order(1), paymentHash: hash(1), how: 'code' })
  here.mark(order(1), hash(1), 'taken')
  // Seeing it once more takes nothing back.
  here.mark(order(1), hash(1), 'code')
  expect(here.of(order(1))?.how).toBe('taken')
  const later = await open(null)
  await soon(() => later.of(order(1))?.how === 'taken', 'what was taken, after a reload')
  expect(atRest(device)).not.toContain(hash(1))
  const other = await open('merchant')
  other.mark(order(2), hash(2), 'code')
  expect(other.of(order(1))).toBeNull()
})

test('T13: two tabs follow each other, and neither undoes the other; a newer invoice of an order takes the place of the former', async () => {
  const [here, there] = [await open(), await open(null)]
  here.mark(order(1), hash(1), 'taken')
  await soon(() => there.of(order(1)) !== null, 'the first in the other tab')
  there.mark(order(2), hash(2), 'code')
  await soon(() => here.of(order(2)) !== null && there.of(order(1)) !== null, 'both in both')
  there.mark(order(1), hash(3), 'code')
  await soon(() => here.of(order(1))?.paymentHash === hash(3), 'the newer one')
  here.forget(order(2))
  await soon(() => there.of(order(2)) === null, 'forgotten in the other')
})

test('so many are kept, the newest', async () => {
  const here = await open()
  for (let n = 0; n < 70; n += 1)
    here.mark(order(n), hash(n), 'code')
  expect([here.of(order(0)), here.of(order(19))]).toEqual([null, null])
  const later = await open(null)
  await soon(() => later.of(order(69)) !== null, 'the newest, after a reload')
  expect(later.of(order(20))?.paymentHash).toBe(hash(20))
  expect(later.of(order(19))).toBeNull()
})
