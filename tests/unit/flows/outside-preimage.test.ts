import { beforeEach, describe, expect, test } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { isPaidTo, nextStep } from '../../../src/domain/order/status'
import type { Order } from '../../../src/domain/order/types'
import { markPaid } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { refuseOrder } from '../../../src/flows/refuseOrder'
import { requestPayment } from '../../../src/flows/requestPayment'
import { sayAbout } from '../../../src/flows/send'
import { settlePayment } from '../../../src/flows/settlePayment'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'

const soap = productOfMerchant('soap', { stock: null })
const shelf = shelfWith(soap)
const KEY: OrderKey = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')
let clock: ReturnType<typeof manualClock>
let ledger: LedgerBackend
let merchant: FlowPerson
let shopper: FlowPerson

const at = async (person: FlowPerson): Promise<Order> => {
  const found = (await person.orders()).get(KEY)
  if (found === undefined)
    throw new Error('no order')
  return found
}
const desk = () => deskOf(merchant, () => shelf, ledger)
async function exchange(): Promise<void> {
  await clock.advance(2)
  for (const person of [merchant, shopper])
    await person.post()
  await Promise.all([merchant.fetch(), shopper.fetch()])
}

/** Ordered, asked for, and a preimage has come that hashes to what was asked. The merchant's wallet has not been looked at. */
beforeEach(async () => {
  const hub = createHub()
  clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  await placeOrder(shopper.deps, checkoutOf(shelf, soap, { orderId: 'order-1' }))
  await exchange()
  await requestPayment(await desk(), KEY)
  await exchange()
  const order = await at(shopper)
  const { bolt11, msat } = order.request ?? {}
  const paid = await ledger.pay(bolt11 ?? '')
  await sayAbout(shopper.deps, order, { say: 'receipt', msat: msat ?? null, invoice: bolt11 ?? '', preimage: paid.paid ? paid.preimage : '', text: '' })
  await exchange()
  expect(await at(merchant)).toMatchObject({ payment: 'proved', payments: [{ by: 'shopper', strength: 'proved' }] })
})

describe('T8: a shopper\'s preimage, and nothing from the merchant\'s wallet', () => {
  test('stops no new invoice', async () => {
    const former = (await at(merchant)).request?.paymentHash
    expect(await requestPayment(await desk(), KEY)).toMatchObject({ ok: true })
    await exchange()
    const order = await at(merchant)
    expect(order.request?.paymentHash).not.toBe(former)
    expect([isPaidTo(order, 'merchant'), nextStep(order, 'merchant').code]).toEqual([false, 'check-payment'])
  })

  test('changes no refusal: it goes out, and the shopper reads its reason', async () => {
    expect(await refuseOrder(merchant.deps, KEY, 'Sold out')).toMatchObject({ ok: true })
    await exchange()
    expect((await at(shopper)).refusal?.text).toBe('Sold out')
    // He owes nothing by it: it is still his wallet that he has to look at.
    const theirs = await at(merchant)
    expect(theirs.problems).toEqual([])
    expect(nextStep(theirs, 'merchant')).toMatchObject({ code: 'check-payment', mine: true })
  })

  test.each(['his wallet', 'his word'] as const)('with %s both are stopped: it is paid', async (by) => {
    const { paymentHash } = (await at(merchant)).request ?? {}
    const paid = by === 'his word' ? await markPaid(merchant.deps, KEY, 'It is there') : await settlePayment({ ...await desk(), paidWords: 'Thank you' }, KEY, paymentHash ?? never())
    expect(paid).toMatchObject({ ok: true })
    expect(await requestPayment(await desk(), KEY)).toEqual({ ok: false, error: { code: 'already-paid' } })
    expect(await refuseOrder(merchant.deps, KEY, 'Sold out')).toEqual({ ok: false, error: { code: 'already-paid' } })
  })
})

const never = (): never => { throw new TypeError('no request') }
