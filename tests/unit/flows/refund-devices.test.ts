import { beforeEach, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { toMsat } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import type { RefundRecord } from '../../../src/domain/order/refund-types'
import type { LocalFact } from '../../../src/domain/order/types'
import { err } from '../../../src/domain/result'
import { composeOwnNote } from '../../../src/flows/own-notes'
import { payRefund, resolveRefund, type RefundDeps } from '../../../src/flows/payRefund'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settlePayment } from '../../../src/flows/settlePayment'
import { refundPayerOn, type RefundPayer } from '../../../src/ports/refund'
import type { PayOutcome, Wallet } from '../../../src/ports/wallet'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'

const soap = productOfMerchant('soap')
const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
const silence: PayOutcome = { status: 'unknown', reason: 'no answer yet' }
const noRoute: PayOutcome = { status: 'failed', code: 'payment_failed', detail: 'no route' }
let clock: ReturnType<typeof manualClock>, hub: ReturnType<typeof createHub>, ledger: LedgerBackend
/** Two devices of the merchant, each with a journal of its own. */
let phone: FlowPerson, laptop: FlowPerson

const noting = (device: FlowPerson) => ({ ...device.deps, notes: (facts: readonly LocalFact[]) => composeOwnNote(device.deps, facts) })
async function exchange(): Promise<void> {
  await clock.advance(2)
  for (const device of [phone, laptop])
    await device.post()
  for (const device of [phone, laptop])
    await device.fetch()
}

/** A paid order, known to both devices. */
beforeEach(async () => {
  hub = createHub()
  // Gift wraps need chance.
  clock = { ...manualClock(), random: () => Math.random() }
  ledger = new LedgerBackend(() => clock.now())
  phone = flowPerson('merchant', hub, clock)
  laptop = flowPerson('merchant', hub, clock)
  const shopper = flowPerson('shopper', hub, clock)
  const shelf = shelfWith(soap)
  await placeOrder(shopper.deps, checkoutOf(shelf, soap))
  await shopper.post()
  await phone.fetch()
  await requestPayment({ ...await deskOf(phone, () => shelf, ledger), ...noting(phone) }, KEY)
  for (const { bolt11, paymentHash } of (await phone.orders()).get(KEY)?.issued ?? []) {
    await ledger.pay(bolt11)
    await settlePayment({ ...await deskOf(phone, () => shelf, ledger), ...noting(phone), paidWords: 'Thank you' }, KEY, paymentHash)
  }
  await exchange()
})

const answering = (outcome: PayOutcome): Wallet & { asked: number } => ({
  kind: 'nwc', asked: 0, dispose: () => undefined, resolve: async () => outcome,
  pay() {
    this.asked += 1
    return Promise.resolve(outcome)
  },
})
const on = (device: FlowPerson, wallet: Wallet): RefundDeps & { readonly payer: RefundPayer } => ({
  ...noting(device), network: 'regtest', payAddress: { invoice: async () => err({ code: 'unreachable', detail: '' }), verify: async () => ({ status: 'unknown', reason: '' }) },
  usedHashes: () => new Set(), words: () => 'It went back', payer: refundPayerOn(wallet),
})
const refund = async (device: FlowPerson): Promise<RefundRecord | undefined> => (await device.orders()).get(KEY)?.refunds[0]
/** An address gives every asker another invoice. */
const draft = async () => ({ id: 'r1', msat: toMsat(3_000), reason: 'broken', to: (await ledger.invoice(3_000, 'refund', 3_600)).bolt11 })

test('T2: two devices that begin the same refund with different invoices agree on both attempts, and each ends by its own answer', async () => {
  const [first, second] = [await draft(), await draft()]
  await Promise.all([payRefund(on(phone, answering(silence)), KEY, first), payRefund(on(laptop, answering(silence)), KEY, second)])
  await exchange()
  const both = await refund(phone)
  expect(both).toEqual(await refund(laptop))
  expect(both).toMatchObject({ state: 'unknown' })

  // One of them failed for certain: the other may still go through.
  await clock.advance(120)
  expect(await resolveRefund(on(laptop, answering(noRoute)), KEY)).toMatchObject({ ok: true, value: { status: 'failed' } })
  await exchange()
  const left = await refund(phone)
  expect(left).toMatchObject({ state: 'unknown' })
  expect(left?.paymentHash).not.toBe(both?.paymentHash)
  expect(await refund(laptop)).toEqual(left)

  await ledger.pay(left?.bolt11 ?? '')
  expect(await resolveRefund(on(phone, ledgerWallet(ledger)), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
  await exchange()
  expect(await refund(phone)).toMatchObject({ state: 'paid', told: true, proved: true })
  expect(await refund(laptop)).toEqual(await refund(phone))
})

test('T9: one that was paid does not hide another that nobody has heard the end of; when it has paid too, both are counted', async () => {
  const [first, second] = [await draft(), await draft()]
  await Promise.all([payRefund(on(laptop, answering(silence)), KEY, first), payRefund(on(phone, ledgerWallet(ledger)), KEY, second)])
  await exchange()
  expect(await refund(phone)).toMatchObject({ state: 'unknown', bolt11: first.to })
  await ledger.pay(first.to)
  expect(await resolveRefund(on(phone, ledgerWallet(ledger)), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
  expect(await refund(phone)).toMatchObject({ state: 'paid', told: true, msat: 6_000 })
})

test('T13: two tabs of one device with an invoice each: one pays, the other says that it did not', async () => {
  const wallets = [answering(silence), answering(silence)]
  const drafts = [await draft(), await draft()] as const
  const results = await Promise.all(wallets.map((wallet, tab) => payRefund(on(phone, wallet), KEY, tab === 0 ? drafts[0] : drafts[1])))
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'under-way' } })
  expect(wallets.reduce((sum, { asked }) => sum + asked, 0)).toBe(1)
  expect(await refund(phone)).toMatchObject({ state: 'unknown', bolt11: drafts[results.findIndex(({ ok }) => ok)]?.to })
  // The other device learns of the one attempt, and nothing of who was first.
  await exchange()
  expect(await refund(laptop)).toEqual(await refund(phone))
  await clock.advance(120)
  await resolveRefund(on(phone, answering(noRoute)), KEY)
  expect(await refund(phone)).toMatchObject({ state: 'failed' })
  expect(await payRefund(on(phone, ledgerWallet(ledger)), KEY, await draft())).toMatchObject({ ok: true, value: { status: 'paid' } })
})

test('T9: a failure of an attempt before is not taken for the one that runs in another tab', async () => {
  let finish: (outcome: PayOutcome) => void = () => undefined
  const running = payRefund(on(phone, { ...answering(noRoute), pay: () => new Promise((resolve) => { finish = resolve }) }), KEY, await draft())
  for (let turn = 0; turn < 20 && (await refund(phone))?.state !== 'paying'; turn += 1)
    await clock.advance(0)
  await clock.advance(5)
  expect(await resolveRefund(on(phone, answering(noRoute)), KEY)).toMatchObject({ ok: true, value: { status: 'unknown' } })
  expect(await refund(phone)).toMatchObject({ state: 'paying' })
  finish(silence)
  await running
  await clock.advance(95)
  expect(await resolveRefund(on(phone, answering(noRoute)), KEY)).toMatchObject({ ok: true, value: { status: 'failed' } })
  expect(await refund(phone)).toMatchObject({ state: 'failed', failure: 'payment_failed' })
})
