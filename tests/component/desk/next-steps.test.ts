import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Component } from 'vue'
import type { OrderKey } from '../../../src/domain/brand'
import { orderRouteId } from '../../../src/domain/order/route-id'
import type { Order } from '../../../src/domain/order/types'
import { cancelOrder, markPaid, sayDispute, shipOrder } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { systemClock } from '../../../src/nostr/system-clock'
import DeskOrderPage from '../../../src/pages/merchant/OrderPage.vue'
import DeskOrdersPage from '../../../src/pages/merchant/OrdersPage.vue'
import ShopperOrderPage from '../../../src/pages/shopper/OrderPage.vue'
import { createMemoryJournal } from '../../../src/storage/memory'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useOrdersStore } from '../../../src/stores/orders'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, satStall, secrets, shelfWith, type FlowPerson, type Who } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { newDevice, type Device } from '../../support/memory-services'
import { soon } from '../../support/page'
import { pause } from './desk-helpers'
import { openPage, settle, type Stage } from './stage'

const soap = productOfMerchant('soap', { stock: 4 })
let hub: Hub
let device: Device
let people: Readonly<Record<'shopper' | 'merchant', FlowPerson>>
let stage: Stage | undefined
let key: OrderKey

/** Somebody whose journal is the one that the page opens. */
function personOn(who: Who): FlowPerson {
  const journal = createMemoryJournal({ now: systemClock.now })
  device.journals.set(pubkeyOf(who), journal)
  return flowPerson(who, hub, systemClock, journal)
}

beforeEach(async () => {
  hub = createHub()
  device = newDevice()
  people = { shopper: personOn('shopper'), merchant: personOn('merchant') }
  const placed = await placeOrder(people.shopper.deps, checkoutOf(shelfWith(soap), soap))
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  key = placed.value
  await exchange()
  await markPaid(people.merchant.deps, key, 'Cash')
  await exchange()
})
afterEach(() => {
  stage?.close()
  stage = undefined
})

async function exchange(): Promise<void> {
  for (const person of [people.shopper, people.merchant])
    await person.post()
  for (const person of [people.shopper, people.merchant])
    await person.fetch()
}

async function open(page: Component, who: 'shopper' | 'merchant', path: string, route: string): Promise<Stage> {
  const opened = await openPage(page, path, { hub, device, route, before: ({ account }) => account.keepKey(nsecEncode(secrets[who]), 'correct horse', 'Sam', true) })
  stage = opened
  const catalog = useCatalogStore(opened.pinia)
  catalog.absorb({ products: [soap], stalls: [satStall], profiles: [], reviews: [], paymentDetails: [], gone: [], seen: [soap, satStall].map(({ address }) => ({ address, relays: [HUB] })), from: 'relay' })
  catalog.setProgress({ phase: 'live', received: 1, refused: 0, complete: [HUB] })
  await soon(() => useOrdersStore(opened.pinia).get(key), 'the order')
  await settle()
  return opened
}
const atDesk = (): Promise<Stage> => open(DeskOrderPage, 'merchant', `/desk/orders/${orderRouteId(key)}`, '/desk/orders/:key')
const atShopper = (): Promise<Stage> => open(ShopperOrderPage, 'shopper', `/orders/${orderRouteId(key)}`, '/orders/:key')
const orderOn = (opened: Stage): Order | undefined => useOrdersStore(opened.pinia).get(key)
const steps = ({ wrapper }: Stage): readonly string[] => wrapper.findAll('[data-test^=step-]').map(button => button.attributes('data-test')?.slice(5) ?? '')

/** Opens a sheet, writes what is asked for, and confirms. */
async function say({ wrapper }: Stage, button: string, text = ''): Promise<void> {
  await wrapper.find(`[data-test=${button}]`).trigger('click')
  await settle()
  const sheet = wrapper.findAll('dialog').find(dialog => dialog.element.open)
  if (sheet === undefined)
    throw new TypeError('no sheet')
  await sheet.find('[data-test=reason]').setValue(text)
  sheet.find('[data-test=confirm]').element.closest('form')?.requestSubmit()
  await settle()
}

test('a paid order is accepted, packed, and marked as ready, one word at a time; to ship stays the main button', async () => {
  const opened = await atDesk()
  expect(steps(opened)).toEqual(['accept', 'process'])
  expect(opened.wrapper.find('[data-test=open-ship]').classes()).toContain('btn-primary')
  await say(opened, 'step-accept')
  await soon(() => orderOn(opened)?.status === 'order_confirmed', 'accepted')
  await settle()
  expect(steps(opened)).toEqual(['process'])
  await say(opened, 'step-process')
  await soon(() => orderOn(opened)?.status === 'processing', 'being prepared')
  await settle()
  expect(steps(opened)).toEqual(['ready', 'deliver'])
  await say(opened, 'step-ready', 'Come and get it')
  await soon(() => orderOn(opened)?.status === 'ready_to_ship', 'ready')
  await exchange()
  const there = (await people.shopper.orders()).get(key)
  expect(there?.status).toBe('ready_to_ship')
  expect(there?.timeline.map(({ text }) => text)).toEqual(expect.arrayContaining([`I accept your order ${there?.number}.`, 'Come and get it']))
}, 20_000)

test('who asks to cancel gets a no with a reason; until then the order is to be decided, not to be shipped', async () => {
  // Within the second of the payment it might come before it, and end the order.
  await pause(1_100)
  await cancelOrder(people.shopper.deps, key, 'shopper', 'Changed my mind')
  await exchange()
  const list = await open(DeskOrdersPage, 'merchant', '/desk/orders?work=check', '/desk/orders')
  expect(list.wrapper.find('[data-work=check]').text()).toContain('to check or decide')
  expect(list.wrapper.find('[data-work=check]').attributes('href')).toContain('work=check')
  expect(list.wrapper.findAll('[data-order]')).toHaveLength(1)
  expect(list.wrapper.find('[data-work=ship]').text()).toContain('0')
  expect(list.wrapper.find('[data-work=refund]').exists()).toBe(false)
  list.close()

  const opened = await atDesk()
  expect(opened.wrapper.find('[data-test=cancel-asked]').text()).toContain('Keep it and say why')
  expect(opened.wrapper.find('[data-test=open-ship]').classes()).not.toContain('btn-primary')
  await say(opened, 'step-keep-order')
  expect(orderOn(opened)?.cancelRequestedBy).toBe('shopper')
  expect(opened.wrapper.text()).toContain('Tell the customer why.')
  const sheet = opened.wrapper.findAll('dialog').find(dialog => dialog.element.open)
  await sheet?.find('[data-test=reason]').setValue('It is packed already.')
  sheet?.find('[data-test=confirm]').element.closest('form')?.requestSubmit()
  await soon(() => orderOn(opened)?.cancelRequestedBy === null, 'the no')
  await settle()
  expect(opened.wrapper.find('[data-test=cancel-asked]').exists()).toBe(false)
  await exchange()
  expect((await people.shopper.orders()).get(key)?.timeline.find(({ what }) => what === 'cancel-declined')?.text).toContain('It is packed already.')
}, 20_000)

test('a shopper says that something is wrong, with a reason, and later that it is settled', async () => {
  await shipOrder(people.merchant.deps, key, { text: 'Gone', carrier: 'Post', number: '1' })
  await exchange()
  const opened = await atShopper()
  expect(opened.wrapper.find('[data-test=received]').classes()).toContain('btn-primary')
  await say(opened, 'dispute')
  expect(opened.wrapper.text()).toContain('Tell the merchant what is wrong.')
  expect(orderOn(opened)?.dispute).toBeNull()
  const sheet = opened.wrapper.findAll('dialog').find(dialog => dialog.element.open)
  await sheet?.find('[data-test=reason]').setValue('It came in two halves')
  sheet?.find('[data-test=confirm]').element.closest('form')?.requestSubmit()
  await soon(() => orderOn(opened)?.status === 'disputed', 'the report')
  await settle()
  expect(opened.wrapper.find('[data-test=dispute-open]').text()).toContain('The merchant has been told')
  expect(opened.wrapper.find('[data-test=dispute]').exists()).toBe(false)
  await exchange()
  expect((await people.merchant.orders()).get(key)?.dispute).toMatchObject({ by: 'shopper', open: true })
  await say(opened, 'withdraw-dispute')
  await soon(() => orderOn(opened)?.dispute?.open === false, 'settled')
  await exchange()
  expect((await people.merchant.orders()).get(key)?.status).toBe('shipped')
}, 20_000)

test('the merchant reads what is wrong, and says what was agreed on', async () => {
  await sayDispute(people.shopper.deps, key, 'shopper', 'dispute', 'It never came <b>')
  await exchange()
  const opened = await atDesk()
  expect(steps(opened)).toEqual(['resolve-dispute'])
  expect(opened.wrapper.find('[data-test=desk-dispute]').text()).toContain('It never came <b>')
  expect(opened.wrapper.find('[data-test=open-ship]').exists()).toBe(false)
  await say(opened, 'step-resolve-dispute', 'It is with the neighbour')
  await soon(() => orderOn(opened)?.dispute?.open === false, 'solved')
  await exchange()
  const there = (await people.shopper.orders()).get(key)
  expect([there?.status, there?.timeline.at(-1)?.what]).toEqual(['payment_confirmed', 'dispute-resolved'])
  expect(there?.timeline.at(-1)?.text).toContain('It is with the neighbour')
}, 20_000)
