/** Before an order is asked for again: what became of the invoices that it was asked with. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Hex32, OrderKey } from '../../../src/domain/brand'
import { failureReason } from '../../../src/domain/order/answer-rules'
import type { FormerDoubt } from '../../../src/domain/order/former-invoices'
import { walletId, type WalletSettings } from '../../../src/domain/wallet/merchant-wallets'
import { autoInvoice, type AutoInvoiceDeps } from '../../../src/flows/autoInvoice'
import type { Formers } from '../../../src/flows/clear-former'
import { lookupAcross, type OpenedWallet } from '../../../src/flows/lookup-invoice'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestByHand } from '../../../src/flows/requestByHand'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sendChat } from '../../../src/flows/sendChat'
import { settleHold, withdrawHold } from '../../../src/flows/settleHold'
import { settlePayment } from '../../../src/flows/settlePayment'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerSource } from '../../support/memory-services'
import { makeInvoice } from '../../support/order-invoices'
import { Reserving, soap as reservable } from '../../support/reserving'

const HOUR = 3_600
const soap = productOfMerchant('soap', { stock: null })
const shelf = shelfWith(soap)
let clock: ReturnType<typeof manualClock>
let merchant: FlowPerson
let shopper: FlowPerson
let key: OrderKey

/** A wallet of its own, which may be out of reach. */
function till(digit: string) {
  const ledger = new LedgerBackend(() => clock.now())
  const own = ledgerSource(ledger)
  const settings: WalletSettings = { kind: 'lnbits', url: 'https://ln.example', invoiceKey: digit.repeat(32) }
  const made = new Set<string>()
  const line = { up: true }
  const wallet: OpenedWallet = { id: walletId(settings), name: '', settings, source: {
    ...own,
    async create(request) {
      const invoice = await own.create(request)
      if (invoice.ok)
        made.add(invoice.value.paymentHash)
      return invoice
    },
    lookup: async hash => line.up && made.has(hash) ? own.lookup(hash) : { status: 'unknown', reason: 'no answer' },
  } }
  return { ledger, wallet, made, line }
}
let one: ReturnType<typeof till>
let two: ReturnType<typeof till>

beforeEach(async () => {
  const hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  one = till('1')
  two = till('2')
  const placed = await placeOrder(shopper.deps, checkoutOf(shelf, soap))
  if (!placed.ok)
    throw new Error(placed.error.code)
  key = placed.value
  await exchange()
})

async function exchange(): Promise<void> {
  await clock.advance(2)
  await shopper.post()
  await merchant.post()
  await Promise.all([shopper.fetch(), merchant.fetch()])
}
async function deskWith({ wallet: { id, source } }: ReturnType<typeof till>): Promise<AutoInvoiceDeps> {
  const lookUp: Formers['lookUp'] = (order, hash) => settlePayment({ ...merchant.deps, source: lookupAcross([one.wallet, two.wallet]), paidWords: 'Thank you' }, order, hash)
  return { ...await deskOf(merchant, () => shelf, new LedgerBackend(() => clock.now())), source, wallet: id, former: { lookUp, withdraw: lookUp } }
}
const orderOf = async (person: FlowPerson) => {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new Error('no order')
  return order
}
const pay = async ({ ledger }: ReturnType<typeof till>): Promise<void> => { await ledger.pay((await orderOf(merchant)).issued.at(-1)?.bolt11 ?? '') }
async function shopperWrites(text: string): Promise<void> {
  await sendChat(shopper.deps, key, text)
  await exchange()
}
const again = async (despite: readonly FormerDoubt[] = [], from = two) => requestPayment(await deskWith(from), key, { despite })

describe('asked anew by itself', () => {
  test('T9: "I paid, did you get it?" is no reason to ask again: the wallet is asked, the money recorded, the shopper told', async () => {
    await autoInvoice(await deskWith(one), { key })
    await pay(one)
    await clock.advance(2 * HOUR)
    await shopperWrites('I paid, did you get it?')
    expect(await autoInvoice(await deskWith(one), { key })).toEqual({ ok: true, value: { type: 'wait' } })
    expect(one.made.size).toBe(1)
    await exchange()
    expect(await orderOf(merchant)).toMatchObject({ status: 'payment_confirmed', problems: [], issued: [{ attempt: 1 }] })
    expect(await orderOf(shopper)).toMatchObject({ payment: 'said', requests: [{ supersededBy: null }] })
  })

  test('T9: the wallet that made it is out of reach, another one issues: it waits under a reason, until the first one answers', async () => {
    await autoInvoice(await deskWith(one), { key })
    await clock.advance(2 * HOUR)
    await shopperWrites('A new one, please')
    one.line.up = false
    const asked = await autoInvoice(await deskWith(two), { key })
    expect(asked).toMatchObject({ ok: false, error: { code: 'former-unknown' } })
    expect(asked.ok ? null : failureReason(asked.error.code)).toBe('former-unknown')
    expect(two.made.size).toBe(0)
    one.line.up = true
    expect(await autoInvoice(await deskWith(two), { key })).toMatchObject({ value: { type: 'asked' } })
  })

  test('T9: every former one is looked up, not the newest alone', async () => {
    await autoInvoice(await deskWith(one), { key })
    const first = (await orderOf(merchant)).issued[0]
    await exchange()
    await clock.advance(10)
    await again(['former-payable'])
    await one.ledger.pay(first?.bolt11 ?? '')
    await clock.advance(2 * HOUR)
    await shopperWrites('Which one now?')
    expect(await autoInvoice(await deskWith(two), { key })).toEqual({ ok: true, value: { type: 'wait' } })
    expect((await orderOf(merchant)).issued).toHaveLength(2)
  })
})

describe('asked anew by hand', () => {
  test('T9: one that can still be paid is said, with its time, before a second goes out; and goes out when that was read', async () => {
    await requestPayment(await deskWith(one), key)
    await clock.advance(60)
    const until = (await orderOf(merchant)).issued[0]?.expiresAt
    expect(await again()).toEqual({ ok: false, error: { code: 'former-payable', until, withdrawable: false } })
    expect(two.made.size).toBe(0)
    expect(await again(['former-payable'])).toMatchObject({ ok: true })
    expect((await orderOf(merchant)).requests).toHaveLength(2)
  })

  test('expired, and its wallet says so: nothing is asked', async () => {
    await requestPayment(await deskWith(one), key)
    await clock.advance(2 * HOUR)
    expect(await again()).toMatchObject({ ok: true })
  })

  test('T9: what is not known is said before anything is sent', async () => {
    await requestPayment(await deskWith(one), key)
    await clock.advance(2 * HOUR)
    one.line.up = false
    expect(await again()).toMatchObject({ ok: false, error: { code: 'former-unknown', until: null } })
    expect(await again(['former-unknown'])).toMatchObject({ ok: true })
    // One is not known, another can be paid: that is one question, which names the later time.
    await clock.advance(10)
    const until = (await orderOf(merchant)).issued[1]?.expiresAt
    expect(await again()).toEqual({ ok: false, error: { code: 'former-unknown', until, withdrawable: false } })
    expect(await again(['former-unknown'])).toMatchObject({ ok: true })
  })

  test('T9: paid and not looked at yet: that is found, and no second one is made', async () => {
    await requestPayment(await deskWith(one), key)
    await pay(one)
    expect(await again(['former-unknown', 'former-payable'])).toMatchObject({ ok: false, error: { code: 'already-paid' } })
    expect(two.made.size).toBe(0)
  })

  test('T9: the same holds for what is pasted; and of an address that was pasted nobody here knows', async () => {
    await requestPayment(await deskWith(one), key)
    const desk = { ...await deskWith(two), network: 'regtest' as const, wayNames: { address: 'Lightning address', onchain: 'Bitcoin address', link: 'Page' } }
    const hand = { pasted: 'https://pay.example/7', confirmed: null }
    expect(await requestByHand(desk, key, hand)).toMatchObject({ ok: false, error: { code: 'former-payable' } })
    expect(await requestByHand(desk, key, hand, ['former-payable'])).toMatchObject({ ok: true })
    await clock.advance(2 * HOUR)
    const msat = (await orderOf(merchant)).issued[0]?.asked ?? 0
    const bolt11 = makeInvoice({ preimage: 'a1'.repeat(32), msat, createdAt: clock.now() - 10, prefix: 'lnbcrt' }).bolt11
    expect(await requestByHand(desk, key, { pasted: bolt11, confirmed: null })).toMatchObject({ ok: false, error: { code: 'former-unknown' } })
    expect(await requestByHand(desk, key, { pasted: bolt11, confirmed: null }, ['former-unknown'])).toMatchObject({ ok: true })
  })
})

describe('one that would be held', () => {
  const formersOf = (s: Reserving, change: Partial<Awaited<ReturnType<Reserving['counter']>>> = {}): Formers => ({
    lookUp: async (order, hash: Hex32) => settleHold({ ...await s.counter(), ...change }, order, hash),
    withdraw: async (order, hash: Hex32) => withdrawHold({ ...await s.counter(), ...change }, order, hash),
  })

  test('its wallet gives it up first: nobody can pay it any more when the new one goes out', async () => {
    const s = new Reserving()
    const order = await s.asked('shopper', reservable)
    const first = (await s.at(s.merchant, order)).issued[0]?.bolt11 ?? ''
    const desk = { ...await s.counter(), former: formersOf(s) }
    expect(await requestPayment(desk, order)).toMatchObject({ ok: false, error: { code: 'former-payable', withdrawable: true } })
    expect(await requestPayment(desk, order, { despite: ['former-payable'] })).toMatchObject({ ok: true })
    expect(await s.ledger.pay(first)).toMatchObject({ paid: false })
    expect((await s.at(s.merchant, order)).holds.map(({ state }) => state)).toEqual(['released', 'asked'])
  })

  test('a wallet that does not give it up: nothing is sent, and that is said', async () => {
    const s = new Reserving()
    const order = await s.asked('shopper', reservable)
    const { source } = await s.counter()
    const deaf = { source: { ...source, cancelHold: async () => ({ ok: false, error: { code: 'no_answer', detail: '' } }) as const } }
    const desk = { ...await s.counter(), former: formersOf(s, deaf as never) }
    expect(await requestPayment(desk, order, { despite: ['former-payable'] })).toEqual({ ok: false, error: { code: 'former-not-withdrawn' } })
    expect((await s.at(s.merchant, order)).requests).toHaveLength(1)
    // The new one was kept, and goes out once its wallet gives the former up.
    const kept = (await s.at(s.merchant, order)).issued[1]?.paymentHash
    expect(kept).toBeDefined()
    expect(await requestPayment({ ...await s.counter(), former: formersOf(s) }, order, { despite: ['former-payable'] })).toMatchObject({ ok: true })
    expect(await s.at(s.merchant, order)).toMatchObject({ issued: [{}, { paymentHash: kept }], requests: [{}, { paymentHash: kept }] })
    expect((await s.at(s.merchant, order)).issued).toHaveLength(2)
  })

  test.each(['a wallet that makes none', 'a full disk'])('%s: the former one is not given up, the customer can still pay it', async (what) => {
    const s = new Reserving()
    const order = await s.asked('shopper', reservable)
    const counter = await s.counter()
    const { journal } = counter
    const broken: typeof counter = what === 'a full disk'
      ? { ...counter, journal: { ...journal, append: async (message, deliveries) => message.type === 'invoice-issued' ? { ok: false, error: { code: 'storage-full' } } : journal.append(message, deliveries) } }
      : { ...counter, source: { ...counter.source, create: async () => ({ ok: false, error: { code: 'source_offline', detail: '' } }) } }
    expect(await requestPayment({ ...broken, former: formersOf(s) }, order, { despite: ['former-payable'] })).toMatchObject({ ok: false, error: { code: what === 'a full disk' ? 'storage-full' : 'source_offline' } })
    expect((await s.at(s.merchant, order)).holds[0]).toMatchObject({ state: 'asked' })
    void s.reserved(order)
    await s.settle(order)
    expect(await s.at(s.merchant, order)).toMatchObject({ payment: 'proved' })
  })

  test('held meanwhile: it is taken or given back, and not asked for a second time', async () => {
    const s = new Reserving()
    const order = await s.asked('shopper', reservable)
    void s.reserved(order)
    expect(await requestPayment({ ...await s.counter(), former: formersOf(s) }, order, { despite: ['former-payable'] })).toMatchObject({ ok: false, error: { code: 'already-paid' } })
  })
})
