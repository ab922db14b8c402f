import { bech32 } from '@scure/base'
import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { toMsat, type OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { allowedActs } from '../../../src/domain/order/acts'
import { isByHand } from '../../../src/domain/order/own-invoices'
import { paymentHashOwners } from '../../../src/domain/order/hash-owners'
import { paymentPanel, type PaymentPanelState } from '../../../src/domain/order/payment-panel'
import { paymentBadge } from '../../../src/domain/order/status'
import type { Order } from '../../../src/domain/order/types'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { claimPaid } from '../../../src/flows/claimPaid'
import { markPaid } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestByHand, type RequestByHandDeps } from '../../../src/flows/requestByHand'
import { requestPayment } from '../../../src/flows/requestPayment'
import { settlePayment } from '../../../src/flows/settlePayment'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { makeInvoice } from '../../support/order-invoices'

const address = bech32.encode('bcrt', [0, ...bech32.toWords(new Uint8Array(20).fill(7))])
const wayNames = { address: 'Lightning address', onchain: 'Bitcoin address', link: 'Page to pay on' }

let clock: ReturnType<typeof manualClock>
let shopper: FlowPerson
let merchant: FlowPerson
let ledger: LedgerBackend

beforeEach(() => {
  const hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  shopper = flowPerson('shopper', hub, clock)
  merchant = flowPerson('merchant', hub, clock)
  ledger = new LedgerBackend(() => clock.now())
})

const at = async (person: FlowPerson, key: OrderKey): Promise<Order> => {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new TypeError('no such order')
  return order
}

async function exchange(): Promise<void> {
  await clock.advance(2)
  await shopper.post()
  await merchant.post()
  await shopper.fetch()
  await merchant.fetch()
}

interface Sale { readonly key: OrderKey, readonly desk: RequestByHandDeps & Awaited<ReturnType<typeof deskOf>>, readonly msat: number }

async function nip15(orderId = 'order-1'): Promise<Sale> {
  const soap = productOfMerchant('soap', { stock: null })
  const shelf = shelfWith(soap)
  const placed = await placeOrder(shopper.deps, checkoutOf(shelf, soap, { orderId }))
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange()
  return saleOf(placed.value, await deskOf(merchant, () => shelf, ledger))
}

async function gamma(orderId = 'order-1'): Promise<Sale> {
  const goods = gammaShelf(clock.now() - 1_000)
  const cart = addToCart(emptyCart(goods.stall), goods.mug, 2, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: EU, orderId }, orderId, stall: goods.stall, products: goods.shelf.products, rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange()
  return saleOf(placed.value, await deskOf(merchant, () => goods.shelf, ledger))
}

async function saleOf(key: OrderKey, desk: Awaited<ReturnType<typeof deskOf>>): Promise<Sale> {
  const msat = (await at(shopper, key)).snapshot?.totals.totalMsat ?? 0
  return { key, msat, desk: { ...desk, network: 'regtest', wayNames } }
}

async function panel(key: OrderKey): Promise<PaymentPanelState> {
  const orders = await shopper.orders()
  return paymentPanel({ order: await at(shopper, key), now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: paymentHashOwners(orders.values()), accepted: null })
}

const invoiceOver = (msat: number, preimage = 'a1'.repeat(32)): string => makeInvoice({ preimage, msat, createdAt: clock.now() - 10, prefix: 'lnbcrt' }).bolt11
const ask = ({ desk, key }: Sale, pasted: string, confirmed: number | null = null) => requestByHand(desk, key, { pasted, confirmed: confirmed === null ? null : toMsat(confirmed) })

describe.each([['NIP-15', nip15], ['Gamma', gamma]] as const)('%s: what a merchant pastes is what the shopper is shown', (_name, place) => {
  test('an invoice is kept before it is sent, and paid like a wallet\'s', async () => {
    const sale = await place()
    const bolt11 = invoiceOver(sale.msat)
    expect(await ask(sale, bolt11)).toMatchObject({ ok: true })
    const desk = await at(merchant, sale.key)
    expect(desk.issued).toMatchObject([{ bolt11, asked: sale.msat, byHand: true, attempt: 1 }])
    expect(isByHand(desk)).toBe(true)
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'ready', bolt11, msat: sale.msat, checks: { amount: 'within' } })
  })

  test('T7: another amount is sent only when it was said to be meant, and the shopper is asked about it', async () => {
    const sale = await place()
    const more = sale.msat + 500_000
    expect(await ask(sale, invoiceOver(more))).toMatchObject({ ok: false, error: { code: 'amount-not-confirmed' } })
    expect(await ask(sale, invoiceOver(more), more + 1)).toMatchObject({ ok: false, error: { code: 'amount-not-confirmed' } })
    expect((await at(merchant, sale.key)).issued).toEqual([])
    expect(await ask(sale, invoiceOver(more), more)).toMatchObject({ ok: true })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'mismatch', codes: ['amount_mismatch'], askedMsat: more, payable: true })
  })

  test('T9: one invoice is never sent for two orders, nor twice for one', async () => {
    const sale = await place()
    const bolt11 = invoiceOver(sale.msat)
    await ask(sale, bolt11)
    await sale.desk.refresh()
    expect(await ask(sale, bolt11)).toMatchObject({ error: { code: 'payment_hash_reused' } })
    const second = await place('order-2')
    expect(await ask({ ...second, desk: { ...second.desk, ownerOf: sale.desk.ownerOf } }, bolt11)).toMatchObject({ error: { code: 'payment_hash_reused' } })
  })

  test('I13: a crash between keeping and sending: the same invoice goes out at the next try, and is kept once', async () => {
    const sale = await place()
    const bolt11 = invoiceOver(sale.msat)
    const broken: Sale = { ...sale, desk: { ...sale.desk, mail: { compose: async () => ({ ok: false, error: { code: 'declined' } }) } } }
    expect(await ask(broken, bolt11)).toMatchObject({ ok: false, error: { code: 'declined' } })
    expect(await at(merchant, sale.key)).toMatchObject({ issued: [{ bolt11 }], requests: [] })
    expect(await ask(sale, bolt11)).toMatchObject({ ok: true })
    await exchange()
    expect((await at(merchant, sale.key)).issued).toHaveLength(1)
    expect(await panel(sale.key)).toMatchObject({ type: 'ready', bolt11 })
  })

  test('T10: a wallet\'s invoice supersedes it, and the other way round; T9: money for the former one is found', async () => {
    const sale = await place()
    const invoice = await ledger.invoice(sale.msat, 'by hand', 3_600)
    expect(await ask(sale, invoice.bolt11)).toMatchObject({ ok: true })
    await exchange()
    expect(await requestPayment(sale.desk, sale.key)).toMatchObject({ ok: true })
    await exchange()
    const asked = await at(shopper, sale.key)
    expect(asked.requests.map(({ supersededBy }) => supersededBy === null)).toEqual([false, true])
    expect((await at(merchant, sale.key)).issued.map(({ attempt }) => attempt)).toEqual([1, 2])
    await ledger.pay(invoice.bolt11)
    const [issued] = (await at(merchant, sale.key)).issued
    if (issued === undefined)
      throw new TypeError('nothing issued')
    expect(await settlePayment({ ...sale.desk, paidWords: 'Thank you' }, sale.key, issued.paymentHash)).toMatchObject({ value: { found: 'payment' } })
    expect((await at(merchant, sale.key)).problems).toContain('paid-superseded')
  })

  test('a unified code is split: the invoice to pay here, the address among the other ways', async () => {
    const sale = await place()
    const sat = sale.msat / 1_000
    expect(await ask(sale, `bitcoin:${address}?amount=${(sat / 1e8).toFixed(8)}&lightning=${invoiceOver(sale.msat)}`)).toMatchObject({ ok: true })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'ready', otherWays: [{ kind: 'onchain', text: address, wrong: false }] })
  })

  test('an address, a page and words, without any wallet; the amount comes along', async () => {
    const sale = await place()
    expect(await ask(sale, `${address}\namina@pay.example\nhttps://pay.example/o/1\nName the order, please.`)).toMatchObject({ ok: true })
    await exchange()
    const state = await panel(sale.key)
    expect(state).toMatchObject({ type: 'unsupported', elsewhere: { msat: sale.msat, agreedMsat: sale.msat, differs: false } })
    const ways = state.type === 'unsupported' ? state.elsewhere?.ways ?? [] : []
    expect(ways).toHaveLength(3)
    expect(ways).toEqual(expect.arrayContaining([
      { kind: 'onchain', text: address, sat: sale.msat / 1_000, wrong: false }, { kind: 'address', text: 'amina@pay.example' }, { kind: 'link', text: 'https://pay.example/o/1', host: 'pay.example' },
    ]))
    expect(state.type === 'unsupported' && state.elsewhere?.text).toContain('Name the order, please.')
    expect(await at(shopper, sale.key)).toMatchObject({ status: 'payment_requested', refusal: null, zoneId: (await at(merchant, sale.key)).zoneId })
  })

  test('words alone are a request, no refusal', async () => {
    const sale = await place()
    expect(await ask(sale, 'Pay in cash at the market.')).toMatchObject({ ok: true })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'unsupported', elsewhere: { ways: [], msat: sale.msat } })
    expect((await at(shopper, sale.key)).request?.text).toContain('Pay in cash at the market.')
  })

  test('T8: \'I have paid\' is a claim on both sides, said once, until the merchant marks it as paid', async () => {
    const sale = await place()
    await ask(sale, address)
    await exchange()
    const claim = { way: { kind: 'onchain', text: address, sat: 1, wrong: false } as const, msat: toMsat(sale.msat), text: 'I have paid' }
    expect(await claimPaid(shopper.deps, sale.key, claim)).toMatchObject({ ok: true })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'paid', strength: 'claimed' })
    const desk = await at(merchant, sale.key)
    expect([desk.payment, paymentBadge(desk, 'merchant'), desk.status]).toEqual(['claimed', 'claimed', 'payment_requested'])
    expect(allowedActs(desk, 'merchant')).toContain('mark-paid')
    expect(await claimPaid(shopper.deps, sale.key, claim)).toMatchObject({ error: { code: 'already-paid' } })
    expect(await claimPaid(merchant.deps, sale.key, claim)).toMatchObject({ error: { code: 'not-yours' } })
    expect(await markPaid(merchant.deps, sale.key, 'Arrived')).toMatchObject({ ok: true })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'paid', strength: 'said' })
  })

  test('T9: after \'I have paid\' only what the merchant asks anew can be paid, with a warning', async () => {
    const sale = await place()
    await ask(sale, address)
    await exchange()
    await claimPaid(shopper.deps, sale.key, { way: null, msat: null, text: 'I have paid' })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'paid', strength: 'claimed' })
    expect(await ask(sale, invoiceOver(sale.msat))).toMatchObject({ ok: true })
    await exchange()
    expect(await panel(sale.key)).toMatchObject({ type: 'ready', msat: sale.msat, afterClaim: true })
  })

  test('what is no payment, or a secret, leaves nothing behind', async () => {
    const sale = await place()
    for (const [pasted, code] of [[`nsec1${'q'.repeat(58)}`, 'secret'], ['https://a@b.example', 'link-credentials'], ['', 'empty']])
      expect(await ask(sale, pasted ?? '')).toMatchObject({ ok: false, error: { code } })
    expect(await at(merchant, sale.key)).toMatchObject({ issued: [], requests: [], snapshot: null })
  })

  test('a total above the merchant\'s bound is held, and answered by hand or under a new one', async () => {
    const sale = await place()
    const rules = (maxSat: number | null) => ({ ...sale.desk, rules: () => ({ maxSat, hours: null }) })
    expect(await autoInvoice(rules(sale.msat / 1_000 - 1), { key: sale.key })).toEqual({ ok: true, value: { type: 'held', reason: 'amount' } })
    expect((await at(merchant, sale.key)).issued).toEqual([])
    expect(await autoInvoice(rules(sale.msat / 1_000), { key: sale.key })).toMatchObject({ value: { type: 'asked' } })
  })
})

test('only the merchant of an order asks, and not for one that is paid or over', async () => {
  const sale = await nip15()
  expect(await requestByHand({ ...sale.desk, ...shopper.deps }, sale.key, { pasted: address, confirmed: null })).toMatchObject({ error: { code: 'not-yours' } })
  await markPaid(merchant.deps, sale.key, 'cash')
  expect(await ask(sale, address)).toMatchObject({ error: { code: 'already-paid' } })
})
