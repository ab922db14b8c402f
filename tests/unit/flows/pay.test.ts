import { beforeEach, expect, test } from 'vitest'
import { isHex32, type Hex32, type OrderKey } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { payOrder, resolvePayment, type PayOrderDeps } from '../../../src/flows/payOrder'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
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
      await resolvePayment(deps(), KEY)
    }
  }
  if ((await order()).paying === null)
    await payOrder(deps(), KEY)
  expect(await order()).toMatchObject({ payment: 'proved', paying: null, problems: [] })
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
