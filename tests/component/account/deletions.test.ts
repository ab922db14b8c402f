import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useDeletions } from '../../../src/composables/useDeletions'
import type { Address } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { useAccountStore } from '../../../src/stores/account'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { productOfMerchant, pubkeyOf, satStall, secrets } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { gammaProduct } from '../../support/gamma-listings'
import { openPage, type Page } from '../../support/page'
import { settle } from '../desk/stage'
import { linkOf, openShop } from '../shop/stage'

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

test('the owner takes a product off the market on its page, in both dialects; nobody else sees the button', async () => {
  const me = pubkeyOf('merchant')
  const made = gammaProduct(mug.id, [['title', mug.name], ['price', '21', 'SAT']], { n: 9 })
  const twin: Product = { ...made, author: me, address: `30402:${me}:${mug.id}` as Address }
  const path = `/p/${linkOf(mug.address)}`
  const stranger = await openShop({ hub, products: [mug, twin], stalls: [satStall], path })
  await settle()
  expect(stranger.wrapper.find('[data-test=own-listing]').exists()).toBe(false)
  stranger.close()

  await open().then(({ page }) => page.close())
  const shop = await openShop({ hub, device, products: [mug, twin], stalls: [satStall], path })
  const find = (name: string) => shop.wrapper.find(`[data-test=${name}]`)
  await vi.waitFor(() => expect(find('take-off').exists()).toBe(true))
  await find('take-off').trigger('click')
  expect(sent()).toEqual([])
  await shop.wrapper.find('dialog form').trigger('submit')
  await vi.waitFor(() => expect(sent()).toHaveLength(1))
  expect(sent()[0]?.tags.filter(([name]) => name === 'a').map(([, address]) => address)).toEqual([mug.address, twin.address])
  await vi.waitFor(() => expect(shop.catalog.products.has(mug.address)).toBe(false))
  expect(shop.router.currentRoute.value.path).toMatch(/^\/s\//)
  shop.close()
})
