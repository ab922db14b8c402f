import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Hex32, Msat, Pubkey, Seconds } from '../../../src/domain/brand'
import type { InvoiceRequest } from '../../../src/ports/invoices'
import { openLnbits } from '../../../src/payments/lnbits'
import { lnbitsBase, walletError } from '../../../src/payments/lnbits-api'
import { realClock } from './hub'
import { mint } from './mint'
import { json, serve } from './server'

const KEY = 'abcdef0123456789abcdef0123456789'
const request: InvoiceRequest = { orderId: 'o-1', attempt: 1, amount: 21_000_000 as Msat, description: 'Order ORD-1', expirySeconds: 600 }

interface Row { amount: number, bolt11: string, payment_hash: string, extra: unknown, paid: boolean, preimage: string }

/** LNbits as far as the shop sees it, with the moods of a wallet. */
async function lnbitsServer() {
  const rows: Row[] = []
  const seen: { method: string, path: string, body: unknown, key: string }[] = []
  const mood = { wallet: { name: 'Shop', balance: 1 } as object, loseAnswer: false, wrongAmount: false, prefix: 'lnbcrt', status: 0, body: {} as unknown, state: null as unknown, made: (bolt11: string): object => ({ bolt11, payment_request: bolt11 }), history: null as unknown[] | null }
  const server = await serve((incoming, response, body) => {
    const { path, method = '' } = incoming
    seen.push({ method, path, body: body === '' ? null : JSON.parse(body), key: String(incoming.headers['x-api-key'] ?? '') })
    if (path === '/api/v1/health')
      return json(response, { up_time: 1 })
    if (mood.status)
      return json(response, mood.body, mood.status)
    if (path === '/api/v1/wallet')
      return json(response, mood.wallet)
    if (path.startsWith('/api/v1/payments?'))
      return json(response, (mood.history ?? [...rows].reverse()).slice(Number(new URL(path, 'http://x').searchParams.get('offset'))).slice(0, Number(new URL(path, 'http://x').searchParams.get('limit'))))
    if (path.startsWith('/api/v1/payments/')) {
      const row = rows.find(one => path.endsWith(one.payment_hash))
      if (mood.state)
        return json(response, mood.state)
      return row ? json(response, { paid: row.paid, status: row.paid ? 'success' : 'pending', preimage: row.preimage, details: { ...row, status: row.paid ? 'success' : 'pending', time: '2026-11-21T08:00:00' } }) : json(response, { detail: 'Payment does not exist.' }, 404)
    }
    const asked = JSON.parse(body) as { amount: number, memo: string, expiry: number, extra: unknown }
    const made = mint({ msat: asked.amount * (mood.wrongAmount ? 2000 : 1000), description: asked.memo, expiry: asked.expiry, prefix: mood.prefix })
    const row = { amount: asked.amount * 1000, bolt11: made.bolt11, payment_hash: made.paymentHash, extra: asked.extra, paid: false, preimage: made.preimage }
    rows.push(row)
    if (mood.loseAnswer)
      return incoming.socket.destroy()
    const { bolt11, ...rest } = row
    return json(response, { ...rest, ...mood.made(bolt11), status: 'pending' }, 201)
  })
  return { ...server, rows, seen, mood }
}

let server: Awaited<ReturnType<typeof lnbitsServer>>
const open = (invoiceKey = KEY) => openLnbits({ url: server.url, invoiceKey, network: 'regtest', clock: realClock, makeSocket: url => new WebSocket(url) as unknown as globalThis.WebSocket })
beforeEach(async () => { server = await lnbitsServer() })
afterEach(async () => server.close())

describe('creating', () => {
  test('asks for an incoming invoice in sat, with the key in the header only', async () => {
    const made = await open().create(request)
    expect(made.ok && made.value).toMatchObject({ amount: 21_000_000, paymentHash: server.rows[0]?.payment_hash })
    const post = server.seen.find(one => one.method === 'POST')
    expect(post?.body).toEqual({ out: false, amount: 21_000, unit: 'sat', memo: 'Order ORD-1', expiry: 600, extra: { tag: 'souk', order_id: 'o-1', attempt: 1 } })
    expect(post?.key).toBe(KEY)
    expect(server.seen.some(one => one.path.includes(KEY))).toBe(false)
  })

  test('who buys of whom is kept beside it at the wallet, under a tag that no other program answers', async () => {
    await open().create({ ...request, parties: { merchant: 'aa'.repeat(32) as Pubkey, buyer: 'bb'.repeat(32) as Pubkey } })
    expect(server.seen.find(one => one.method === 'POST')?.body).toMatchObject({ extra: { tag: 'souk', order_id: 'o-1', merchant_pubkey: 'aa'.repeat(32), buyer_pubkey: 'bb'.repeat(32) } })
  })

  test.each([
    ['the old name alone (0.12)', (bolt11: string) => ({ payment_request: bolt11 }), true],
    ['the new name alone (1.0 to 1.3)', (bolt11: string) => ({ bolt11 }), true],
    ['both (from 1.4)', (bolt11: string) => ({ bolt11, payment_request: bolt11 }), true],
    ['the new name empty', (bolt11: string) => ({ bolt11: '', payment_request: bolt11 }), true],
    ['a card company\'s page under the old name', (bolt11: string) => ({ bolt11, fiat_provider: 'stripe', payment_request: 'https://pay.example/1' }), true],
    ['nothing but such a page', () => ({ fiat_provider: 'stripe', payment_request: 'https://pay.example/1' }), false],
  ])('the invoice comes by %s', async (_name, answer, found) => {
    server.mood.made = answer
    const made = await open().create(request)
    if (found)
      expect(made).toMatchObject({ ok: true, value: { bolt11: server.rows[0]?.bolt11 } })
    else
      expect(made).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
  })

  test('the same attempt is the same invoice, the next attempt another', async () => {
    const [one, again, other] = [await open().create(request), await open().create(request), await open().create({ ...request, attempt: 2 })]
    expect(one).toEqual(again)
    expect(server.rows).toHaveLength(2)
    expect(other.ok && one.ok && other.value.paymentHash !== one.value.paymentHash).toBe(true)
  })

  test('an answer that was lost is found in the history: no second invoice', async () => {
    server.mood.loseAnswer = true
    const made = await open().create(request)
    expect(made.ok && made.value.paymentHash).toBe(server.rows[0]?.payment_hash)
    expect(server.rows).toHaveLength(1)
  })

  test('T17: an admin key is refused before it is used for anything', async () => {
    server.mood.wallet = { id: 'abc', name: 'Shop', balance: 1 }
    expect(await open().create(request)).toMatchObject({ ok: false, error: { code: 'source_can_spend' } })
    expect(await open().capabilities()).toMatchObject({ ok: false, error: { code: 'source_can_spend' } })
    expect(server.seen.every(one => one.path === '/api/v1/wallet')).toBe(true)
  })

  test('T7: an invoice of another amount or network never reaches the shopper', async () => {
    server.mood.wrongAmount = true
    expect(await open().create(request)).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
    server.mood.wrongAmount = false
    server.mood.prefix = 'lnbc'
    expect(await open().create({ ...request, orderId: 'o-2' })).toMatchObject({ ok: false, error: { code: 'source_bad_invoice' } })
  })

  test('parts of a satoshi are not silently rounded', async () => {
    expect(await open().create({ ...request, amount: 1500 as Msat })).toMatchObject({ ok: false, error: { code: 'source_refused' } })
  })

  test('a wallet that is not there is said, and an address that is none as well', async () => {
    const gone = openLnbits({ url: 'http://127.0.0.1:9', invoiceKey: KEY, network: 'regtest', clock: realClock })
    expect(await gone.create(request)).toMatchObject({ ok: false, error: { code: 'source_offline' } })
    expect(await openLnbits({ url: 'http://shop.example', invoiceKey: KEY, network: 'regtest', clock: realClock }).create(request)).toMatchObject({ ok: false, error: { code: 'bad_settings' } })
    expect(await open('not a key').create(request)).toMatchObject({ ok: false, error: { code: 'bad_settings' } })
  })
})

describe('looking up', () => {
  test('T8: pending, then settled with what was received and when', async () => {
    const source = open()
    const made = await source.create(request)
    const hash = (made.ok ? made.value.paymentHash : '') as Hex32
    expect(await source.lookup(hash)).toEqual({ status: 'pending' })
    const [row] = server.rows
    if (row)
      row.paid = true
    expect(await source.lookup(hash)).toEqual({ status: 'settled', received: 21_000_000, settledAt: Date.parse('2026-11-21T08:00:00Z') / 1000, preimage: row?.preimage })
  })

  test('T8: a preimage while unpaid is no payment', async () => {
    const made = await open().create(request)
    expect((await open().lookup((made.ok ? made.value.paymentHash : '') as Hex32)).status).toBe('pending')
  })

  test('what the wallet could not check, does not know or says about another payment stays unknown', async () => {
    const made = await open().create(request)
    const hash = (made.ok ? made.value.paymentHash : '') as Hex32
    expect((await open().lookup('ee'.repeat(32) as Hex32)).status).toBe('unknown')
    server.mood.state = { paid: false, details: { payment_hash: hash, amount: 1 } }
    expect((await open().lookup(hash)).status).toBe('unknown')
    server.mood.state = { paid: true, status: 'success', details: { payment_hash: 'ee'.repeat(32), amount: 5 } }
    server.rows.length = 0
    expect((await open().lookup(hash)).status).toBe('unknown')
    server.mood.state = { paid: true, status: 'success', details: { payment_hash: hash, amount: -5 } }
    expect((await open().lookup(hash)).status).toBe('unknown')
  })
})

describe('what came in', () => {
  const hash = (n: number) => n.toString(16).padStart(64, '0')
  const list = async (since: number) => {
    const found = await open().incoming?.(since as Seconds)
    return found?.ok ? found.value.map(({ msat, settledAt, description }) => [msat, settledAt, description]) : found
  }

  test('is listed from old and new answers alike; what went out, waits or failed is not', async () => {
    server.mood.history = [
      { payment_hash: hash(1), amount: 5_000, status: 'success', memo: 'new', time: '2026-11-21T08:00:00', updated_at: '2026-11-21T08:05:00' },
      { payment_hash: hash(2), amount: 7_000, pending: false, memo: 'old', time: 1_795_248_600 },
      { payment_hash: hash(3), amount: -9_000, status: 'success', memo: 'out', time: '2026-11-21T08:00:00' },
      { payment_hash: hash(4), amount: 9_000, status: 'pending', memo: 'waits', time: '2026-11-21T08:00:00' },
      { payment_hash: hash(5), amount: 9_000, pending: true, memo: 'waits', time: 1_795_248_600 },
      { payment_hash: hash(6), amount: 9_000, status: 'failed', memo: 'failed', time: '2026-11-21T08:00:00' },
      { payment_hash: 'internal_1', amount: 9_000, status: 'success', time: '2026-11-21T08:00:00' },
    ]
    expect(await list(0)).toEqual([[7_000, 1_795_248_600, 'old'], [5_000, Date.parse('2026-11-21T08:05:00Z') / 1_000, 'new']])
    expect(await list(1_795_248_600)).toEqual([[7_000, 1_795_248_600, 'old']])
  })

  test('is read page by page, as far back as asked and never without end', async () => {
    const row = (n: number) => ({ payment_hash: hash(n), amount: 1_000 * (n + 1), status: 'success', memo: '', time: 1_795_000_000 - n * 3_600 })
    server.mood.history = Array.from({ length: 1_000 }, (_, n) => row(n))
    expect(await list(0)).toHaveLength(300)
    server.seen.length = 0
    expect(await list(1_795_000_000 - 50 * 3_600)).toHaveLength(51)
    expect(server.seen.filter(one => one.path.startsWith('/api/v1/payments?'))).toHaveLength(1)
  })

  test('a wallet that does not answer is said as that', async () => {
    server.mood.status = 520
    expect(await open().incoming?.(0 as Seconds)).toMatchObject({ ok: false, error: { code: 'source_refused' } })
  })
})

test.each([
  [401, { detail: 'No Api Key provided.' }, 'source_unauthorized'], [403, { detail: 'Invalid adminkey.' }, 'source_unauthorized'],
  [404, { detail: 'Wallet not found.' }, 'source_unauthorized'], [404, { detail: 'Payment does not exist.' }, 'source_refused'],
  [400, { detail: 'amount too high' }, 'source_refused'], [400, { detail: [{ loc: [], msg: 'x', type: 'y' }] }, 'source_refused'],
  [520, { detail: 'Invoice amount is too high', status: 'failed' }, 'source_refused'], [429, { error: 'Rate limit exceeded' }, 'rate_limited'],
  [500, { detail: 'Unexpected error! ID: 1' }, 'source_offline'], [502, '<html>', 'source_offline'],
])('status %i %o is said as %s', (status, body, code) => {
  expect(walletError({ code: 'status', status, body }).code).toBe(code)
})

test('a copied wallet address is cut to the address of the server', () => {
  expect(lnbitsBase('https://ln.example/wallet?usr=abc&wal=def')).toBe('https://ln.example')
  expect(lnbitsBase(' https://ln.example/sub/ ')).toBe('https://ln.example/sub')
  expect(lnbitsBase('http://localhost:5000')).toBe('http://localhost:5000')
  for (const wrong of ['http://ln.example', 'ftp://x', 'javascript:alert(1)', '', 'ln.example'])
    expect(lnbitsBase(wrong), wrong).toBeNull()
})

test('the push channel gives hints, and after a break asks for everything to be looked up', async () => {
  const sockets = new WebSocketServer({ server: server.server })
  const paths: string[] = []
  sockets.on('connection', (_socket, incoming) => paths.push(incoming.url ?? ''))
  const hints: object[] = []
  const source = open()
  const end = source.subscribe(hint => hints.push(hint))
  await vi.waitFor(() => expect(hints).toEqual([{ type: 'online' }]))
  expect(paths).toEqual([`/api/v1/ws/${KEY}`])
  const send = (text: string) => sockets.clients.forEach(socket => socket.send(text))
  for (const odd of ['', '{', '[]', '{"payment":null}', '{"payment":{"payment_hash":"zz"}}'])
    send(odd)
  send(JSON.stringify({ wallet_balance: 1, payment: { payment_hash: 'ee'.repeat(32), status: 'success' } }))
  await vi.waitFor(() => expect(hints.at(-1)).toEqual({ type: 'touched', paymentHash: 'ee'.repeat(32) }))
  sockets.clients.forEach(socket => socket.terminate())
  await vi.waitFor(() => expect(hints.slice(2)).toEqual([{ type: 'offline' }, { type: 'online' }, { type: 'gap' }]), 4000)
  end()
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0))
  source.dispose()
})
