/** A second payment, and one after the end, that only the merchant's wallet can know of: the shopper is told, once for each. */
import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { toMsat, type Hex32 } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { allowedActs } from '../../../src/domain/order/acts'
import { bookRows } from '../../../src/domain/order/books/rows'
import { deskPaymentState } from '../../../src/domain/order/desk-payment-state'
import type { ExcessWord } from '../../../src/domain/order/excess-word'
import { orderKey } from '../../../src/domain/order/keys'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import { refundOffer } from '../../../src/domain/order/refund-offer'
import { nextStep, paymentBadge } from '../../../src/domain/order/status'
import type { Order } from '../../../src/domain/order/types'
import { untoldOf } from '../../../src/domain/order/untold'
import { err } from '../../../src/domain/result'
import { cancelOrder, inWord, takeBackPaid } from '../../../src/flows/order-words'
import { payOrder } from '../../../src/flows/payOrder'
import { payRefund } from '../../../src/flows/payRefund'
import { placeOrder } from '../../../src/flows/placeOrder'
import { askRefund, declineRefund, giveRefundTarget } from '../../../src/flows/refund-words'
import { refuseOrder } from '../../../src/flows/refuseOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sayAbout } from '../../../src/flows/send'
import { settlePayment } from '../../../src/flows/settlePayment'
import { tellExcess } from '../../../src/flows/tellUntold'
import type { PayAddress } from '../../../src/ports/pay-address'
import { refundPayerOn } from '../../../src/ports/refund'
import { fuse } from '../../support/crashing'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub, type Hub } from '../../support/memory-hub'
import { ledgerSource, ledgerWallet } from '../../support/memory-services'

const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
const soap = productOfMerchant('soap')
let hub: Hub
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let shopper: FlowPerson
let merchant: FlowPerson

beforeEach(() => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  ledger = new LedgerBackend(() => clock.now())
  shopper = flowPerson('shopper', hub, clock)
  merchant = flowPerson('merchant', hub, clock)
})

async function exchange(): Promise<void> {
  await clock.advance(2)
  await shopper.post()
  await merchant.post()
  await Promise.all([shopper.fetch(), merchant.fetch()])
}
const at = async (person: FlowPerson): Promise<Order> => (await person.orders()).get(KEY) ?? Promise.reject(new Error('no order'))
const panel = async () => paymentPanel({ order: await at(shopper), now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
const desk = async (person = merchant) => deskPaymentState({ order: await at(person), now: clock.now(), network: 'regtest', knownHashes: new Map(), unreachable: false })
const telling = (person = merchant) => ({ ...person.deps, excessWords: (_order: Order, { what, msat }: ExcessWord) => `${msat} came ${what}` })
const words = async (person: FlowPerson) => {
  const kept = await person.journal.messagesOf(KEY)
  return kept.ok ? kept.value.flatMap(message => message.type === 'status' && message.excess !== undefined ? [message] : []) : []
}
/** Says all that is unsaid, as the session does. */
async function tellAll(): Promise<void> {
  for (const untold of untoldOf(await at(merchant)))
    if (untold.what === 'excess')
      expect(await tellExcess(telling(), KEY, untold.payment)).toMatchObject({ ok: true })
  await exchange()
}
const settle = async (hash: Hex32) => settlePayment({ ...merchant.deps, source: ledgerSource(ledger), paidWords: 'Thank you' }, KEY, hash)

type Spoken = 'nip15' | 'gamma'
let shelf: ReturnType<typeof shelfWith>

/** Ordered, and asked for once. @returns that invoice */
async function asked(dialect: Spoken): Promise<{ readonly bolt11: string, readonly hash: Hex32, readonly msat: number }> {
  const goods = gammaShelf(clock.now() - 1_000)
  shelf = dialect === 'nip15' ? shelfWith(soap) : goods.shelf
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 1, clock.now())
  if (!cart.ok)
    throw new Error(cart.error.code)
  await placeOrder(shopper.deps, dialect === 'nip15' ? checkoutOf(shelf, soap) : { ...checkoutOf(shelfWith(soap), soap), cart: { ...cart.value, zoneId: EU, orderId: 'order-1' }, stall: goods.stall, products: goods.shelf.products })
  await exchange()
  return ask()
}

async function ask(): Promise<{ readonly bolt11: string, readonly hash: Hex32, readonly msat: number }> {
  expect(await requestPayment(await deskOf(merchant, () => shelf, ledger), KEY)).toMatchObject({ ok: true })
  await exchange()
  const invoice = (await at(merchant)).issued.at(-1)
  if (invoice === undefined)
    throw new Error('nothing issued')
  return { bolt11: invoice.bolt11, hash: invoice.paymentHash, msat: invoice.asked }
}

/** Both invoices of one order are paid from a wallet outside, the newer one first. */
async function paidTwice(dialect: Spoken) {
  const first = await asked(dialect)
  const second = await ask()
  for (const { bolt11, hash } of [second, first]) {
    await ledger.pay(bolt11)
    expect(await settle(hash)).toMatchObject({ ok: true })
    await exchange()
  }
  return { first, second }
}

/** Cancelled before it was paid, and paid from outside all the same. */
async function paidLate(dialect: Spoken) {
  const invoice = await asked(dialect)
  await cancelOrder(shopper.deps, KEY, 'shopper', 'changed my mind')
  await exchange()
  await ledger.pay(invoice.bolt11)
  await settle(invoice.hash)
  await exchange()
  return invoice
}

/** The merchant gives that much back, and says so. */
async function giveBack(msat: number): Promise<void> {
  expect(await askRefund(merchant.deps, KEY, { id: 'r1', msat: toMsat(msat), text: 'I send it back' })).toMatchObject({ ok: true })
  await exchange()
  const { bolt11 } = await ledger.invoice(msat, 'back', 3_600)
  expect(await giveRefundTarget({ ...shopper.deps, network: 'regtest', usedHashes: () => new Set() }, KEY, { id: 'r1', to: bolt11, words: 'Here is my invoice' })).toMatchObject({ ok: true })
  await exchange()
  const payAddress: PayAddress = { invoice: async () => err({ code: 'unreachable', detail: '' }), verify: async () => ({ status: 'unknown', reason: '' }) }
  const deps = { ...merchant.deps, network: 'regtest' as const, payAddress, usedHashes: () => new Set<string>(), words: () => 'Sent back', payer: refundPayerOn(ledgerWallet(ledger)) }
  expect(await payRefund(deps, KEY, { id: 'r1', msat: toMsat(msat), reason: '' })).toMatchObject({ ok: true, value: { status: 'paid' } })
  await exchange()
}

describe.each(['nip15', 'gamma'] as const)('%s', (dialect) => {
  test('T9: paid twice from outside: the shopper is told of the second payment, once, as the merchant\'s word', async () => {
    const { first } = await paidTwice(dialect)
    expect(await panel()).toMatchObject({ type: 'paid', strength: 'said' })
    expect(untoldOf(await at(merchant))).toEqual([{ what: 'excess', payment: first.hash }])
    const before = await desk()
    await tellAll()
    expect(await tellExcess(telling(), KEY, first.hash)).toMatchObject({ ok: true })
    await tellAll()
    expect(untoldOf(await at(merchant))).toEqual([])
    expect((await words(shopper)).map(({ text }) => text)).toEqual([`${first.msat} came twice`])
    expect(await panel()).toMatchObject({ type: 'paid-twice', strength: 'said', named: first.msat, msat: 2 * first.msat })
    // T8: to the merchant his own wallet proves, and nothing changes.
    expect(await desk()).toEqual(before)
    expect(before).toEqual({ type: 'paid-twice', msat: 2 * first.msat })
    for (const [person, role] of [[shopper, 'shopper'], [merchant, 'merchant']] as const) {
      const order = await at(person)
      expect(order.problems).toContain('paid-twice')
      expect(paymentBadge(order, role)).toBe('paid-twice')
    }
    expect(refundOffer(await at(merchant))).toEqual({ msat: first.msat, why: 'paid-twice' })
  })

  test('T9: cancelled, and paid from outside all the same: the shopper is told, and the order stays cancelled', async () => {
    const { hash, msat } = await paidLate(dialect)
    expect(await panel()).toEqual({ type: 'ended' })
    expect(untoldOf(await at(merchant))).toEqual([{ what: 'excess', payment: hash }])
    const before = await desk()
    await tellAll()
    await tellAll()
    expect((await words(shopper)).map(({ text }) => text)).toEqual([`${msat} came late`])
    expect(await panel()).toMatchObject({ type: 'paid-late', after: 'end', strength: 'said', msat, named: msat })
    expect(await desk()).toEqual(before)
    expect(before).toEqual({ type: 'paid-late', after: 'end', msat })
    for (const [person, role] of [[shopper, 'shopper'], [merchant, 'merchant']] as const) {
      const order = await at(person)
      expect(order).toMatchObject({ status: 'cancelled', problems: ['paid-after-end'] })
      expect(nextStep(order, role).code).toBe(role === 'shopper' ? 'wait-for-refund' : 'refund')
    }
  })

  test('T9: refused, and paid all the same', async () => {
    const { bolt11, hash, msat } = await asked(dialect)
    expect(await refuseOrder(merchant.deps, KEY, 'Sold out')).toMatchObject({ ok: true })
    await exchange()
    await ledger.pay(bolt11)
    await settle(hash)
    await tellAll()
    expect((await words(shopper)).map(({ excess }) => excess)).toEqual([{ what: 'late', hash, msat }])
    expect(await panel()).toMatchObject({ type: 'paid-late', after: 'end', strength: 'said', msat, named: msat })
    expect((await at(shopper)).problems).toEqual((await at(merchant)).problems)
    expect((await at(shopper)).status).toBe((await at(merchant)).status)
  })

  test('T8: what the shopper\'s own wallet paid and proves stays proved; what another wallet paid beside it is the merchant\'s word', async () => {
    const first = await asked(dialect)
    await ask()
    expect(await payOrder({ ...shopper.deps, wallet: ledgerWallet(ledger), network: 'regtest', knownHashes: () => new Map(), accepted: null }, KEY)).toMatchObject({ ok: true, value: { status: 'paid' } })
    await settle((await at(merchant)).issued.at(-1)?.paymentHash ?? first.hash)
    await exchange()
    await ledger.pay(first.bolt11)
    await settle(first.hash)
    await tellAll()
    expect(await at(shopper)).toMatchObject({ payment: 'proved', paidMsat: 2 * first.msat })
    expect(await panel()).toMatchObject({ type: 'paid-twice', strength: 'said', named: first.msat, preimage: expect.any(String) })
  })

  test('T5: a device that lost what its wallet said still reads its own word, in the state and in the books', async () => {
    const { first, second } = await paidTwice(dialect)
    await tellAll()
    const emptied = flowPerson('merchant', hub, clock)
    await emptied.fetch()
    expect(await desk(emptied)).toEqual({ type: 'paid-twice', msat: first.msat + second.msat })
    expect(untoldOf(await at(emptied))).toEqual([])
    expect(bookRows(await at(emptied)).filter(({ state }) => state === 'paid').map(({ paymentHash, moved }) => [paymentHash, moved]).toSorted())
      .toEqual([[first.hash, first.msat], [second.hash, second.msat]].toSorted())
    expect(refundOffer(await at(emptied))).toEqual({ msat: first.msat, why: 'paid-twice' })
  })

  test('T5: of what came late too; and a mistaken word is taken back with it', async () => {
    const { msat } = await paidLate(dialect)
    await tellAll()
    const emptied = flowPerson('merchant', hub, clock)
    await emptied.fetch()
    expect(await desk(emptied)).toEqual({ type: 'paid-late', after: 'end', msat })
    expect(allowedActs(await at(emptied), 'merchant')).toContain('take-back-paid')
    expect(await takeBackPaid(emptied.deps, KEY, 'a mistake')).toMatchObject({ ok: true })
    await clock.advance(2)
    await emptied.post()
    await shopper.fetch()
    expect(await panel()).toEqual({ type: 'ended' })
    expect((await at(shopper)).problems).toEqual([])
  })

  test.each(['paidTwice', 'paidLate'] as const)('%s: what went back is settled, on both sides alike', async (how) => {
    const msat = how === 'paidTwice' ? (await paidTwice(dialect)).first.msat : (await paidLate(dialect)).msat
    await tellAll()
    await giveBack(msat)
    const [bought, sold] = [await at(shopper), await at(merchant)]
    expect(bought).toMatchObject({ status: sold.status, refundedMsat: msat })
    expect(sold.status === 'refunded').toBe(how === 'paidLate')
    expect([bought, sold].flatMap(({ problems }) => problems).filter(problem => problem === 'paid-twice')).toEqual([])
    expect((await panel()).type).toBe(how === 'paidLate' ? 'ended' : 'paid')
    expect(untoldOf(sold)).toEqual([])
  })

  test('what the merchant keeps, and says so, is not promised back', async () => {
    await paidLate(dialect)
    await declineRefund(merchant.deps, KEY, 'agreed otherwise')
    await exchange()
    expect(untoldOf(await at(merchant))).toEqual([])
  })
})

test.each(['paidTwice', 'paidLate'] as const)('T9: %s: a crash between counting and telling, or between any two steps of telling: told once', async (how) => {
  await (how === 'paidTwice' ? paidTwice('nip15') : paidLate('nip15'))
  const untold = untoldOf(await at(merchant))[0]
  if (untold?.what !== 'excess')
    throw new Error('nothing is unsaid')
  const probe = fuse(0, 'before')
  await probe.run(() => tellExcess({ ...telling(), journal: probe.wrap(merchant.journal), mail: probe.wrap({ compose: async () => ({ ok: false, error: { code: 'locked' } }) as never }) }, KEY, untold.payment))
  expect(await words(merchant)).toEqual([])
  expect(untoldOf(await at(merchant))).toEqual([untold])
  for (let step = 1; step <= probe.used() + 2; step += 1) {
    const line = fuse(step, 'after')
    await line.run(() => tellExcess({ ...telling(), journal: line.wrap(merchant.journal), mail: line.wrap(merchant.deps.mail) }, KEY, untold.payment))
  }
  await tellExcess(telling(), KEY, untold.payment)
  expect(await words(merchant)).toHaveLength(1)
  // Another device of the merchant's, with the same wallet, hears it before it speaks.
  await exchange()
  const other = flowPerson('merchant', hub, clock)
  await other.fetch()
  await settlePayment({ ...other.deps, source: ledgerSource(ledger), paidWords: 'Thank you' }, KEY, untold.payment)
  await tellExcess(telling(other), KEY, untold.payment)
  expect(await words(other)).toHaveLength(1)
})

test('T3: nobody but the merchant can say it, not of an invoice that this order never asked with, and late only where it has ended', async () => {
  const { hash, msat } = await asked('nip15')
  const order = await at(merchant)
  const say = async (person: FlowPerson, role: 'shopper' | 'merchant', excess: ExcessWord) => {
    await sayAbout(person.deps, order, inWord(order, role, 'too much', { excess }))
    await exchange()
  }
  await say(shopper, 'shopper', { what: 'twice', hash, msat: toMsat(msat) })
  await say(merchant, 'merchant', { what: 'twice', hash: '9'.repeat(64) as Hex32, msat: toMsat(msat) })
  await say(merchant, 'merchant', { what: 'late', hash, msat: toMsat(msat) })
  await say(merchant, 'merchant', { what: 'twice', hash, msat: toMsat(0) })
  expect(await panel()).toMatchObject({ type: 'ready' })
  expect(await at(merchant)).toMatchObject({ payment: 'unpaid', problems: [] })
})
