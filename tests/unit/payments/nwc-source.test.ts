import { expect, test, vi } from 'vitest'
import type { Hex32, Msat, Seconds } from '../../../src/domain/brand'
import type { InvoiceRequest } from '../../../src/ports/invoices'
import { openNwcSource } from '../../../src/payments/nwc-source'
import { createHub, realClock } from './hub'
import { mint } from './mint'
import type { Reply } from './service'
import { connection, scriptedWallet } from './service'

const request: InvoiceRequest = { orderId: 'o-1', attempt: 1, amount: 21_000_000 as Msat, description: 'Order ORD-1', expirySeconds: 600 }
const hurried = { ...realClock, sleep: (ms: number, signal?: AbortSignal) => realClock.sleep(ms / 100, signal) }

function stage(options: Parameters<typeof scriptedWallet>[1] = {}, clock = realClock) {
  const hub = createHub()
  const service = scriptedWallet(hub, { info: 'make_invoice lookup_invoice list_transactions get_info', ...options })
  const made: object[] = []
  const source = openNwcSource({ connection, relays: hub.relays, clock, network: 'regtest' })
  /** A wallet that makes, lists and finds what it made. */
  const wallet = { dropMetadata: false, msat: 0, state: 'pending', answer: null as Reply | null }
  service.onAsk = (method, params) => {
    if (wallet.answer)
      return wallet.answer
    if (method === 'make_invoice') {
      const minted = mint({ msat: wallet.msat || Number(params['amount']), description: String(params['description']), expiry: Number(params['expiry']) })
      const transaction = { type: 'incoming', invoice: minted.bolt11, payment_hash: minted.paymentHash, amount: params['amount'], description: params['description'], created_at: realClock.now(), ...wallet.dropMetadata ? {} : { metadata: params['metadata'] } }
      made.unshift(transaction)
      return { result: transaction }
    }
    if (method === 'list_transactions')
      return { result: { transactions: made.slice(Number(params['offset']), Number(params['offset']) + Number(params['limit'])) } }
    return { result: made[0] ? { ...made[0], state: wallet.state } : null }
  }
  return { hub, service, source, wallet, made }
}

test('makes an invoice in msat with the order in its metadata, and the same attempt is the same invoice', async () => {
  const { service, source, made, wallet } = stage()
  const one = await source.create(request)
  expect(one.ok && one.value.amount).toBe(21_000_000)
  expect(service.asked.find(ask => ask.method === 'make_invoice')?.params).toEqual({ amount: 21_000_000, description: 'Order ORD-1', expiry: 600, metadata: { tag: 'souk', order_id: 'o-1', attempt: 1 } })
  expect(await source.create(request)).toEqual(one)
  await source.create({ ...request, attempt: 2 })
  expect(made).toHaveLength(2)
  wallet.dropMetadata = true
  const byText = await source.create({ ...request, orderId: 'o-9', description: 'Order ORD-9' })
  expect(await source.create({ ...request, orderId: 'o-9', description: 'Order ORD-9' })).toEqual(byText)
  expect(made).toHaveLength(3)
})

test('a lost answer is found in the list before anyone asks anew', async () => {
  const { hub, service, source, made } = stage({}, hurried)
  const minted = mint({ msat: request.amount, expiry: 600 })
  service.onAsk = (method) => {
    if (method === 'make_invoice') {
      made.push({ type: 'incoming', invoice: minted.bolt11, payment_hash: minted.paymentHash, amount: request.amount, metadata: { order_id: 'o-1', attempt: 1 } })
      return null
    }
    return { result: { transactions: made } }
  }
  const created = await source.create(request)
  expect(created.ok && created.value.paymentHash).toBe(minted.paymentHash)
  expect(new Set(hub.published.map(event => event.id)).size).toBe(3)
})

test('no answer at all is said as that, an unreachable relay as another thing', async () => {
  const silent = stage({}, hurried)
  silent.service.onAsk = () => null
  expect(await silent.source.create(request)).toMatchObject({ ok: false, error: { code: 'no_answer' } })
  silent.hub.setOpen(false)
  expect(await silent.source.create(request)).toMatchObject({ ok: false, error: { code: 'source_offline' } })
})

test('T7: an invoice of another amount never reaches the shopper', async () => {
  const { source, wallet } = stage()
  wallet.msat = 42_000_000
  expect(await source.create(request)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
})

test.each([['RESTRICTED', 'source_unauthorized'], ['NOT_IMPLEMENTED', 'not_implemented'], ['RATE_LIMITED', 'rate_limited'], ['OTHER', 'source_refused']])('%s is said as %s', async (code, said) => {
  const { source, wallet } = stage()
  wallet.answer = { error: { code, message: '' } }
  expect(await source.create(request)).toMatchObject({ ok: false, error: { code: said } })
})

test('T8: only a settled state is a payment; a preimage, another hash or an outgoing payment is none', async () => {
  const { source, wallet, service } = stage()
  const created = await source.create(request)
  const hash = (created.ok ? created.value.paymentHash : '') as Hex32
  expect(await source.lookup(hash)).toEqual({ status: 'pending' })
  wallet.state = 'SETTLED'
  expect(await source.lookup(hash)).toMatchObject({ status: 'settled', received: 21_000_000 })
  expect((await source.lookup('ee'.repeat(32) as Hex32)).status).toBe('unknown')
  const answers: [object, string][] = [
    [{ settled_at: 1_800_000_000 }, 'settled'], [{ preimage: '07'.repeat(32) }, 'pending'], [{ state: 'accepted' }, 'accepted'], [{ state: 'accepted', amount: 0 }, 'unknown'], [{ state: 'CANCELED' }, 'cancelled'], [{ state: 'failed', metadata: { hold: true } }, 'cancelled'], [{ state: 'of another time' }, 'pending'],
    [{ state: 'expired' }, 'expired'], [{ expires_at: 5 }, 'expired'], [{ state: 'failed' }, 'failed'], [{ state: 'settled', type: 'outgoing' }, 'unknown'], [{ state: 'settled', amount: 0 }, 'unknown'],
  ]
  for (const [fields, status] of answers) {
    service.onAsk = () => ({ result: { type: 'incoming', payment_hash: hash, amount: 5000, ...fields } })
    expect((await source.lookup(hash)).status, JSON.stringify(fields)).toBe(status)
  }
  service.onAsk = () => ({ error: { code: 'NOT_FOUND', message: '' } })
  expect((await source.lookup(hash)).status).toBe('unknown')
})

test('asks to hold for no longer than it takes to decide, and says until about when the wallet holds it', async () => {
  const { service, source } = stage()
  const hash = 'ab'.repeat(32) as Hex32
  service.onAsk = method => method === 'make_hold_invoice' ? { error: { code: 'OTHER', message: 'no' } } : { error: { code: 'NOT_FOUND', message: '' } }
  await source.create({ ...request, hold: { paymentHash: hash } })
  expect(service.asked.find(ask => ask.method === 'make_hold_invoice')?.params).toMatchObject({ payment_hash: hash, min_cltv_expiry_delta: 80 })

  let height: number | undefined = 900_000
  service.onAsk = method => method === 'get_info' ? { result: { methods: [], block_height: height } } : { result: { type: 'incoming', state: 'accepted', payment_hash: hash, amount: 5000, settle_deadline: 900_072 } }
  const before = realClock.now()
  const found = await source.lookup(hash)
  expect(found).toMatchObject({ status: 'accepted', settleBefore: 900_072 })
  const until = found.status === 'accepted' ? found.heldUntil ?? 0 : 0
  expect(until - before - 72 * 600).toBeLessThanOrEqual(5)
  expect(until - before - 72 * 600).toBeGreaterThanOrEqual(0)
  await source.lookup(hash)
  expect(service.asked.filter(ask => ask.method === 'get_info')).toHaveLength(1)

  // A wallet that knows no height, or another chain's: no time is made up.
  for (height of [undefined, 12]) {
    const other = stage()
    other.service.onAsk = method => method === 'get_info' ? { result: { methods: [], block_height: height } } : { result: { type: 'incoming', state: 'accepted', payment_hash: hash, amount: 5000, settle_deadline: 900_072 } }
    expect(await other.source.lookup(hash)).toEqual({ status: 'accepted', msat: 5000, settleBefore: 900_072 })
  }
})

test('T17: says when the connection could spend', async () => {
  const { service, source } = stage()
  service.onAsk = () => ({ result: { alias: 'W', network: 'regtest', methods: ['make_invoice', 'lookup_invoice', 'pay_invoice'], notifications: ['payment_received'] } })
  expect(await source.capabilities()).toEqual({ ok: true, value: { network: 'regtest', lookup: true, push: true, canSpend: true, alias: 'W' } })
  service.onAsk = () => ({ result: { network: 'mainnet', methods: ['make_invoice'] } })
  expect(await source.capabilities()).toMatchObject({ ok: true, value: { network: 'mainnet', canSpend: false, lookup: false } })
  service.onAsk = () => ({ result: { network: 'regtest', methods: ['pay_keysend'] } })
  expect(await source.capabilities()).toMatchObject({ ok: true, value: { canSpend: true, pays: false } })
})

test('T17: its limits are told where the connection may ask for them, and asked for nowhere else', async () => {
  const { service, source } = stage()
  const asked: string[] = []
  const methods = ['make_invoice', 'lookup_invoice', 'pay_invoice']
  service.onAsk = (method) => {
    asked.push(method)
    return method === 'get_budget' ? { result: { used_budget: 40_000, total_budget: 100_000 } } : method === 'get_balance' ? { error: { code: 'RESTRICTED', message: '' } } : { result: { network: 'regtest', methods } }
  }
  expect((await source.capabilities()).ok).toBe(true)
  expect(asked).toEqual(['get_info'])
  methods.push('get_budget', 'get_balance')
  expect(await source.capabilities()).toMatchObject({ ok: true, value: { canSpend: true, budget: { left: 60_000, renewsAt: null, balance: null } } })
})

test('a wallet that cannot read the first encryption is asked in the other', async () => {
  const { service, source } = stage()
  let asks = 0
  service.onAsk = () => asks++ === 0 ? { error: { code: 'UNSUPPORTED_ENCRYPTION', message: '' } } : { result: { methods: ['make_invoice'] } }
  expect((await source.capabilities()).ok).toBe(true)
  expect(service.asked.map(one => one.scheme)).toEqual(['nip44_v2', 'nip04'])
})

test('a wallet without an info event is tried in both', async () => {
  const { service, source } = stage({ encryption: 'no info' }, hurried)
  service.onAsk = () => service.asked.at(-1)?.scheme === 'nip04' ? { result: { methods: ['make_invoice'] } } : null
  expect((await source.capabilities()).ok).toBe(true)
})

test('notifications are hints, once each, of one kind; after a break everything is to be looked up', async () => {
  const { hub, service, source } = stage()
  const hints: object[] = []
  const end = source.subscribe(hint => hints.push(hint))
  await new Promise((resolve) => { setTimeout(resolve, 30) })
  service.notify(23197, 'payment_received', 'ee'.repeat(32))
  service.notify(23196, 'payment_received', 'ee'.repeat(32))
  service.notify(23197, 'payment_received', 'ee'.repeat(32))
  service.notify(23197, 'payment_sent', 'dd'.repeat(32))
  service.notify(23197, 'hold_invoice_accepted', 'ee'.repeat(32))
  service.notify(23197, 'payment_received', 'nonsense')
  await vi.waitFor(() => expect(hints).toContainEqual({ type: 'touched', paymentHash: 'ee'.repeat(32) }))
  // That it is held, and that it is taken, are two hints.
  await vi.waitFor(() => expect(hints).toEqual([{ type: 'online' }, { type: 'touched', paymentHash: 'ee'.repeat(32) }, { type: 'touched', paymentHash: 'ee'.repeat(32) }]))
  hub.setOpen(false)
  hub.setOpen(true)
  expect(hints.slice(3)).toEqual([{ type: 'offline' }, { type: 'online' }, { type: 'gap' }])
  end()
  source.dispose()
})

test('a connection that may not ask what it is goes by the wallet\'s public word, and its network stays open', async () => {
  const { source, wallet } = stage({ info: 'make_invoice lookup_invoice' })
  wallet.answer = { error: { code: 'RESTRICTED', message: '' } }
  expect(await source.capabilities()).toEqual({ ok: true, value: { network: null, lookup: true, push: true, canSpend: false, alias: '' } })
  wallet.answer = { error: { code: 'UNAUTHORIZED', message: '' } }
  expect(await source.capabilities()).toMatchObject({ ok: false, error: { code: 'source_unauthorized' } })
})

test('what came in is asked for by twenty, of invoices made up to a day before, and no further than ten pages', async () => {
  const { service, source } = stage()
  const asked: Record<string, unknown>[] = []
  let all: object[] = Array.from({ length: 30 }, (_, n) => ({ type: 'incoming', state: 'settled', payment_hash: n.toString(16).padStart(64, '0'), amount: 1_000 + n, description: `no ${n}`, created_at: 1_000_000, settled_at: 1_000_100 + n }))
  service.onAsk = (_method, params) => {
    asked.push(params)
    return { result: { transactions: all.slice(Number(params['offset']), Number(params['offset']) + Number(params['limit'])) } }
  }
  const found = await source.incoming?.(1_000_110 as Seconds)
  expect(found?.ok && found.value.map(({ msat }) => msat)).toEqual(Array.from({ length: 20 }, (_, n) => 1_029 - n))
  expect(found?.ok && found.value[0]).toEqual({ paymentHash: '1d'.padStart(64, '0'), msat: 1_029, settledAt: 1_000_129, description: 'no 29' })
  expect(asked).toEqual([0, 20].map(offset => ({ from: 1_000_110 - 86_400, limit: 20, offset, type: 'incoming' })))
  all = Array.from({ length: 1_000 }, () => ({ type: 'outgoing', state: 'settled', payment_hash: 'ee'.repeat(32), amount: 5, settled_at: 2_000_000 }))
  asked.length = 0
  expect(await source.incoming?.(0 as Seconds)).toEqual({ ok: true, value: [] })
  expect(asked).toHaveLength(10)
})
