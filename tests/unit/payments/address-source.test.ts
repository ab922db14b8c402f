import { afterEach, beforeEach, expect, test } from 'vitest'
import { toMsat, type Hex32 } from '../../../src/domain/brand'
import type { InvoiceRequest } from '../../../src/ports/invoices'
import { openAddressSource } from '../../../src/payments/address-source'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { noFaults } from '../../../sandbox/wallet/faults'
import { LnbitsApi } from '../../../sandbox/wallet/lnbits-api'
import { lnurlApi } from '../../../sandbox/wallet/lnurl-api'
import { serveWallet } from '../../../sandbox/wallet/server'
import { Account } from '../../../sandbox/wallet/till'
import { realClock } from './hub'

const request: InvoiceRequest = { orderId: 'o-1', attempt: 1, amount: toMsat(21_000_000), description: 'Wool · ORD-2026-1', number: 'ORD-2026-1', expirySeconds: 600 }
const faults = noFaults()
let lightning: LedgerBackend
let account: Account
let server: Awaited<ReturnType<typeof serveWallet>>
beforeEach(async () => {
  Object.assign(faults, noFaults())
  lightning = new LedgerBackend(realClock.now)
  account = new Account('Shop', 'merchant', 0, lightning, faults, realClock.now)
  lightning.onReceived(payment => account.settle(payment))
  server = await serveWallet(0, new LnbitsApi([], faults, realClock.now), [lnurlApi({ amina: account }, faults)])
})
afterEach(async () => server.close())
const open = (name = 'amina', network: 'regtest' | 'mainnet' = 'regtest') => openAddressSource({ address: `${name}@${new URL(server.url).host}`, network, clock: realClock, loopback: true })

test('says what it takes, that it cannot spend or push, and that it keeps no list', async () => {
  expect(await open().capabilities()).toEqual({ ok: true, value: { network: 'regtest', lookup: true, push: false, canSpend: false, recalls: false, alias: new URL(server.url).host, least: 1_000, most: 2_000_000_000 } })
})

test('T8: where the service says nothing of payments, that is said before and with each invoice, and no lookup pretends to know', async () => {
  faults.noVerify = true
  const source = open()
  expect(await source.capabilities()).toMatchObject({ ok: true, value: { lookup: false } })
  const made = await source.create(request)
  if (!made.ok)
    throw new Error(made.error.code)
  expect(made.value.verify).toBeNull()
  await lightning.pay(made.value.bolt11)
  expect((await source.lookup(made.value.paymentHash, undefined, { bolt11: made.value.bolt11, verify: null })).status).toBe('unknown')
})

test('an invoice made for one order is not answered by the link of another', async () => {
  const source = open()
  const [one, two] = [await source.create(request), await source.create({ ...request, orderId: 'o-2' })]
  if (!one.ok || !two.ok)
    throw new Error('not made')
  await lightning.pay(two.value.bolt11)
  expect((await source.lookup(one.value.paymentHash, undefined, { bolt11: one.value.bolt11, verify: two.value.verify ?? null })).status).toBe('unknown')
  expect((await source.lookup(one.value.paymentHash, undefined, { bolt11: two.value.bolt11, verify: two.value.verify ?? null })).status).toBe('unknown')
  expect(await source.lookup(two.value.paymentHash, undefined, { bolt11: two.value.bolt11, verify: two.value.verify ?? null })).toMatchObject({ status: 'settled', received: 21_000_000, preimage: account.transactions.get(two.value.paymentHash)?.preimage as Hex32 })
})

test('the order\'s number goes with the question, for the merchant\'s own list; one that is too long does not', async () => {
  await open().create(request)
  await open().create({ ...request, number: 'x'.repeat(100) })
  expect([...account.transactions.values()].map(({ metadata }) => metadata['comment'])).toEqual(['ORD-2026-1', undefined])
})

test('an amount that the address does not take is refused with its bound in sat, and nothing is made', async () => {
  expect(await open().create({ ...request, amount: toMsat(500) })).toEqual({ ok: false, error: { code: 'amount_too_small', detail: '1' } })
  expect(await open().create({ ...request, amount: toMsat(2_000_000_001_000) })).toEqual({ ok: false, error: { code: 'amount_too_large', detail: '2000000' } })
  expect(account.transactions.size).toBe(0)
})

test('another network is named, so that the wallet is not kept; nobody, nonsense and a dead service are told apart', async () => {
  expect(await open('amina', 'mainnet').capabilities()).toMatchObject({ ok: true, value: { network: 'regtest' } })
  expect(await open('amina', 'mainnet').create(request)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
  expect(await open('nobody').capabilities()).toMatchObject({ ok: false, error: { code: 'source_refused', detail: 'Nobody by that name.' } })
  expect(await openAddressSource({ address: 'not an address', network: 'regtest', clock: realClock, loopback: true }).create(request)).toMatchObject({ ok: false, error: { code: 'bad_settings' } })
  faults.offline = true
  expect(await open().create(request)).toMatchObject({ ok: false, error: { code: 'source_offline' } })
})
