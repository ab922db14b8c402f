/** Asking again at the order's page: what is said of the former invoice before a second one goes out. */
import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toMsat, type OrderKey } from '../../../src/domain/brand'
import { orderRouteId } from '../../../src/domain/order/route-id'
import { placeOrder } from '../../../src/flows/placeOrder'
import { systemClock } from '../../../src/nostr/system-clock'
import DeskOrderPage from '../../../src/pages/merchant/OrderPage.vue'
import type { InvoiceSource } from '../../../src/ports/invoices'
import { createMemoryJournal } from '../../../src/storage/memory'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useOrdersStore } from '../../../src/stores/orders'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, satStall, secrets, shelfWith } from '../../support/flow-people'
import { createHub, HUB } from '../../support/memory-hub'
import { ledgerSource, newDevice } from '../../support/memory-services'
import { soon } from '../../support/page'
import { openPage, settle, type Stage } from './stage'
import { WALLET } from './desk-helpers'

const soap = productOfMerchant('soap', { stock: 4 })
let stage: Stage | undefined
let key: OrderKey
let line: { state: 'up' | 'down', less: number }
let open: () => Promise<Stage>

beforeEach(async () => {
  const [hub, device] = [createHub(), newDevice()]
  const journal = createMemoryJournal({ now: systemClock.now })
  device.journals.set(pubkeyOf('merchant'), journal)
  const merchant = flowPerson('merchant', hub, systemClock, journal)
  const shopper = flowPerson('shopper', hub, systemClock)
  const placed = await placeOrder(shopper.deps, checkoutOf(shelfWith(soap), soap))
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  key = placed.value
  await shopper.post()
  await merchant.fetch()
  line = { state: 'up', less: 0 }
  const ledger = ledgerSource(new LedgerBackend(() => systemClock.now()))
  const source: Partial<InvoiceSource> = {
    create: ledger.create,
    lookup: async (hash, ...rest) => line.state === 'down'
      ? { status: 'unknown', reason: 'no answer' }
      : line.less > 0 ? { status: 'settled', received: toMsat(line.less), settledAt: null, preimage: null } : ledger.lookup(hash, ...rest),
  }
  open = async () => {
    stage = await openPage(DeskOrderPage, `/desk/orders/${orderRouteId(key)}`, { hub, device, source, route: '/desk/orders/:key', before: async ({ account, settings }) => {
      await account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Sam', true)
      await settings.setMerchantWallet(WALLET)
    } })
    const catalog = useCatalogStore(stage.pinia)
    catalog.absorb({ products: [soap], stalls: [satStall], profiles: [], reviews: [], paymentDetails: [], gone: [], seen: [soap, satStall].map(({ address }) => ({ address, relays: [HUB] })), from: 'relay' })
    catalog.setProgress({ phase: 'live', received: 1, refused: 0, complete: [HUB] })
    await soon(() => useOrdersStore(stage?.pinia).get(key), 'the order')
    await settle()
    return stage
  }
})
afterEach(() => {
  stage?.close()
  stage = undefined
})

const issued = () => useOrdersStore(stage?.pinia).get(key)?.issued.length ?? 0
async function tap({ wrapper }: Stage, name: string): Promise<void> {
  await wrapper.find(`[data-test=${name}]`).trigger('click')
  await settle()
}
async function send({ wrapper }: Stage, name: string): Promise<void> {
  wrapper.find(`[data-test=${name}]`).element.closest('form')?.requestSubmit()
  await settle()
}

test('T9: a second invoice goes out only after the page has said that the first can still be paid, until when, and was told to', async () => {
  const page = await open()
  await tap(page, 'make-invoice')
  await soon(() => issued() === 1, 'the invoice')
  await settle()
  await tap(page, 'make-invoice')
  const sheet = await soon(() => page.wrapper.find('[data-test=former-confirm]').exists() && page.wrapper.find('[data-test=former-confirm]'), 'the question')
  expect(sheet.attributes('data-doubt')).toBe('former-payable')
  expect(page.wrapper.text()).toMatch(/The customer can pay it until .+, from any wallet\. It cannot be called back\. If both are paid, one payment has to go back\./)
  expect(issued()).toBe(1)
  await tap(page, 'former-keep')
  expect([issued(), page.wrapper.find('[data-test=former-confirm]').exists()]).toEqual([1, false])
  await tap(page, 'make-invoice')
  await soon(() => page.wrapper.find('[data-test=former-confirm]').exists(), 'the question again')
  await send(page, 'former-confirm')
  await soon(() => issued() === 2, 'the second invoice')
}, 15_000)

test('T9: the wallet does not answer: that is said, and asked', async () => {
  const page = await open()
  await tap(page, 'make-invoice')
  await soon(() => issued() === 1, 'the invoice')
  await settle()
  line.state = 'down'
  await tap(page, 'make-invoice')
  const sheet = await soon(() => page.wrapper.find('[data-test=former-confirm]').exists() && page.wrapper.find('[data-test=former-confirm]'), 'the question')
  expect(sheet.attributes('data-doubt')).toBe('former-unknown')
  expect(sheet.text()).toBe('Ask for it all the same')
  expect(page.wrapper.text()).toContain('If it was paid, a new invoice asks for the same money twice.')
  await send(page, 'former-confirm')
  await soon(() => issued() === 2, 'the second invoice')
}, 15_000)

test('T9: less arrived: the headline says so, and the merchant takes it as paid with two taps', async () => {
  const page = await open()
  await tap(page, 'make-invoice')
  await soon(() => issued() === 1, 'the invoice')
  await settle()
  line.less = 10_000
  await tap(page, 'lookup')
  const order = () => useOrdersStore(page.pinia).get(key)
  await soon(() => order()?.problems.includes('underpaid'), 'the shortfall')
  await settle()
  const headline = page.wrapper.find('[data-test=headline]').text()
  expect(headline).toContain('Paid too little')
  expect(headline).toContain('Less arrived than you asked. Take it as paid, or give it back, before you ship.')
  expect(page.wrapper.find('[data-test=make-invoice]').exists()).toBe(false)
  await tap(page, 'take-as-paid')
  expect(page.wrapper.text()).toContain('Less arrived than you asked, and that is enough for you.')
  await send(page, 'confirm')
  await soon(() => order()?.problems.length === 0, 'taken')
  await settle()
  expect(page.wrapper.find('[data-test=desk-state]').text()).toBe('Paid by your word; less arrived than you asked')
  expect(page.wrapper.find('[data-test=headline]').text()).toContain('Get it ready and ship it.')
  expect(page.wrapper.find('[data-test=take-as-paid]').exists()).toBe(false)
}, 15_000)
