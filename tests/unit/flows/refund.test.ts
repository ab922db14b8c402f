import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { toMsat } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { refundOffer } from '../../../src/domain/order/refund-offer'
import { usedHashesOf } from '../../../src/domain/order/refund-target'
import { paymentBadge } from '../../../src/domain/order/status'
import type { Order } from '../../../src/domain/order/types'
import { err, ok } from '../../../src/domain/result'
import { cancelOrder } from '../../../src/flows/order-words'
import { payRefund, resolveRefund, settleRefundByHand, showRefund, tellRefunded, type RefundDeps } from '../../../src/flows/payRefund'
import { placeOrder } from '../../../src/flows/placeOrder'
import { askRefund, confirmRefund, declineRefund, giveRefundTarget } from '../../../src/flows/refund-words'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settlePayment } from '../../../src/flows/settlePayment'
import { refundPayerOn } from '../../../src/ports/refund'
import type { PayAddress } from '../../../src/ports/pay-address'
import type { PayOutcome, Wallet } from '../../../src/ports/wallet'
import { composeOwnNote } from '../../../src/flows/own-notes'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'
import { orderKey } from '../../../src/domain/order/keys'

const soap = productOfMerchant('soap')
const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
let clock: ReturnType<typeof manualClock>, hub: ReturnType<typeof createHub>, ledger: LedgerBackend
let shopper: FlowPerson, merchant: FlowPerson

beforeEach(() => {
  hub = createHub()
  // Gift wraps need chance.
  clock = { ...manualClock(), random: () => Math.random() }
  ledger = new LedgerBackend(() => clock.now())
  shopper = flowPerson('shopper', hub, clock)
  merchant = flowPerson('merchant', hub, clock)
})

async function exchange(): Promise<void> {
  await clock.advance(2)
  await shopper.post()
  await merchant.post()
  await shopper.fetch()
  await merchant.fetch()
}
const at = async (person: FlowPerson): Promise<Order> => {
  const found = (await person.orders()).get(KEY)
  return found ?? Promise.reject(new Error('no order'))
}

/** Placed, asked for and paid, in either dialect. @returns what was received, in msat */
async function paidOrder(dialect: 'nip15' | 'gamma', { settle = true } = {}): Promise<number> {
  const goods = gammaShelf(clock.now() - 1_000)
  const shelf = dialect === 'nip15' ? shelfWith(soap) : goods.shelf
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 1, clock.now())
  if (!cart.ok)
    throw new Error(cart.error.code)
  const placed = await placeOrder(shopper.deps, dialect === 'nip15' ? checkoutOf(shelf, soap) : { ...checkoutOf(shelfWith(soap), soap), cart: { ...cart.value, zoneId: EU, orderId: 'order-1' }, stall: goods.stall, products: goods.shelf.products })
  expect(placed).toEqual({ ok: true, value: KEY })
  await exchange()
  const desk = await deskOf(merchant, () => shelf, ledger)
  await requestPayment(desk, KEY)
  await exchange()
  if (settle)
    await settleNow()
  return (await at(merchant)).issued[0]?.asked ?? 0
}
async function settleNow(): Promise<void> {
  for (const { bolt11, paymentHash } of (await at(merchant)).issued) {
    await ledger.pay(bolt11)
    await settlePayment({ ...await deskOf(merchant, () => shelfWith(soap), ledger), paidWords: 'Thank you' }, KEY, paymentHash)
  }
  await exchange()
}

const nobody: PayAddress = { invoice: async () => err({ code: 'unreachable', detail: '' }), verify: async () => ({ status: 'unknown', reason: '' }) }
const deps = async (payAddress: PayAddress = nobody): Promise<RefundDeps> => {
  const orders = [...(await merchant.orders()).values()]
  return { ...merchant.deps, network: 'regtest', payAddress, usedHashes: refund => usedHashesOf(orders, { order: KEY, refund }), words: (order, { msat }) => `${msat / 1_000} sat back for ${order.number}` }
}
const paying = async (wallet: Wallet = ledgerWallet(ledger), payAddress?: PayAddress) => ({ ...await deps(payAddress), payer: refundPayerOn(wallet) })
const giving = () => ({ ...shopper.deps, network: 'regtest' as const, usedHashes: () => new Set<string>() })
const answering = (outcome: PayOutcome): Wallet & { asked: number } => ({
  kind: 'nwc', asked: 0, dispose: () => undefined, resolve: async () => outcome,
  pay() {
    this.asked += 1
    return Promise.resolve(outcome)
  },
})
const invoiceOver = async (msat: number, expiry = 3_600) => (await ledger.invoice(msat, 'refund', expiry)).bolt11
const shown = ({ status, refundedMsat, refundDeclined, refunds }: Order) => ({ status, refundedMsat, refundDeclined, refunds: refunds.map(({ id, state, msat, reason, proved, told, arrived }) => ({ id, state, msat, reason, proved, told, arrived })) })

/** The merchant offers, the shopper answers with an invoice of its own. */
async function offered(id: string, msat: number): Promise<string> {
  expect(await askRefund(merchant.deps, KEY, { id, msat: toMsat(msat), why: 'one was broken', text: 'I send it back: one was broken' })).toMatchObject({ ok: true })
  await exchange()
  const bolt11 = await invoiceOver(msat)
  expect(await giveRefundTarget(giving(), KEY, { id, to: bolt11, words: 'Here is my invoice' })).toMatchObject({ ok: true })
  return exchange().then(() => bolt11)
}

describe.each(['nip15', 'gamma'] as const)('a paid order in %s', (dialect) => {
  test('a part goes back by the wallet, the rest by hand; both sides see the same, proved', async () => {
    const received = await paidOrder(dialect)
    await offered('r1', 4_000)
    expect(await at(shopper)).toMatchObject({ dialect, refunds: [{ state: 'ready' }] })
    expect(await payRefund(await paying(), KEY, { id: 'r1', msat: toMsat(4_000), reason: '' })).toMatchObject({ ok: true, value: { status: 'paid' } })
    await exchange()
    expect(shown(await at(shopper))).toEqual(shown(await at(merchant)))
    expect(await at(shopper)).toMatchObject({ refundedMsat: 4_000, status: dialect === 'nip15' ? 'payment_confirmed' : 'order_confirmed', refunds: [{ state: 'paid', proved: true, told: true, reason: 'one was broken' }] })
    expect(paymentBadge(await at(shopper))).toBe('partly-refunded')

    await offered('r2', received - 4_000)
    const draft = { id: 'r2', msat: toMsat(received - 4_000), reason: '' }
    const invoice = await showRefund(await deps(), KEY, draft)
    if (!invoice.ok)
      throw new Error(invoice.error.code)
    // Paid from a phone, which shows the preimage.
    const outside = await ledger.pay(invoice.value.bolt11)
    expect(await settleRefundByHand(await deps(), KEY, draft, { how: 'proof', preimage: 'f'.repeat(64) })).toMatchObject({ ok: false, error: { code: 'wrong-proof' } })
    expect(await settleRefundByHand(await deps(), KEY, draft, { how: 'proof', preimage: outside.paid ? ` ${outside.preimage.toUpperCase()} ` : '' })).toMatchObject({ ok: true })
    await exchange()
    expect(shown(await at(shopper))).toEqual(shown(await at(merchant)))
    expect(await at(shopper)).toMatchObject({ status: 'refunded', refundedMsat: received, refunds: [{ id: 'r1' }, { id: 'r2', proved: true }] })
    // Nothing is left to be given back.
    expect(await askRefund(merchant.deps, KEY, { id: 'r3', msat: toMsat(1_000), text: '' })).toMatchObject({ ok: false, error: { code: 'already-refunded' } })
  })

  test('paid without a proof is said, and shown as said; the shopper may confirm it', async () => {
    await paidOrder(dialect)
    await offered('r1', 2_000)
    const draft = { id: 'r1', msat: toMsat(2_000), reason: '' }
    expect(await settleRefundByHand(await deps(), KEY, draft, { how: 'said' })).toMatchObject({ ok: true })
    await exchange()
    expect((await at(shopper)).refunds).toMatchObject([{ state: 'paid', proved: false, arrived: false }])
    expect(await confirmRefund(shopper.deps, KEY, { id: 'r1', text: 'It is here' })).toMatchObject({ ok: true })
    await exchange()
    expect((await at(merchant)).refunds).toMatchObject([{ proved: false, arrived: true }])
  })

  test('cancelled when paid: nothing goes back, and the reason is said', async () => {
    await paidOrder(dialect)
    await cancelOrder(merchant.deps, KEY, 'merchant', 'I cannot make it')
    await exchange()
    expect(refundOffer(await at(merchant))).toMatchObject({ why: 'ended' })
    expect(await declineRefund(merchant.deps, KEY, 'It was made for you')).toMatchObject({ ok: true })
    await exchange()
    expect(await at(shopper)).toMatchObject({ status: 'cancelled', refundDeclined: { text: 'It was made for you' }, problems: ['refund-declined'] })
  })

  test('T9: a payment for a cancelled order is found, and all of it goes back', async () => {
    const asked = await paidOrder(dialect, { settle: false })
    await cancelOrder(shopper.deps, KEY, 'shopper', 'I changed my mind')
    await exchange()
    await settleNow()
    const late = await at(merchant)
    expect([late.status, late.problems, refundOffer(late)]).toEqual(['cancelled', ['paid-after-end'], { msat: asked, why: 'ended' }])
    await offered('r1', asked)
    await payRefund(await paying(), KEY, { id: 'r1', msat: toMsat(asked), reason: '' })
    await exchange()
    expect((await at(merchant)).status).toBe('refunded')
    expect((await at(shopper)).refunds).toMatchObject([{ state: 'paid', proved: true, msat: asked }])
  })
})

describe('no refund is paid twice', () => {
  const draft = { id: 'r1', msat: toMsat(3_000), reason: 'one was broken' }
  beforeEach(() => paidOrder('nip15'))

  test('T9: a time-out is unknown; nothing else begins before the wallet was asked, and then it counts once', async () => {
    const bolt11 = await offered('r1', 3_000)
    const silent = answering({ status: 'unknown', reason: 'no answer yet' })
    expect(await payRefund(await paying(silent), KEY, draft)).toMatchObject({ ok: true, value: { status: 'unknown' } })
    expect((await at(merchant)).refunds).toMatchObject([{ state: 'unknown', failure: 'no answer yet' }])
    expect(await payRefund(await paying(), KEY, draft)).toMatchObject({ ok: false, error: { code: 'under-way' } })
    expect(await askRefund(merchant.deps, KEY, { id: 'r2', msat: toMsat(1_000), text: '' })).toMatchObject({ ok: false, error: { code: 'under-way' } })
    expect(await showRefund(await deps(), KEY, { ...draft, id: 'r2' })).toMatchObject({ ok: false, error: { code: 'under-way' } })
    // A wallet may still be at it: the merchant cannot say 'not paid' before the invoice is dead.
    expect(await settleRefundByHand(await deps(), KEY, draft, { how: 'not-paid' })).toMatchObject({ ok: false, error: { code: 'not-over' } })
    // It had gone through after all.
    await ledger.pay(bolt11)
    expect(await resolveRefund(await paying(), KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
    expect(await resolveRefund(await paying(), KEY)).toEqual({ ok: true, value: null })
    await exchange()
    expect(silent.asked).toBe(1)
    expect(await at(shopper)).toMatchObject({ refundedMsat: 3_000, refunds: [{ state: 'paid', proved: true }] })
  })

  test('a wallet that never answers is unknown after its time; when the invoice is dead, the merchant may say that it was not paid', async () => {
    await offered('r1', 3_000)
    const hanging: Wallet = { ...answering({ status: 'unknown', reason: '' }), pay: () => new Promise(() => undefined) }
    const running = payRefund(await paying(hanging), KEY, draft)
    for (let turn = 0; turn < 20 && (await at(merchant)).refunds[0]?.state !== 'paying'; turn += 1)
      await clock.advance(0)
    await clock.advance(91)
    expect(await running).toMatchObject({ ok: true, value: { status: 'unknown' } })
    await clock.advance(3_600 + 700)
    expect(await settleRefundByHand(await deps(), KEY, draft, { how: 'not-paid' })).toMatchObject({ ok: true })
    expect((await at(merchant)).refunds).toMatchObject([{ state: 'failed', failure: 'not-paid' }])
  })

  test('two tabs at once: one begins, the other does not pay', async () => {
    await offered('r1', 3_000)
    const wallets = [answering({ status: 'unknown', reason: 'slow' }), answering({ status: 'unknown', reason: 'slow' })]
    const results = await Promise.all([payRefund(await paying(wallets[0]), KEY, draft), payRefund(await paying(wallets[1]), KEY, draft)])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(wallets.reduce((sum, { asked }) => sum + asked, 0)).toBe(1)
  })

  test('a failure is certain: it may be tried again, with the same invoice', async () => {
    await offered('r1', 3_000)
    await payRefund(await paying(answering({ status: 'failed', code: 'insufficient_balance', detail: '' })), KEY, draft)
    expect((await at(merchant)).refunds).toMatchObject([{ state: 'failed', failure: 'insufficient_balance' }])
    expect(await payRefund(await paying(), KEY, draft)).toMatchObject({ ok: true, value: { status: 'paid' } })
  })

  test('the code to pay by hand counts as begun, until the merchant says what became of it', async () => {
    await offered('r1', 3_000)
    expect(await showRefund(await deps(), KEY, draft)).toMatchObject({ ok: true })
    expect(await payRefund(await paying(), KEY, draft)).toMatchObject({ ok: false, error: { code: 'under-way' } })
    expect(await settleRefundByHand(await deps(), KEY, draft, { how: 'not-paid' })).toMatchObject({ ok: true })
    expect(await payRefund(await paying(), KEY, draft)).toMatchObject({ ok: true, value: { status: 'paid' } })
  })

  test('the money has gone, and telling failed: the shopper is told later, once', async () => {
    await offered('r1', 3_000)
    const mute = { ...await paying(), mail: { compose: async () => err({ code: 'declined' as const }) } }
    expect(await payRefund(mute, KEY, draft)).toMatchObject({ ok: true, value: { status: 'paid' } })
    expect(await at(merchant)).toMatchObject({ refundedMsat: 3_000, refunds: [{ state: 'paid', told: false }] })
    await tellRefunded(await deps(), KEY, 'r1')
    await tellRefunded(await deps(), KEY, 'r1')
    await exchange()
    expect((await at(shopper)).timeline.filter(({ what }) => what === 'refunded')).toHaveLength(1)
  })
})

describe('where it goes', () => {
  beforeEach(() => paidOrder('nip15'))
  const draft = { id: 'r1', msat: toMsat(3_000), reason: '' }

  test('to an address that the shopper gave, by an invoice of exactly the amount', async () => {
    const asked: number[] = []
    const service = (cheat = 0): PayAddress => ({ ...nobody, async invoice(address, msat) {
      asked.push(msat)
      const { bolt11, paymentHash, expiresAt } = await ledger.invoice(msat + cheat, address, 600)
      return ok({ bolt11, paymentHash: paymentHash as never, msat, expiresAt: expiresAt as never, host: 'wool.example', verify: null })
    } })
    await askRefund(merchant.deps, KEY, { ...draft, text: 'sorry' })
    await exchange()
    await giveRefundTarget(giving(), KEY, { id: 'r1', to: 'Sam@wool.example', words: 'To my address' })
    await exchange()
    expect(await payRefund(await paying(ledgerWallet(ledger), service(1_000)), KEY, draft)).toMatchObject({ ok: false, error: { code: 'amount_mismatch' } })
    expect(await payRefund(await paying(ledgerWallet(ledger), service()), KEY, draft)).toMatchObject({ ok: true, value: { status: 'paid' } })
    await exchange()
    expect(asked).toEqual([3_000, 3_000])
    // The shopper cannot tell whose invoice that proof is of: it is said, not proved.
    expect([(await at(merchant)).refunds[0]?.proved, (await at(shopper)).refunds[0]?.proved]).toEqual([true, false])
  })

  test('to what was given elsewhere, with no offer before; and to nowhere', async () => {
    expect(await payRefund(await paying(), KEY, draft)).toMatchObject({ ok: false, error: { code: 'no-target' } })
    expect(await payRefund(await paying(), KEY, { ...draft, to: await invoiceOver(2_000) })).toMatchObject({ ok: false, error: { code: 'amount_mismatch' } })
    expect(await payRefund(await paying(), KEY, { ...draft, to: (await at(merchant)).issued[0]?.bolt11 ?? '' })).toMatchObject({ ok: false })
    expect(await payRefund(await paying(), KEY, { ...draft, to: await invoiceOver(3_000) })).toMatchObject({ ok: true, value: { status: 'paid' } })
    await exchange()
    expect(await at(shopper)).toMatchObject({ refundedMsat: 3_000, refunds: [{ state: 'paid', proved: false }] })
  })

  test('what the shopper gives is checked before it is sent', async () => {
    await askRefund(merchant.deps, KEY, { ...draft, text: 'sorry' })
    await exchange()
    const give = async (to: string, id = 'r1') => giveRefundTarget(giving(), KEY, { id, to, words: 'Here' })
    expect(await give(await invoiceOver(2_000))).toMatchObject({ error: { code: 'amount_mismatch' } })
    expect(await give(await invoiceOver(3_000, 120))).toMatchObject({ error: { code: 'expires-soon' } })
    expect(await give('my bank')).toMatchObject({ error: { code: 'not-a-target' } })
    expect(await give(await invoiceOver(3_000), 'other')).toMatchObject({ error: { code: 'no-refund' } })
    expect(await give(`lightning:${await invoiceOver(3_000)}`)).toMatchObject({ ok: true })
  })

  test('neither side does what is the other\'s', async () => {
    expect(await askRefund(shopper.deps, KEY, { ...draft, text: 'give it back' })).toMatchObject({ error: { code: 'not-yours' } })
    await offered('r1', 3_000)
    expect(await giveRefundTarget({ ...merchant.deps, network: 'regtest', usedHashes: () => new Set() }, KEY, { id: 'r1', to: 'me@shop.example', words: '' })).toMatchObject({ error: { code: 'not-yours' } })
    expect(await payRefund({ ...await paying(), ...shopper.deps }, KEY, draft)).toMatchObject({ error: { code: 'not-yours' } })
  })

  test('T5: an empty device of the merchant learns the refund with its fee and proof from its own notes', async () => {
    await offered('r1', 3_000)
    const noted = { ...await paying(), notes: (facts: Parameters<typeof composeOwnNote>[1]) => composeOwnNote(merchant.deps, facts) }
    await payRefund(noted, KEY, draft)
    await exchange()
    const fresh = flowPerson('merchant', hub, clock)
    await fresh.fetch()
    expect((await at(fresh)).refunds).toMatchObject([{ state: 'paid', proved: true, via: 'nwc', bolt11: expect.stringMatching(/^lnbcrt/) }])
  })
})
