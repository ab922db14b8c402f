import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import type { Hex32, OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { orderKey } from '../../../src/domain/order/keys'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import { paymentBadge } from '../../../src/domain/order/status'
import type { Order } from '../../../src/domain/order/types'
import { deskPaymentState } from '../../../src/domain/order/desk-payment-state'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { claimPaid } from '../../../src/flows/claimPaid'
import { markPaid } from '../../../src/flows/order-words'
import { notePaidElsewhere, payOrder } from '../../../src/flows/payOrder'
import { remindMerchant } from '../../../src/flows/remindMerchant'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sendReceipts, type ReceiptDeps } from '../../../src/flows/sendReceipts'
import { fuse } from '../../support/crashing'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub, type Hub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'

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

const soap = productOfMerchant('soap')
const nip15Shelf = shelfWith(soap)

async function exchange(): Promise<void> {
  await shopper.post()
  await merchant.post()
  await shopper.fetch()
  await merchant.fetch()
}
async function asked(dialect: 'nip15' | 'gamma'): Promise<OrderKey> {
  if (dialect === 'nip15') {
    await placeOrder(shopper.deps, checkoutOf(nip15Shelf, soap))
    await exchange()
    const key = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
    expect(await requestPayment(await deskOf(merchant, () => nip15Shelf, ledger), key)).toMatchObject({ ok: true })
    await exchange()
    return key
  }
  const goods = gammaShelf(clock.now() - 1_000)
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 2, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: EU, orderId: 'order-4711' }, orderId: 'order-4711', stall: goods.stall, products: goods.shelf.products, rate: null, name: 'Sam', address: '1 Road', contact: {}, shopperMessage: '' })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange()
  expect(await autoInvoice(await deskOf(merchant, () => goods.shelf, ledger), { key: placed.value })).toMatchObject({ ok: true, value: { type: 'asked' } })
  await exchange()
  return placed.value
}
async function paid(dialect: 'nip15' | 'gamma'): Promise<OrderKey> {
  const key = await asked(dialect)
  expect(await payOrder({ ...shopper.deps, wallet: ledgerWallet(ledger), network: 'regtest', knownHashes: () => new Map(), accepted: null }, key)).toMatchObject({ ok: true, value: { status: 'paid' } })
  return key
}
const receipting = (more: Partial<ReceiptDeps> = {}): ReceiptDeps => ({ ...shopper.deps, receiptWords: ({ number }) => `I paid ${number}`, claimWords: ({ number }) => `Paid, not shown: ${number}`, ...more })
const at = async (person: FlowPerson, key: OrderKey): Promise<Order> => {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new TypeError('no such order')
  return order
}
const requestOf = ({ request }: Order): NonNullable<Order['request']> => {
  if (request === null)
    throw new TypeError('nothing asked')
  return request
}
const panelOf = (order: Order, shown: Hex32 | null = null) => paymentPanel({ order, now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null, shown })
const receiptsOf = async (person: FlowPerson, key: OrderKey) => {
  const messages = await person.journal.messagesOf(key)
  return messages.ok ? messages.value.filter(({ type }) => type === 'receipt') : []
}

describe.each(['nip15', 'gamma'] as const)('%s: the shopper\'s receipt', (dialect) => {
  test('T8: arrives with its proof, and to the merchant it is a claim until the own wallet has spoken', async () => {
    const key = await paid(dialect)
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 1 })
    await exchange()
    const order = await at(merchant, key)
    const [receipt] = await receiptsOf(merchant, key)
    expect(receipt).toMatchObject({ type: 'receipt', preimage: (await at(shopper, key)).payments[0]?.preimage })
    expect(order.payments).toMatchObject([{ by: 'shopper', paymentHash: order.request?.paymentHash }])
    expect(paymentBadge(order, 'merchant')).toBe('claimed')
  })

  test('T9: once for a payment, over retries, reloads and a crash at any step', async () => {
    const key = await paid(dialect)
    const probe = fuse(0, 'before')
    await probe.run(() => sendReceipts(receipting({ journal: probe.wrap(shopper.journal) }), key))
    const steps = probe.used()
    expect(steps).toBeGreaterThan(1)
    expect(await receiptsOf(shopper, key)).toHaveLength(1)
    for (let step = 1; step <= steps; step += 1) {
      const line = fuse(step, 'after')
      await line.run(() => sendReceipts(receipting({ journal: line.wrap(shopper.journal) }), key))
    }
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 0 })
    await exchange()
    expect(await receiptsOf(merchant, key)).toHaveLength(1)
  })

  test('a crash before it was kept sends it later; a signer that refuses leaves the payment paid', async () => {
    const key = await paid(dialect)
    const refusing = { ...shopper.deps.signer, sign: async () => ({ ok: false, error: { code: 'declined' } }) as const, nip44Encrypt: async () => ({ ok: false, error: { code: 'declined' } }) as const }
    expect(await sendReceipts(receipting({ signer: refusing }), key)).toEqual({ ok: false, error: { code: 'declined' } })
    expect(await at(shopper, key)).toMatchObject({ payment: 'proved', status: 'payment_confirmed' })
    for (const when of ['before', 'after'] as const) {
      const line = fuse(2, when)
      await line.run(() => sendReceipts(receipting({ journal: line.wrap(shopper.journal) }), key))
    }
    await sendReceipts(receipting(), key)
    expect(await receiptsOf(shopper, key)).toHaveLength(1)
  })

  test('T5: on an empty device it proves the payment again', async () => {
    const key = await paid(dialect)
    await sendReceipts(receipting(), key)
    await exchange()
    const restored = flowPerson('shopper', hub, clock)
    await restored.fetch()
    const order = await at(restored, key)
    expect(paymentBadge(order, 'shopper')).toBe('proved')
    expect(paymentPanel({ order, now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })).toMatchObject({ type: 'paid', strength: 'proved', preimage: (await at(shopper, key)).payments[0]?.preimage })
  })

  test('T8: who paid from a wallet outside says so once; it names the invoice, so that the desk looks up that very one', async () => {
    const key = await asked(dialect)
    const { paymentHash, bolt11, msat } = requestOf(await at(shopper, key))
    const say = () => claimPaid(shopper.deps, key, { way: null, invoice: paymentHash, msat: null, text: 'I have paid' })
    expect(await say()).toMatchObject({ ok: true })
    expect(panelOf(await at(shopper, key))).toMatchObject({ type: 'paid', strength: 'claimed', preimage: null })
    expect(await say()).toMatchObject({ error: { code: 'already-paid' } })
    await exchange()
    expect(await receiptsOf(merchant, key)).toMatchObject([{ preimage: '', invoice: bolt11, ...dialect === 'gamma' && { msat } }])
    const order = await at(merchant, key)
    expect(order.payments).toMatchObject([{ by: 'shopper', strength: 'claimed', paymentHash, preimage: '' }])
    expect(deskPaymentState({ order, now: clock.now(), network: 'regtest', knownHashes: new Map(), unreachable: false })).toMatchObject({ type: 'checking' })
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 0 })
  })

  test('T9, T10: said of an invoice that was replaced meanwhile, it stands; asked by another invoice after it, that one may be paid, with a warning', async () => {
    const key = await asked(dialect)
    const { paymentHash } = requestOf(await at(shopper, key))
    await clock.advance(5)
    const reissue = async () => {
      const desk = await deskOf(merchant, () => dialect === 'nip15' ? nip15Shelf : gammaShelf(clock.now() - 1_000).shelf, ledger)
      expect(await requestPayment(desk, key)).toMatchObject({ ok: true })
      await exchange()
    }
    await reissue()
    expect(panelOf(await at(shopper, key), paymentHash)).toEqual({ type: 'superseded' })
    await clock.advance(5)
    expect(await claimPaid(shopper.deps, key, { way: null, invoice: paymentHash, msat: null, text: 'I have paid' })).toMatchObject({ ok: true })
    expect(panelOf(await at(shopper, key), paymentHash)).toMatchObject({ type: 'paid', strength: 'claimed' })
    await exchange()
    await clock.advance(5)
    await reissue()
    expect(panelOf(await at(shopper, key))).toMatchObject({ type: 'ready', afterClaim: true })
    expect(await payOrder({ ...shopper.deps, wallet: { ...ledgerWallet(ledger), pay: async () => ({ status: 'declined' }) }, network: 'regtest', knownHashes: () => new Map(), accepted: null }, key)).toEqual({ ok: true, value: { status: 'declined' } })
    await clock.advance(5)
    expect(await claimPaid(shopper.deps, key, { way: null, invoice: paymentHash, msat: null, text: 'I have paid' })).toMatchObject({ error: { code: 'already-paid' } })
    expect(await claimPaid(shopper.deps, key, { way: null, invoice: requestOf(await at(shopper, key)).paymentHash, msat: null, text: 'I have paid' })).toMatchObject({ ok: true })
  })

  test('T8: what only a service says was paid is told to the merchant as a claim, once; the proof follows it, once', async () => {
    const key = await asked(dialect)
    const { paymentHash, bolt11, msat } = requestOf(await at(shopper, key))
    if (paymentHash === null || msat === null)
      throw new TypeError('no invoice')
    await notePaidElsewhere(shopper.deps, key, { paymentHash, msat, preimage: null })
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 1 })
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 0 })
    expect(await claimPaid(shopper.deps, key, { way: null, invoice: paymentHash, msat: null, text: 'I have paid' })).toMatchObject({ error: { code: 'already-paid' } })
    await exchange()
    expect(await receiptsOf(merchant, key)).toMatchObject([{ preimage: '', invoice: bolt11 }])
    const paid = await ledger.pay(bolt11 ?? '')
    await clock.advance(5)
    await notePaidElsewhere(shopper.deps, key, { paymentHash, msat, preimage: paid.paid ? paid.preimage as Hex32 : null })
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 1 })
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 0 })
  })

  test('T9: the wallet never answered, and shows the payment: said, it is no longer offered to be paid', async () => {
    const key = await asked(dialect)
    const { paymentHash, expiresAt } = requestOf(await at(shopper, key))
    await payOrder({ ...shopper.deps, wallet: { ...ledgerWallet(ledger), pay: async () => ({ status: 'unknown', reason: 'no answer' }) }, network: 'regtest', knownHashes: () => new Map(), accepted: null }, key)
    await clock.advance((expiresAt ?? 0) - clock.now() + 700)
    expect(panelOf(await at(shopper, key))).toEqual({ type: 'could-not-check', over: true })
    expect(await claimPaid(shopper.deps, key, { way: null, invoice: paymentHash, msat: null, text: 'I have paid' })).toMatchObject({ ok: true })
    expect(panelOf(await at(shopper, key))).toMatchObject({ type: 'paid', strength: 'claimed' })
  })

  test('a merchant who says nothing of a payment is reminded after an hour, once a day, and not once it is confirmed', async () => {
    const key = await paid(dialect)
    const since = (await at(shopper, key)).payments[0]?.at ?? 0
    expect(panelOf(await at(shopper, key))).toMatchObject({ type: 'paid', strength: 'proved', silent: { since, reminder: 'early' } })
    expect(await remindMerchant(shopper.deps, key, 'Did it arrive?')).toMatchObject({ error: { code: 'too-soon' } })
    await clock.advance(3_610)
    expect(panelOf(await at(shopper, key))).toMatchObject({ silent: { since, reminder: 'due' } })
    expect(await remindMerchant(shopper.deps, key, 'Did it arrive?')).toMatchObject({ ok: true })
    expect(panelOf(await at(shopper, key))).toMatchObject({ silent: { reminder: 'sent' } })
    expect(await remindMerchant(shopper.deps, key, 'Did it arrive?')).toMatchObject({ error: { code: 'too-soon' } })
    await exchange()
    await markPaid(merchant.deps, key, 'Thank you')
    await exchange()
    expect(panelOf(await at(shopper, key))).not.toHaveProperty('silent')
    await clock.advance(90_000)
    expect(await remindMerchant(shopper.deps, key, 'Did it arrive?')).toMatchObject({ error: { code: 'not-waiting' } })
  })

  test('nothing is sent for what was not paid by the own wallet', async () => {
    const key = await asked(dialect)
    expect(await sendReceipts(receipting(), key)).toEqual({ ok: true, value: 0 })
    expect(await sendReceipts({ ...receipting(), ...merchant.deps }, key)).toEqual({ ok: true, value: 0 })
  })
})

test('on NIP-15 a person reads a sentence above the line for programs', async () => {
  const key = await paid('nip15')
  await sendReceipts(receipting(), key)
  const deliveries = await shopper.journal.deliveriesOf(key)
  const { number, payments } = await at(shopper, key)
  expect(deliveries.at(-1)?.plaintext.split('\n')).toEqual([`I paid ${number}`, JSON.stringify({ souk: { order: 'order-1', preimage: payments[0]?.preimage } })])
})
