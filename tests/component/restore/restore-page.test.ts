import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Component } from 'vue'
import type { OrderKey } from '../../../src/domain/brand'
import { orderRouteId } from '../../../src/domain/order/route-id'
import { placeOrder } from '../../../src/flows/placeOrder'
import { systemClock } from '../../../src/nostr/system-clock'
import OrderPage from '../../../src/pages/shopper/OrderPage.vue'
import RestorePage from '../../../src/pages/RestorePage.vue'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, secrets, shelfWith, type Who } from '../../support/flow-people'
import { createHub, type Hub } from '../../support/memory-hub'
import { newDevice, type Device } from '../../support/memory-services'
import { createMemoryJournal } from '../../../src/storage/memory'
import { person, signed } from '../../support/signed'
import { openPage, settle, type Stage } from '../desk/stage'

let stage: Stage | undefined
let hub: Hub
let device: Device
beforeEach(() => {
  hub = createHub()
  device = newDevice()
})
afterEach(() => stage?.close())

const soap = productOfMerchant('soap')
async function place(...ids: readonly string[]): Promise<readonly OrderKey[]> {
  const shopper = flowPerson('shopper', hub, systemClock)
  const keys: OrderKey[] = []
  for (const orderId of ids) {
    const placed = await placeOrder(shopper.deps, checkoutOf(shelfWith(soap), soap, { orderId }))
    if (!placed.ok)
      throw new TypeError(placed.error.code)
    keys.push(placed.value)
    await shopper.post()
  }
  return keys
}

async function open(who: Who | null, query = '', page: Component = RestorePage, path = '/restore', route = path): Promise<Stage> {
  stage = await openPage(page, `${path}${query}`, { device, hub, route, before: async ({ account }) =>
    who === null ? undefined : account.startGuest({ secret: nsecEncode(secrets[who]), label: who }) })
  await settle()
  return stage
}
const find = (name: string) => {
  if (stage === undefined)
    throw new TypeError('no page')
  return stage.wrapper.find(`[data-test=${name}]`)
}
const rows = () => stage?.wrapper.findAll('[data-test=restore-row]') ?? []
const status = (): string => find('restore-status').text()
async function look(): Promise<void> {
  await find('restore-look').trigger('click')
  await vi.waitFor(() => expect(find('restore-cancel').exists()).toBe(false))
  await settle()
}

test.each<Who>(['shopper', 'merchant'])('the %s sees the count first, then restores all, and opens an order', async (who) => {
  await place('order-1', 'order-2')
  await open(who)
  expect(find('restore-status').attributes('role')).toBe('status')
  expect(status()).toBe('')
  await look()
  expect(status()).toBe('2 orders found, 2 not on this device.')
  expect(rows().map(row => row.attributes('data-outcome'))).toEqual(['new', 'new'])
  expect(await device.journals.get(pubkeyOf(who))?.has(hub.kept.map(({ id }) => id))).toEqual(new Set())

  await find('restore-all').trigger('click')
  await vi.waitFor(() => expect(status()).toBe('Done: 2 orders restored.'))
  await settle()
  expect(rows().map(row => row.attributes('data-outcome'))).toEqual(['restored', 'restored'])
  const base = who === 'shopper' ? '/orders/' : '/desk/orders/'
  expect(rows().every(row => row.find('a').attributes('href')?.startsWith(base))).toBe(true)
  expect(find('restore-all').exists()).toBe(false)

  await look()
  expect(status()).toContain('2 orders found, 0 not on this device.')
  expect(status()).toContain('All is here.')
})

test('one order by itself', async () => {
  await place('order-1', 'order-2')
  await open('merchant')
  await look()
  await find('restore-one').trigger('click')
  await vi.waitFor(() => expect(status()).toBe('Done: 1 order restored.'))
  expect(rows().map(row => row.attributes('data-outcome')).toSorted()).toEqual(['new', 'restored'])
})

test('T12: a device without room says so beside the order, and the same button tries again', async () => {
  await place('order-1')
  const journal = createMemoryJournal({ now: systemClock.now })
  let full = true
  device.journals.set(pubkeyOf('merchant'), { ...journal, appendAll: async messages => full ? { ok: false, error: { code: 'storage-full' } } : journal.appendAll(messages) })
  await open('merchant')
  await look()
  await find('restore-one').trigger('click')
  await vi.waitFor(() => expect(rows()[0]?.find('[role=alert]').text()).toContain('no room left'))
  expect(status()).toContain('1 could not be kept')
  full = false
  expect(find('restore-one').text()).toBe('Try again')
  await find('restore-one').trigger('click')
  await vi.waitFor(() => expect(status()).toBe('Done: 1 order restored.'))
  expect(rows()[0]?.find('[role=alert]').exists()).toBe(false)
})

test('cancelled, nothing has changed', async () => {
  await place('order-1')
  await open('merchant')
  await find('restore-look').trigger('click')
  expect(status()).toContain('Reading the relays')
  await find('restore-cancel').trigger('click')
  await vi.waitFor(() => expect(status()).toBe('Cancelled. Nothing was changed.'))
  expect(rows()).toHaveLength(0)
  expect(hub.listening()).toBe(0)
})

test('what nobody can read is counted with its reason', async () => {
  await place('order-1')
  hub.kept.push(signed({ kind: 1059, tags: [['p', pubkeyOf('merchant')]], content: 'A'.repeat(200) }, person()))
  await open('merchant')
  await look()
  expect(find('restore-unreadable').text()).toContain('1 message cannot be read')
})

test('a link to an order that is not here offers to restore it, and it alone', async () => {
  const [key] = await place('order-1', 'order-2')
  if (key === undefined)
    throw new TypeError('no order')
  await open('shopper', '', OrderPage, `/orders/${orderRouteId(key)}`, '/orders/:key')
  expect(find('to-restore').attributes('href')).toBe(`/restore?order=${orderRouteId(key)}`)
  stage?.close()
  await open('shopper', `?order=${orderRouteId(key)}`)
  await look()
  expect(status()).toBe('1 order found, 1 not on this device.')
  await find('restore-one').trigger('click')
  await vi.waitFor(() => expect(rows()[0]?.find('a').exists()).toBe(true))
})

test('an order of other people is not looked for', async () => {
  const [key] = await place('order-1')
  await open('shopper2', `?order=${orderRouteId(key ?? '' as OrderKey)}`)
  expect(find('restore-foreign').exists()).toBe(true)
  expect(find('restore-look').exists()).toBe(false)
})

test('signed out, it says what is needed', async () => {
  await open(null)
  expect(stage?.wrapper.text()).toContain('Sign in to restore your orders')
})

test('no relay within reach is said, and not taken for nothing found', async () => {
  hub.setOpen(false)
  await open('merchant')
  await look()
  expect(stage?.wrapper.text()).toContain('No relay could be reached')
})
