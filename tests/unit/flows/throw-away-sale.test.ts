import { beforeEach, expect, test } from 'vitest'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { toAddress } from '../../../src/domain/catalog/address'
import { orderKey } from '../../../src/domain/order/keys'
import type { Order, PlacedMessage } from '../../../src/domain/order/types'
import { wantsInvoice } from '../../../src/domain/order/answer-rules'
import { markPaid, shipOrder, takeBackPaid } from '../../../src/flows/order-words'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sendChat } from '../../../src/flows/sendChat'
import { settlePayment } from '../../../src/flows/settlePayment'
import { deskOf, flowPerson, pubkeyOf, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { manualClock } from '../../support/manual-clock'
import { createHub, type Hub } from '../../support/memory-hub'
import { idOf, people } from '../../support/order-messages'

const me = pubkeyOf('merchant')
const person = pubkeyOf('shopper')
const key = orderKey(people.throwAway, me, 'order-4711')
let hub: Hub
let clock: ReturnType<typeof manualClock>
let merchant: FlowPerson
let goods: ReturnType<typeof gammaShelf>

/** As Shopstr's checkout sends it: by a key that was made for it. */
const sale = (): PlacedMessage => ({
  id: idOf(77), author: people.throwAway, receiver: me, sentAt: clock.now(), transport: 'nip59', dialect: 'shopstr', type: 'order', orderId: 'order-4711',
  items: [{ productId: goods.mug.id, product: toAddress(30_402, me, goods.mug.id), quantity: 1 }], zoneId: '', name: '', address: '1 Elm, Bern', contact: { nostr: person }, shopperMessage: '', throwAway: { claims: person },
})

beforeEach(async () => {
  hub = createHub()
  clock = { ...manualClock(), random: () => Math.random() }
  merchant = flowPerson('merchant', hub, clock)
  goods = gammaShelf(clock.now() - 1_000)
  await merchant.journal.append(sale())
})

const order = async (who: FlowPerson = merchant): Promise<Order> => {
  const found = (await who.orders()).get(key)
  if (found === undefined)
    throw new TypeError('no order')
  return found
}
const readers = async () => {
  const deliveries = await merchant.journal.deliveriesOf(key)
  return new Set(deliveries.map(({ to }) => to))
}

test('nobody is sent an invoice by itself whose program pays unasked', async () => {
  const waiting = await order()
  expect(waiting.status).toBe('payment_pending')
  expect(wantsInvoice(waiting, clock.now())).toBe(false)
  expect(wantsInvoice({ ...waiting, dialect: 'gamma' }, clock.now())).toBe(true)
})

test('every answer goes to whom the order says it is from, and to nobody who was made up', async () => {
  expect(await markPaid(merchant.deps, key, 'Thank you, it has arrived')).toMatchObject({ ok: true, value: { receiver: person } })
  expect(await sendChat(merchant.deps, key, 'I pack it today')).toMatchObject({ ok: true })
  expect(await shipOrder(merchant.deps, key, { text: 'Gone', carrier: 'Post', number: '1' })).toMatchObject({ ok: true })
  expect(await readers()).toEqual(new Set([person, me]))
  // Shopstr shows words as inquiries, and knows 'shipped'.
  const shopper = flowPerson('shopper', hub, clock)
  await merchant.post()
  await shopper.fetch()
  const heard = await shopper.journal.messagesOf(orderKey(person, me, 'order-4711'))
  expect(heard.ok && heard.value.map(({ type, author }) => [type, author])).toEqual([['status', me], ['chat', me], ['status', me]])
})

test('T2: what was said is recorded on our own side: paid, taken back, shipped, talked about', async () => {
  await markPaid(merchant.deps, key, 'Paid')
  expect(await order()).toMatchObject({ payment: 'said', status: 'payment_confirmed', chat: [] })
  await takeBackPaid(merchant.deps, key, 'It was another one')
  expect(await order()).toMatchObject({ payment: 'unpaid' })
  await sendChat(merchant.deps, key, 'Did you pay?')
  await shipOrder(merchant.deps, key, { text: 'Gone', carrier: 'Post', number: '1' })
  expect(await order()).toMatchObject({ shipped: true, tracking: { number: '1' }, dialect: 'shopstr', chat: [{ by: 'merchant', text: 'Did you pay?' }], problems: ['shipped-before-paid'] })
})

test('an invoice is asked for and superseded by words, and the own wallet\'s proof is told once', async () => {
  const ledger = new LedgerBackend(() => clock.now())
  const desk = await deskOf(merchant, () => goods.shelf, ledger)
  const asked = await requestPayment(desk, key, { zoneId: EU })
  expect(asked).toMatchObject({ ok: true, value: { type: 'payment-request', receiver: person, dialect: 'shopstr' } })
  const { request, status, issued: [issued] } = await order()
  expect(status).toBe('payment_requested')
  expect(request?.bolt11).toBe(issued?.bolt11)
  await ledger.pay(issued?.bolt11 ?? '')
  for (const _ of [1, 2])
    expect(await settlePayment({ ...desk, paidWords: 'Thank you' }, key, issued?.paymentHash ?? (() => { throw new TypeError('none') })())).toMatchObject({ ok: true })
  const kept = await merchant.journal.messagesOf(key)
  expect(kept.ok && kept.value.filter(message => message.type === 'status' && message.saidPaid)).toHaveLength(1)
  expect(await order()).toMatchObject({ payment: 'proved', status: 'payment_confirmed' })
})

test('T5: from relays alone the merchant reads it all again', async () => {
  await markPaid(merchant.deps, key, 'Paid')
  await shipOrder(merchant.deps, key, { text: 'Gone', carrier: '', number: '' })
  await merchant.post()
  const restored = flowPerson('merchant', hub, clock)
  await restored.journal.append(sale())
  await restored.fetch()
  expect(await order(restored)).toMatchObject({ payment: 'said', shipped: true })
})
