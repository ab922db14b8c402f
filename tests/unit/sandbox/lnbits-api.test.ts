import type { Sandbox } from '../../../sandbox/sandbox'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { noFaults } from '../../../sandbox/wallet/faults'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'
import { sandbox, until } from './stage'

let stage: Sandbox
beforeAll(async () => {
  stage = await sandbox()
})
afterEach(() => void Object.assign(stage.faults, noFaults()))

async function call(path: string, key?: string, body?: object) {
  const answer = await fetch(`${stage.lnbits.url}${path}`, { method: body ? 'POST' : 'GET', headers: key === undefined ? {} : { 'x-api-key': key }, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, body: await answer.json() as Readonly<Record<string, unknown>> }
}
const make = (amount: number, more: object = {}) => call('/api/v1/payments', stage.lnbits.invoiceKey, { out: false, amount, unit: 'sat', memo: 'A mug', expiry: 900, extra: { order: 'o1' }, ...more })

test('no key 401, a wrong key 404, the invoice key may not pay 403', async () => {
  expect((await call('/api/v1/wallet')).status).toBe(401)
  expect((await call('/api/v1/wallet', 'f'.repeat(32))).status).toBe(404)
  expect(await call('/api/v1/payments', stage.lnbits.invoiceKey, { out: true, bolt11: 'lnbcrt1x' })).toMatchObject({ status: 403 })
  expect((await call('/api/v1/payments', stage.lnbits.invoiceKey, { bolt11: 'lnbcrt1x' })).status).toBe(403)
})

test('T17: only an admin key is shown the wallet\'s id', async () => {
  expect((await call('/api/v1/wallet', stage.lnbits.invoiceKey)).body).not.toHaveProperty('id')
  expect((await call('/api/v1/wallet', stage.lnbits.adminKey)).body).toHaveProperty('id')
})

test('made (201, both names), looked up, pushed when paid, in the history', async () => {
  const socket = new WebSocket(`${stage.lnbits.url.replace('http', 'ws')}/api/v1/ws/${stage.lnbits.invoiceKey}`)
  const pushed: { readonly payment: Readonly<Record<string, unknown>> }[] = []
  socket.on('message', (data: Buffer) => pushed.push(JSON.parse(data.toString('utf8')) as typeof pushed[number]))
  await new Promise(resolve => socket.once('open', resolve))
  const made = await make(2_100)
  expect(made.status).toBe(201)
  expect(made.body['bolt11']).toBe(made.body['payment_request'])
  expect(decodeInvoice(String(made.body['bolt11']))).toMatchObject({ ok: true, value: { amount: 2_100_000, description: 'A mug', expirySeconds: 900 } })
  const hash = String(made.body['payment_hash'])
  expect((await call(`/api/v1/payments/${hash}`)).body).toMatchObject({ paid: false, status: 'pending' })
  expect((await call(`/api/v1/payments/${hash}`)).body).not.toHaveProperty('details')
  await stage.lightning.pay(String(made.body['bolt11']))
  expect((await call(`/api/v1/payments/${hash}`, stage.lnbits.invoiceKey)).body).toMatchObject({ paid: true, details: { amount: 2_100_000, extra: { order: 'o1' } } })
  expect((await until(() => pushed[0])).payment).toMatchObject({ payment_hash: hash, status: 'success' })
  expect((await call('/api/v1/payments?limit=5', stage.lnbits.invoiceKey)).body).toEqual(expect.arrayContaining([expect.objectContaining({ payment_hash: hash })]))
  expect((await call(`/api/v1/payments/${'0'.repeat(64)}`)).status).toBe(404)
  socket.close()
})

test('the push channel of a key that is none stays silent', async () => {
  const socket = new WebSocket(`${stage.lnbits.url.replace('http', 'ws')}/api/v1/ws/${'f'.repeat(32)}`)
  let heard = 0
  socket.on('message', () => (heard += 1))
  await new Promise(resolve => socket.once('open', resolve))
  await stage.lightning.pay(String((await make(10)).body['bolt11']))
  await new Promise(resolve => setTimeout(resolve, 150))
  expect(heard).toBe(0)
  socket.close()
})

test('one rate for each currency, none for what it does not know; faults and health', async () => {
  expect((await call('/api/v1/rate/eur')).body).toEqual({ price: 92_500, rate: 100_000_000 / 92_500 })
  expect((await call('/api/v1/rate/ZZZ')).body).toEqual({ price: 0, rate: 0 })
  stage.faults.fail = 'OTHER'
  expect((await make(10)).status).toBe(520)
  expect((await call('/control/health')).body).toEqual({ ready: true, lightning: 'ledger' })
  expect((await call('/control/faults', undefined, { nonsense: 1 })).status).toBe(400)
})
