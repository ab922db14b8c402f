import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { useCheckout } from '../../../src/composables/useCheckout'
import { useDeskHealth } from '../../../src/composables/useDeskHealth'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import { usePayment } from '../../../src/composables/usePayment'
import { useShopperOrder } from '../../../src/composables/useShopperOrder'
import { useAccountStore } from '../../../src/stores/account'
import { useCartStore } from '../../../src/stores/cart'
import { useCatalogStore } from '../../../src/stores/catalog'
import { useDeliveriesStore } from '../../../src/stores/deliveries'
import { useOrdersStore } from '../../../src/stores/orders'
import { usePaymentRequestsStore } from '../../../src/stores/payment-requests'
import { useSettingsStore } from '../../../src/stores/settings'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { orderAsGuest as placeAsGuest } from '../../support/guest-order'
import { listed, productOfMerchant, pubkeyOf, satStall, secrets } from '../../support/flow-people'
import { createHub, type Hub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'
import { systemClock } from '../../../src/nostr/system-clock'

const now = Math.floor(Date.now() / 1000)
const { product: soap, event: soapListing } = listed({ ...productOfMerchant('soap', { stock: 4 }), publishedAt: now - 3_600 as Product['publishedAt'] })
const WALLET = { kind: 'nwc', uri: 'unused: the ledger stands for it' } as const
const PURSE = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'c'.repeat(64)}`
let hub: Hub
let ledger: LedgerBackend
let pages: Page[]
let shopperDevice: Device
let merchantDevice: Device

beforeEach(() => {
  hub = createHub()
  ledger = new LedgerBackend(() => systemClock.now())
  pages = []
  shopperDevice = newDevice()
  merchantDevice = newDevice()
})
afterEach(() => pages.forEach(page => page.close()))

function open(device: Device): Page {
  const page = openPage(memoryServices({ clock: systemClock, hub, ledger, device, shelf: { products: [soap], stalls: [satStall] } }))
  page.run(useCatalogFeed)
  pages.push(page)
  return page
}

async function openDesk({ autoInvoice = true, device = merchantDevice } = {}): Promise<Page> {
  const page = open(device)
  await page.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  const settings = page.use(useSettingsStore)
  await settings.setMerchantWallet(WALLET)
  settings.autoInvoice = autoInvoice
  page.run(runSession)
  return page
}

/** What was said to somebody: facts that a device notes for its own others are gift wraps. */
const letters = () => hub.kept.filter(({ kind }) => kind === 4)

const orderAsGuest = (page: Page): Promise<OrderKey> => placeAsGuest(page, soap, satStall)
const orderOn = (page: Page, key: OrderKey) => page.use(useOrdersStore).get(key)

describe('a sale between two pages', () => {
  test('a guest orders, the desk answers by itself, the wallet pays, the stock goes down, the parcel goes out', async () => {
    hub.kept.push(soapListing)
    const desk = await openDesk()
    const shop = open(shopperDevice)
    const key = await orderAsGuest(shop)
    expect(shop.use(useCartStore).carts).toEqual([])
    expect(shop.use(useAccountStore).isGuest).toBe(true)
    await shop.use(useSettingsStore).setShopperWallet(PURSE)

    const payment = shop.run(() => usePayment(key)).value
    await soon(() => payment.state.value.type === 'ready', 'an invoice')
    await soon(() => shop.use(usePaymentRequestsStore).current.length > 0, 'the list of what is to be paid')
    expect(shop.use(usePaymentRequestsStore).current).toMatchObject([{ order: key }])
    expect(payment.secondsLeft.value).toBeGreaterThan(3_000)
    await Promise.all([payment.pay(), payment.pay()])
    await soon(() => payment.state.value.type === 'paid', 'the page knows')
    expect(payment.state.value).toMatchObject({ type: 'paid', strength: 'proved', msat: 15_000 })

    await soon(() => orderOn(desk, key)?.payments.some(({ by }) => by === 'own-wallet'), 'the wallet\'s word at the desk')
    await soon(() => orderOn(shop, key)?.payments.some(({ strength }) => strength === 'said'), 'the merchant\'s word')
    await soon(() => desk.use(useCatalogStore).products.get(soap.address)?.stock === 3, 'one piece less')

    const merchant = desk.run(() => useMerchantOrder(key)).value
    expect(await merchant.ship({ carrier: 'Post', number: 'RR1', message: '' })).toEqual({ ok: true, value: undefined })
    await soon(() => orderOn(shop, key)?.shipped, 'the parcel')
    expect(orderOn(shop, key)?.statusText).toContain('RR1')
    expect(await shop.run(() => useShopperOrder(key)).value.confirmReceived()).toMatchObject({ ok: true })
    await soon(() => orderOn(desk, key)?.deliveredBy === 'shopper', 'received')
    expect(orderOn(desk, key)?.problems).toEqual([])
    expect(shop.use(usePaymentRequestsStore).current).toEqual([])
  }, 20_000)

  test('a merchant who opens the desk later finds the order and answers it', async () => {
    const shop = open(shopperDevice)
    const key = await orderAsGuest(shop)
    await soon(() => shop.use(useDeliveriesStore).stateOf(key) === 'sent' && letters().length === 1, 'sent')
    await openDesk()
    await soon(() => orderOn(shop, key)?.request, 'an invoice')
  }, 20_000)

  test('by hand: no answer by itself, an invoice at another zone, a word, a refusal that is not allowed any more', async () => {
    const desk = await openDesk({ autoInvoice: false })
    const shop = open(shopperDevice)
    const key = await orderAsGuest(shop)
    await soon(() => orderOn(desk, key), 'the order')
    const merchant = desk.run(() => useMerchantOrder(key)).value
    expect(await merchant.makeInvoice({ zoneId: 'zone-2' })).toMatchObject({ ok: true })
    const payment = shop.run(() => usePayment(key)).value
    await soon(() => payment.state.value.type === 'mismatch', 'another amount')
    expect(payment.state.value).toMatchObject({ askedMsat: 19_000, agreedMsat: 15_000, payable: true })
    payment.accept()
    expect(payment.state.value).toMatchObject({ type: 'ready', msat: 19_000, checks: { amount: 'accepted' } })
    expect(await merchant.sendMessage('It is heavier than I thought')).toMatchObject({ ok: true })
    await soon(() => shop.use(useOrdersStore).chatOf(key).length === 1, 'the message')
    expect(await payment.askAnew()).toMatchObject({ ok: true })
    expect(await merchant.setNote('call back')).toMatchObject({ ok: true })
    await soon(() => orderOn(desk, key)?.note === 'call back', 'the note')
    expect(hub.kept.some(({ content }) => content.includes('call back'))).toBe(false)
    await merchant.markPaid('')
    expect(await merchant.refuse('no')).toMatchObject({ ok: false, error: { code: 'already-paid' } })
    expect(merchant.problem.value).toMatchObject({ code: 'already-paid' })
  }, 20_000)
})

test('a wallet that cannot be reached: the desk says so, the order waits, and a hand can try again', async () => {
  const services = memoryServices({ clock: systemClock, hub, ledger, device: merchantDevice, shelf: { products: [soap], stalls: [satStall] } })
  const away = { ...services, openInvoiceSource: () => ({ ...services.openInvoiceSource(WALLET), create: async () => ({ ok: false, error: { code: 'source_offline', detail: '' } }) as const }) }
  const desk = openPage(away)
  pages.push(desk)
  desk.run(useCatalogFeed)
  await desk.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  const settings = desk.use(useSettingsStore)
  await settings.setMerchantWallet(WALLET)
  settings.autoInvoice = true
  desk.run(runSession)
  const health = desk.run(useDeskHealth).value
  const shop = open(shopperDevice)
  const key = await orderAsGuest(shop)
  await soon(() => health.problem.value, 'a word at the desk')
  expect(health.wallet.value).toBe('offline')
  expect(health.problem.value?.what).toContain('cannot be reached')
  expect(orderOn(desk, key)?.status).toBe('payment_pending')
  expect(await desk.run(() => useMerchantOrder(key)).value.makeInvoice()).toEqual({ ok: false, error: { code: 'source_offline', detail: '' } })
  expect(letters()).toHaveLength(1)
}, 20_000)

describe('what the device remembers', () => {
  test('T14: after a reload the orders are there before the journal is read, and rest as ciphertext only', async () => {
    const shop = open(shopperDevice)
    const key = await orderAsGuest(shop)
    const written = () => Array.from({ length: shopperDevice.store.length }, (_, index) => shopperDevice.store.key(index) ?? '').some(name => name.endsWith(':orders'))
    await soon(written, 'the snapshot', 8_000)
    expect(JSON.stringify(Array.from({ length: shopperDevice.store.length }, (_, index) => shopperDevice.store.getItem(shopperDevice.store.key(index) ?? '')))).not.toContain('Lake Road')
    shop.close()

    const services = memoryServices({ clock: systemClock, hub, ledger, device: shopperDevice })
    // A journal that takes its time.
    const slow = openPage({ ...services, openJournal: (account, vault) => ({ ...services.openJournal(account, vault), follow: () => () => undefined }) })
    pages.push(slow)
    const orders = slow.use(useOrdersStore)
    await slow.use(useAccountStore).resume()
    const shown = await soon(() => orders.get(key), 'the first screen')
    expect(shown).toMatchObject({ address: 'Sam\n1 Lake Road', snapshot: { totals: { totalMsat: 15_000 } } })
    expect({ loaded: orders.loaded, fromSnapshot: orders.fromSnapshot }).toEqual({ loaded: false, fromSnapshot: true })
  }, 20_000)

  test('T13: two tabs show the same order, and one of them delivers', async () => {
    const first = open(shopperDevice)
    await first.use(useAccountStore).startGuest()
    first.run(runSession)
    const second = open(shopperDevice)
    await second.use(useAccountStore).resume()
    second.run(runSession)
    const other = second.use(useOrdersStore)
    second.use(useCartStore).add(soap, satStall, 1)
    const checkout = second.run(() => useCheckout(satStall.address)).value
    checkout.zoneId.value = 'zone-1'
    Object.assign(checkout.form, { name: 'Sam', address: '1 Lake Road' })
    const placed = await checkout.place()
    expect(placed).toMatchObject({ ok: true })
    await soon(() => first.use(useOrdersStore).byKey.size === 1 && other.byKey.size === 1, 'the order in both')
    await soon(() => letters().length === 1, 'delivered')
    expect(first.use(useCartStore).carts).toEqual([])
    first.close()
    // The next one takes over.
    const key = placed.ok ? placed.value : '' as OrderKey
    await second.run(() => useShopperOrder(key)).value.sendMessage('Hello')
    await soon(() => letters().length === 2, 'the message')
  }, 20_000)

  test('an order placed offline says so, waits, and goes out by itself', async () => {
    hub.setOpen(false)
    const shop = open(shopperDevice)
    const key = await orderAsGuest(shop)
    const deliveries = shop.use(useDeliveriesStore)
    deliveries.ofOrder(key)
    await soon(() => deliveries.stateOf(key) === 'offline' && deliveries.pending === 1, 'offline')
    const payment = shop.run(() => usePayment(key)).value
    await soon(() => payment.state.value.type === 'not-sent', 'said on the panel')
    hub.setOpen(true)
    await soon(() => deliveries.stateOf(key) === 'sent' && deliveries.pending === 0, 'sent')
    expect(payment.state.value.type).toBe('waiting-for-merchant')
    expect(letters()).toHaveLength(1)
  }, 20_000)
})

describe('checkout', () => {
  test('typed text outlives a reload, and is gone once the order is placed', async () => {
    const first = open(shopperDevice)
    first.use(useCartStore).add(soap, satStall, 1)
    const typed = first.run(() => useCheckout(satStall.address)).value
    typed.form.address = '1 Lake Road'
    await soon(() => [...Array(shopperDevice.tab.length).keys()].some(index => shopperDevice.tab.key(index)?.includes('checkout')), 'kept')
    // T14: only ciphertext rests.
    expect([...Array(shopperDevice.tab.length).keys()].some(index => shopperDevice.tab.getItem(shopperDevice.tab.key(index) ?? '')?.includes('Lake'))).toBe(false)
    first.close()
    const again = open(shopperDevice)
    const later = again.run(() => useCheckout(satStall.address)).value
    await soon(() => later.form.address === '1 Lake Road', 'found again')
    await orderAsGuest(again)
    expect([...Array(shopperDevice.tab.length).keys()].some(index => shopperDevice.tab.key(index)?.includes('checkout'))).toBe(false)
  })

  test('signed out and not as a guest, without a zone, without an address: said, and nothing is lost', async () => {
    const page = open(shopperDevice)
    page.use(useCartStore).add(soap, satStall, 1)
    const checkout = page.run(() => useCheckout(satStall.address)).value
    expect(await checkout.place()).toEqual({ ok: false, error: { code: 'invalid-form' } })
    expect(checkout.errors.value).toEqual({ zone: 'missing', name: 'missing', address: 'missing' })
    checkout.zoneId.value = 'zone-1'
    Object.assign(checkout.form, { name: 'Sam', address: '1 Lake Road' })
    expect(await checkout.place()).toEqual({ ok: false, error: { code: 'signed-out' } })
    expect(checkout.totals.value?.totalMsat).toBe(15_000)
    expect(page.use(useCartStore).count).toBe(1)
  })

  test('one\'s own stall is not ordered from', async () => {
    const desk = await openDesk()
    desk.use(useCartStore).add(soap, satStall, 1)
    expect(desk.run(() => useCheckout(satStall.address)).value.blocked.value).toBe('own-stall')
  })
})

test('a closed page leaves nothing running: no subscription, no outbox, no look at the wallet', async () => {
  const desk = await openDesk()
  const shop = open(shopperDevice)
  const key = await orderAsGuest(shop)
  await soon(() => orderOn(shop, key)?.request, 'an invoice')
  expect(hub.listening()).toBeGreaterThan(0)
  expect(pubkeyOf('merchant')).toBe(desk.use(useAccountStore).pubkey)
  desk.close()
  shop.close()
  expect(hub.listening()).toBe(0)
  const sent = letters().length
  const issued = orderOn(desk, key)?.issued[0]
  if (issued !== undefined)
    await ledger.pay(issued.bolt11)
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(letters()).toHaveLength(sent)
})
