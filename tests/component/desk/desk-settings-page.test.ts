import { afterEach, describe, expect, test, vi } from 'vitest'
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
  expect(find('wallet-card').text()).toContain('Connected: Shop')
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

  test('another wallet that cannot do it switches it off, so that no order waits for that', async () => {
    let hold = true
    stage = await signedIn({ capabilities: async () => ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: 'Shop', hold }) })
    await connect()
    await reserve().setValue(true)
    hold = false
    await find('disconnect').trigger('click')
    await find('confirm').trigger('submit')
    await settle()
    await connect()
    expect(stage.settings.reserve).toBe('off')
  })
})
