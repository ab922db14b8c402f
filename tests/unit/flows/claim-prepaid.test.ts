import { expect, test } from 'vitest'
import { toMsat, type Hex32 } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { implicitStall } from '../../../src/domain/catalog/implicit-stall'
import { paymentPanel } from '../../../src/domain/order/payment-panel'
import { prepaidClaim } from '../../../src/domain/order/prepaid-match'
import { ok } from '../../../src/domain/result'
import { checkAddressPayment, watchedInvoices } from '../../../src/flows/askAddress'
import { claimPaid } from '../../../src/flows/claimPaid'
import { factId, localFact } from '../../../src/flows/local-fact'
import { matchPrepaid } from '../../../src/flows/matchPrepaid'
import { composeOwnNote, keepFacts } from '../../../src/flows/own-notes'
import { placeOrder } from '../../../src/flows/placeOrder'
import { sendReceipts } from '../../../src/flows/sendReceipts'
import type { LocalFact, Order } from '../../../src/domain/order/types'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { flowPerson, pubkeyOf, type FlowPerson } from '../../support/flow-people'
import { gammaProduct } from '../../support/gamma-listings'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { ledgerSource } from '../../support/memory-services'

const by = pubkeyOf('merchant')
const SUM = toMsat(10_000)

/** Somebody who pays a merchant's address: its invoice is the shopper's own request, and never sent. */
async function prepaid(dialect: 'plebeian' | 'shopstr', verify: string | null) {
  const hub = createHub()
  const clock = { ...manualClock(), random: () => Math.random() }
  const ledger = new LedgerBackend(() => clock.now())
  const [plain, merchant] = [flowPerson('shopper', hub, clock), flowPerson('merchant', hub, clock)]
  const shopper = { ...plain, deps: { ...plain.deps, notes: (facts: readonly LocalFact[]) => composeOwnNote(plain.deps, facts) } }
  const cup = gammaProduct('cup', [['price', '10', 'SAT'], ['t', 'shopstr'], ['shipping', 'Free', '0', 'SAT']], { by, at: clock.now() - 1_000, n: 5 })
  const stall = implicitStall({ author: by, profile: null, shop: null, shippingOptions: [], collections: [], products: [cup] })
  if (stall === null)
    throw new TypeError('no stall')
  const cart = addToCart(emptyCart({ ...stall, dialect }), { ...cup, dialect }, 1, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: cup.zoneIds?.[0] ?? null, orderId: 'o-1' }, orderId: 'o-1', stall: { ...stall, dialect }, products: new Map([[cup.address, { ...cup, dialect }]]), rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  const key = placed.value
  const { bolt11, paymentHash } = await ledger.invoice(SUM, 'the shop', 600)
  const hash = paymentHash as Hex32
  await keepFacts(shopper.deps, [localFact({ id: factId('self-made', key, hash), me: shopper.deps.signer.pubkey, order: key, at: clock.now() }, { type: 'self-made', paymentHash: hash, bolt11, msat: SUM, address: 'ann@wool.example', host: 'wool.example', verify })])
  const at = async (person: FlowPerson): Promise<Order> => {
    const order = (await person.orders()).get(key)
    if (order === undefined)
      throw new TypeError('no order')
    return order
  }
  const exchange = async (): Promise<void> => {
    await shopper.post()
    await merchant.fetch()
  }
  const panel = async (person: FlowPerson = shopper) => paymentPanel({ order: await at(person), now: clock.now(), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
  return { hub, clock, ledger, shopper, merchant, key, bolt11, hash, at, exchange, panel }
}

test.each(['plebeian', 'shopstr'] as const)('%s: paid by its code to an address that tells of nothing, the shopper says so, and the desk finds that very payment', async (dialect) => {
  const { clock, ledger, shopper, merchant, key, bolt11, hash, at, exchange, panel } = await prepaid(dialect, null)
  await ledger.pay(bolt11)
  await clock.advance(700)
  expect(await panel()).toMatchObject({ type: 'expired', selfMade: { verify: null } })
  const say = () => claimPaid(shopper.deps, key, { way: null, invoice: hash, msat: null, text: 'I have paid' })
  expect(await say()).toMatchObject({ ok: true })
  expect(await panel()).toMatchObject({ type: 'paid', strength: 'claimed' })
  expect(await say()).toMatchObject({ error: { code: 'already-paid' } })
  await exchange()
  const messages = await merchant.journal.messagesOf(key)
  expect(prepaidClaim(await at(merchant), messages.ok ? messages.value : [])).toMatchObject({ hashes: [hash], shown: [], amounts: expect.arrayContaining([SUM]) })
  const sold = await at(merchant)
  const matched = await matchPrepaid({ ...merchant.deps, source: { ...ledgerSource(ledger), incoming: async () => ok([]) }, orders: () => [sold], price: async () => SUM, paidWords: 'Thank you' })
  expect(matched.ok && matched.value.get(key)).toMatchObject([{ by: 'hash', payment: { paymentHash: hash }, doubts: ['not-shown'] }])
})

test.each(['plebeian', 'shopstr'] as const)('%s: what an address only says was paid is told to the merchant, and to the shopper\'s other devices', async (dialect) => {
  const { hub, clock, shopper, merchant, key, bolt11, hash, at, exchange, panel } = await prepaid(dialect, 'https://wool.example/verify/1')
  const [invoice] = watchedInvoices(await at(shopper))
  if (invoice === undefined)
    throw new TypeError('not watched')
  const payAddress = { invoice: () => Promise.reject(new TypeError('not asked for')), verify: async () => ({ status: 'settled', preimage: null }) as const }
  expect(await checkAddressPayment({ ...shopper.deps, payAddress }, key, invoice)).toEqual({ ok: true, value: 'settled' })
  await shopper.post()
  const other = flowPerson('shopper', hub, clock)
  await other.fetch()
  expect((await at(other)).payments).toMatchObject([{ by: 'own-wallet', strength: 'claimed', paymentHash: hash }])
  expect(await panel(other)).toMatchObject({ type: 'paid', strength: 'claimed' })
  const words = { receiptWords: () => 'shown', claimWords: () => 'not shown' }
  expect(await sendReceipts({ ...shopper.deps, ...words }, key)).toEqual({ ok: true, value: 1 })
  expect(await sendReceipts({ ...shopper.deps, ...words }, key)).toEqual({ ok: true, value: 0 })
  await exchange()
  const heard = await merchant.journal.messagesOf(key)
  expect(heard.ok && heard.value.filter(({ type }) => type === 'receipt')).toMatchObject([{ preimage: '', invoice: bolt11, msat: SUM }])
})
