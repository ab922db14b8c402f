/** The connection that refunds are paid from: what is asked of it, and when. */
import { afterEach, expect, test } from 'vitest'
import { useRefundWallet } from '../../../src/composables/useRefundWallet'
import { toMsat } from '../../../src/domain/brand'
import { ok } from '../../../src/domain/result'
import type { SourceCapabilities } from '../../../src/ports/invoices'
import { createHub } from '../../support/memory-hub'
import { openDesk, type DeskPage } from '../desk/desk-helpers'

const SPENDING = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'c'.repeat(64)}`
let desk: DeskPage
afterEach(() => desk.page.close())

async function open(can: Partial<SourceCapabilities>) {
  const seen = { opened: 0, disposed: 0, looked: 0 }
  desk = await openDesk({ hub: createHub(), autoInvoice: false, change: services => ({
    openInvoiceSource: settings => ({ ...services.openInvoiceSource(settings), capabilities: async () => ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: '', ...can }) }),
    openWallet: (connection) => {
      seen.opened += 1
      return { ...services.openWallet(connection), dispose: () => { seen.disposed += 1 }, budget: async () => {
        seen.looked += 1
        return { left: toMsat(9_000_000), renewsAt: null, balance: null }
      } }
    },
  }) })
  return { wallet: desk.page.run(useRefundWallet).value, seen }
}

test('T17: a wallet that does not say what it may do is no wallet that cannot pay; one that says so is', async () => {
  const silent = await open({ unlisted: true })
  expect(await silent.wallet.connect(SPENDING, false)).toEqual({ ok: true, value: undefined })
  expect(silent.wallet.connected.value).toBe(true)
  desk.page.close()
  const receives = await open({})
  expect(await receives.wallet.connect(SPENDING, false)).toEqual({ ok: false, error: { code: 'cannot-spend' } })
  expect(receives.wallet.connected.value).toBe(false)
})

test('T17: it is opened once something is asked of it, and closed when it is let go', async () => {
  const { wallet, seen } = await open({ canSpend: true })
  await wallet.connect(SPENDING, false)
  expect(seen).toEqual({ opened: 0, disposed: 0, looked: 0 })
  await wallet.look()
  expect(wallet.budget.value?.left).toBe(9_000_000)
  expect(wallet.payer()?.kind).toBe('nwc')
  expect(seen).toEqual({ opened: 1, disposed: 0, looked: 1 })
  await wallet.disconnect()
  expect([wallet.payer(), wallet.budget.value]).toEqual([null, null])
  expect(seen.disposed).toBe(1)
})
