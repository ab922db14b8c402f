import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Product } from '../../../src/domain/catalog/types'
import type { OrderKey } from '../../../src/domain/brand'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { useConversation } from '../../../src/composables/useConversation'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import { useResend } from '../../../src/composables/useResend'
import { useSpoilt } from '../../../src/composables/useSpoilt'
import { fatesOf } from '../../../src/components/order/delivery-view'
import { systemClock } from '../../../src/nostr/system-clock'
import { useAccountStore } from '../../../src/stores/account'
import { useAttentionStore } from '../../../src/stores/attention'
import { useConversationsStore } from '../../../src/stores/conversations'
import { useDeliveriesStore } from '../../../src/stores/deliveries'
import { useOrdersStore } from '../../../src/stores/orders'
import { orderAsGuest as placeAsGuest } from '../../support/guest-order'
import { listed, productOfMerchant, pubkeyOf, satStall, secrets } from '../../support/flow-people'
import { createHub, type Hub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { signed } from '../../support/signed'
import { openPage, soon, type Page } from '../../support/page'

const now = Math.floor(Date.now() / 1000)
const { product: soap } = listed({ ...productOfMerchant('soap', { stock: 4 }), publishedAt: now - 3_600 as Product['publishedAt'] })
const merchant = pubkeyOf('merchant')
let hub: Hub
let pages: Page[]
let devices: { shop: Device, desk: Device }

beforeEach(() => {
  hub = createHub()
  pages = []
  devices = { shop: newDevice(), desk: newDevice() }
})
afterEach(() => pages.forEach(page => page.close()))

function open(device: Device): Page {
  const page = openPage(memoryServices({ clock: systemClock, hub, device, shelf: { products: [soap], stalls: [satStall] } }))
  page.run(useCatalogFeed)
  pages.push(page)
  return page
}
async function openDesk(device = devices.desk): Promise<Page> {
  const page = open(device)
  await page.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  page.run(runSession)
  return page
}
const orderAsGuest = (page: Page): Promise<OrderKey> => placeAsGuest(page, soap, satStall)

test('a word about an order is new on its row, in the navigation and with its person, until it was seen; a reload remembers that', async () => {
  const shop = open(devices.shop)
  const key = await orderAsGuest(shop)
  const desk = await openDesk()
  await soon(() => desk.use(useOrdersStore).get(key), 'the order')
  expect(await desk.run(() => useMerchantOrder(key)).value.sendMessage('Which colour?')).toMatchObject({ ok: true })

  const talk = shop.use(useConversationsStore)
  const order = () => shop.use(useOrdersStore).get(key)
  await soon(() => talk.unread === 1, 'one new message')
  const placed = order()
  if (placed === undefined)
    throw new TypeError('no order')
  expect(talk.unreadOfOrder(placed)).toBe(1)
  expect(talk.people).toMatchObject([{ person: merchant, unread: 1, last: { text: 'Which colour?' } }])
  await soon(() => shop.use(useAttentionStore).unread === 1, 'the number in the navigation')
  // Whoever wrote it has nothing new.
  expect(desk.use(useConversationsStore).unread).toBe(0)

  talk.sawOrder(placed)
  expect([talk.unread, talk.unreadOfOrder(placed)]).toEqual([0, 0])
  const names = () => Array.from({ length: devices.shop.store.length }, (_, index) => devices.shop.store.key(index) ?? '')
  await soon(() => names().some(name => name.endsWith(':read')), 'kept')
  expect(names().map(name => devices.shop.store.getItem(name)).join()).not.toContain(key)
  await new Promise(resolve => setTimeout(resolve, 400))
  shop.close()
  const again = open(devices.shop)
  await again.use(useAccountStore).resume()
  again.run(runSession)
  await soon(() => again.use(useConversationsStore).ready, 'read again')
  expect(again.use(useConversationsStore).people).toMatchObject([{ person: merchant, unread: 0 }])
}, 20_000)

test('words about no order reach the other side, stand with the person, and say which relays have them', async () => {
  const shop = open(devices.shop)
  const key = await orderAsGuest(shop)
  const desk = await openDesk()
  await soon(() => desk.use(useOrdersStore).get(key), 'the order')
  const shopper = desk.use(useOrdersStore).get(key)?.shopper
  if (shopper === undefined)
    throw new TypeError('no shopper')

  const conversation = shop.run(() => useConversation(merchant)).value
  expect(await conversation.send('Do you also sell candles?')).toEqual({ ok: true, value: undefined })
  const heard = desk.use(useConversationsStore)
  await soon(() => heard.messagesWith(shopper).length === 1, 'the words at the desk')
  expect(heard.messagesWith(shopper)).toMatchObject([{ message: { text: 'Do you also sell candles?' }, order: null }])
  expect(heard.ordersWith(shopper).map(order => order.key)).toEqual([key])
  const deliveries = shop.use(useDeliveriesStore)
  const fate = () => [...fatesOf(deliveries.ofOrder(null), shopper).values()][0]
  await soon(() => fate()?.state === 'sent', 'sent')
  await soon(() => fate()?.taken === 1, 'by one relay')
  // An order typed as JSON would be taken for one.
  expect(await conversation.send(JSON.stringify({ type: 0, id: 'x', items: [{ product_id: 'soap', quantity: 1 }] }))).toMatchObject({ ok: false, error: { code: 'unsendable' } })
}, 20_000)

test('what all relays refused is said as not sent, and goes out when it is sent again', async () => {
  const shop = open(devices.shop)
  const key = await orderAsGuest(shop)
  await soon(() => shop.use(useDeliveriesStore).stateOf(key) === 'sent', 'the order')
  hub.setAnswer('refused', 'blocked: not today')
  const conversation = shop.run(() => useConversation(merchant)).value
  await conversation.send('Are you there?')
  const me = shop.use(useAccountStore).pubkey ?? ''
  const fate = () => [...fatesOf(shop.use(useDeliveriesStore).ofOrder(null), me)][0]
  await soon(() => fate()?.[1].state === 'failed', 'failed')
  expect(fate()?.[1]).toMatchObject({ reason: 'blocked: not today', taken: 0 })
  hub.setAnswer('stored')
  await shop.run(useResend).value(null, fate()?.[0])
  await soon(() => fate()?.[1].state === 'sent', 'sent at last')
}, 20_000)

test('what cannot be read is there with its author and text, and stays away once forgotten', async () => {
  const spoilt = signed({ kind: 4, created_at: now, tags: [['p', merchant]], content: 'this is no ciphertext' }, { secret: secrets.shopper2, pubkey: pubkeyOf('shopper2') })
  hub.kept.push(spoilt)
  const desk = await openDesk()
  const list = desk.run(useSpoilt).value
  await soon(() => list.spoilt.value.length === 1, 'the spoilt one')
  expect(list.spoilt.value).toMatchObject([{ spoilt: 'direct-message', from: pubkeyOf('shopper2'), text: 'this is no ciphertext' }])
  expect(await list.forget()).toMatchObject({ ok: true })
  expect(list.spoilt.value).toEqual([])
  desk.close()
  const again = open(devices.desk)
  await again.use(useAccountStore).resume()
  again.run(runSession)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(again.run(useSpoilt).value.spoilt.value).toEqual([])
}, 20_000)
