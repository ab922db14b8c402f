import { mount } from '@vue/test-utils'
import { Quasar } from 'quasar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quasarOptions } from '../../../src/app/quasar'
import { useDeskHealth } from '../../../src/composables/useDeskHealth'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import { useMerchantWallet } from '../../../src/composables/useMerchantWallet'
import { toSeconds } from '../../../src/domain/brand'
import { walletId, type WalletSettings } from '../../../src/domain/wallet/merchant-wallets'
import type { InvoiceSource } from '../../../src/ports/invoices'
import DeskWallets from '../../../src/pages/merchant/DeskWallets.vue'
import type { Services } from '../../../src/ports/services'
import { servicesKey } from '../../../src/stores/services'
import { systemClock } from '../../../src/nostr/system-clock'
import { useSettingsStore } from '../../../src/stores/settings'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { ledgerSource } from '../../support/memory-services'
import { soon } from '../../support/page'
import { settle } from './stage'
import { openDesk, pause, placeAt, soapAt, WALLET, type DeskPage } from './desk-helpers'

const soap = soapAt(3_600)
const till: WalletSettings = { kind: 'lnbits', url: 'https://ln.example', invoiceKey: '1'.repeat(32) }
const address: WalletSettings = { kind: 'lightning-address', address: 'amina@wool.example' }
let hub: Hub
let desk: DeskPage
let services: Services
/** By wallet: its own ledger, and what was done with it. */
let tills: Map<string, ReturnType<typeof open>>

/** A wallet of its own: it pushes what arrives, and knows what it made alone. */
function open(settings: WalletSettings) {
  const ledger = new LedgerBackend(() => systemClock.now())
  const own = ledgerSource(ledger)
  const made = new Set<string>()
  const seen = { opened: 0, disposed: 0, listening: 0, lookups: 0, offline: false }
  const source: InvoiceSource = {
    ...own,
    kind: settings.kind,
    async create(request) {
      const invoice = await own.create(request)
      if (invoice.ok)
        made.add(invoice.value.paymentHash)
      return invoice.ok && settings.kind === 'lightning-address' ? { ok: true, value: { ...invoice.value, verify: null } } : invoice
    },
    async lookup(hash) {
      seen.lookups += 1
      return made.has(hash) && !seen.offline ? own.lookup(hash) : { status: 'unknown', reason: 'away' }
    },
    subscribe(listener) {
      const end = own.subscribe(listener)
      seen.listening += 1
      return () => {
        seen.listening -= 1
        end()
      }
    },
    dispose: () => { seen.disposed += 1 },
  }
  return { ledger, seen, source }
}
const at = (settings: WalletSettings) => {
  const found = tills.get(walletId(settings))
  if (found === undefined)
    throw new Error('never opened')
  return found
}

beforeEach(async () => {
  hub = createHub()
  tills = new Map()
  const openInvoiceSource: Services['openInvoiceSource'] = (settings) => {
    const id = walletId(settings)
    const one = tills.get(id) ?? open(settings)
    tills.set(id, one)
    one.seen.opened += 1
    return one.source
  }
  desk = await openDesk({ hub, change: (memory) => {
    services = { ...memory, openInvoiceSource }
    return { openInvoiceSource }
  } })
  desk.bring([soap])
  desk.progress({ phase: 'live', complete: [HUB] })
})
afterEach(() => desk.page.close())
const settings = () => desk.page.use(useSettingsStore)
const asked = async (id: string) => {
  const key = await placeAt(hub, soap, id)
  const issued = await soon(() => desk.order(key)?.issued[0], `an invoice for ${id}`, 4_000)
  return { key, issued }
}
const proved = (key: Parameters<DeskPage['order']>[0]) => soon(() => desk.order(key)?.payments.some(({ by }) => by === 'own-wallet'), 'the wallet\'s word')

test('T9: an invoice is seen paid at the wallet that made it, also when another makes them now; then that one is left alone', async () => {
  const before = await asked('order-1')
  expect(before.issued.wallet).toBe(walletId(WALLET))
  await settings().addWallet(till, 'Till')
  expect(at(till).seen.listening).toBe(0)
  await settings().chooseWallet(walletId(till))
  const after = await asked('order-2')
  expect(after.issued.wallet).toBe(walletId(till))
  expect(at(WALLET).seen).toMatchObject({ opened: 1, disposed: 0, listening: 1 })
  const atTill = at(till).seen.lookups
  await at(WALLET).ledger.pay(before.issued.bolt11)
  await proved(before.key)
  expect(at(till).seen.lookups).toBeLessThanOrEqual(atTill + 1)
  // Nothing of it is open any more: nobody listens there.
  await soon(() => at(WALLET).seen.listening === 0, 'silence')
  await at(till).ledger.pay(after.issued.bolt11)
  await proved(after.key)
  expect(desk.page.run(useMerchantWallet).value.issuer.value).toBe('Till')
}, 20_000)

test('what is held is taken and given back by the wallet that made the invoice, also when another makes them now', async () => {
  settings().reserve = 'all'
  const [taken, returned] = [await asked('order-1'), await asked('order-2')]
  expect(desk.order(taken.key)?.request?.reserve).toBe(true)
  await settings().addWallet(till, 'Till')
  await settings().chooseWallet(walletId(till))
  const { ledger } = at(WALLET)
  expect(await ledger.pay(taken.issued.bolt11)).toMatchObject({ paid: true })
  await proved(taken.key)
  const paying = ledger.pay(returned.issued.bolt11)
  // Nothing is left of it.
  desk.bring([{ ...soap, stock: 0, publishedAt: toSeconds(soap.publishedAt + 60) }])
  expect(await paying).toEqual({ paid: false, reason: 'returned' })
  await soon(() => desk.order(returned.key)?.holds[0]?.state === 'released', 'given back')
}, 20_000)

test('a former wallet that cannot be reached is named by itself: the one that makes the invoices is well', async () => {
  const { key } = await asked('order-1')
  await settings().renameWallet(walletId(WALLET), 'Old till')
  await settings().addWallet(till, 'Till')
  await settings().chooseWallet(walletId(till))
  at(WALLET).seen.offline = true
  expect(await desk.page.run(() => useMerchantOrder(key)).value.settleNow()).toMatchObject({ ok: false, error: { code: 'source_offline' } })
  await desk.page.use(useSettingsStore).addWallet(till)
  const health = desk.page.run(useDeskHealth).value
  await soon(() => health.problem.value, 'a word at the desk', 15_000)
  expect({ issuer: health.wallet.value, about: health.otherWallet.value?.name }).toEqual({ issuer: 'connected', about: 'Old till' })
  // Let go, it is no trouble of the desk's any more.
  await settings().removeWallet(walletId(WALLET))
  await soon(() => health.problem.value === null, 'no word')
  expect(at(WALLET).seen).toMatchObject({ disposed: 1, listening: 0 })
}, 30_000)

test('T8: where nobody can know, nothing is asked and nothing reported; the merchant\'s word is all there is', async () => {
  await settings().setMerchantWallet(address)
  await settings().removeWallet(walletId(WALLET))
  const { key, issued } = await asked('order-1')
  expect(issued.verify).toBeNull()
  await pause(300)
  expect(at(address).seen.lookups).toBe(0)
  const order = desk.page.run(() => useMerchantOrder(key)).value
  expect(await order.settleNow()).toEqual({ ok: false, error: { code: 'cannot-know' } })
  expect(desk.page.run(useDeskHealth).value.problem.value).toBeNull()
  expect(await order.markPaid('')).toMatchObject({ ok: true })
  await soon(() => desk.order(key)?.payment === 'said', 'the merchant\'s word')
}, 20_000)

test('T9: a wallet whose invoice may still be paid is not let go before it was said what is lost; kept, it sees the payment', async () => {
  const { key, issued } = await asked('order-1')
  await settings().renameWallet(walletId(WALLET), 'Old till')
  await settings().addWallet(till, 'Till')
  const wrapper = mount(DeskWallets, { attachTo: document.body, global: { plugins: [desk.page.pinia, [Quasar, quasarOptions]], provide: { [servicesKey]: services } } })
  try {
    await settle()
    const [old, other] = wrapper.findAll('[data-test=wallet-card]')
    expect(old?.find('[data-test=wallet-open]').text()).toBe('1 invoice of it can still be paid and is looked up here')
    expect(other?.find('[data-test=wallet-open]').exists()).toBe(false)
    await old?.find('[data-test=disconnect]').trigger('click')
    await soon(() => document.body.textContent.includes('Disconnect Old till?'), 'the question')
    expect(document.body.textContent).toContain('1 invoice of this wallet can still be paid. Without the wallet Souk can no longer see that')
    expect(document.body.textContent).toContain('Till makes the invoices then.')
    expect(settings().wallets).toHaveLength(2)
    await at(WALLET).ledger.pay(issued.bolt11)
    await proved(key)
    await soon(() => old?.find('[data-test=wallet-open]').exists() === false, 'nothing open any more')
  }
  finally {
    wrapper.unmount()
  }
}, 20_000)
