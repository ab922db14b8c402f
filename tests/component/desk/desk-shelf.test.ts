import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import DeskHealthLine from '../../../src/pages/merchant/DeskHealthLine.vue'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useDeskHealthStore } from '../../../src/stores/desk-health'
import { useSettingsStore } from '../../../src/stores/settings'
import { productOfMerchant } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { soon } from '../../support/page'
import { AWAY, openDesk, pause, placeAt, soapAt, type DeskOptions, type DeskPage } from './desk-helpers'
import { openPage, settle } from './stage'

let hub: Hub
let desks: DeskPage[]
beforeEach(() => {
  hub = createHub()
  desks = []
})
afterEach(() => desks.forEach(({ page }) => page.close()))
async function open(options: Partial<DeskOptions> = {}): Promise<DeskPage> {
  const desk = await openDesk({ hub, ...options })
  desks.push(desk)
  return desk
}

describe('answers by itself wait for the listings', () => {
  test.each([
    ['at the old price', {}],
    ['or refused for good, since it was sold out', { stock: 0 }],
    ['or refused for good, since it was not for sale', { active: false }],
  ])('an order is not answered by a remembered listing, %s', async (_, remembered) => {
    const desk = await open()
    desk.bring([soapAt(9_000, remembered)])
    desk.progress({ phase: 'first-page', complete: [] })
    const current = soapAt(100, { minor: 30_000 })
    const key = await placeAt(hub, current, 'order-1')
    await soon(() => desk.order(key), 'the order')
    await pause(300)
    expect(desk.order(key)).toMatchObject({ status: 'payment_pending', issued: [] })
    desk.progress({ phase: 'paging', complete: [] })
    desk.bring([current])
    desk.progress({ phase: 'live', complete: [HUB] })
    await soon(() => desk.order(key)?.request, 'an invoice')
    expect(desk.order(key)).toMatchObject({ refusal: null, issued: [{ asked: 35_000 }] })
  })

  test('with the relay that holds the listing away, and another one empty, neither an invoice nor a refusal goes out', async () => {
    const desk = await open({ relays: [HUB, AWAY] })
    desk.bring([soapAt(9_000)])
    desk.progress({ phase: 'live', complete: [AWAY] })
    const known = await placeAt(hub, soapAt(100), 'order-1')
    const unknown = await placeAt(hub, productOfMerchant('lamp'), 'order-2')
    await soon(() => desk.order(known) && desk.order(unknown), 'the orders')
    await pause(300)
    for (const key of [known, unknown])
      expect(desk.order(key)).toMatchObject({ status: 'payment_pending', issued: [], refusal: null })
    // Read by the relay that holds it: an invoice can go out. What no relay has shown yet may still be on the other one.
    desk.progress({ phase: 'live', complete: [HUB] })
    await soon(() => desk.order(known)?.request, 'an invoice')
    await pause(200)
    expect(desk.order(unknown)).toMatchObject({ status: 'payment_pending', refusal: null })
    desk.progress({ phase: 'live', complete: [HUB, AWAY] })
    await soon(() => desk.order(unknown)?.refusal, 'the refusal')
  })
})

test('the desk says which relay has not shown all listings, and nothing while they are being asked', async () => {
  const stage = await openPage(DeskHealthLine, '/desk/orders', { before: async () => useCatalogStore().setProgress({ phase: 'paging', received: 0, refused: 0, complete: [] }) })
  const line = () => stage.wrapper.find('[data-test=listings-missing]')
  expect(useSettingsStore().relays).toEqual([HUB])
  expect(line().exists()).toBe(false)
  useCatalogStore().setProgress({ phase: 'offline', received: 0, refused: 0, complete: [] })
  await settle()
  expect(line().text()).toContain('ws://127.0.0.1:7777 has not shown all your listings')
  expect(line().text()).toContain('left to you')
  useCatalogStore().setProgress({ phase: 'live', received: 0, refused: 0, complete: [HUB] })
  await settle()
  expect(line().exists()).toBe(false)
  stage.close()
})

test('sold pieces that could not be taken off can be taken off by hand, where the desk says so', async () => {
  const stage = await openPage(DeskHealthLine, '/desk/orders')
  const note = () => stage.wrapper.find('[data-test=desk-problem]')
  expect(note().exists()).toBe(false)
  useDeskHealthStore().report('stock', { code: 'declined', order: null })
  await settle()
  expect(note().find('button').text()).toBe('Take sold pieces off now')
  useDeskHealthStore().report('answering', { code: 'no_rate', order: null })
  await settle()
  expect(note().find('button').exists()).toBe(false)
  stage.close()
})
