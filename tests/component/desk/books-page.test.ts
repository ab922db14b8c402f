import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toMsat, type OrderKey } from '../../../src/domain/brand'
import { isoUtc } from '../../../src/domain/utc'
import { factId, localFact } from '../../../src/flows/local-fact'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settlePayment } from '../../../src/flows/settlePayment'
import { systemClock } from '../../../src/nostr/system-clock'
import BooksPage from '../../../src/pages/merchant/BooksPage.vue'
import { createMemoryJournal } from '../../../src/storage/memory'
import { useOrdersStore } from '../../../src/stores/orders'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, euroStall, flowPerson, productOfMerchant, pubkeyOf, secrets, shelfWith } from '../../support/flow-people'
import { createHub } from '../../support/memory-hub'
import { newDevice, type Device } from '../../support/memory-services'
import { soon } from '../../support/page'
import { openPage, settle, type Stage } from './stage'

const soap = productOfMerchant('soap', { stock: 9, currency: 'EUR', stallId: 'euro', stallAddress: euroStall.address, price: { currency: 'EUR', minor: 1_010 } })
const shelf = shelfWith(soap)
const MONTH = isoUtc(systemClock.now()).slice(0, 7)
let device: Device
let stage: Stage | undefined
let files: { name: string, text: Promise<string> }[]

/** Two orders of 15 € each, one paid by the wallet and half of it given back, one asked for and not paid. */
beforeEach(async () => {
  const hub = createHub()
  device = newDevice()
  const journal = createMemoryJournal({ now: systemClock.now })
  device.journals.set(pubkeyOf('merchant'), journal)
  const [shopper, merchant] = [flowPerson('shopper', hub, systemClock), flowPerson('merchant', hub, systemClock, journal)]
  const keys: OrderKey[] = []
  for (const orderId of ['=paid', 'unpaid']) {
    const placed = await placeOrder(shopper.deps, checkoutOf(shelf, soap, { orderId }))
    keys.push(placed.ok ? placed.value : '' as OrderKey)
  }
  await shopper.post()
  await merchant.fetch()
  const ledger = new LedgerBackend(() => systemClock.now())
  const desk = await deskOf(merchant, () => shelf, ledger)
  for (const key of keys)
    expect(await requestPayment(desk, key)).toMatchObject({ ok: true })
  const order = (await merchant.orders()).get(keys[0] ?? '' as OrderKey)
  const invoice = order?.issued[0]
  if (order === undefined || invoice === undefined)
    throw new TypeError('no invoice')
  await ledger.pay(invoice.bolt11)
  await settlePayment({ ...desk, paidWords: 'Thank you' }, order.key, invoice.paymentHash)
  await journal.append(localFact({ id: factId('refund-pay', 'r1'), me: pubkeyOf('merchant'), order: order.key, at: systemClock.now() }, {
    type: 'refund-pay', refund: 'r1', state: 'paid', paymentHash: null, bolt11: '', msat: toMsat(15_000_000), via: 'hand', preimage: '', fee: toMsat(1_500), reason: 'one was broken',
  }))
  files = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    files.push({ name: '', text: (blob as Blob).arrayBuffer().then(bytes => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) })
    return 'blob:books'
  })
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    Object.assign(files.at(-1) ?? {}, { name: this.download })
  })
})
afterEach(() => {
  stage?.close()
  stage = undefined
  vi.restoreAllMocks()
})

async function open(query = ''): Promise<Stage> {
  const opened = await openPage(BooksPage, `/desk/books${query}`, { device, before: ({ account }) => account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true) })
  stage = opened
  await soon(() => useOrdersStore(opened.pinia).loaded && useOrdersStore(opened.pinia).asMerchant.length === 2, 'the orders')
  await settle()
  return opened
}
const textOf = (page: Stage, name: string): string => page.wrapper.get(`[data-test=${name}]`).text()
const states = (page: Stage) => page.wrapper.findAll('[data-test=book-row]').map(row => `${row.attributes('data-type')} ${row.attributes('data-state')}`)

test('sums, rows newest first, and what was not paid only when asked for', async () => {
  const page = await open()
  // 15 € at 50 000 € a bitcoin.
  expect(['received', 'refunded', 'fees', 'net'].map(name => textOf(page, `sum-${name}`))).toEqual(['30,000 sat', '−15,000 sat', '−1.500 sat', '14,998.500 sat'])
  expect(textOf(page, 'by-currency')).toMatch(/EUR.*€15\.00.*−€7\.50.*€7\.50/)
  expect(states(page).toSorted()).toEqual(['payment paid', 'refund paid'])
  expect(page.wrapper.text()).toContain('Proved by your wallet')
  expect(page.wrapper.text()).toContain('By your word')
  expect(page.wrapper.get('[data-test=book-row] a').attributes('href')).toMatch(/^\/desk\/orders\//)
  await page.wrapper.get('[data-test=unpaid]').setValue(true)
  await settle()
  expect(states(page).toSorted()).toEqual(['payment paid', 'payment unpaid', 'refund paid'])
  expect(page.router.currentRoute.value.query).toEqual({ unpaid: 'yes' })
})

test('a month is chosen, stays in the address, and its files hold its rows', async () => {
  const page = await open()
  await page.wrapper.get('[data-test=period]').setValue(MONTH)
  await settle()
  expect(page.router.currentRoute.value.query).toEqual({ period: MONTH })
  await page.wrapper.get('[data-test=csv]').trigger('click')
  await page.wrapper.get('[data-test=json]').trigger('click')
  expect(files.map(({ name }) => name)).toEqual([`souk-books-${MONTH}.csv`, `souk-books-${MONTH}.json`])
  const csv = await files[0]?.text ?? ''
  expect(csv.startsWith('\ufefftime,')).toBe(true)
  expect(csv.trimEnd().split('\r\n')).toHaveLength(4)
  expect(csv).toContain(',\'=paid,')
  expect(csv).not.toContain(',=paid')
  expect(JSON.parse(await files[1]?.text ?? '')).toMatchObject({ period: MONTH, totals: { received: { sat: 30_000, msat: 0 }, net: { sat: 14_998, msat: 500 } } })
})

test('a period without rows says so; every control has its name', async () => {
  const page = await open('?period=2020-Q1')
  expect(textOf(page, 'none')).toContain('Nothing was received')
  expect((page.wrapper.get('[data-test=period]').element as HTMLSelectElement).selectedOptions[0]?.text).toBe('Quarter 1 of 2020')
  expect(page.wrapper.findAll('button').every(button => (button.attributes('aria-label') ?? button.text()) !== '')).toBe(true)
  expect(page.wrapper.findAll('select, input').every(field => field.element.closest('label')?.textContent?.trim() !== '')).toBe(true)
})
