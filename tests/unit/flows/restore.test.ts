import { encrypt } from 'nostr-tools/nip04'
import { beforeEach, describe, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import type { OrderKey } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { foldThreads } from '../../support/folded'
import type { Shelf } from '../../../src/domain/order/pricing'
import type { Order } from '../../../src/domain/order/types'
import { err } from '../../../src/domain/result'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { shipOrder } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { messagesHere } from '../../../src/flows/read-all-mail'
import { dryRun, judgeAgain, restore, type Found, type LookOptions, type RestoreDeps } from '../../../src/flows/restoreOrders'
import { sendChat } from '../../../src/flows/sendChat'
import { settlePayment } from '../../../src/flows/settlePayment'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, secrets, shelfWith, type FlowPerson, type Who } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { person, signed } from '../../support/signed'

let hub: Hub
let clock: ReturnType<typeof manualClock>
let shopper: FlowPerson
let merchant: FlowPerson
const soap = productOfMerchant('soap')
const nip15 = shelfWith(soap)

beforeEach(() => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  shopper = flowPerson('shopper', hub, clock)
  merchant = flowPerson('merchant', hub, clock)
})

const never = (): AbortSignal => new AbortController().signal
const depsOf = ({ deps, mail }: FlowPerson, shelf: Shelf | null = null): RestoreDeps => ({ ...deps, mail, relays: [HUB], statuses: hub.relays.statuses, shelf: () => shelf })
async function look(deps: RestoreDeps, options: Partial<LookOptions> = {}, order?: OrderKey): Promise<Found> {
  const found = await dryRun(deps, order === undefined ? {} : { order }, { signal: never(), ...options })
  if (!found.ok)
    throw new TypeError(found.error.code)
  return found.value
}

async function exchange(): Promise<void> {
  for (const one of [shopper, merchant])
    await one.post()
  for (const one of [shopper, merchant])
    await one.fetch()
}

async function placeNip15(orderId = 'order-1'): Promise<OrderKey> {
  const placed = await placeOrder(shopper.deps, checkoutOf(nip15, soap, { orderId }))
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange()
  return placed.value
}

async function placeGamma(): Promise<readonly [OrderKey, Shelf]> {
  const { stall, mug, shelf } = gammaShelf(clock.now() - 1_000)
  const cart = addToCart(emptyCart(stall), mug, 2, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  const placed = await placeOrder(shopper.deps, { ...checkoutOf(nip15, soap), cart: { ...cart.value, zoneId: EU, orderId: 'order-4711' }, orderId: 'order-4711', stall, products: shelf.products })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange()
  return [placed.value, shelf]
}

/** Paid, shipped, and talked about. */
async function sell(key: OrderKey, shelf: Shelf): Promise<void> {
  const ledger = new LedgerBackend(() => clock.now())
  const desk = await deskOf(merchant, () => shelf, ledger)
  expect(await autoInvoice(desk, { key })).toMatchObject({ ok: true })
  await clock.advance(2)
  const issued = (await merchant.orders()).get(key)?.issued[0]
  if (issued === undefined)
    throw new TypeError('nothing issued')
  await ledger.pay(issued.bolt11)
  await settlePayment({ ...desk, paidWords: 'Thank you' }, key, issued.paymentHash)
  await clock.advance(2)
  await exchange()
  await shipOrder(merchant.deps, key, { text: 'On its way', carrier: 'Post', number: 'RR1' })
  await clock.advance(2)
  expect(await sendChat(shopper.deps, key, 'Thanks!')).toMatchObject({ ok: true })
  await exchange()
}

/** All that does not rest on one device alone. */
function shared(order: Order | undefined): Partial<Order> {
  const { snapshot: _s, issued: _i, stockTaken: _t, payments: _p, payment: _w, timeline: _l, paidMsat: _m, updatedAt: _u, ...rest } = order ?? {}
  return rest
}

describe.each(['nip15', 'gamma'] as const)('T5: an empty device, in %s', (dialect) => {
  test.each<Who>(['shopper', 'merchant'])('the %s finds the order as it was', async (who) => {
    const [key, shelf] = dialect === 'nip15' ? [await placeNip15(), nip15] : await placeGamma()
    await sell(key, shelf)
    const before = who === 'shopper' ? shopper : merchant
    const emptied = flowPerson(who, hub, clock)
    const deps = depsOf(emptied, shelf)

    const found = await look(deps)
    expect(found).toMatchObject({ unopened: 0, mute: [], unreached: [], cut: false })
    expect(found.report).toMatchObject({ counts: { new: 1, partly: 0, here: 0 }, unreadable: {}, items: [{ key, outcome: 'new', troubles: [], repaired: null }] })
    expect(await messagesHere(emptied.journal, never())).toEqual([])

    expect(await restore(deps, found, 'all', { signal: never() })).toMatchObject({ failed: [], left: [] })
    const after = (await emptied.orders()).get(key)
    const sent = (await messagesHere(before.journal, never()) ?? []).filter(({ transport }) => transport !== 'local')
    expect(after).toEqual(foldThreads(sent, { viewer: pubkeyOf(who) }).orders.get(key))
    const was = (await before.orders()).get(key)
    expect(shared(after)).toEqual(shared(was))
    expect(after).toMatchObject({ dialect, status: 'shipped', payment: 'said', chat: [{ text: 'Thanks!' }], tracking: { number: 'RR1' } })

    const again = await judgeAgain(deps, found, { signal: never() })
    expect(again.report.counts).toEqual({ new: 0, partly: 0, here: 1 })
    expect(await restore(deps, again, 'all', { signal: never() })).toEqual({ restored: [], failed: [], left: [] })
    // With an old report in hand nothing comes twice either.
    expect(await restore(deps, found, 'all', { signal: never() })).toMatchObject({ failed: [] })
    expect(await messagesHere(emptied.journal, never())).toHaveLength(sent.length)
  })
})

test('one order alone is looked for, and kept alone', async () => {
  await placeNip15('order-1')
  const key = await placeNip15('order-2')
  const emptied = flowPerson('merchant', hub, clock)
  const found = await look(depsOf(emptied), {}, key)
  expect(found.report.items.map(item => item.key)).toEqual([key])
  const both = await look(depsOf(emptied))
  expect(await restore(depsOf(emptied), both, [key], { signal: never() })).toEqual({ restored: [key], failed: [], left: [] })
  expect([...(await emptied.orders()).keys()]).toEqual([key])
})

test('goods that are listed no more, and the same invoice for two orders, are said', async () => {
  const keys = [await placeNip15('order-1'), await placeNip15('order-2')]
  const invoice = (await new LedgerBackend(() => clock.now()).invoice(15_000_000, 'soap', 600)).bolt11
  for (const id of ['order-1', 'order-2']) {
    const content = encrypt(secrets.merchant, pubkeyOf('shopper'), JSON.stringify({ type: 1, id, message: '', payment_options: [{ type: 'ln', link: invoice }] }))
    hub.kept.push(signed({ kind: 4, created_at: clock.now(), tags: [['p', pubkeyOf('shopper')]], content }, { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }))
  }
  const { items } = (await look(depsOf(flowPerson('shopper', hub, clock), shelfWith()))).report
  expect(items.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
  for (const item of items)
    expect(item).toMatchObject({ repaired: 'ids', troubles: ['product-gone', 'same-invoice'], sameInvoice: [{ key: keys.find(key => key !== item.key) }] })
  expect((await look(depsOf(shopper, shelfWith()))).report.items).toMatchObject([{ repaired: 'snapshot', outcome: 'partly' }, { repaired: 'snapshot', outcome: 'partly' }])
})

test('what nobody can read is counted by its reason, and hinders nothing', async () => {
  const key = await placeNip15()
  const from = { secret: secrets.shopper, pubkey: pubkeyOf('shopper') }
  const say = (text: string) => signed({ kind: 4, created_at: clock.now(), tags: [['p', pubkeyOf('merchant')]], content: encrypt(secrets.shopper, pubkeyOf('merchant'), text) }, from)
  hub.kept.push(
    signed({ kind: 1059, tags: [['p', pubkeyOf('merchant')]], content: 'A'.repeat(200) }, person()),
    say('{"type": 0, "id": "order-'),
    say('{"type": 0, "id": "order-5", "items": "many"}'),
  )
  const emptied = flowPerson('merchant', hub, clock)
  const found = await look(depsOf(emptied))
  expect(found.report).toMatchObject({ items: [{ key }], unreadable: { 'broken-json': 1, 'schema': 1 } })
  expect(Object.values(found.report.unreadable).reduce((sum, n) => sum + n, 0)).toBe(3)
  expect(await restore(depsOf(emptied), found, 'all', { signal: never() })).toMatchObject({ restored: [key, 'rest'], failed: [] })
})

describe('cancel and try again', () => {
  test('a dry run ends when told to, and leaves no question open', async () => {
    await placeNip15()
    const life = new AbortController()
    const emptied = flowPerson('merchant', hub, clock)
    const looking = dryRun(depsOf(emptied), {}, { signal: life.signal, onProgress: () => life.abort() })
    expect(await looking).toEqual({ ok: false, error: { code: 'cancelled' } })
    expect(await dryRun(depsOf(emptied), {}, { signal: life.signal })).toEqual({ ok: false, error: { code: 'cancelled' } })
    expect(hub.listening()).toBe(0)
    expect((await emptied.orders()).size).toBe(0)
  })

  test('a restoration stops between two orders; the rest is done later', async () => {
    for (const id of ['order-1', 'order-2', 'order-3'])
      await placeNip15(id)
    const emptied = flowPerson('merchant', hub, clock)
    const deps = depsOf(emptied)
    const found = await look(deps)
    const life = new AbortController()
    const told: unknown[] = []
    const done = await restore(deps, found, 'all', { signal: life.signal, onItem: (target, result) => {
      told.push([target, result])
      life.abort()
    } })
    expect(done.restored).toHaveLength(1)
    expect(done.left).toHaveLength(2)
    expect(told).toEqual([[done.restored[0], 'working'], [done.restored[0], { ok: true, value: { added: 1 } }]])
    expect(await restore(deps, found, done.left, { signal: never() })).toMatchObject({ restored: done.left })
    expect((await emptied.orders()).size).toBe(3)
  })

  test('T12: an order that found no room says so, keeps no other from coming, and comes when asked again', async () => {
    const [first, second] = [await placeNip15('order-1'), await placeNip15('order-2')]
    const emptied = flowPerson('merchant', hub, clock)
    let full = true
    const journal: typeof emptied.journal = { ...emptied.journal, appendAll: async messages =>
      full && messages.some(message => 'orderId' in message && message.orderId === 'order-1') ? err({ code: 'storage-full' }) : emptied.journal.appendAll(messages) }
    const deps = { ...depsOf(emptied), journal }
    const found = await look(deps)
    expect(await restore(deps, found, 'all', { signal: never() })).toEqual({ restored: [second], failed: [{ target: first, error: { code: 'storage-full' } }], left: [] })
    full = false
    expect(await restore(deps, found, [first], { signal: never() })).toMatchObject({ restored: [first], failed: [] })
    expect((await emptied.orders()).size).toBe(2)
  })

  test('a signer that declined is asked again only for what it did not open', async () => {
    await placeNip15('order-1')
    const emptied = flowPerson('merchant', hub, clock)
    const { signer } = emptied.deps
    let asked = 0
    let willing = false
    const reluctant: typeof signer = { ...signer, nip04Decrypt: async (from, text) => {
      asked += 1
      return willing ? signer.nip04Decrypt(from, text) : err({ code: 'declined' })
    } }
    const deps = { ...depsOf(emptied), signer: reluctant }
    const refused = await look(deps)
    expect(refused).toMatchObject({ unopened: 1, report: { items: [] } })
    willing = true
    const opened = await look(deps, { former: refused })
    expect(opened).toMatchObject({ unopened: 0, report: { counts: { new: 1 } } })
    asked = 0
    expect((await look(deps, { former: opened })).report).toEqual(opened.report)
    expect(asked).toBe(0)
  })

  test('no relay within reach is not "nothing found"', async () => {
    hub.setOpen(false)
    expect(await dryRun(depsOf(flowPerson('merchant', hub, clock)), {}, { signal: never() })).toEqual({ ok: false, error: { code: 'no-relay-reached' } })
  })
})
