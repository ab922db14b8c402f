import { beforeEach, expect, test } from 'vitest'
import { toMsat, toSeconds, type Hex32, type OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { orderKey } from '../../../src/domain/order/keys'
import type { IncomingPayment } from '../../../src/domain/wallet/incoming'
import { ok } from '../../../src/domain/result'
import { countPrepaid, matchPrepaid } from '../../../src/flows/matchPrepaid'
import { untoldOf } from '../../../src/domain/order/untold'
import { tellCounted } from '../../../src/flows/tellUntold'
import { fuse } from '../../support/crashing'
import { placeOrder } from '../../../src/flows/placeOrder'
import { sayAbout } from '../../../src/flows/send'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { flowPerson, pubkeyOf, type FlowPerson, type Who } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub, type Hub } from '../../support/memory-hub'
import { ledgerSource } from '../../support/memory-services'

const SUM = 15_000_000
let hub: Hub
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let merchant: FlowPerson
let shelf: ReturnType<typeof gammaShelf>
/** What the wallet tells by itself. */
let told: IncomingPayment[]
/** By the merchant's own listings. */
let price: number

beforeEach(() => {
  hub = createHub()
  clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  merchant = flowPerson('merchant', hub, clock)
  shelf = gammaShelf(clock.now() - 100)
  told = []
  price = SUM
})

/** An order that nobody asks for money, by a program that pays the merchant's address. */
async function order(who: Exclude<Who, 'merchant'>, orderId: string): Promise<{ readonly shopper: FlowPerson, readonly key: OrderKey }> {
  const shopper = flowPerson(who, hub, clock)
  const cart = addToCart(emptyCart(shelf.stall), shelf.mug, 1, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { cart: { ...cart.value, zoneId: EU, orderId }, orderId, stall: shelf.stall, products: shelf.shelf.products, rate: null, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' })
  expect(placed).toMatchObject({ ok: true })
  return { shopper, key: orderKey(pubkeyOf(who), pubkeyOf('merchant'), orderId) }
}

/** Pays an invoice of the merchant's address; the desk knows nothing of it. */
async function pay(msat = SUM): Promise<{ readonly bolt11: string, readonly preimage: string, readonly paymentHash: Hex32 }> {
  const { bolt11, paymentHash } = await ledger.invoice(msat, 'the shop', 600)
  const paid = await ledger.pay(bolt11)
  if (!paid.paid)
    throw new TypeError(paid.reason)
  return { bolt11, preimage: paid.preimage, paymentHash: paymentHash as Hex32 }
}

async function claims({ shopper, key }: Awaited<ReturnType<typeof order>>, { bolt11 = '', preimage = '' }): Promise<void> {
  const mine = (await shopper.orders()).get(key)
  if (mine === undefined)
    throw new TypeError('no order')
  expect(await sayAbout(shopper.deps, mine, { say: 'receipt', msat: toMsat(SUM), invoice: bolt11, preimage, text: 'paid' })).toMatchObject({ ok: true })
  await shopper.post()
  await merchant.fetch()
}

const orders = async () => [...(await merchant.orders()).values()]
const match = async () => {
  const all = await orders()
  return matchPrepaid({ ...merchant.deps, source: { ...ledgerSource(ledger), incoming: async () => ok(told) }, orders: () => all, price: async () => toMsat(price), paidWords: 'Thank you' })
}
const at = async (key: OrderKey) => (await orders()).find(one => one.key === key)

test('what the shopper claims is looked up at the own wallet: paid there, it is proved and told, once', async () => {
  const sale = await order('shopper', 'order-1')
  await claims(sale, await pay())
  expect(await at(sale.key)).toMatchObject({ payment: 'claimed', status: 'payment_pending' })
  expect(await match()).toEqual({ ok: true, value: new Map() })

  expect(await at(sale.key)).toMatchObject({ payment: 'proved', paidMsat: SUM, status: 'order_confirmed', problems: [] })
  await match()
  await merchant.post()
  await sale.shopper.fetch()
  const heard = await sale.shopper.journal.messagesOf(sale.key)
  expect(heard.ok && heard.value.filter(message => message.type === 'status' && message.saidPaid)).toHaveLength(1)
})

test('T9: a crash between any two steps: what was counted is told all the same, and told once', async () => {
  const words = { paidWords: 'Thank you' }
  const sale = await order('shopper', 'order-1')
  const paid = await pay()
  await claims(sale, paid)
  const payment = { paymentHash: paid.paymentHash, msat: toMsat(SUM), settledAt: toSeconds(clock.now()) }
  // What another device of this merchant sees: the same messages, and no fact of this one.
  const probing = flowPerson('merchant', hub, clock)
  await probing.fetch()
  const probe = fuse(0, 'before')
  await countPrepaid({ ...probing.deps, ...words, journal: probe.wrap(probing.journal), mail: probe.wrap(probing.deps.mail) }, sale.key, payment)
  const steps = probe.used()
  expect(steps).toBeGreaterThan(3)

  for (let step = 1; step <= steps; step += 1) {
    for (const when of ['before', 'after'] as const) {
      const fresh = flowPerson('merchant', hub, clock)
      await fresh.fetch()
      const line = fuse(step, when)
      await line.run(() => countPrepaid({ ...fresh.deps, ...words, journal: line.wrap(fresh.journal), mail: line.wrap(fresh.deps.mail) }, sale.key, payment))
      const crashed = (await fresh.orders()).get(sale.key)
      const counted = crashed?.payments.some(({ by }) => by === 'own-wallet') === true
      const told = (await fresh.journal.undelivered()).length > 0
      expect(crashed && untoldOf(crashed), `${step} ${when}`).toEqual(counted && !told ? [{ what: 'paid' }] : [])
      for (const _ of [1, 2])
        expect(await tellCounted({ ...fresh.deps, ...words }, sale.key)).toEqual({ ok: true, value: undefined })
      const kept = await fresh.journal.messagesOf(sale.key)
      expect(kept.ok && kept.value.filter(message => message.type === 'status' && message.saidPaid).length, `${step} ${when}`).toBe(counted ? 1 : 0)
    }
  }
})

test('T8: a preimage of nothing that arrived proves nothing, whatever it hashes to', async () => {
  const sale = await order('shopper', 'order-1')
  await claims(sale, { preimage: 'ab'.repeat(32) })
  const found = await match()
  expect(found.ok && found.value.get(sale.key)).toEqual([])
  expect(await at(sale.key)).toMatchObject({ payment: 'claimed' })
})

test('one payment, claimed by two: counts for neither until the merchant says whose it is; then for that one alone', async () => {
  const first = await order('shopper', 'order-1')
  const second = await order('shopper2', 'order-2')
  const paid = await pay()
  await claims(first, paid)
  await claims(second, paid)
  const found = await match()
  const [candidate] = (found.ok ? found.value.get(first.key) : undefined) ?? []
  expect(candidate).toMatchObject({ by: 'hash', doubts: ['claimed-twice'] })
  if (candidate === undefined)
    return
  expect(await countPrepaid({ ...merchant.deps, paidWords: 'Thank you' }, first.key, candidate.payment)).toEqual({ ok: true, value: undefined })
  const after = await match()
  expect(after.ok && after.value.get(second.key)).toMatchObject([{ doubts: ['other-order'] }])
  expect(await at(first.key)).toMatchObject({ payment: 'proved' })
  expect(await at(second.key)).toMatchObject({ payment: 'claimed' })
})

test('without a name for it, what came in at that time for that amount is offered, and never counted by itself', async () => {
  const sale = await order('shopper', 'order-1')
  const { paymentHash } = await pay()
  told = [{ paymentHash, msat: toMsat(SUM), settledAt: toSeconds(clock.now()), description: 'the shop' }]
  await claims(sale, {})
  const found = await match()
  expect(found.ok && found.value.get(sale.key)).toMatchObject([{ by: 'amount', doubts: ['amount-only'] }])
  expect(await at(sale.key)).toMatchObject({ payment: 'claimed' })
})

test('a price of the shopper\'s own making counts for nothing: what is less than the listings ask waits for the merchant', async () => {
  price = SUM * 10
  const sale = await order('shopper', 'order-1')
  await claims(sale, await pay())
  const found = await match()
  expect(found.ok && found.value.get(sale.key)).toMatchObject([{ by: 'hash', doubts: ['too-little'] }])
  expect(await at(sale.key)).toMatchObject({ payment: 'claimed' })
})

test('somebody else\'s invoice, read anywhere, is no proof of who paid it', async () => {
  const sale = await order('shopper', 'order-1')
  const { bolt11 } = await pay()
  await claims(sale, { bolt11 })
  const found = await match()
  expect(found.ok && found.value.get(sale.key)).toMatchObject([{ by: 'hash', doubts: ['not-shown'] }])
  expect(await at(sale.key)).toMatchObject({ payment: 'claimed' })
})
