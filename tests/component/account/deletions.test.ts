import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDeletions } from '../../../src/composables/useDeletions'
import { useAccountStore } from '../../../src/stores/account'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { productOfMerchant, pubkeyOf, satStall, secrets } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { openPage, type Page } from '../../support/page'

const mug = productOfMerchant('mug')
let device: Device
let hub: ReturnType<typeof createHub>
let pages: Page[] = []
beforeEach(() => {
  device = newDevice()
  hub = createHub()
})
afterEach(() => {
  pages.forEach(page => page.close())
  pages = []
})

async function open(clock = manualClock()) {
  const page = openPage(memoryServices({ clock, hub, device, shelf: { products: [mug], stalls: [satStall] } }))
  pages.push(page)
  page.run(useCatalogFeed)
  const account = page.use(useAccountStore)
  await account.resume()
  if (account.signer === null)
    await account.startGuest({ secret: Buffer.from(secrets.merchant).toString('hex'), label: 'merchant' })
  expect(account.pubkey).toBe(pubkeyOf('merchant'))
  return { page, catalog: page.use(useCatalogStore), deletions: page.run(useDeletions).value, clock }
}
const sent = () => hub.kept.filter(({ kind }) => kind === 5)

test('a listing that is taken off is gone here at once; a page that closes before any relay heard goes on when it is opened again', async () => {
  hub.setOpen(false)
  const first = await open()
  expect(await first.deletions.remove([mug])).toEqual({ ok: true, value: undefined })
  await vi.waitFor(() => expect(first.catalog.products.has(mug.address)).toBe(false))
  expect(sent()).toEqual([])
  first.page.close()
  hub.setOpen(true)
  const again = await open()
  await vi.waitFor(() => expect(sent()).toMatchObject([{ tags: [['a', mug.address], ['e', mug.eventId], ['k', '30018']] }]))
  await vi.waitFor(() => expect(again.deletions.waiting()).toBe(0))
})

test('a relay that comes back hears of it within a minute', async () => {
  const { deletions, clock } = await open()
  hub.setOpen(false)
  await deletions.remove([mug])
  hub.setOpen(true)
  expect(sent()).toEqual([])
  await clock.advance(61)
  await vi.waitFor(() => expect(sent()).toHaveLength(1))
})
