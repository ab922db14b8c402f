import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import { orderRouteId } from '../../../src/domain/order/route-id'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { systemClock } from '../../../src/nostr/system-clock'
import ShopperOrderPage from '../../../src/pages/shopper/OrderPage.vue'
import { createMemoryJournal } from '../../../src/storage/memory'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useOrdersStore } from '../../../src/stores/orders'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, satStall, secrets, shelfWith, type FlowPerson, type Who } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { newDevice, type Device } from '../../support/memory-services'
import { soon } from '../../support/page'
import { openPage, settle, type Stage } from '../desk/stage'

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
  await people.shopper.post()
  await people.merchant.fetch()
  expect(await requestPayment(await deskOf(people.merchant, () => shelfWith(soap), new LedgerBackend(() => systemClock.now())), key)).toMatchObject({ ok: true })
  await people.merchant.post()
  await people.shopper.fetch()
})
afterEach(() => {
  stage?.close()
  stage = undefined
})

test('T8: paid by the code, the shopper says so after a question that warns; the page then says not to pay again, and the merchant is told which invoice it was', async () => {
  const opened = await openPage(ShopperOrderPage, `/orders/${orderRouteId(key)}`, { hub, device, route: '/orders/:key', before: ({ account }) => account.keepKey(nsecEncode(secrets.shopper), 'correct horse', 'Sam', true) })
  stage = opened
  const { wrapper } = opened
  const catalog = useCatalogStore(opened.pinia)
  catalog.absorb({ products: [soap], stalls: [satStall], profiles: [], reviews: [], paymentDetails: [], gone: [], seen: [soap, satStall].map(({ address }) => ({ address, relays: [HUB] })), from: 'relay' })
  catalog.setProgress({ phase: 'live', received: 1, refused: 0, complete: [HUB] })
  const order = () => useOrdersStore(opened.pinia).get(key)
  await soon(() => wrapper.find('[data-state=ready]').exists(), 'the invoice')
  const { bolt11, paymentHash } = order()?.request ?? {}

  await wrapper.find('[data-state=ready] [data-act=claim]').trigger('click')
  await settle()
  expect(document.body.textContent).toContain('it cannot be taken back')
  expect(order()?.payment).toBe('unpaid')
  wrapper.findAll('[data-test=confirm]').at(-1)?.element.closest('form')?.requestSubmit()
  await soon(() => order()?.payment === 'claimed', 'the claim')
  await settle()
  const panel = wrapper.find('[data-state=paid]')
  expect(panel.text()).toContain('Payment reported')
  expect(panel.text()).toContain('Do not pay again while the merchant looks.')
  expect(panel.text()).toContain('Waiting for the merchant\'s word since')
  expect(panel.find('[data-act=message]').exists()).toBe(true)
  expect(wrapper.find('a[href^="lightning:"]').exists()).toBe(false)
  expect(order()?.payments).toMatchObject([{ by: 'shopper', paymentHash }])
  const said = await people.shopper.journal.messagesOf(key)
  expect(said.ok && said.value.filter(({ type }) => type === 'receipt')).toMatchObject([{ invoice: bolt11, preimage: '' }])
})
