import { beforeEach, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import type { OrderKey } from '../../../src/domain/brand'
import type { LocalFact, Order } from '../../../src/domain/order/types'
import { encodeOwnNote } from '../../../src/domain/protocol/own-note'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { localFact } from '../../../src/flows/local-fact'
import { composeOwnNote, keepFacts } from '../../../src/flows/own-notes'
import { placeOrder } from '../../../src/flows/placeOrder'
import { settlePayment } from '../../../src/flows/settlePayment'
import { differences, differenceText } from '../../support/compare-orders'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, secrets, shelfWith, type FlowPerson, type Who } from '../../support/flow-people'
import { createHub, type Hub } from '../../support/memory-hub'
import { manualClock } from '../../support/manual-clock'
import { wrapped } from '../../support/wraps'

const shelf = shelfWith(productOfMerchant('honey', { name: 'Honey', stock: 5, stall: 'euro', currency: 'EUR', minor: 1_250 }))
let hub: Hub
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend

beforeEach(() => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  ledger = new LedgerBackend(() => clock.now())
})

/** Somebody whose facts go to their other devices, as in the app. */
function noting(who: Who) {
  const one = flowPerson(who, hub, clock)
  return { ...one, deps: { ...one.deps, notes: (facts: readonly LocalFact[]) => composeOwnNote(one.deps, facts) } }
}

async function orderOf(person: FlowPerson, key: OrderKey): Promise<Order> {
  const order = (await person.orders()).get(key)
  if (order === undefined)
    throw new TypeError('no such order')
  return order
}

type Noting = ReturnType<typeof noting>

async function sale(shopper: Noting, merchant: Noting): Promise<OrderKey> {
  const exchange = async (): Promise<void> => {
    for (const person of [shopper, merchant])
      await person.post()
    for (const person of [shopper, merchant])
      await person.fetch()
  }
  const [product] = shelf.products.values()
  if (product === undefined)
    throw new TypeError('no goods')
  const rate = { currency: 'EUR', btcPrice: '92500', source: 'test', at: clock.now() }
  const placed = await placeOrder(shopper.deps, { ...checkoutOf(shelf, product, { quantity: 2 }), rate })
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  const key = placed.value
  await exchange()
  const desk = await deskOf(merchant, () => shelf, ledger)
  expect(await autoInvoice({ ...desk, notes: merchant.deps.notes }, { key })).toMatchObject({ ok: true })
  await clock.advance(2)
  await exchange()
  const [issued] = (await orderOf(merchant, key)).issued
  if (issued === undefined)
    throw new TypeError('nothing issued')
  await ledger.pay(issued.bolt11)
  await settlePayment({ ...desk, notes: merchant.deps.notes, paidWords: 'Thank you' }, key, issued.paymentHash)
  const { signer } = merchant.deps
  await keepFacts(merchant.deps, [localFact({ id: clock.newId(), me: signer.pubkey, order: key, at: clock.now() }, { type: 'note', text: 'wrap it well' })])
  await clock.advance(2)
  await exchange()
  return key
}

test('T5: on an empty device both sides find all of an order again: what was agreed, invoices, payments, private notes', async () => {
  const [shopper, merchant] = [noting('shopper'), noting('merchant')]
  const key = await sale(shopper, merchant)
  for (const [who, before] of [['shopper', shopper], ['merchant', merchant]] as const) {
    const emptied = flowPerson(who, hub, clock)
    await emptied.fetch()
    const [was, is] = [await orderOf(before, key), await orderOf(emptied, key)]
    expect(differenceText(differences(was, is))).toBe('')
    expect(is.snapshot?.lines[0]?.name).toBe('Honey')
    expect(is.snapshot?.totals.rate?.btcPrice).toBe(was.snapshot?.totals.rate?.btcPrice)
    expect(is.snapshot?.totals.rate).not.toBeNull()
  }
  const emptied = flowPerson('merchant', hub, clock)
  await emptied.fetch()
  expect(await orderOf(emptied, key)).toMatchObject({ note: 'wrap it well', payment: 'proved' })
  // What comes back to the device that wrote it changes nothing there.
  const before = await orderOf(merchant, key)
  await merchant.fetch()
  expect(differences(before, await orderOf(merchant, key))).toEqual([])
})

test('T14: notes to ourselves are gift wraps to ourselves, and name nothing', async () => {
  const [shopper, merchant] = [noting('shopper'), noting('merchant')]
  await sale(shopper, merchant)
  const wraps = hub.kept.filter(({ kind }) => kind === 1059)
  expect(wraps.length).toBeGreaterThan(3)
  expect(wraps.every(({ tags }) => tags.length === 1 && tags[0]?.[0] === 'p')).toBe(true)
  expect(JSON.stringify(hub.kept)).not.toMatch(/Honey|wrap it well|souk:facts/)
})

test('T3: a note that somebody else wrote to us says nothing here', async () => {
  const [shopper, merchant] = [noting('shopper'), noting('merchant')]
  const key = await sale(shopper, merchant)
  const before = await orderOf(merchant, key)
  const forged = localFact({ id: clock.newId(), me: pubkeyOf('merchant'), order: key, at: clock.now() }, { type: 'note', text: 'give it away' })
  const [from, to] = [{ secret: secrets.shopper, pubkey: pubkeyOf('shopper') }, { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }]
  const note = encodeOwnNote(pubkeyOf('merchant'), [forged])
  hub.kept.push(wrapped(note, { from, to, at: clock.now() }))
  // Sealed by the shopper, as if the merchant had written it.
  hub.kept.push(wrapped(note, { from: to, to, sealer: from, at: clock.now() }))
  await merchant.fetch()
  expect(differences(before, await orderOf(merchant, key))).toEqual([])
  expect((await merchant.journal.spoilt()).length).toBe(2)
})

test('a signer elsewhere is not asked for them', async () => {
  const one = flowPerson('merchant', hub, clock)
  let asked = 0
  const signer = { ...one.deps.signer, kind: 'nip46' as const, sign: async (...of: Parameters<typeof one.deps.signer.sign>) => { asked++; return one.deps.signer.sign(...of) } }
  expect(await composeOwnNote({ ...one.deps, signer }, [localFact({ id: clock.newId(), me: signer.pubkey, order: `${pubkeyOf('shopper')}:${pubkeyOf('merchant')}:x` as OrderKey, at: clock.now() }, { type: 'note', text: 'mine' })])).toEqual([])
  expect(asked).toBe(0)
})
