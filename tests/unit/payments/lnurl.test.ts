import { bech32 } from '@scure/base'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toMsat, type Hex32 } from '../../../src/domain/brand'
import { openPayAddress } from '../../../src/payments/lnurl'
import { realClock } from './hub'
import { mint } from './mint'
import { json, serve } from './server'

const MSAT = toMsat(31_000_000)
const METADATA = JSON.stringify([['text/plain', 'For Esma “ä”'], ['text/identifier', 'esma@wool.example']])

/** A service by the book, with the moods of one that lies. */
async function service() {
  const mood: { first: unknown, second: unknown, html: boolean, huge: boolean, redirect: string, msat: number, prefix: string, ageSeconds: number, hashed: string | null, verify: unknown } =
    { first: null, second: null, html: false, huge: false, redirect: '', msat: MSAT, prefix: 'lnbcrt', ageSeconds: 0, hashed: METADATA, verify: null }
  const seen: { path: string, referer: string | undefined, cookie: string | undefined }[] = []
  let made: ReturnType<typeof mint> | null = null
  const server = await serve((request, response) => {
    const { path } = request
    seen.push({ path, referer: request.headers.referer, cookie: request.headers.cookie })
    const here = `http://${request.headers.host}`
    if (path.startsWith('/.well-known/lnurlp/')) {
      if (mood.html)
        return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Esma</title>')
      if (mood.huge)
        return void response.end(`"${'x'.repeat(600_000)}"`)
      if (path.endsWith('/moved'))
        return void response.writeHead(302, { Location: mood.redirect }).end()
      return json(response, mood.first ?? { tag: 'payRequest', callback: `${here}/pay?of=esma`, minSendable: 1_000, maxSendable: 1e12, metadata: METADATA })
    }
    if (path.startsWith('/pay')) {
      if (mood.redirect !== '')
        return void response.writeHead(302, { Location: mood.redirect }).end()
      const at = Math.floor(Date.now() / 1000) - mood.ageSeconds
      made = mint({ msat: mood.msat, prefix: mood.prefix, at, ...(mood.hashed === null ? { description: 'plain' } : { hashed: mood.hashed }) })
      return json(response, mood.second ?? { pr: made.bolt11, routes: [], verify: `${here}/verify` })
    }
    return json(response, mood.verify ?? { status: 'OK', settled: true, preimage: made?.preimage, pr: made?.bolt11 })
  })
  return { ...server, mood, seen, address: `esma@${new URL(server.url).host}`, made: () => made }
}

let stage: Awaited<ReturnType<typeof service>>
const open = () => openPayAddress({ network: 'regtest', clock: realClock, loopback: true })
const ask = (address = stage.address, msat = MSAT) => open().invoice(address, msat)
beforeEach(async () => { stage = await service() })
afterEach(async () => stage.close())

describe('asking an address', () => {
  test('gives an invoice of exactly the amount, by the address\'s own parameters, with where to look its payment up', async () => {
    const made = await ask()
    expect(made).toMatchObject({ ok: true, value: { bolt11: stage.made()?.bolt11, paymentHash: stage.made()?.paymentHash, msat: MSAT, host: new URL(stage.url).host, verify: `${stage.url}/verify` } })
    expect(stage.seen.map(({ path }) => path)).toEqual(['/.well-known/lnurlp/esma', `/pay?of=esma&amount=${MSAT}`])
    expect(stage.seen.every(({ referer, cookie }) => referer === undefined && cookie === undefined)).toBe(true)
  })

  test('the same by LNURL; text in place of the hash is taken, as several services send it', async () => {
    stage.mood.hashed = null
    expect(await ask(stage.address.toUpperCase())).toMatchObject({ ok: true })
    // An LNURL leads to https or a hidden service only; this one is on loopback.
    const lnurl = bech32.encode('lnurl', bech32.toWords(new TextEncoder().encode(`${stage.url}/.well-known/lnurlp/esma`)), false)
    expect(await ask(lnurl)).toMatchObject({ ok: false, error: { code: 'bad_address' } })
  })

  test.each(['esma', '@wool.example', 'esma@', 'esma@wool', 'https://wool.example', 'lnbcrt1', '', 'a b@wool.example'])('"%s" is no address', async (text) => {
    expect(await ask(text)).toMatchObject({ ok: false, error: { code: 'bad_address' } })
  })

  test('T19: outside the sandbox no address leads to this machine, and none is asked without encryption', async () => {
    const asked: string[] = []
    const shop = openPayAddress({ network: 'mainnet', clock: realClock, loopback: false, fetch: async (url) => {
      asked.push(url)
      return Response.json({ tag: 'payRequest', callback: 'http://127.0.0.1:8333/', minSendable: 1, maxSendable: 1e12, metadata: METADATA })
    } })
    expect(await shop.invoice(stage.address, MSAT)).toMatchObject({ error: { code: 'bad_address' } })
    expect(await shop.invoice('esma@localhost:3000', MSAT)).toMatchObject({ error: { code: 'bad_address' } })
    expect(asked).toEqual([])
    expect(await shop.invoice('Esma@Wool.example', MSAT)).toMatchObject({ error: { code: 'unsafe_link' } })
    expect(await shop.invoice('esma@wool.example:8443', MSAT)).toMatchObject({ error: { code: 'unsafe_link' } })
    expect(asked).toEqual(['https://wool.example/.well-known/lnurlp/esma', 'https://wool.example:8443/.well-known/lnurlp/esma'])
  })
})

describe('T7: what a hostile or broken service answers is never an invoice', () => {
  const cases: readonly [string, () => void, string, string?][] = [
    ['another amount', () => { stage.mood.msat = MSAT * 2 }, 'wrong_amount'],
    ['one millisatoshi more', () => { stage.mood.msat = MSAT + 1 }, 'wrong_amount'],
    ['another network', () => { stage.mood.prefix = 'lnbc' }, 'wrong_network'],
    ['an invoice that is over', () => { stage.mood.ageSeconds = 4_000 }, 'expired'],
    ['an invoice for something else', () => { stage.mood.hashed = 'a car' }, 'other_description'],
    ['no invoice', () => { stage.mood.second = { pr: 'lnbcrt1nonsense' } }, 'bad_invoice'],
    ['HTML', () => { stage.mood.html = true }, 'not_lnurl', 'not-json'],
    ['a body without end', () => { stage.mood.huge = true }, 'not_lnurl', 'too-large'],
    ['another LNURL', () => { stage.mood.first = { tag: 'withdrawRequest', callback: stage.url } }, 'not_lnurl'],
    ['a refusal, its text cleaned', () => { stage.mood.second = { status: 'ERROR', reason: 'Not \u202Etoday' } }, 'refused', 'Not today'],
    ['a callback without encryption', () => { stage.mood.first = { tag: 'payRequest', callback: 'http://wool.example/pay', minSendable: 1, maxSendable: 1e12, metadata: METADATA } }, 'unsafe_link'],
    ['a callback that runs', () => { stage.mood.first = { tag: 'payRequest', callback: 'javascript:alert(1)', minSendable: 1, maxSendable: 1e12, metadata: METADATA } }, 'unsafe_link'],
    ['a callback that is handed on', () => { stage.mood.redirect = 'http://127.0.0.1:9/' }, 'unreachable'],
  ]
  test.each(cases)('%s', async (_name, set, code, detail) => {
    set()
    expect(await ask()).toMatchObject({ ok: false, error: { code, ...(detail !== undefined && { detail }) } })
  })

  test('an amount outside its bounds is not asked for, and the bound is said', async () => {
    stage.mood.first = { tag: 'payRequest', callback: `${stage.url}/pay`, minSendable: MSAT + 1, maxSendable: MSAT + 2, metadata: METADATA }
    expect(await ask()).toEqual({ ok: false, error: { code: 'too_little', detail: '', limit: MSAT + 1 } })
    expect(await ask(stage.address, toMsat(MSAT + 3))).toEqual({ ok: false, error: { code: 'too_much', detail: '', limit: MSAT + 2 } })
    expect(stage.seen.some(({ path }) => path.startsWith('/pay'))).toBe(false)
  })

  test('an address that is handed on is followed to a safe place only, which is then named', async () => {
    const other = await service()
    stage.mood.redirect = `${other.url}/.well-known/lnurlp/esma`
    const moved = stage.address.replace('esma', 'moved')
    expect(await ask(moved)).toMatchObject({ ok: true, value: { host: new URL(other.url).host } })
    await other.close()
    expect(await ask(moved)).toMatchObject({ ok: false, error: { code: 'unreachable' } })
  })

  test('nobody there, and nobody who answers in time', async () => {
    await stage.close()
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'unreachable' } })
    stage = await service()
  })
})

describe('whether it was paid (LUD-21)', () => {
  const verify = async (answer: unknown) => {
    const made = await ask()
    if (!made.ok)
      throw new TypeError('no invoice')
    stage.mood.verify = answer
    return open().verify({ ...made.value, verify: made.value.verify ?? '' })
  }
  test('T8: a preimage is taken when it hashes, whatever case it is in', async () => {
    const found = await verify(null)
    expect(found).toEqual({ status: 'settled', preimage: stage.made()?.preimage as Hex32 })
  })
  test('T8: "settled" without a proof, or with one that does not fit, proves nothing', async () => {
    expect(await verify({ status: 'OK', settled: true, preimage: null })).toEqual({ status: 'settled', preimage: null })
    expect(await verify({ status: 'OK', settled: true, preimage: 'ab'.repeat(32) })).toEqual({ status: 'settled', preimage: null })
  })
  test('not yet, an answer about another invoice, an error and nonsense are no payment', async () => {
    expect(await verify({ status: 'OK', settled: false, preimage: null })).toEqual({ status: 'pending' })
    expect(await verify({ status: 'OK', settled: true, preimage: null, pr: 'lnbcrt1other' })).toMatchObject({ status: 'unknown' })
    expect(await verify({ status: 'ERROR', reason: 'Not found' })).toEqual({ status: 'unknown', reason: 'Not found' })
    expect(await verify('paid!')).toMatchObject({ status: 'unknown' })
  })
})
