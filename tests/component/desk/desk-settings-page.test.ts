import { afterEach, describe, expect, test, vi } from 'vitest'
import { toMsat } from '../../../src/domain/brand'
import { err, ok } from '../../../src/domain/result'
import DeskSettingsPage from '../../../src/pages/merchant/DeskSettingsPage.vue'
import type { InvoiceSource, SourceCapabilities } from '../../../src/ports/invoices'
import { atRest, openPage, settle, type Stage } from './stage'

const key = 'fedcba9876543210fedcba9876543210'
const can = (part: Partial<SourceCapabilities> = {}): Pick<InvoiceSource, 'capabilities'> =>
  ({ capabilities: async () => ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: 'Shop', ...part }) })
let stage: Stage
afterEach(() => stage.close())
const find = (name: string) => stage.wrapper.find(`[data-test=${name}]`)

const signedIn = (source: Partial<InvoiceSource>): Promise<Stage> =>
  openPage(DeskSettingsPage, '/desk/settings', { source, before: ({ account }) => account.startGuest() })

async function connect(): Promise<void> {
  await stage.wrapper.find('[name=lnbits-url]').setValue('https://lnbits.example.com')
  await stage.wrapper.find('[name=lnbits-key]').setValue(key)
  await stage.wrapper.find('form').trigger('submit')
  await settle()
}

test('a wallet that answers is kept, sealed, and shows what it can do', async () => {
  stage = await signedIn(can())
  await connect()
  expect(stage.settings.merchantWallet).toEqual({ kind: 'lnbits', url: 'https://lnbits.example.com', invoiceKey: key })
  expect(find('wallet-title').text()).toBe('Shop')
  expect(find('wallet-role').text()).toBe('Makes the invoices')
  expect(find('spend').text()).toBe('Cannot spend: just right')
  expect(stage.wrapper.html()).not.toContain(key)
  expect(atRest(stage.device)).not.toContain(key)
})

test('T17: an admin key is not kept, and the page says which key to use', async () => {
  stage = await signedIn({ capabilities: async () => err({ code: 'source_can_spend', detail: '' }) })
  await connect()
  expect(find('admin-key').text()).toContain('This key can spend. Use the invoice key.')
  expect(stage.settings.merchantWallet).toBeNull()
  expect(atRest(stage.device)).not.toContain(key)
})

test('T17: a connection that can spend is kept only after it was said and chosen', async () => {
  stage = await signedIn(can({ canSpend: true }))
  await connect()
  expect(find('can-spend').exists()).toBe(true)
  expect(stage.settings.merchantWallet).toBeNull()
  await find('anyway').trigger('click')
  await settle()
  expect(stage.settings.merchantWallet).not.toBeNull()
  expect(find('spend').text()).toContain('can also spend')
})

test('T17: one that does not say what it may do is asked about before it is kept, and never called unable to spend', async () => {
  stage = await signedIn(can({ unlisted: true, lookup: false, push: false }))
  await connect()
  expect(find('unlisted').text()).toContain('It does not say what it may do')
  expect(stage.settings.merchantWallet).toBeNull()
  await find('anyway').trigger('click')
  await settle()
  expect(stage.settings.merchantWallet).not.toBeNull()
  expect(find('spend').text()).toBe('It does not say what it may do')
  expect(find('spend').classes()).toEqual(['fair'])
})

test('T17: what a connection may still spend stands with what it can do; of one that cannot spend, only what is in it', async () => {
  stage = await signedIn(can({ canSpend: true, budget: { left: toMsat(90_000_000), renewsAt: null, balance: toMsat(1_234_567_000) } }))
  await connect()
  await find('anyway').trigger('click')
  await settle()
  expect(stage.wrapper.findAll('[data-test=limits]').map(line => line.text())).toEqual(['May still spend 90,000 sat', 'In the wallet: 1,234,567 sat'])
  stage.close()
  stage = await signedIn(can({ budget: { left: toMsat(0), renewsAt: null, balance: toMsat(21_000) } }))
  await connect()
  expect(stage.wrapper.findAll('[data-test=limits]').map(line => line.text())).toEqual(['In the wallet: 21 sat'])
})

test('a wallet of another network is refused with both names', async () => {
  stage = await signedIn(can({ network: 'mainnet' }))
  await connect()
  expect(find('wallet-error').text()).toContain('This wallet is on mainnet, the shop is on regtest.')
  expect(stage.settings.merchantWallet).toBeNull()
})

test('disconnecting deletes the connection and says how to revoke it', async () => {
  stage = await signedIn(can())
  await connect()
  await find('disconnect').trigger('click')
  await find('confirm').trigger('submit')
  await settle()
  expect(stage.settings.merchantWallet).toBeNull()
  expect(stage.wrapper.text()).toContain('Deleted from this device.')
})

test('automatic invoices wait for a wallet', async () => {
  stage = await signedIn(can())
  const auto = () => stage.wrapper.find('[data-test=auto-invoice] input')
  expect(auto().attributes('disabled')).toBeDefined()
  await connect()
  expect(auto().attributes('disabled')).toBeUndefined()
  await auto().setValue(true)
  expect(stage.settings.autoInvoice).toBe(true)
})

test('the wallet is asked once when the page opens, and a failure is said at the card', async () => {
  const capabilities = vi.fn(async () => err({ code: 'source_offline' as const, detail: '' }))
  stage = await openPage(DeskSettingsPage, '/desk/settings', {
    source: { capabilities },
    before: async ({ account, settings }) => {
      await account.startGuest()
      await settings.setMerchantWallet({ kind: 'lnbits', url: 'https://lnbits.example.com', invoiceKey: key })
    },
  })
  expect(capabilities).toHaveBeenCalledTimes(1)
  expect(find('wallet-card').text()).toContain('Your wallet cannot be reached.')
})

const other = `nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'b'.repeat(64)}`
const cards = () => stage.wrapper.findAll('[data-test=wallet-card]')
const roles = () => cards().map(card => [card.find('[data-test=wallet-title]').text(), card.find('[data-test=wallet-role]').text()])
const act = async (card: number, name: string) => {
  await cards()[card]?.find(`[data-test=${name}]`).trigger('click')
  await settle()
}

async function connectAnother(name = ''): Promise<void> {
  await find('add-wallet').trigger('click')
  await find('kind-nwc').setValue(true)
  await stage.wrapper.find('[name=nwc-uri]').setValue(other)
  await stage.wrapper.find('[name=wallet-name]').setValue(name)
  await stage.wrapper.find('form').trigger('submit')
  await settle()
}

test('a second wallet is added by name beside the first, which goes on making the invoices until another is chosen', async () => {
  stage = await signedIn(can())
  await connect()
  await connectAnother('Till')
  expect(roles()).toEqual([['Shop', 'Makes the invoices'], ['Till', 'Makes no invoices now']])
  expect(cards()[0]?.find('[data-test=issue]').exists()).toBe(false)
  await act(1, 'issue')
  expect(roles()).toEqual([['Shop', 'Makes no invoices now'], ['Till', 'Makes the invoices']])
  expect(stage.settings.merchantWallet).toMatchObject({ kind: 'nwc' })
  expect(stage.wrapper.html()).not.toContain('b'.repeat(64))
  expect(atRest(stage.device)).not.toContain('b'.repeat(64))
})

test('a wallet is renamed in its place; the same secret pasted again is the same wallet', async () => {
  stage = await signedIn(can())
  await connect()
  await act(0, 'rename')
  await stage.wrapper.find('[name=new-wallet-name]').setValue('Corner shop')
  await stage.wrapper.find('form').trigger('submit')
  await settle()
  expect(roles()).toEqual([['Corner shop', 'Makes the invoices']])
  await find('add-wallet').trigger('click')
  await connect()
  expect(roles()).toEqual([['Corner shop', 'Makes the invoices']])
})

test('a wallet without open invoices is let go after one question, which names who makes the invoices then', async () => {
  stage = await signedIn(can())
  await connect()
  await connectAnother('Till')
  await act(0, 'disconnect')
  expect(document.body.textContent).toContain('Disconnect Shop?')
  expect(document.body.textContent).toContain('Till makes the invoices then.')
  await find('confirm').trigger('submit')
  await settle()
  expect(roles()).toEqual([['Till', 'Makes the invoices']])
  expect(stage.wrapper.text()).toContain('reset its keys')
})

test('a Lightning address says before and after it is kept that nobody can know whether it was paid, and what it takes', async () => {
  stage = await signedIn(can({ lookup: false, push: false, recalls: false, alias: 'wool.example', least: toMsat(1_000), most: toMsat(5_000_000) }))
  await find('kind-lightning-address').setValue(true)
  expect(stage.wrapper.text()).toContain('Some addresses tell whether an invoice was paid, others do not.')
  await stage.wrapper.find('[name=pay-address]').setValue('amina@wool.example')
  await stage.wrapper.find('form').trigger('submit')
  await settle()
  expect(stage.settings.merchantWallet).toEqual({ kind: 'lightning-address', address: 'amina@wool.example' })
  expect(find('wallet-title').text()).toBe('amina@wool.example')
  expect(find('lookup').text()).toBe('Cannot say whether an invoice was paid: look into your wallet and mark orders as paid by hand')
  expect(find('takes').text()).toBe('Takes 1 to 5,000 sat for one invoice')
})

test('rules for answering by itself are kept with the account, sealed', async () => {
  stage = await signedIn(can())
  await stage.wrapper.find('[name=rule-max]').setValue('54 321')
  await stage.wrapper.find('[name=rule-max]').trigger('blur')
  await settle()
  await find('rule-hours').find('input').setValue(true)
  await settle()
  expect(stage.settings.answerRules).toEqual({ maxSat: 54_321, hours: { from: 480, to: 1_200 } })
  await find('rule-from').setValue('22:30')
  await find('rule-from').trigger('change')
  await settle()
  expect(stage.settings.answerRules.hours).toEqual({ from: 1_350, to: 1_200 })
  expect(atRest(stage.device)).not.toContain('54321')
})

describe('Reserve, then take', () => {
  const reserve = () => stage.wrapper.find('[data-test=reserve] input')
  const few = () => stage.wrapper.find('[data-test=reserve-few] input')

  test('is off, and can be switched on only with a wallet that can hold', async () => {
    stage = await signedIn(can())
    expect(reserve().attributes('disabled')).toBeDefined()
    await connect()
    expect(stage.settings.reserve).toBe('off')
    expect(reserve().attributes('disabled')).toBeDefined()
    expect(find('reserve').text()).toContain('Your wallet cannot hold payments.')
    expect(find('can-hold').exists()).toBe(false)
  })

  test('first for the last pieces, then for every order if wanted; and off again', async () => {
    stage = await signedIn(can({ hold: true }))
    await connect()
    expect(find('can-hold').text()).toBe('Reserve payments, and take or give them back')
    expect(few().exists()).toBe(false)
    await reserve().setValue(true)
    expect(stage.settings.reserve).toBe('few')
    await few().setValue(false)
    expect(stage.settings.reserve).toBe('all')
    await reserve().setValue(false)
    expect(stage.settings.reserve).toBe('off')
    expect(few().exists()).toBe(false)
  })

  test('where another wallet makes the invoices that cannot do it, it is switched off, so that no order waits for that', async () => {
    let hold = true
    stage = await signedIn({ capabilities: async () => ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: 'Shop', hold }) })
    await connect()
    await reserve().setValue(true)
    hold = false
    await connectAnother('Till')
    expect(stage.settings.reserve).toBe('few')
    await act(1, 'issue')
    expect(stage.settings.reserve).toBe('off')
    expect(find('reserve-ended').text()).toContain('Reserving was switched off')
    expect(reserve().attributes('disabled')).toBeDefined()
    await act(0, 'issue')
    expect(stage.settings.reserve).toBe('off')
    await reserve().setValue(true)
    await act(0, 'disconnect')
    await find('confirm').trigger('submit')
    await settle()
    expect(roles()).toEqual([['Till', 'Makes the invoices']])
    expect(stage.settings.reserve).toBe('off')
    expect(reserve().attributes('disabled')).toBeDefined()
  })

  test('with the only wallet it goes, too', async () => {
    stage = await signedIn(can({ hold: true }))
    await connect()
    await reserve().setValue(true)
    await act(0, 'disconnect')
    await find('confirm').trigger('submit')
    await settle()
    expect(stage.settings.reserve).toBe('off')
    expect(find('reserve').text()).toContain('Connect a wallet first.')
  })

  test('a wallet that does not answer takes no choice back', async () => {
    let answers = true
    stage = await signedIn({ capabilities: async () => answers ? ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: 'Shop', hold: true }) : err({ code: 'source_offline', detail: '' }) })
    await connect()
    await reserve().setValue(true)
    answers = false
    await act(0, 'check-wallet')
    expect(stage.settings.reserve).toBe('few')
  })
})
