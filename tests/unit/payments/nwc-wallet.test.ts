import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { expect, test, vi } from 'vitest'
import type { Hex32, Seconds } from '../../../src/domain/brand'
import type { DecodedInvoice } from '../../../src/domain/invoice/types'
import { openNwcWallet } from '../../../src/payments/nwc-wallet'
import { createHub, realClock } from './hub'
import { connection, scriptedWallet } from './service'

const PREIMAGE = '07'.repeat(32)
const HASH = bytesToHex(sha256(new Uint8Array(32).fill(7))) as Hex32
const invoice = { bolt11: 'lnbcrt1x', paymentHash: HASH, expiresAt: realClock.now() + 600 as Seconds } as DecodedInvoice
const transaction = (state: string, more: object = {}) => ({ result: { type: 'outgoing', state, payment_hash: HASH, amount: 1000, ...more } })

/** Sixty seconds of waiting take a moment: only the sleeping is faster. */
const hurried = { ...realClock, sleep: (ms: number, signal?: AbortSignal) => realClock.sleep(ms / 100, signal) }

function stage(options?: Parameters<typeof scriptedWallet>[1], clock = realClock) {
  const hub = createHub()
  const service = scriptedWallet(hub, options)
  const wallet = openNwcWallet({ connection, relays: hub.relays, clock })
  return { hub, service, wallet, methods: () => service.asked.map(one => one.method) }
}

test('T8: pays, and the preimage is checked', async () => {
  const { service, wallet } = stage()
  service.onAsk = () => ({ result: { preimage: PREIMAGE, fees_paid: 3000 } })
  expect(await wallet.pay(invoice)).toEqual({ status: 'paid', preimage: PREIMAGE, fees: 3000 })
  expect(service.asked[0]).toMatchObject({ method: 'pay_invoice', params: { invoice: 'lnbcrt1x' }, scheme: 'nip44_v2' })
})

test('T8: a preimage that does not fit proves nothing', async () => {
  const { service, wallet } = stage()
  service.onAsk = method => method === 'pay_invoice' ? { result: { preimage: '08'.repeat(32) } } : transaction('pending')
  expect(await wallet.pay(invoice)).toEqual({ status: 'unknown', reason: 'preimage_mismatch' })
})

test('a wallet of the time before NIP-44 is spoken to in NIP-04', async () => {
  const { service, wallet } = stage({ encryption: null })
  service.onAsk = () => ({ result: { preimage: PREIMAGE } })
  expect((await wallet.pay(invoice)).status).toBe('paid')
  expect(service.asked[0]?.scheme).toBe('nip04')
})

test('no answer is not a failure: the same signed event goes out again, and a late answer is found by lookup', async () => {
  const { hub, service, wallet } = stage(undefined, hurried)
  service.onAsk = () => null
  expect(await wallet.pay(invoice)).toEqual({ status: 'unknown', reason: 'no answer yet' })
  const requests = hub.published.filter(event => event.id === service.asked[0]?.id)
  expect(requests.length).toBeGreaterThanOrEqual(2)
  const again = wallet.pay(invoice)
  await vi.waitFor(() => expect(hub.published.filter(event => event.id === requests[0]?.id).length).toBeGreaterThan(requests.length))
  service.reply(requests[0]?.id ?? '', 'pay_invoice', { result: { preimage: PREIMAGE } }, 'nip44_v2')
  expect((await again).status).toBe('paid')
  expect(new Set(service.asked.filter(one => one.method === 'pay_invoice').map(one => one.id)).size).toBe(1)
})

test('an answer twice, for another request, to another key or about another method changes nothing', async () => {
  const { service, wallet } = stage()
  const paying = wallet.pay(invoice)
  await vi.waitFor(() => expect(service.asked).toHaveLength(1))
  const id = service.asked[0]?.id ?? ''
  service.reply('00'.repeat(32), 'pay_invoice', { result: { preimage: PREIMAGE } }, 'nip44_v2')
  service.reply(id, 'pay_invoice', { error: { code: 'PAYMENT_FAILED', message: '' } }, 'nip44_v2', { to: '99'.repeat(32) })
  service.reply(id, 'get_balance', { result: { balance: 1 } }, 'nip44_v2')
  service.reply(id, 'pay_invoice', { result: { preimage: PREIMAGE } }, 'nip44_v2')
  service.reply(id, 'pay_invoice', { error: { code: 'INTERNAL', message: 'already paid' } }, 'nip44_v2')
  expect((await paying).status).toBe('paid')
})

test('an answer that cannot be read does not hang; one in the other encryption is read', async () => {
  const { service, wallet } = stage(undefined, { ...realClock, sleep: (ms, signal) => realClock.sleep(ms < 5000 ? 20 : ms, signal) })
  service.onAsk = method => method === 'pay_invoice' ? null : { error: { code: 'INTERNAL', message: '' } }
  const garbled = wallet.pay(invoice)
  // The silence after the shortened wait is asked about at once: the lookups come on top.
  await vi.waitFor(() => expect(service.asked.length).toBeGreaterThan(0))
  service.reply(service.asked[0]?.id ?? '', 'pay_invoice', { result: {} }, 'nip44_v2', { content: 'garbage' })
  expect(await garbled).toEqual({ status: 'unknown', reason: 'the answer could not be read' })

  const other = stage()
  const paying = other.wallet.pay(invoice)
  await vi.waitFor(() => expect(other.service.asked).toHaveLength(1))
  other.service.reply(other.service.asked[0]?.id ?? '', 'pay_invoice', { result: { preimage: PREIMAGE } }, 'nip04')
  expect((await paying).status).toBe('paid')
})

test.each([
  ['INSUFFICIENT_BALANCE', { error: { code: 'NOT_FOUND', message: '' } }, { status: 'failed', code: 'insufficient_balance' }],
  ['QUOTA_EXCEEDED', transaction('failed'), { status: 'failed', code: 'quota_exceeded' }],
  // A former request paid it: the wallet has no money left *because* it was paid.
  ['INSUFFICIENT_BALANCE', transaction('settled', { preimage: PREIMAGE }), { status: 'paid', preimage: PREIMAGE }],
  ['RESTRICTED', null, { status: 'failed', code: 'refused' }],
  ['UNAUTHORIZED', null, { status: 'failed', code: 'unauthorized' }],
  ['PAYMENT_FAILED', transaction('failed'), { status: 'failed', code: 'payment_failed' }],
  ['PAYMENT_FAILED', transaction('pending'), { status: 'unknown' }],
  ['PAYMENT_FAILED', { error: { code: 'NOT_IMPLEMENTED', message: '' } }, { status: 'unknown' }],
  ['INTERNAL', transaction('settled', { preimage: PREIMAGE }), { status: 'paid', preimage: PREIMAGE }],
  ['INTERNAL', { error: { code: 'NOT_FOUND', message: '' } }, { status: 'unknown' }],
  ['OTHER', transaction('pending'), { status: 'unknown' }],
  ['INTERNAL', { result: { type: 'incoming', state: 'settled', payment_hash: HASH, amount: 1000, preimage: PREIMAGE } }, { status: 'unknown' }],
])('%s, and the lookup says what it says: no word before it', async (code, lookup, outcome) => {
  const { service, wallet } = stage()
  service.onAsk = method => method === 'pay_invoice' ? { error: { code, message: 'words' } } : lookup
  expect(await wallet.pay(invoice)).toMatchObject(outcome)
})

test('an expired invoice, and a wallet that no relay reaches: certain that nothing was sent', async () => {
  const { hub, service, wallet } = stage(undefined, hurried)
  expect(await wallet.pay({ ...invoice, expiresAt: 1 as Seconds })).toMatchObject({ status: 'failed', code: 'expired' })
  hub.setOpen(false)
  expect(await wallet.pay(invoice)).toMatchObject({ status: 'failed', code: 'payment_failed' })
  expect(hub.published).toEqual([])
  expect(service.asked).toEqual([])
})

test('the request ends with the invoice, and stopping to wait does not stop the payment', async () => {
  const { hub, service, wallet } = stage()
  const stop = new AbortController()
  const paying = wallet.pay(invoice, { signal: stop.signal })
  await vi.waitFor(() => expect(service.asked).toHaveLength(1))
  stop.abort()
  expect(await paying).toEqual({ status: 'unknown', reason: 'stopped waiting' })
  const tags = hub.published[0]?.tags ?? []
  expect(tags).toContainEqual(['expiration', String(invoice.expiresAt)])
  expect(tags).toContainEqual(['p', connection.wallet])
})

test('T16: neither the secret nor the invoice leaves in the open', async () => {
  const { hub, service, wallet } = stage()
  service.onAsk = () => ({ result: { preimage: PREIMAGE } })
  await wallet.pay(invoice)
  const wire = JSON.stringify(hub.published)
  expect(wire).not.toContain(connection.secret)
  expect(wire).not.toContain('lnbcrt1x')
})

test('resolve says what the wallet says, and no more', async () => {
  const { service, wallet } = stage()
  service.onAsk = () => transaction('settled', { preimage: PREIMAGE })
  expect((await wallet.resolve(HASH)).status).toBe('paid')
  service.onAsk = () => transaction('failed')
  expect((await wallet.resolve(HASH)).status).toBe('failed')
  service.onAsk = () => ({ error: { code: 'NOT_FOUND', message: '' } })
  expect((await wallet.resolve(HASH)).status).toBe('unknown')
})

test('T17: of the money behind a connection only what was granted is asked, and what is told is in msat', async () => {
  const { service, wallet, methods } = stage({ info: 'pay_invoice lookup_invoice get_budget get_balance' })
  service.onAsk = method => method === 'get_budget' ? { result: { used_budget: 40_000, total_budget: 100_000, renews_at: 1_800_000_000, renewal_period: 'monthly' } } : { result: { balance: 5_000_000 } }
  expect(await wallet.budget?.()).toEqual({ left: 60_000, renewsAt: 1_800_000_000, balance: 5_000_000 })
  expect(methods().toSorted()).toEqual(['get_balance', 'get_budget'])

  const plain = stage()
  plain.service.onAsk = () => ({ error: { code: 'RESTRICTED', message: '' } })
  expect(await plain.wallet.budget?.()).toBeNull()
  expect(plain.methods()).toEqual([])
})

test('a budget that is none, spent over, or written wrongly is not shown as money', async () => {
  const { service, wallet } = stage({ info: 'pay_invoice get_budget' })
  service.onAsk = () => ({ result: {} })
  expect(await wallet.budget?.()).toBeNull()
  service.onAsk = () => ({ result: { used_budget: 200, total_budget: 100 } })
  expect(await wallet.budget?.()).toEqual({ left: 0, renewsAt: null, balance: null })
  service.onAsk = () => ({ result: { used_budget: 0, total_budget: 1.5 } })
  expect(await wallet.budget?.()).toBeNull()
})
