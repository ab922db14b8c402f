import type { Sandbox } from '../../../sandbox/sandbox'
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { noFaults } from '../../../sandbox/wallet/faults'
import { decodeInvoice } from '../../../src/domain/invoice/bolt11'
import { nwcClient } from './nwc-client'
import { sandbox, until } from './stage'

type Client = Awaited<ReturnType<typeof nwcClient>>
let stage: Sandbox
let merchant: Client
let shopper: Client
beforeAll(async () => {
  stage = await sandbox()
  merchant = await nwcClient(stage.nwc.amina)
  shopper = await nwcClient(stage.nwc.shopper)
})
afterEach(() => void Object.assign(stage.faults, noFaults()))
afterAll(() => [merchant, shopper].forEach(client => client.close()))

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
async function made(amount: number, more: object = {}) {
  const { result } = await merchant.ask('make_invoice', { amount, description: 'Honey', expiry: 600, ...more })
  return { invoice: String(result?.['invoice']), hash: String(result?.['payment_hash']), result }
}

test('says what it can: an info event, and get_info on regtest', async () => {
  const info = await until(() => merchant.events.find(event => event.kind === 13194))
  expect(info.content.split(' ')).toEqual(expect.arrayContaining(['make_invoice', 'lookup_invoice']))
  expect(info.content).not.toContain('pay_invoice')
  expect(info.tags).toContainEqual(['encryption', 'nip44_v2 nip04'])
  expect((await merchant.ask('get_info')).result).toMatchObject({ network: 'regtest', alias: 'Sandbox: Amina Haddad' })
})

for (const scheme of ['nip44_v2', 'nip04'] as const) {
  test(`a whole payment in ${scheme}: made, pending, paid, settled, both sides notified in both encryptions`, async () => {
    const asked = await merchant.ask('make_invoice', { amount: 42_000, description: 'Honey', expiry: 600, metadata: { order: 7 } }, { scheme })
    const hash = String(asked.result?.['payment_hash'])
    const invoice = String(asked.result?.['invoice'])
    expect(decodeInvoice(invoice)).toMatchObject({ ok: true, value: { amount: 42_000, network: 'regtest', paymentHash: hash, description: 'Honey', expirySeconds: 600 } })
    expect((await merchant.ask('lookup_invoice', { payment_hash: hash }, { scheme })).result).toMatchObject({ state: 'pending', metadata: { order: 7 } })
    const paid = await shopper.ask('pay_invoice', { invoice }, { scheme })
    expect(createHash('sha256').update(Buffer.from(String(paid.result?.['preimage']), 'hex')).digest('hex')).toBe(hash)
    expect((await merchant.ask('lookup_invoice', { invoice }, { scheme })).result).toMatchObject({ state: 'settled', amount: 42_000, preimage: paid.result?.['preimage'] })
    for (const kind of [23197, 23196] as const) {
      await until(() => merchant.notifications(kind).find(entry => entry.notification_type === 'payment_received' && entry.notification['payment_hash'] === hash))
      await until(() => shopper.notifications(kind).find(entry => entry.notification_type === 'payment_sent' && entry.notification['payment_hash'] === hash))
    }
    const { result } = await merchant.ask('list_transactions', { type: 'incoming' }, { scheme })
    expect(result?.['transactions']).toEqual(expect.arrayContaining([expect.objectContaining({ payment_hash: hash })]))
  })
}

test('two payments at once do not spend the same balance, and one invoice is paid once', async () => {
  const before = stage.accounts.shopper.balanceMsat
  const [one, other] = [await made(before - 1_000), await made(before - 1_000)]
  const both = await Promise.all([one, other].map(({ invoice }) => shopper.ask('pay_invoice', { invoice })))
  expect(both.map(answer => answer.error?.code ?? 'paid').sort()).toEqual(['INSUFFICIENT_BALANCE', 'paid'])
  expect(stage.accounts.shopper.balanceMsat).toBe(1_000)
  stage.accounts.shopper.balanceMsat = before
})

test('a payment is held until the merchant takes it, or gives it back: told in both encryptions, with a deadline', async () => {
  const held = async () => {
    const preimage = randomBytes(32)
    const hash = createHash('sha256').update(preimage).digest('hex')
    const { result } = await merchant.ask('make_hold_invoice', { amount: 7_000, payment_hash: hash, description: 'Last jar', expiry: 600, metadata: { order: 8 } })
    expect(decodeInvoice(String(result?.['invoice']))).toMatchObject({ ok: true, value: { amount: 7_000, paymentHash: hash, description: 'Last jar' } })
    const paying = shopper.ask('pay_invoice', { invoice: String(result?.['invoice']) })
    for (const kind of [23197, 23196] as const)
      expect(await until(() => merchant.notifications(kind).find(entry => entry.notification_type === 'hold_invoice_accepted' && entry.notification['payment_hash'] === hash))).toMatchObject({ notification: { settle_deadline: expect.any(Number) } })
    expect((await merchant.ask('lookup_invoice', { payment_hash: hash })).result).toMatchObject({ state: 'accepted', amount: 7_000, metadata: { order: 8 } })
    return { preimage: preimage.toString('hex'), hash, paying }
  }
  const before = stage.accounts.shopper.balanceMsat
  const taken = await held()
  expect((await merchant.ask('settle_hold_invoice', { preimage: taken.preimage })).error).toBeNull()
  expect((await taken.paying).result).toMatchObject({ preimage: taken.preimage })
  expect((await merchant.ask('lookup_invoice', { payment_hash: taken.hash })).result).toMatchObject({ state: 'settled' })
  const back = await held()
  expect((await merchant.ask('cancel_hold_invoice', { payment_hash: back.hash })).error).toBeNull()
  expect((await back.paying).error?.code).toBe('PAYMENT_FAILED')
  expect((await merchant.ask('lookup_invoice', { payment_hash: back.hash })).result).toMatchObject({ state: 'failed' })
  expect(stage.accounts.shopper.balanceMsat).toBe(before - 7_000)
  expect((await merchant.ask('cancel_hold_invoice', { payment_hash: taken.hash })).error?.code).toBe('OTHER')
  expect((await merchant.ask('settle_hold_invoice', { preimage: back.preimage })).error?.code).toBe('NOT_FOUND')
  expect((await shopper.ask('make_hold_invoice', { amount: 1, payment_hash: back.hash })).error?.code).toBe('RESTRICTED')
})

test('T17: a receive-only connection may not pay, and nothing moves', async () => {
  const { invoice, hash } = await made(1_000)
  expect((await merchant.ask('pay_invoice', { invoice })).error?.code).toBe('RESTRICTED')
  expect((await merchant.ask('lookup_invoice', { payment_hash: hash })).result).toMatchObject({ state: 'pending' })
  expect((await merchant.ask('sign_message', {})).error?.code).toBe('NOT_IMPLEMENTED')
})

test('the same request event twice is paid and answered as one', async () => {
  const { invoice } = await made(5_000)
  const before = stage.accounts.shopper.balanceMsat
  const event = shopper.compose('pay_invoice', { invoice })
  shopper.send(event)
  shopper.send(event)
  await until(() => shopper.answersTo(event.id)[0])
  await pause(150)
  const answers = shopper.answersTo(event.id).map(answer => shopper.open(answer.content, 'nip44_v2'))
  expect(answers).toEqual([expect.objectContaining({ error: null })])
  expect(stage.accounts.shopper.balanceMsat).toBe(before - 5_000)
})

test('refuses what is unknown, too much, paid already, expired or asked too late', async () => {
  expect((await merchant.ask('lookup_invoice', { payment_hash: '0'.repeat(64) })).error?.code).toBe('NOT_FOUND')
  expect((await merchant.ask('make_invoice', { amount: -1 })).error?.code).toBe('OTHER')
  expect((await shopper.ask('pay_invoice', { invoice: (await made(6_000_000_000)).invoice })).error?.code).toBe('INSUFFICIENT_BALANCE')
  const once = await made(1_000)
  await shopper.ask('pay_invoice', { invoice: once.invoice })
  expect((await shopper.ask('pay_invoice', { invoice: once.invoice })).error).toMatchObject({ code: 'OTHER' })
  const short = await made(1_000, { expiry: 1 })
  await pause(2_100)
  expect((await shopper.ask('pay_invoice', { invoice: short.invoice })).error?.code).toBe('PAYMENT_FAILED')
  expect((await merchant.ask('lookup_invoice', { payment_hash: short.hash })).result).toMatchObject({ state: 'expired' })
})

test('a request that ran out on its way is not carried out', async () => {
  const count = stage.accounts.amina.transactions.size
  stage.relay.faults.delayMs = 1_500
  const { error } = await merchant.ask('make_invoice', { amount: 1_000 }, { tags: [['expiration', String(Math.floor(Date.now() / 1000))]] })
  stage.relay.faults.delayMs = 0
  expect(error?.code).toBe('OTHER')
  expect(stage.accounts.amina.transactions.size).toBe(count)
})

test('told to stall it says nothing; told to fail it says so by code', async () => {
  stage.faults.stall = true
  const event = merchant.compose('get_info', {})
  merchant.send(event)
  await pause(300)
  expect(merchant.answersTo(event.id)).toEqual([])
  Object.assign(stage.faults, noFaults(), { fail: 'RATE_LIMITED' })
  expect((await merchant.ask('get_info')).error?.code).toBe('RATE_LIMITED')
})

test('told to be late, twice or garbled it is', async () => {
  stage.faults.lateMs = 250
  const started = Date.now()
  await merchant.ask('get_info')
  expect(Date.now() - started).toBeGreaterThanOrEqual(245)
  Object.assign(stage.faults, noFaults(), { twice: true })
  const doubled = merchant.compose('get_info', {})
  merchant.send(doubled)
  expect(await until(() => merchant.answersTo(doubled.id)[1])).toBeDefined()
  Object.assign(stage.faults, noFaults(), { garbled: true })
  const spoiled = merchant.compose('get_info', {})
  merchant.send(spoiled)
  const answer = await until(() => merchant.answersTo(spoiled.id)[0])
  expect(() => merchant.open(answer.content, 'nip44_v2')).toThrow()
})

test('told to, its invoices ask too much or run out at once, and a payment that went through is called broken', async () => {
  stage.faults.wrongAmount = true
  expect(decodeInvoice((await made(2_000)).invoice)).toMatchObject({ ok: true, value: { amount: 1_002_000 } })
  Object.assign(stage.faults, noFaults(), { expirySeconds: 2 })
  expect(decodeInvoice((await made(2_000)).invoice)).toMatchObject({ ok: true, value: { expirySeconds: 2 } })
  Object.assign(stage.faults, noFaults(), { internalAfterPaying: true })
  const { invoice, hash } = await made(3_000)
  expect((await shopper.ask('pay_invoice', { invoice })).error?.code).toBe('INTERNAL')
  expect((await merchant.ask('lookup_invoice', { payment_hash: hash })).result).toMatchObject({ state: 'settled' })
})
