import type { Sandbox } from '../../../sandbox/sandbox'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { noFaults } from '../../../sandbox/wallet/faults'
import { nwcClient } from './nwc-client'
import { sandbox, until } from './stage'

let stage: Sandbox
beforeAll(async () => {
  stage = await sandbox({ market: true })
})
afterEach(() => void Object.assign(stage.faults, noFaults()))

async function control(path: string, body?: object) {
  const answer = await fetch(`${stage.walletUrl}/control/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() as Readonly<Record<string, never>> }
}
const isOpen = (url: string) => new Promise<boolean>((resolve) => {
  const socket = new WebSocket(url)
  socket.once('error', () => resolve(false))
  socket.once('open', () => {
    socket.close()
    resolve(true)
  })
})

test('personas come with a key, a name and a wallet that answers', async () => {
  const { body } = await control('personas') as unknown as { body: Sandbox['personas'] }
  expect(body.shopper.nsec).toMatch(/^nsec1/)
  expect(body.merchant.nsec).toMatch(/^nsec1/)
  const wallet = await nwcClient(body.shopper.walletUri)
  expect((await wallet.ask('get_balance')).result?.['balance']).toBeGreaterThan(1_000_000_000)
  wallet.close()
})

test('the relay is stopped and started, and the wallet finds it again by itself', async () => {
  expect((await control('relay', { action: 'stop' })).status).toBe(200)
  expect(await isOpen(stage.relayUrl)).toBe(false)
  await control('relay', { action: 'start' })
  expect(await isOpen(stage.relayUrl)).toBe(true)
  const wallet = await nwcClient(stage.nwc.amina)
  await new Promise(resolve => setTimeout(resolve, 700))
  expect((await wallet.ask('get_info')).error).toBeNull()
  wallet.close()
  expect((await control('relay', { action: 'explode' })).status).toBe(400)
  expect((await control('relay', { which: 'auth', action: 'stop' })).status).toBe(400)
})

test('faults are set by name, cleared at once, and refused when there is no such fault', async () => {
  await control('faults', { twice: true, expirySeconds: 5 })
  expect(stage.faults).toMatchObject({ twice: true, expirySeconds: 5 })
  await control('faults', { reset: true, stall: true })
  expect(stage.faults).toEqual({ ...noFaults(), stall: true })
  expect((await control('faults', { stall: 'yes' })).status).toBe(400)
  await control('relay', { faults: { delayMs: 5 } })
  expect(stage.relay.faults.delayMs).toBe(5)
  await control('relay', { faults: { reset: true } })
  expect(stage.relay.faults.delayMs).toBe(0)
  expect((await control('relay', { faults: { explode: true } })).status).toBe(400)
})

test('a stranger\'s phone pays; every merchant has both kinds of wallet, and both tell of it', async () => {
  const { body } = await control('wallets') as unknown as { body: { readonly nwc: Sandbox['nwc'], readonly lnbits: Sandbox['lnbitsOf'] } }
  const merchant = await nwcClient(body.nwc.amina)
  const made = await merchant.ask('make_invoice', { amount: 9_000 })
  const hash = String(made.result?.['payment_hash'])
  expect((await control('pay', { bolt11: made.result?.['invoice'] })).body).toMatchObject({ paid: true })
  expect((await control('pay', { bolt11: made.result?.['invoice'] })).body).toMatchObject({ paid: false, reason: 'already-paid' })
  await until(() => merchant.notifications(23197).find(entry => entry.notification['payment_hash'] === hash))
  const seen = await fetch(`${body.lnbits.amina.url}/api/v1/payments/${hash}`, { headers: { 'x-api-key': body.lnbits.amina.invoiceKey } })
  expect(await seen.json()).toMatchObject({ paid: true, details: { amount: 9_000 } })
  merchant.close()
})

test('an answer that is lost was carried out; a wallet that is gone breaks the line', async () => {
  const { url, invoiceKey } = stage.lnbitsOf.amina
  const make = () => fetch(`${url}/api/v1/payments`, { method: 'POST', headers: { 'x-api-key': invoiceKey }, body: JSON.stringify({ out: false, amount: 5 }) })
  const count = stage.accounts.amina.transactions.size
  stage.faults.loseAnswer = true
  await expect(make()).rejects.toThrow()
  expect(stage.accounts.amina.transactions.size).toBe(count + 1)
  Object.assign(stage.faults, noFaults(), { offline: true })
  await expect(make()).rejects.toThrow()
  expect(stage.accounts.amina.transactions.size).toBe(count + 1)
  expect((await control('health')).status).toBe(200)
})

test('merchants whom nobody plays can be sent home', async () => {
  expect(stage.bots.on).toBe(true)
  expect((await control('bots', { on: false })).body).toEqual({ on: false })
  expect((await control('bots', { on: true })).body).toEqual({ on: true })
})

test('prices for all currencies at once', async () => {
  expect(await (await fetch(`${stage.walletUrl}/rates`)).json()).toMatchObject({ BTC: { EUR: 92_500, USD: 100_000 } })
})
