import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { nsecEncode } from 'nostr-tools/nip19'
import { Notify, Quasar } from 'quasar'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import { toMsat, type OrderKey } from '../../../src/domain/brand'
import type { Order } from '../../../src/domain/order/types'
import { ok } from '../../../src/domain/result'
import { systemClock } from '../../../src/nostr/system-clock'
import DeskRefund from '../../../src/pages/merchant/DeskRefund.vue'
import OrderRefund from '../../../src/pages/shopper/OrderRefund.vue'
import { useAccountStore } from '../../../src/stores/account'
import { useOrdersStore } from '../../../src/stores/orders'
import { servicesKey } from '../../../src/stores/services'
import { useSettingsStore } from '../../../src/stores/settings'
import { satStall, secrets } from '../../support/flow-people'
import { createHub, type Hub } from '../../support/memory-hub'
import { ledgerSource, ledgerWallet, memoryServices, newDevice, type Device } from '../../support/memory-services'
import { soon as within } from '../../support/page'
import { placeAt, soapAt, WALLET } from '../desk/desk-helpers'
import { atRest } from '../desk/stage'

const REFUNDS = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Fwallet.example&secret=${'c'.repeat(64)}`
const SHOPPERS = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Fwallet.example&secret=${'d'.repeat(64)}`
/** Two pages, each with mail of its own, on a machine that may be busy. */
const soon = <T>(look: () => T | undefined | null | false, what: string): Promise<T> => within(look, what, 20_000)
let hub: Hub
let ledger: LedgerBackend
let open: Side[]

interface Side {
  readonly wrapper: VueWrapper
  readonly device: Device
  readonly settings: ReturnType<typeof useSettingsStore>
  readonly desk: ReturnType<typeof useMerchantOrder>
  order(): Order | undefined
}

beforeEach(() => {
  hub = createHub()
  ledger = new LedgerBackend(() => systemClock.now())
  open = []
})
afterEach(() => open.forEach(({ wrapper }) => wrapper.unmount()))

/** One party's card of the order on real stores, with an inbox and an outbox of its own. */
async function sideOf(who: 'merchant' | 'shopper', key: OrderKey): Promise<Side> {
  const device = newDevice()
  const soap = soapAt(3_600)
  const services = {
    ...memoryServices({ clock: systemClock, hub, ledger, device, shelf: { products: [soap], stalls: [satStall] } }),
    openWallet: () => ({ ...ledgerWallet(ledger), budget: async () => ({ left: toMsat(9_000_000), renewsAt: null, balance: null }) }),
    // Only the connection that was made for it may spend.
    openInvoiceSource: (settings: unknown) => ({ ...ledgerSource(ledger), capabilities: async () => ok({ network: 'regtest' as const, lookup: true, push: true, alias: '', canSpend: JSON.stringify(settings).includes('cccc') }) }),
  }
  let made: Pick<Side, 'settings' | 'desk' | 'order'> | undefined
  const Root = defineComponent({
    setup() {
      const orders = useOrdersStore()
      useCatalogFeed()
      made = { settings: useSettingsStore(), desk: useMerchantOrder(key), order: () => orders.get(key) }
      runSession()
      return () => {
        const order = orders.get(key)
        return order === undefined ? h('p', 'none') : h(who === 'merchant' ? DeskRefund : OrderRefund, { order })
      }
    },
  })
  const pinia = createPinia()
  setActivePinia(pinia)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: Root }] })
  const wrapper = mount(Root, { attachTo: document.body, global: { plugins: [pinia, router, [Quasar, { plugins: { Notify } }]], provide: { [servicesKey]: services } } })
  await useAccountStore(pinia).keepKey(nsecEncode(secrets[who]), 'correct horse', who, true)
  if (made === undefined)
    throw new TypeError('not mounted')
  const side = { wrapper, device, ...made }
  open.push(side)
  if (who === 'merchant')
    await side.settings.setMerchantWallet(WALLET)
  await soon(side.order, `the order of the ${who}`)
  return side
}
const find = ({ wrapper }: Side, name: string) => wrapper.find(`[data-test=${name}]`)
const press = async (side: Side, name: string): Promise<void> => {
  await soon(() => find(side, name).exists() && find(side, name).attributes('disabled') === undefined, name)
  await find(side, name).trigger('click')
  await flushPromises()
}
const submit = async (side: Side, button: string): Promise<void> => {
  await soon(() => find(side, button).exists(), button)
  const form = find(side, button).element.closest('form')
  await side.wrapper.findAll('form').find(({ element }) => element === form)?.trigger('submit')
  await flushPromises()
}
const write = async (side: Side, name: string, text: string): Promise<void> => {
  await soon(() => find(side, name).exists(), name)
  await find(side, name).setValue(text)
}
const rows = (side: Side): readonly (string | undefined)[] => side.wrapper.findAll('[data-test=refund-row]').map(row => row.attributes('data-state'))

/** A paid order of 15 sat, seen by both. */
async function sold(): Promise<{ readonly merchant: Side, readonly shopper: Side }> {
  const key = await placeAt(hub, soapAt(3_600), 'order-1')
  const merchant = await sideOf('merchant', key)
  expect(await merchant.desk.makeInvoice()).toEqual({ ok: true, value: undefined })
  const bolt11 = await soon(() => merchant.order()?.request?.bolt11, 'the invoice')
  await ledger.pay(bolt11)
  expect(await merchant.desk.settleNow()).toEqual({ ok: true, value: undefined })
  const shopper = await sideOf('shopper', key)
  await soon(() => shopper.order()?.payment === 'said', 'paid, to the shopper')
  return { merchant, shopper }
}

test('T17: a part goes back by a wallet that was connected for it: asked, given in one tap, paid, proved on both screens', async () => {
  const { merchant, shopper } = await sold()
  await shopper.settings.setShopperWallet(SHOPPERS)
  await press(merchant, 'refund')
  await write(merchant, 'refund-amount', '16')
  await submit(merchant, 'refund-confirm')
  expect(merchant.wrapper.text()).toContain('No more than 15 sat can go back.')
  await write(merchant, 'refund-amount', '4')
  await write(merchant, 'refund-reason', 'one was broken')
  await submit(merchant, 'refund-confirm')
  await soon(() => rows(merchant)[0] === 'asked', 'asked')

  await soon(() => find(shopper, 'refund-answer').exists(), 'the offer')
  expect(shopper.wrapper.text()).toContain('The merchant wants to send 4 sat back to you.')
  expect(shopper.wrapper.text()).toContain('one was broken')
  await press(shopper, 'refund-make')
  await soon(() => rows(merchant)[0] === 'ready', 'ready')
  expect(shopper.wrapper.text()).toContain('The merchant knows where to send it.')

  // A shop's receiving connection pays nothing back, nor does one that cannot pay.
  await merchant.wrapper.find('[name=refund-nwc]').setValue(SHOPPERS)
  await submit(merchant, 'refund-connect')
  await soon(() => merchant.wrapper.text().includes('This connection cannot pay.'), 'refused')
  await merchant.wrapper.find('[name=refund-nwc]').setValue(REFUNDS)
  await submit(merchant, 'refund-connect')
  await soon(() => find(merchant, 'refund-budget').exists() && find(merchant, 'refund-budget').text() === 'May still spend 9,000 sat', 'its limits')
  await press(merchant, 'refund-by-wallet')
  await soon(() => rows(merchant)[0] === 'proved' && rows(shopper)[0] === 'proved', 'proved to both')
  expect(shopper.order()).toMatchObject({ refundedMsat: 4_000 })
  expect(find(shopper, 'refund-total').text()).toBe('4 sat of 15 sat sent back')
  // Held in memory alone.
  expect(atRest(merchant.device)).not.toContain('c'.repeat(64))
  expect(merchant.settings.refundWalletUri).toBeNull()

  await press(shopper, 'refund-got')
  await soon(() => rows(merchant)[0] === 'arrived', 'confirmed')
})

test('cancelled when paid, all of it back, by hand: the code, then the word without a proof, then the shopper finds nothing', async () => {
  const { merchant, shopper } = await sold()
  await press(merchant, 'cancel-order')
  await submit(merchant, 'cancel-confirm')
  expect(merchant.wrapper.text()).toContain('Tell the customer why.')
  expect(merchant.order()?.status).toBe('payment_confirmed')
  await write(merchant, 'cancel-reason', 'Sold out')
  await submit(merchant, 'cancel-confirm')
  await soon(() => merchant.order()?.status === 'cancelled' && rows(merchant)[0] === 'asked', 'cancelled and offered')

  await soon(() => find(shopper, 'refund-to').exists(), 'the offer')
  await write(shopper, 'refund-to', (await ledger.invoice(14_000, 'less', 3_600)).bolt11)
  await submit(shopper, 'refund-give')
  await soon(() => find(shopper, 'refund-problem').exists(), 'another amount')
  expect(find(shopper, 'refund-problem').text()).toContain('It must be exactly 15 sat.')
  await write(shopper, 'refund-to', (await ledger.invoice(15_000, 'all', 3_600)).bolt11)
  await submit(shopper, 'refund-give')

  await press(merchant, 'refund-by-hand')
  await soon(() => merchant.wrapper.find('a[href^="lightning:lnbcrt"]').exists(), 'the code')
  expect(find(merchant, 'refund-by-wallet').exists()).toBe(false)
  await write(merchant, 'refund-proof', '0'.repeat(64))
  await submit(merchant, 'refund-proof-send')
  await soon(() => find(merchant, 'desk-refund-problem').exists(), 'no proof')
  expect(find(merchant, 'desk-refund-problem').text()).toContain('This is not the proof of that invoice.')
  await press(merchant, 'refund-said')
  await soon(() => rows(merchant)[0] === 'paid' && rows(shopper)[0] === 'paid', 'said to both')
  await soon(() => shopper.order()?.status === 'refunded', 'refunded')
  expect(shopper.wrapper.text()).toContain('The merchant says that 15 sat were sent back.')
  await press(shopper, 'refund-missing')
  await soon(() => merchant.order()?.chat.some(({ by, text }) => by === 'shopper' && text.includes('have not arrived')), 'the shopper\'s word')
})

test('what was given elsewhere did not work: after a reload there is another target to give, and nobody is said to have been asked', async () => {
  const { merchant } = await sold()
  await press(merchant, 'refund')
  await write(merchant, 'refund-amount', '4')
  await merchant.wrapper.find('[data-test=refund-have]').setValue(true)
  await write(merchant, 'refund-target', (await ledger.invoice(4_000, 'refund', 3_600)).bolt11)
  await submit(merchant, 'refund-confirm')
  await press(merchant, 'refund-by-hand')
  await press(merchant, 'refund-not-paid')
  await soon(() => rows(merchant)[0] === 'failed', 'failed')

  // A page that knows no more than what was kept.
  const key = merchant.order()?.key
  if (key === undefined)
    throw new TypeError('no order')
  const later = await sideOf('merchant', key)
  await soon(() => find(later, 'refund-elsewhere').exists(), 'the way on')
  expect(later.wrapper.text()).toContain('The 4 sat did not reach what you gave, and nothing was paid.')
  expect(later.wrapper.text()).not.toContain('The customer has been asked')

  // T17: none of the shop's receiving connections pays, also not one that makes no invoices now.
  await later.settings.addWallet({ kind: 'nwc', uri: REFUNDS }, 'Old till')
  await later.wrapper.find('[name=refund-nwc]').setValue(REFUNDS)
  await submit(later, 'refund-connect')
  await soon(() => later.wrapper.text().includes('This is the connection that your shop receives with.'), 'refused')

  await press(later, 'refund-elsewhere')
  expect((find(later, 'refund-amount').element as HTMLInputElement).value).toBe('4')
  await later.wrapper.find('[data-test=refund-have]').setValue(true)
  await write(later, 'refund-target', (await ledger.invoice(4_000, 'again', 3_600)).bolt11)
  await submit(later, 'refund-confirm')
  await press(later, 'refund-by-hand')
  await press(later, 'refund-said')
  await soon(() => rows(later)[0] === 'paid' && rows(merchant)[0] === 'paid', 'paid, on both devices')
  expect(rows(later)).toHaveLength(1)
})
