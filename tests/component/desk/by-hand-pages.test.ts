import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Component } from 'vue'
import { toMsat, type OrderKey } from '../../../src/domain/brand'
import { err } from '../../../src/domain/result'
import { orderRouteId } from '../../../src/domain/order/route-id'
import { markPaid } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestByHand } from '../../../src/flows/requestByHand'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sayAbout } from '../../../src/flows/send'
import { systemClock } from '../../../src/nostr/system-clock'
import DeskOrderPage from '../../../src/pages/merchant/OrderPage.vue'
import DeskOrdersPage from '../../../src/pages/merchant/OrdersPage.vue'
import ShopperOrderPage from '../../../src/pages/shopper/OrderPage.vue'
import type { InvoiceSource } from '../../../src/ports/invoices'
import { createMemoryJournal } from '../../../src/storage/memory'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useDeskHealthStore } from '../../../src/stores/desk-health'
import { useOrdersStore } from '../../../src/stores/orders'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, satStall, secrets, shelfWith, type FlowPerson, type Who } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { ledgerSource, newDevice, type Device } from '../../support/memory-services'
import { soon } from '../../support/page'
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
  await people.shopper.post()
  await people.merchant.fetch()
})
afterEach(() => {
  stage?.close()
  stage = undefined
})

async function open(page: Component, who: 'shopper' | 'merchant', path: string, route: string, source: Partial<InvoiceSource> = {}): Promise<Stage> {
  const opened = await openPage(page, path, { hub, device, route, source, before: ({ account }) => account.keepKey(nsecEncode(secrets[who]), 'correct horse', 'Sam', true) })
  stage = opened
  const catalog = useCatalogStore(opened.pinia)
  catalog.absorb({ products: [soap], stalls: [satStall], profiles: [], reviews: [], paymentDetails: [], gone: [], seen: [soap, satStall].map(({ address }) => ({ address, relays: [HUB] })), from: 'relay' })
  catalog.setProgress({ phase: 'live', received: 1, refused: 0, complete: [HUB] })
  await soon(() => useOrdersStore(opened.pinia).get(key), 'the order')
  await settle()
  return opened
}
const never = (): never => { throw new TypeError('no order') }
/** A part of the page that comes when it is needed. */
const shown = (wrapper: Stage['wrapper'], part: string) => soon(() => wrapper.find(part).exists(), part)
const orderOn = (opened: Stage) => useOrdersStore(opened.pinia).get(key)

test('the merchant asks in words at the order, without a wallet, and the next step is to mark it as paid', async () => {
  const { wrapper } = await open(DeskOrderPage, 'merchant', `/desk/orders/${orderRouteId(key)}`, '/desk/orders/:key')
  await shown(wrapper, '[data-test=held-reason]')
  expect(wrapper.find('[data-test=held-reason]').text()).toContain('No wallet is connected')
  await wrapper.find('[data-test=ask-by-hand]').trigger('click')
  await shown(wrapper, '[data-test=hand-total]')
  expect(wrapper.find('[data-test=hand-total]').text()).toContain('sat')
  await wrapper.find('[name=by-hand]').setValue('Pay in cash at the market.')
  await wrapper.find('[data-test=hand-send]').element.closest('form')?.requestSubmit()
  await soon(() => stage !== undefined && orderOn(stage)?.request, 'the request')
  await settle()
  expect(wrapper.find('[data-test=hand-send]').exists()).toBe(false)
  expect(wrapper.find('[data-test=only-you]').text()).toContain('Only you can see whether this was paid.')
  expect(wrapper.find('[data-test=mark-paid]').classes()).toContain('btn-primary')
  expect(wrapper.find('[data-test=held-reason]').exists()).toBe(false)
})

test('T11: a wallet that cannot reserve: the order page says so, and one tap sends an ordinary invoice, or stops reserving', async () => {
  const purse = ledgerSource(new LedgerBackend(() => systemClock.now()))
  const opened = await open(DeskOrderPage, 'merchant', `/desk/orders/${orderRouteId(key)}`, '/desk/orders/:key', {
    create: request => request.hold === undefined ? purse.create(request) : Promise.resolve(err({ code: 'not_implemented', detail: '' })),
  })
  const { wrapper, settings } = opened
  await settings.setMerchantWallet({ kind: 'nwc', uri: 'unused: the ledger stands for it' })
  settings.autoInvoice = false
  settings.reserve = 'all'
  await settle()
  expect(wrapper.find('[data-test=cannot-reserve]').exists()).toBe(false)
  await wrapper.find('[data-test=make-invoice]').trigger('click')
  await soon(() => wrapper.find('[data-test=cannot-reserve]').exists(), 'why not')
  expect(wrapper.find('[data-test=desk-problem]').text()).toBe('Your wallet can no longer reserve payments. Nothing was sent.')
  await wrapper.find('[data-test=reserve-off]').trigger('click')
  await settle()
  expect(settings.reserve).toBe('off')
  expect([wrapper.find('[data-test=cannot-reserve]').exists(), wrapper.find('[data-test=desk-problem]').exists()]).toEqual([false, false])
  settings.reserve = 'all'
  await wrapper.find('[data-test=make-invoice]').trigger('click')
  await soon(() => wrapper.find('[data-test=cannot-reserve]').exists(), 'why not')
  await wrapper.find('[data-test=ordinary-invoice]').trigger('click')
  const { request } = await soon(() => orderOn(opened)?.request && orderOn(opened), 'the ordinary invoice')
  expect(request?.reserve).toBeUndefined()
  await settle()
  expect([settings.reserve, wrapper.find('[data-test=cannot-reserve]').exists()]).toEqual(['all', false])
})

test('T11: the list of orders says why orders wait for a reservation, and stops reserving in one tap', async () => {
  const { wrapper, settings, pinia } = await open(DeskOrdersPage, 'merchant', '/desk/orders', '/desk/orders')
  settings.reserve = 'few'
  useDeskHealthStore(pinia).report('answering', { code: 'cannot-reserve', order: key })
  await settle()
  const note = wrapper.find('[data-test=desk-problem]')
  expect(note.text()).toContain('No invoice was made in its place')
  await note.find('button').trigger('click')
  expect(settings.reserve).toBe('off')
})

test('T8: to ship is offered first when the money is the merchant\'s, by his wallet or his word; a shopper\'s word or preimage is not enough', async () => {
  const ledger = new LedgerBackend(() => systemClock.now())
  const desk = await deskOf(people.merchant, () => shelfWith(soap), ledger)
  expect(await requestPayment(desk, key)).toMatchObject({ ok: true })
  await people.merchant.post()
  await people.shopper.fetch()
  const invoice = (await people.shopper.orders()).get(key)?.request
  const paid = await ledger.pay(invoice?.bolt11 ?? '')
  expect(await sayAbout(people.shopper.deps, (await people.shopper.orders()).get(key) ?? never(), { say: 'receipt', msat: invoice?.msat ?? toMsat(0), invoice: invoice?.bolt11 ?? '', preimage: paid.paid ? paid.preimage : '', text: '' })).toMatchObject({ ok: true })
  await people.shopper.post()
  await people.merchant.fetch()
  const opened = await open(DeskOrderPage, 'merchant', `/desk/orders/${orderRouteId(key)}`, '/desk/orders/:key')
  await soon(() => orderOn(opened)?.payment === 'proved', 'the preimage')
  await settle()
  const ship = () => opened.wrapper.find('[data-test=open-ship]').classes()
  expect(ship()).toContain('btn-quiet')
  expect(await markPaid({ ...people.merchant.deps }, key, 'It is there')).toMatchObject({ ok: true })
  await soon(() => ship().includes('btn-primary'), 'the merchant\'s word')
})

test('orders to invoice are one filter, counted, each with its reason', async () => {
  const { wrapper } = await open(DeskOrdersPage, 'merchant', '/desk/orders?invoice=yes', '/desk/orders')
  expect(wrapper.find('[data-work=invoice]').text()).toContain('1')
  expect(wrapper.find('[data-work=invoice]').attributes('href')).toContain('invoice=yes')
  expect(wrapper.findAll('[data-test=desk-row]')).toHaveLength(1)
  expect(wrapper.find('[data-test=held]').text()).toBe('No wallet is connected')
  expect(wrapper.text()).toContain('To invoice')
})

test('T8: the shopper sees the words, says \'I have paid\' after a question, and it reads as reported', async () => {
  const desk = await deskOf(people.merchant, () => shelfWith(soap), new LedgerBackend(() => systemClock.now()))
  const asked = await requestByHand({ ...desk, network: 'regtest', wayNames: { address: 'Lightning address', onchain: 'Bitcoin address', link: 'Page' } }, key, { pasted: 'https://pay.example/7\nName the order.', confirmed: null })
  expect(asked).toMatchObject({ ok: true })
  await people.merchant.post()
  await people.shopper.fetch()
  const { wrapper } = await open(ShopperOrderPage, 'shopper', `/orders/${orderRouteId(key)}`, '/orders/:key')
  await shown(wrapper, '[data-test=merchant-words]')
  expect(wrapper.find('[data-test=merchant-words]').text()).toContain('Name the order.')
  expect(wrapper.find('[data-test=way-host]').text()).toBe('Leads to pay.example')
  await wrapper.find('[data-test=claim-paid]').trigger('click')
  await settle()
  expect(stage === undefined ? null : orderOn(stage)?.payment).toBe('unpaid')
  wrapper.findAll('[data-test=confirm]').at(-1)?.element.closest('form')?.requestSubmit()
  await soon(() => stage !== undefined && orderOn(stage)?.payment === 'claimed', 'the claim')
  await settle()
  expect(wrapper.find('[data-state=paid]').text()).toContain('Payment reported')
})
