import type { Sandbox } from '../../../sandbox/sandbox'
import { NWCClient } from '@getalby/sdk/nwc'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { sandbox, until } from './stage'

// The client that most shops use, unchanged: what it understands, real wallets say too.
let stage: Sandbox
let merchant: NWCClient
let shopper: NWCClient
beforeAll(async () => {
  globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket
  stage = await sandbox()
  merchant = new NWCClient({ nostrWalletConnectUrl: stage.nwc.amina })
  shopper = new NWCClient({ nostrWalletConnectUrl: stage.nwc.shopper })
})
afterAll(() => [merchant, shopper].forEach(client => client.close()))

test('a foreign client makes, pays and looks up an invoice, and hears of it', async () => {
  expect((await merchant.getWalletServiceInfo()).capabilities).toContain('make_invoice')
  expect((await merchant.getInfo()).network).toBe('regtest')
  const heard: string[] = []
  const stop = await merchant.subscribeNotifications(({ notification }) => void heard.push(notification.payment_hash), ['payment_received'])
  const made = await merchant.makeInvoice({ amount: 7_000, description: 'Tea' })
  const paid = await shopper.payInvoice({ invoice: made.invoice })
  expect(await merchant.lookupInvoice({ payment_hash: made.payment_hash })).toMatchObject({ state: 'settled', preimage: paid.preimage, amount: 7_000 })
  await until(() => heard.find(hash => hash === made.payment_hash))
  stop()
})

test('a foreign client understands our refusals', async () => {
  await expect(merchant.payInvoice({ invoice: 'lnbcrt1x' })).rejects.toMatchObject({ code: 'RESTRICTED' })
  await expect(merchant.lookupInvoice({ payment_hash: '0'.repeat(64) })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
