import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, expect, test, vi } from 'vitest'
import { toMsat, toSeconds } from '../../../src/domain/brand'
import { err, ok } from '../../../src/domain/result'
import { factId, localFact } from '../../../src/flows/local-fact'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { systemClock } from '../../../src/nostr/system-clock'
import SettingsPage from '../../../src/pages/SettingsPage.vue'
import type { InvoiceSource, SourceCapabilities, WalletError } from '../../../src/ports/invoices'
import { createMemoryJournal } from '../../../src/storage/memory'
import { useOrdersStore } from '../../../src/stores/orders'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { atRest, openPage, settle, type Stage } from '../desk/stage'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, secrets, shelfWith } from '../../support/flow-people'
import { createHub } from '../../support/memory-hub'
import { newDevice, type Device } from '../../support/memory-services'
import { soon } from '../../support/page'

const SECRET = 'c'.repeat(64)
const PURSE = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Fwallet.example&secret=${SECRET}`
const OTHER = PURSE.replace(SECRET, 'd'.repeat(64))
const payer: SourceCapabilities = { network: 'regtest', lookup: true, push: false, canSpend: true, alias: 'Purse', budget: { left: toMsat(50_000_999), renewsAt: toSeconds(1_800_000_000), balance: null } }
let stage: Stage
afterEach(() => stage.close())
const find = (name: string) => stage.wrapper.find(`[data-test=${name}]`)
const text = () => stage.wrapper.text()

type Answer = SourceCapabilities | WalletError['code']
/** One answer after the other; the last stays. */
function answering(...answers: Answer[]): Pick<InvoiceSource, 'capabilities'> & { readonly asked: () => number } {
  let asked = 0
  return {
    asked: () => asked,
    async capabilities() {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? 'no_answer'
      return typeof answer === 'string' ? err({ code: answer, detail: '' }) : ok(answer)
    },
  }
}
async function open(source: Partial<InvoiceSource>, device: Device = newDevice(), kept: string | null = null): Promise<void> {
  stage = await openPage(SettingsPage, '/you', {
    source, device,
    before: async ({ account, settings }) => {
      await account.keepKey(nsecEncode(secrets.shopper), 'correct horse', 'Ida', true)
      if (kept !== null)
        await settings.setShopperWallet(kept)
    },
  })
}
async function type(uri: string): Promise<void> {
  await stage.wrapper.get('[name=nwc]').setValue(uri)
  await stage.wrapper.get('[name=nwc]').element.closest('form')?.dispatchEvent(new Event('submit'))
  await settle()
}

test('T17: a wallet that answers and may pay is connected, with what it may spend; its secret is nowhere to be seen', async () => {
  await open(answering(payer))
  await type(PURSE)
  expect(stage.settings.shopperWalletUri).toBe(PURSE)
  expect(find('wallet-state').text()).toBe('The wallet answers, and may pay invoices')
  expect(find('wallet-budget').text()).toMatch(/^May still spend 50,000 sat; renewed on /)
  expect(text()).toContain('It calls itself Purse')
  expect(stage.wrapper.html()).not.toContain(SECRET)
  expect(atRest(stage.device)).not.toContain(SECRET)
})

test.each<[string, Answer, RegExp]>([
  ['of another network', { ...payer, network: 'mainnet' }, /This wallet is on mainnet, and invoices here are on regtest.*Nothing was kept\. Connect a wallet on regtest\./],
  ['that can only receive', { ...payer, canSpend: false }, /can only receive.*Nothing was kept\. Make one in your wallet that may pay/],
  ['that can send, but pays no invoice', { ...payer, pays: false }, /can only receive/],
  ['that the wallet does not know', 'source_unauthorized', /deleted, or it has expired\. Nothing was kept\. Make a new connection/],
])('a connection %s is not kept, and the page says what to do', async (_name, answer, sentence) => {
  await open(answering(answer))
  await type(PURSE)
  expect(text()).toMatch(sentence)
  expect(stage.settings.shopperWalletUri).toBeNull()
  expect(find('wallet-keep').exists()).toBe(false)
})

test('what is no connection is said so, and asks nobody', async () => {
  const source = answering(payer)
  await open(source)
  await type('lightning:lnbc1')
  expect(text()).toContain('This is no wallet connection.')
  expect(source.asked()).toBe(0)
})

test('one that merely does not answer can be tried again, or kept; kept, it is said not to have answered', async () => {
  await open(answering('no_answer', 'source_offline', 'no_answer', payer))
  await type(PURSE)
  expect(find('wallet-silent').text()).toContain('The wallet did not answer.')
  expect(stage.settings.shopperWalletUri).toBeNull()
  await find('wallet-retry').trigger('click')
  await settle()
  expect(find('wallet-silent').text()).toContain('No relay of this wallet can be reached.')
  await find('wallet-keep').trigger('click')
  await settle()
  expect(stage.settings.shopperWalletUri).toBe(PURSE)
  expect(find('wallet-state').text()).toContain('does not answer now')
  await find('wallet-check').trigger('click')
  await settle()
  await find('wallet-check').trigger('click')
  await settle()
  expect(find('wallet-state').text()).toBe('The wallet answers, and may pay invoices')
})

test('a wallet that was connected before is asked when the page opens; another takes its place only when it works', async () => {
  await open(answering('source_unauthorized', 'source_unauthorized', payer), newDevice(), PURSE)
  await vi.waitFor(() => expect(find('wallet-state').text()).toContain('does not know this connection'))
  expect(find('wallet-state').text()).toContain('It is still connected here.')
  await find('wallet-replace').trigger('click')
  await type(OTHER)
  expect(stage.settings.shopperWalletUri).toBe(PURSE)
  await type(OTHER)
  expect(stage.settings.shopperWalletUri).toBe(OTHER)
  expect(find('wallet-state').text()).toBe('The wallet answers, and may pay invoices')
  await find('wallet-disconnect').trigger('click')
  await settle()
  expect(stage.settings.shopperWalletUri).toBeNull()
})

test('T9: while a payment\'s end is not known, its wallet is let go only after a warning', async () => {
  const [hub, device] = [createHub(), newDevice()]
  const journal = createMemoryJournal({ now: systemClock.now })
  device.journals.set(pubkeyOf('shopper'), journal)
  const soap = productOfMerchant('soap')
  const [shopper, merchant] = [flowPerson('shopper', hub, systemClock, journal), flowPerson('merchant', hub, systemClock)]
  const placed = await placeOrder(shopper.deps, checkoutOf(shelfWith(soap), soap))
  const key = placed.ok ? placed.value : (() => { throw new TypeError('no order') })()
  await shopper.post()
  await merchant.fetch()
  await requestPayment(await deskOf(merchant, () => shelfWith(soap), new LedgerBackend(() => systemClock.now())), key)
  await merchant.post()
  await shopper.fetch()
  const paymentHash = (await shopper.orders()).get(key)?.request?.paymentHash ?? null
  if (paymentHash === null)
    throw new TypeError('no request')
  await journal.append(localFact({ id: factId('paying', key), me: pubkeyOf('shopper'), order: key, at: systemClock.now() }, { type: 'paying', paymentHash, via: 'nwc' }))

  await open(answering(payer), device, PURSE)
  await soon(() => useOrdersStore(stage.pinia).get(key)?.paying, 'the payment under way')
  await find('wallet-disconnect').trigger('click')
  await settle()
  expect(document.body.textContent).toContain('Your wallet has not said yet how 1 payment ended.')
  expect(stage.settings.shopperWalletUri).toBe(PURSE)
  document.querySelector<HTMLButtonElement>('[data-test=confirm]')?.closest('form')?.dispatchEvent(new Event('submit'))
  await settle()
  expect(stage.settings.shopperWalletUri).toBeNull()
})

test('T17: a connection that is tried while another account is opened is kept in neither', async () => {
  const slow: (() => void)[] = []
  await open({ capabilities: () => new Promise(resolve => slow.push(() => resolve(ok(payer)))) })
  await type(PURSE)
  const typedFor = stage.account.pubkey
  await stage.account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  await settle()
  expect(stage.account.pubkey).not.toBe(typedFor)
  slow.forEach(answer => answer())
  await settle()
  expect(stage.settings.shopperWalletUri).toBeNull()
  expect(text()).not.toContain('It calls itself Purse')
})
