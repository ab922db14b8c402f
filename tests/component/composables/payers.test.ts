import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, expect, test } from 'vitest'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { useDeskPayment } from '../../../src/composables/useDeskPayment'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import { usePayment } from '../../../src/composables/usePayment'
import type { OrderKey, Seconds } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { connectionId, readNwcUri } from '../../../src/domain/wallet/nwc-uri'
import { systemClock } from '../../../src/nostr/system-clock'
import type { Services } from '../../../src/ports/services'
import type { Wallet } from '../../../src/ports/wallet'
import { useAccountStore } from '../../../src/stores/account'
import { useHandedOverStore } from '../../../src/stores/handed-over'
import { useOrdersStore } from '../../../src/stores/orders'
import { useSettingsStore } from '../../../src/stores/settings'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { listed, productOfMerchant, satStall, secrets } from '../../support/flow-people'
import { orderAsGuest } from '../../support/guest-order'
import { createHub } from '../../support/memory-hub'
import { ledgerWallet, memoryServices, newDevice } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'
import { atRest } from '../desk/stage'

const now = Math.floor(Date.now() / 1000)
const { product: soap } = listed({ ...productOfMerchant('soap', { stock: 40 }), publishedAt: now - 3_600 as Product['publishedAt'] })
const shelf = { products: [soap], stalls: [satStall] }
const WALLET = { kind: 'nwc', uri: 'unused: the ledger stands for it' } as const
const pages: Page[] = []
afterEach(() => {
  pages.forEach(page => page.close())
  pages.length = 0
})

function open(services: Services): Page {
  const page = openPage(services)
  page.run(useCatalogFeed)
  pages.push(page)
  return page
}

/** A browser that has a wallet of its own. */
const withBrowserWallet = (services: Services, wallet: Wallet): Services => ({ ...services, browserWallet: { wallet: { ...wallet, kind: 'webln' }, onPresent: (listener) => {
  listener(true)
  return () => undefined
} } })

async function stage(change: (services: Services) => Services = services => services) {
  const [hub, ledger, device] = [createHub(), new LedgerBackend(() => systemClock.now()), newDevice()]
  const desk = open(change(memoryServices({ clock: systemClock, hub, ledger, device: newDevice(), shelf })))
  await desk.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  await desk.use(useSettingsStore).setMerchantWallet(WALLET)
  desk.use(useSettingsStore).autoInvoice = true
  desk.run(runSession)
  const services = (wallet: Wallet): Services => withBrowserWallet(memoryServices({ clock: systemClock, hub, ledger, device, shelf }), wallet)
  const orderOn = (page: Page, key: OrderKey) => page.use(useOrdersStore).get(key)
  return { hub, ledger, device, desk, services, orderOn }
}

test('one tap that fails leaves the code, and the order lives; the next tap pays', async () => {
  const { ledger, services, orderOn } = await stage()
  let answers: 'no' | 'yes' = 'no'
  const purse = ledgerWallet(ledger)
  const shop = open(services({ ...purse, pay: async (...given) => answers === 'no' ? { status: 'declined' } : purse.pay(...given) }))
  const key = await orderAsGuest(shop, soap, satStall)
  const payment = shop.run(() => usePayment(key)).value
  await soon(() => payment.state.value.type === 'ready', 'an invoice')
  expect([payment.canPayByWallet.value, payment.walletKind.value]).toEqual([true, 'webln'])
  await payment.pay()
  await soon(() => orderOn(shop, key)?.paying === null && orderOn(shop, key)?.timeline.some(({ what }) => what === 'payment-failed'), 'the refusal on record')
  expect(payment.state.value.type).toBe('ready')
  answers = 'yes'
  await payment.pay()
  await soon(() => payment.state.value.type === 'paid', 'paid')
  expect(orderOn(shop, key)?.payment).toBe('proved')
}, 20_000)

test('T9, T13: two tabs of one device that pay at once ask the wallet once', async () => {
  const { ledger, services } = await stage()
  let asked = 0
  const purse = ledgerWallet(ledger)
  const slow: Wallet = { ...purse, pay: async (...given) => {
    asked += 1
    await new Promise(resolve => setTimeout(resolve, 50))
    return purse.pay(...given)
  } }
  const first = open(services(slow))
  const key = await orderAsGuest(first, soap, satStall)
  const second = open(services(slow))
  await second.use(useAccountStore).resume()
  second.run(runSession)
  const tabs = [first, second].map(tab => tab.run(() => usePayment(key)).value)
  await soon(() => tabs.every(tab => tab.state.value.type === 'ready'), 'the invoice in both tabs')
  await Promise.all(tabs.map(tab => tab.pay()))
  await soon(() => tabs.every(tab => tab.state.value.type === 'paid'), 'paid in both tabs')
  expect(asked).toBe(1)
  expect(tabs.map(tab => tab.problem.value?.code).filter(code => code !== undefined)).toHaveLength(1)
}, 20_000)

test('T10: who took the former invoice to another wallet is told of the new one, and sees it when nothing was paid; the way taken last is remembered', async () => {
  const { ledger, services, desk, device, orderOn } = await stage()
  const shop = open(services(ledgerWallet(ledger)))
  const key = await orderAsGuest(shop, soap, satStall)
  const payment = shop.run(() => usePayment(key)).value
  await soon(() => payment.state.value.type === 'ready', 'an invoice')
  expect(payment.payer.value).toBe('wallet')
  payment.markHandedOver()
  expect(payment.payer.value).toBe('outside')
  const former = orderOn(shop, key)?.request?.paymentHash
  // Kept on the device, sealed: a page that is loaded later knows it as well.
  const later = open(services(ledgerWallet(ledger)))
  await later.use(useAccountStore).resume()
  later.run(runSession)
  const reloaded = later.run(() => usePayment(key)).value
  await soon(() => reloaded.handedOver.value, 'what was copied, after a reload')
  expect(atRest(device)).not.toContain(former)
  await soon(() => orderOn(desk, key)?.request !== null, 'the desk has its own request')
  expect((await desk.run(() => useMerchantOrder(key)).value.makeInvoice({ zoneId: 'zone-2', despite: ['former-payable'] })).ok).toBe(true)
  await soon(() => orderOn(shop, key)?.request?.paymentHash !== former, 'the new invoice')
  expect(payment.state.value.type).toBe('superseded')
  await soon(() => reloaded.state.value.type === 'superseded', 'the same after a reload')
  payment.showNew()
  await soon(() => reloaded.state.value.type === 'mismatch', 'taken back in the other tab as well')
  // Another zone costs more: compared before it can be paid.
  expect(payment.state.value.type).toBe('mismatch')
  // A page loaded later remembers the way.
  expect(openPage(memoryServices({ clock: systemClock, hub: createHub(), device, shelf })).use(useSettingsStore).payer).toBe('outside')
}, 20_000)

test('T9: what was copied stays so while the own wallet was not asked or said no; once it has the payment, only the code may have been scanned', async () => {
  const { ledger, services } = await stage()
  let answers: 'no' | 'yes' = 'no'
  const purse = ledgerWallet(ledger)
  const shop = open(services({ ...purse, pay: async () => answers === 'no' ? { status: 'declined' } : { status: 'unknown', reason: 'no answer' } }))
  const key = await orderAsGuest(shop, soap, satStall)
  const payment = shop.run(() => usePayment(key)).value
  await soon(() => payment.state.value.type === 'ready', 'an invoice')
  payment.markHandedOver()
  await payment.pay()
  expect(payment.outcome.value).toEqual({ status: 'declined' })
  expect(payment.handedOver.value).toBe(true)
  answers = 'yes'
  await payment.pay()
  expect(payment.outcome.value).toMatchObject({ status: 'unknown' })
  expect(payment.handedOver.value).toBe(false)
  expect(shop.use(useHandedOverStore).of(key)).toMatchObject({ how: 'code' })
}, 20_000)

test('T9: another wallet is not asked about a payment, of whichever kind it is; what cannot be asked says so, until the same one is connected again', async () => {
  const { ledger, device, hub, orderOn } = await stage()
  let later = 0
  const clock = { ...systemClock, now: () => systemClock.now() + later as Seconds }
  const uri = (secret: string): string => `nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${secret.repeat(64)}`
  const [mine, other] = [readNwcUri(uri('b')), readNwcUri(uri('c'))].map(read => read.ok ? connectionId(read.value) : '')
  const asked: string[] = []
  const memory = memoryServices({ clock, hub, ledger, device, shelf })
  const shop = open(withBrowserWallet({ ...memory, openWallet: (connection) => {
    const id = connectionId(connection)
    const purse = ledgerWallet(ledger)
    return { ...purse, id, pay: async () => ({ status: 'unknown', reason: 'no answer' }), resolve: async (hash) => {
      asked.push(id)
      return id === mine && ledger.received(hash) === undefined ? { status: 'unknown', reason: 'still trying' } : purse.resolve(hash)
    } }
  } }, { ...ledgerWallet(ledger), resolve: async () => {
    asked.push('webln')
    return { status: 'failed', code: 'payment_failed', detail: 'not found' }
  } }))
  const key = await orderAsGuest(shop, soap, satStall)
  const settings = shop.use(useSettingsStore)
  await soon(() => settings.ready, 'the settings')
  await settings.setShopperWallet(uri('b'))
  const payment = shop.run(() => usePayment(key)).value
  await soon(() => payment.state.value.type === 'ready', 'an invoice')
  await payment.pay()
  await soon(() => payment.state.value.type === 'paying', 'a payment under way')
  const bolt11 = orderOn(shop, key)?.request?.bolt11 ?? ''

  // Long enough that a 'not found' of the asked wallet would be believed.
  later = 70
  await soon(() => payment.state.value.type === 'outcome-unknown', 'no answer yet')
  for (const uriNow of [uri('c'), null]) {
    await settings.setShopperWallet(uriNow)
    await soon(() => payment.state.value.type === 'could-not-check', 'nobody to ask')
    await new Promise(resolve => setTimeout(resolve, 2_500))
    expect(payment.state.value.type).toBe('could-not-check')
  }
  expect(asked).not.toContain(other)
  expect(asked).not.toContain('webln')
  await ledger.pay(bolt11)
  await settings.setShopperWallet(uri('b'))
  await soon(() => payment.state.value.type === 'paid', 'the answer of the asked one')
}, 30_000)

test('a desk whose wallet gives no answer says so for the order, until it answers', async () => {
  let silent = true
  const { desk, services, ledger, orderOn } = await stage(made => ({ ...made, openInvoiceSource: (settings) => {
    const source = made.openInvoiceSource(settings)
    return { ...source, subscribe: () => () => undefined, lookup: async hash => silent ? { status: 'unknown', reason: 'no answer' } : source.lookup(hash) }
  } }))
  const shop = open(services(ledgerWallet(ledger)))
  const key = await orderAsGuest(shop, soap, satStall)
  const order = await soon(() => orderOn(desk, key)?.request === null ? undefined : orderOn(desk, key), 'the invoice at the desk')
  const state = desk.run(() => useDeskPayment(() => orderOn(desk, key) ?? order)).value
  await soon(() => state.value.type === 'could-not-check', 'the desk says that it cannot tell')
  silent = false
  expect((await desk.run(() => useMerchantOrder(key)).value.settleNow()).ok).toBe(true)
  await ledger.pay(order.request?.bolt11 ?? '')
  await desk.run(() => useMerchantOrder(key)).value.settleNow()
  await soon(() => state.value.type === 'paid', 'the money')
  expect(state.value).toMatchObject({ strength: 'proved' })
}, 20_000)
