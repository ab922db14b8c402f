import { beforeEach, describe, expect, test } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { cancelOrder, confirmReceived, markPaid, shipOrder, takeBackPaid, unshipOrder } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { refuseOrder } from '../../../src/flows/refuseOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'

const soap = productOfMerchant('soap', { stock: null })
const shelf = shelfWith(soap)
const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
let merchant: FlowPerson
let shopper: FlowPerson

beforeEach(async () => {
  const hub = createHub()
  const clock = manualClock()
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  await placeOrder(shopper.deps, checkoutOf(shelf, soap))
  await exchange()
})
async function exchange(): Promise<void> {
  await merchant.post()
  await shopper.post()
  await Promise.all([merchant.fetch(), shopper.fetch()])
}
const at = async (person: FlowPerson, key: OrderKey) => {
  const found = (await person.orders()).get(key)
  if (found === undefined)
    throw new Error('no such order')
  return found
}

describe('words about an order', () => {
  test('shipped, taken back, shipped again within a second: the last one counts on both sides', async () => {
    await markPaid(merchant.deps, KEY, 'Cash')
    await shipOrder(merchant.deps, KEY, { text: 'Gone', carrier: 'Post', number: '1' })
    await unshipOrder(merchant.deps, KEY, 'Too early')
    expect(await shipOrder(merchant.deps, KEY, { text: 'Now', carrier: 'Post', number: '2' })).toMatchObject({ ok: true })
    await exchange()
    for (const person of [shopper, merchant])
      expect(await at(person, KEY)).toMatchObject({ shipped: true, statusText: 'Now', tracking: { number: '2' } })
    expect(await confirmReceived(shopper.deps, KEY, 'Here')).toMatchObject({ ok: true })
    await exchange()
    expect((await at(merchant, KEY)).deliveredBy).toBe('shopper')
  })

  test('a mistaken paid is taken back with a reason, on both timelines', async () => {
    await markPaid(merchant.deps, KEY, 'Paid')
    await takeBackPaid(merchant.deps, KEY, 'It was another one')
    await exchange()
    for (const person of [shopper, merchant]) {
      const order = await at(person, KEY)
      expect(order.payment).toBe('unpaid')
      expect(order.timeline.some(({ what, text }) => what === 'payment-taken-back' && text.includes('another one'))).toBe(true)
    }
  })

  test('what is not allowed any more sends nothing', async () => {
    expect(await cancelOrder(shopper.deps, KEY, 'shopper', 'Changed my mind')).toMatchObject({ ok: true })
    await exchange()
    expect((await at(merchant, KEY)).status).toBe('cancelled')
    expect(await shipOrder(merchant.deps, KEY, { text: '', carrier: '', number: '' })).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    expect(await requestPayment(await deskOf(merchant, () => shelf, new LedgerBackend(() => merchant.deps.clock.now())), KEY)).toMatchObject({ ok: false, error: { code: 'ended' } })
    expect(await refuseOrder(merchant.deps, KEY, 'No')).toMatchObject({ ok: false, error: { code: 'ended' } })
    // Nobody speaks for the other side.
    expect(await markPaid(shopper.deps, KEY, 'I say so')).toMatchObject({ ok: false, error: { code: 'not-allowed' } })
    expect(await merchant.journal.undelivered()).toEqual([])
  })
})
