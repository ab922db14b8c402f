import { afterEach, beforeEach, expect, test } from 'vitest'
import { toMsat, type Hex32, type OrderKey } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import { askAddress, checkAddressPayment, watchedInvoices, type AskAddressDeps } from '../../../src/flows/askAddress'
import { payOrder } from '../../../src/flows/payOrder'
import { placeOrder } from '../../../src/flows/placeOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { openPayAddress } from '../../../src/payments/lnurl'
import type { PayAddress } from '../../../src/ports/pay-address'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { noFaults } from '../../../sandbox/wallet/faults'
import { LnbitsApi } from '../../../sandbox/wallet/lnbits-api'
import { lnurlApi } from '../../../sandbox/wallet/lnurl-api'
import { serveWallet, type WalletServer } from '../../../sandbox/wallet/server'
import { Account } from '../../../sandbox/wallet/till'
import { deskOf, flowPerson, pubkeyOf, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerWallet } from '../../support/memory-services'

const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
const SUM = toMsat(15_000_000)
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let server: WalletServer
let shopper: FlowPerson
let merchant: FlowPerson
let shelf: ReturnType<typeof gammaShelf>
let payAddress: PayAddress
const faults = noFaults()

beforeEach(async () => {
  Object.assign(faults, noFaults())
  const hub = createHub()
  clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  const account = new Account('Esma', 'merchant', 0, ledger, faults, () => clock.now())
  ledger.onReceived(payment => account.settle(payment))
  server = await serveWallet(0, new LnbitsApi([], faults, () => clock.now()), [lnurlApi({ esma: account }, faults)])
  payAddress = openPayAddress({ network: 'regtest', clock, loopback: true })
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  shelf = gammaShelf(clock.now() - 100)
  const cart = addToCart(emptyCart(shelf.stall), shelf.mug, 1, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: EU, orderId: 'order-1' }, orderId: 'order-1', stall: shelf.stall, products: shelf.shelf.products, rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' })
  expect(placed).toMatchObject({ ok: true })
})
afterEach(async () => server.close())

const address = () => `esma@${new URL(server.url).host}`
const deps = (more: Partial<AskAddressDeps> = {}): AskAddressDeps => ({ ...shopper.deps, payAddress, orderIsOut: true, knownHashes: () => new Map(), ...more })
const ask = (more: Partial<AskAddressDeps> = {}) => askAddress(deps(more), KEY, address())
const pay = () => payOrder({ ...shopper.deps, wallet: ledgerWallet(ledger), network: 'regtest', knownHashes: () => new Map(), accepted: null }, KEY)
const order = async (who = shopper) => {
  const found = (await who.orders()).get(KEY)
  if (found === undefined)
    throw new TypeError('no order')
  return found
}
const panel = async () => paymentPanel({ order: await order(), now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null, prepaid: { merchant: pubkeyOf('merchant'), address: address() } })

/** The merchant sells with a program that asks after all. */
async function merchantAsks(): Promise<void> {
  await shopper.post()
  await merchant.fetch()
  expect(await requestPayment(await deskOf(merchant, () => shelf.shelf, ledger), KEY)).toMatchObject({ ok: true })
  await merchant.post()
  await shopper.fetch()
}

test('order first, money second: the invoice of the address is checked, shown and paid like a merchant\'s', async () => {
  expect(await ask({ orderIsOut: false })).toMatchObject({ error: { code: 'not-sent' } })
  expect(await panel()).toEqual({ type: 'prepaid', address: address(), msat: SUM })
  expect(await ask()).toEqual({ ok: true, value: 'made' })
  expect(await panel()).toMatchObject({ type: 'ready', msat: SUM, selfMade: { address: address(), bound: true } })
  expect(await order()).toMatchObject({ status: 'payment_requested', payment: 'unpaid', problems: [] })
  expect(await pay()).toMatchObject({ ok: true, value: { status: 'paid' } })
  expect(await order()).toMatchObject({ status: 'payment_confirmed', payment: 'proved', paidMsat: SUM, problems: [] })
  expect(await ask()).toMatchObject({ error: { code: 'already-paid' } })
  // Nothing of it went to the merchant, for whom only the own wallet proves.
  await shopper.post()
  await merchant.fetch()
  expect((await order(merchant)).requests).toEqual([])
})

test('T9: a second tap gives the same invoice; an expired one gives way to a new one', async () => {
  await ask()
  const first = (await order()).request?.paymentHash
  expect(await ask()).toEqual({ ok: true, value: 'still-good' })
  expect((await order()).request?.paymentHash).toBe(first)
  await clock.advance(700)
  expect(await panel()).toMatchObject({ type: 'expired', selfMade: { address: address() } })
  expect(await ask()).toEqual({ ok: true, value: 'made' })
  expect((await order()).request?.paymentHash).not.toBe(first)
  expect((await order()).requests).toHaveLength(2)
})

test('T9: paid from a wallet outside, the address tells so with a proof; no new invoice is made over it', async () => {
  await ask()
  const invoice = watchedInvoices(await order())[0]
  if (invoice === undefined)
    throw new TypeError('not watched')
  expect(await checkAddressPayment(deps(), KEY, invoice)).toEqual({ ok: true, value: 'pending' })
  await ledger.pay(invoice.bolt11)
  await clock.advance(700)
  expect(await ask()).toEqual({ ok: true, value: 'paid' })
  expect(await order()).toMatchObject({ payment: 'proved', problems: [] })
  expect((await order()).requests).toHaveLength(1)
  expect(watchedInvoices(await order())).toEqual([])
})

test('T8: an address that says "paid" without a proof is believed as far as not to pay again, and no further', async () => {
  await ask()
  const invoice = watchedInvoices(await order())[0]
  if (invoice === undefined)
    throw new TypeError('not watched')
  await checkAddressPayment(deps({ payAddress: { ...payAddress, verify: async () => ({ status: 'settled', preimage: null }) } }), KEY, invoice)
  expect(await order()).toMatchObject({ payment: 'claimed' })
  expect(await panel()).toMatchObject({ type: 'paid', strength: 'claimed' })
  // The proof comes later, and counts.
  await ledger.pay(invoice.bolt11)
  await checkAddressPayment(deps(), KEY, invoice)
  expect(await order()).toMatchObject({ payment: 'proved' })
})

test('T9: while nobody can say whether a former invoice was paid, no second one is made', async () => {
  await ask()
  await clock.advance(700)
  faults.offline = true
  expect(await ask()).toMatchObject({ error: { code: 'former-unknown' } })
  expect((await order()).requests).toHaveLength(1)
})

test('T9, T10: a merchant who asks after all is paid by that request; a payment to the address before it stands', async () => {
  await ask()
  const former = (await order()).request
  await clock.advance(5)
  await merchantAsks()
  expect(await order()).toMatchObject({ request: { recipient: '' } })
  expect((await order()).request?.selfMade).toBeUndefined()
  expect(await panel()).toMatchObject({ type: 'ready', afterAddress: address() })
  expect(await ask()).toMatchObject({ error: { code: 'merchant-asked' } })
  // Paid to the address all the same, from a wallet that had the code: found, and told.
  await ledger.pay(former?.bolt11 ?? '')
  const invoice = watchedInvoices(await order())[0]
  await clock.advance(5)
  if (invoice !== undefined)
    await checkAddressPayment(deps(), KEY, invoice)
  expect(await order()).toMatchObject({ payment: 'proved', problems: ['paid-superseded'] })
  expect(await panel()).toMatchObject({ type: 'paid-late', after: 'reissue', strength: 'proved' })
  expect(await pay()).toMatchObject({ error: { code: 'not-payable', state: 'paid-late' } })
})

test('T9: paid to the address first, a later request offers nothing to pay and is no problem', async () => {
  await ask()
  await pay()
  await clock.advance(60)
  await merchantAsks()
  expect(await panel()).toMatchObject({ type: 'paid', strength: 'proved' })
  expect((await order()).problems).toEqual([])
  expect(await pay()).toMatchObject({ error: { code: 'not-payable' } })
})

test('T7: an invoice of another order, another sum or another network is never kept', async () => {
  const lying = (change: (made: Awaited<ReturnType<PayAddress['invoice']>>) => Awaited<ReturnType<PayAddress['invoice']>>): PayAddress => ({ ...payAddress, invoice: async (...asked) => change(await payAddress.invoice(...asked)) })
  let hash = '' as Hex32
  const other = lying((made) => {
    hash = made.ok ? made.value.paymentHash : hash
    return made
  })
  expect(await ask({ payAddress: other, knownHashes: () => new Map([[hash, 'another' as OrderKey]]) })).toMatchObject({ error: { code: 'hash-of-other-order' } })
  faults.wrongAmount = true
  expect(await ask()).toMatchObject({ error: { code: 'wrong_amount' } })
  faults.wrongAmount = false
  faults.fail = 'INTERNAL'
  expect(await ask()).toMatchObject({ error: { code: 'refused', detail: 'As asked for by the test.' } })
  expect(await askAddress(deps(), KEY, 'nobody@nowhere')).toMatchObject({ error: { code: 'bad_address' } })
  expect((await order()).requests).toEqual([])
  expect(await panel()).toMatchObject({ type: 'prepaid' })
})
