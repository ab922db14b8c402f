import { beforeEach, expect, test } from 'vitest'
import { isHex32, type Hex32, type OrderKey } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { giveUpPaying, payOrder, resolvePayment, type PayOrderDeps } from '../../../src/flows/payOrder'
import { placeOrder } from '../../../src/flows/placeOrder'
import { remindMerchant } from '../../../src/flows/remindMerchant'
import { requestPayment } from '../../../src/flows/requestPayment'
import type { Journal } from '../../../src/ports/journal'
import type { PayOutcome, Wallet } from '../../../src/ports/wallet'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { fuse } from '../../support/crashing'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'

const soap = productOfMerchant('soap')
const shelf = shelfWith(soap)
const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let shopper: FlowPerson
let merchant: FlowPerson

beforeEach(async () => {
  const hub = createHub()
  clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  await placeOrder(shopper.deps, checkoutOf(shelf, soap))
  await shopper.post()
  await merchant.fetch()
  await ask()
})

async function ask(zoneId?: string): Promise<void> {
  await requestPayment(await deskOf(merchant, () => shelf, ledger), KEY, zoneId === undefined ? {} : { zoneId })
  await merchant.post()
  await shopper.fetch()
}
const order = async () => {
  const found = (await shopper.orders()).get(KEY)
  if (found === undefined)
    throw new Error('no order')
  return found
}
const deps = (wallet: Wallet = ledgerWallet(ledger), more: Partial<PayOrderDeps> = {}): PayOrderDeps =>
  ({ ...shopper.deps, wallet, network: 'regtest', knownHashes: () => new Map(), accepted: null, ...more })
const answering = (outcome: PayOutcome): Wallet & { asked: number } => ({
  kind: 'nwc', asked: 0, resolve: async () => outcome, dispose: () => undefined,
  async pay() {
    this.asked += 1
    return outcome
  },
})

test('T8: the wallet\'s preimage proves the payment to the shopper', async () => {
  expect(await payOrder(deps(), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
  const { payment, payments, paying, status } = await order()
  expect({ payment, paying, status }).toEqual({ payment: 'proved', paying: null, status: 'payment_confirmed' })
  expect(isHex32(payments[0]?.preimage)).toBe(true)
})

test('T9: while one payment\'s end is not known, no second one is begun', async () => {
  const silent = answering({ status: 'unknown', reason: 'no answer' })
  await payOrder(deps(silent), KEY)
  const again = await payOrder(deps(silent), KEY)
  expect(again).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'paying' } })
  expect(silent.asked).toBe(1)
  await clock.advance(120)
  expect(await payOrder(deps(), KEY)).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'outcome-unknown' } })
  // It went through after all.
  await ledger.pay((await order()).request?.bolt11 ?? '')
  expect(await resolvePayment(deps(), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
  expect(await order()).toMatchObject({ payment: 'proved', paying: null })
})

test('T9: a crash at any step of paying: the wallet is asked again, and pays once', async () => {
  const probe = fuse(0, 'before')
  await probe.run(() => payOrder(deps(probe.wrap(answering({ status: 'declined' })), { journal: probe.wrap(shopper.journal) }), KEY))
  const steps = probe.used()
  expect(steps).toBeGreaterThan(4)
  for (const when of ['before', 'after'] as const) {
    for (let step = 1; step <= steps; step += 1) {
      await clock.advance(5)
      const line = fuse(step, when)
      await line.run(() => payOrder(deps(line.wrap(ledgerWallet(ledger)), { journal: line.wrap(shopper.journal) }), KEY))
      // After the reload.
      await clock.advance(65)
      await resolvePayment(deps(), KEY)
    }
  }
  if ((await order()).paying === null)
    await payOrder(deps(), KEY)
  expect(await order()).toMatchObject({ payment: 'proved', paying: null, problems: [] })
})

test('T9: a failure of an attempt before is not taken for the one that runs in another tab', async () => {
  const failed = answering({ status: 'failed', code: 'payment_failed', detail: 'no route' })
  let finish: (outcome: PayOutcome) => void = () => undefined
  const running = payOrder(deps({ ...failed, pay: () => new Promise((resolve) => { finish = resolve }) }), KEY)
  await clock.advance(5)
  expect(await resolvePayment(deps(failed), KEY)).toMatchObject({ ok: true, value: { status: 'unknown' } })
  expect((await order()).paying).not.toBeNull()
  finish({ status: 'declined' })
  await running
  await payOrder(deps(answering({ status: 'unknown', reason: 'no answer' })), KEY)
  await clock.advance(65)
  expect(await resolvePayment(deps(failed), KEY)).toMatchObject({ ok: true, value: { status: 'failed' } })
  expect((await order()).paying).toBeNull()
})

test('T9: only the wallet that was asked to pay is asked what became of it: neither another kind, nor another of the same kind', async () => {
  const asked = { ...answering({ status: 'unknown', reason: 'no answer' }), id: 'first' }
  await payOrder(deps(asked), KEY)
  await clock.advance(65)
  const no: PayOutcome = { status: 'failed', code: 'payment_failed', detail: 'not found' }
  for (const other of [{ ...answering(no), kind: 'webln' as const, id: 'first' }, { ...answering(no), id: 'second' }, answering(no)]) {
    expect(await resolvePayment(deps(other), KEY)).toMatchObject({ ok: true, value: { status: 'unknown' } })
    expect((await order()).paying).not.toBeNull()
  }
  expect(await payOrder(deps({ ...answering(no), id: 'second' }), KEY)).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'outcome-unknown' } })
  expect(await resolvePayment(deps({ ...answering(no), id: 'first' }), KEY)).toMatchObject({ ok: true, value: { status: 'failed' } })
  expect((await order()).paying).toBeNull()
})

test('a wallet that certainly did not pay leaves the way open, also within the same second', async () => {
  await payOrder(deps(answering({ status: 'failed', code: 'insufficient_balance', detail: '' })), KEY)
  expect((await order()).paying).toBeNull()
  await payOrder(deps(answering({ status: 'declined' })), KEY)
  expect((await order()).paying).toBeNull()
  expect(await payOrder(deps(), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
})

test('T7: another total than agreed, a known hash, the wrong network: no wallet is asked', async () => {
  const wallet = answering({ status: 'declined' })
  const hash = (await order()).request?.paymentHash as Hex32
  expect(await payOrder(deps(wallet, { network: 'mainnet' }), KEY)).toMatchObject({ error: { code: 'not-payable', state: 'mismatch' } })
  expect(await payOrder(deps(wallet, { knownHashes: () => new Map([[hash, 'another' as OrderKey]]) }), KEY)).toMatchObject({ error: { code: 'not-payable', state: 'mismatch' } })
  await ask('zone-2')
  expect(await payOrder(deps(wallet), KEY)).toMatchObject({ error: { code: 'not-payable', state: 'mismatch' } })
  expect(wallet.asked).toBe(0)
  // Seen and agreed to: for this one invoice.
  const accepted = (await order()).request?.paymentHash as Hex32
  expect(await payOrder(deps(ledgerWallet(ledger), { accepted }), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
})

test('I5: an invoice that ends in a moment, or has ended, is not paid', async () => {
  const expiresAt = (await order()).request?.expiresAt ?? 0
  await clock.advance(expiresAt - clock.now() - 20)
  expect(await payOrder(deps(), KEY)).toMatchObject({ error: { code: 'expires-soon' } })
  await clock.advance(30)
  expect(await payOrder(deps(), KEY)).toMatchObject({ error: { code: 'not-payable', state: 'expired' } })
})

/** A tab over the same device, whose journal answers as slowly as the test wants: `turn` lets one waiting call through. */
function slowTab(journal: Journal) {
  const waiting: (() => void)[] = []
  const held = <A extends unknown[], R>(call: (...given: A) => Promise<R>) => async (...given: A): Promise<R> => {
    await new Promise<void>((resolve) => { waiting.push(resolve) })
    return call(...given)
  }
  return { journal: { ...journal, append: held(journal.append), messagesOf: held(journal.messagesOf) }, turn: () => waiting.shift()?.() }
}
const settle = async (): Promise<void> => { for (let i = 0; i < 20; i += 1) await Promise.resolve() }

test('T9, T13: two tabs that pay one order at once, step by step in any sequence: the wallet is asked once', async () => {
  // Each bit of the number says whose turn it is.
  for (let sequence = 0; sequence < 128; sequence += 1) {
    const wallet = answering({ status: 'unknown', reason: 'no answer' })
    const device = shopper.journal
    const copy = flowPerson('shopper', createHub(), clock)
    for (const message of await allOf(device))
      await copy.journal.append(message)
    const tabs = [slowTab(copy.journal), slowTab(copy.journal)]
    const ends = tabs.map(tab => payOrder(deps(wallet, { journal: tab.journal }), KEY))
    let over = 0
    ends.forEach(end => void end.then(() => { over += 1 }))
    for (let step = 0; step < 200 && over < 2; step += 1) {
      tabs[(sequence >> step % 7) & 1]?.turn()
      if (step > 60)
        tabs.forEach(tab => tab.turn())
      await settle()
    }
    const outcomes = await Promise.all(ends)
    expect(wallet.asked, String(sequence)).toBe(1)
    expect(outcomes.filter(outcome => outcome.ok)).toHaveLength(1)
    const refused = outcomes.find(outcome => !outcome.ok)
    expect(['under-way', 'not-payable']).toContain(refused?.ok === false ? refused.error.code : '')
  }
})

const allOf = async (journal: Journal) => {
  const read = await journal.messagesOf(KEY)
  return read.ok ? read.value : []
}

test('T10: an invoice that is replaced while the payment begins is not paid, and the way is open for the new one', async () => {
  const wallet = answering({ status: 'unknown', reason: 'no answer' })
  const slow = slowTab(shopper.journal)
  const paying = payOrder(deps(wallet, { journal: slow.journal }), KEY)
  // Read, and about to note: then the merchant's new invoice comes in.
  slow.turn()
  await settle()
  await ask()
  let over = false
  void paying.then(() => { over = true })
  for (let step = 0; step < 50 && !over; step += 1) {
    slow.turn()
    await settle()
  }
  expect(await paying).toMatchObject({ ok: false, error: { code: 'superseded' } })
  expect(wallet.asked).toBe(0)
  expect((await order()).paying).toBeNull()
  await clock.advance(5)
  expect(await payOrder(deps(), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
})

test('T9: after a crash between any two steps the ledger has one payment at most, and it is on record', async () => {
  const probe = fuse(0, 'before')
  await probe.run(() => payOrder(deps(probe.wrap(ledgerWallet(ledger)), { journal: probe.wrap(shopper.journal) }), KEY))
  const steps = probe.used()
  expect(steps).toBeGreaterThan(5)
  for (const when of ['before', 'after'] as const) {
    for (let step = 1; step <= steps; step += 1) {
      // A world of its own each time: the first to crash must not hide the next.
      const life = { ledger: new LedgerBackend(() => clock.now()), hub: createHub() }
      const [seller, buyer] = [flowPerson('merchant', life.hub, clock), flowPerson('shopper', life.hub, clock)]
      await placeOrder(buyer.deps, checkoutOf(shelf, soap))
      await buyer.post()
      await seller.fetch()
      await requestPayment(await deskOf(seller, () => shelf, life.ledger), KEY)
      await seller.post()
      await buyer.fetch()
      const of = (more: Partial<PayOrderDeps> = {}) => ({ ...deps(ledgerWallet(life.ledger)), ...buyer.deps, ...more })
      const line = fuse(step, when)
      await line.run(() => payOrder(of({ wallet: line.wrap(ledgerWallet(life.ledger)), journal: line.wrap(buyer.journal) }), KEY))
      // The page is loaded again: what is not known is asked, and the shopper taps once more.
      await clock.advance(65)
      await resolvePayment(of(), KEY)
      await payOrder(of(), KEY)
      await resolvePayment(of(), KEY)
      const found = (await buyer.orders()).get(KEY)
      expect(found, `${when} ${step}`).toMatchObject({ payment: 'proved', paying: null, problems: [] })
      expect(found?.payments.filter(({ strength }) => strength === 'proved')).toHaveLength(1)
    }
  }
})

test('T9: what was given up is only what nothing can come of any more', async () => {
  await payOrder(deps(answering({ status: 'unknown', reason: 'no answer' })), KEY)
  const giveUp = () => giveUpPaying(deps(), KEY)
  expect(await giveUp()).toMatchObject({ ok: false, error: { code: 'not-payable', state: 'paying' } })
  const expiresAt = (await order()).request?.expiresAt ?? 0
  await clock.advance(expiresAt - clock.now() + 300)
  expect(await giveUp()).toMatchObject({ ok: false, error: { state: 'expired-while-paying' } })
  await clock.advance(600)
  expect(await giveUp()).toMatchObject({ ok: true })
  expect((await order()).paying).toBeNull()
  await ask()
  expect(await payOrder(deps(), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
})

test('a merchant is reminded of an invoice that has not come, an hour after the order and once a day at most', async () => {
  const hub = createHub()
  const waiting = flowPerson('shopper', hub, clock)
  await placeOrder(waiting.deps, checkoutOf(shelf, soap))
  const remind = () => remindMerchant(waiting.deps, KEY, 'Could you send the invoice, please?')
  expect(await remind()).toMatchObject({ error: { code: 'too-soon' } })
  await clock.advance(3_600)
  expect(await remind()).toMatchObject({ ok: true, value: { type: 'chat' } })
  expect(await remind()).toMatchObject({ error: { code: 'too-soon' } })
  await clock.advance(24 * 3_600)
  expect((await remind()).ok).toBe(true)
  expect(await remindMerchant(shopper.deps, KEY, 'again')).toMatchObject({ error: { code: 'not-waiting' } })
})
