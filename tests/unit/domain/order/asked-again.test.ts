import { expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { wantsInvoice } from '../../../../src/domain/order/answer-rules'
import { isAskedAgain } from '../../../../src/domain/order/asked-again'
import { foldThread } from '../../../../src/domain/order/fold'
import { nextStep, orderGroup } from '../../../../src/domain/order/status'
import type { Order, OrderMessage, RequestMessage } from '../../../../src/domain/order/types'
import { chat, invoiceAt, KEY, people, placed, receipt, request, T0 } from '../../../support/order-messages'

const claimed = (n: number, at: number): OrderMessage => ({ ...receipt({ n, at }, invoiceAt(0), ''), invoice: '' })
const fold = (...messages: readonly OrderMessage[]): Order => {
  const order = foldThread(KEY, messages, { viewer: people.merchant })
  if (order === undefined)
    throw new TypeError('no order')
  return order
}
const asked = [placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0)), claimed(3, 20), request({ n: 4, at: 30 }, invoiceAt(1))]

test('asked anew after a word that nothing shows, it is the shopper\'s turn again, in every list', () => {
  const order = fold(...asked)
  expect(isAskedAgain(order)).toBe(true)
  expect(nextStep(order, 'shopper')).toMatchObject({ code: 'pay', mine: true })
  expect(orderGroup(order)).toBe('to-pay')
})

test('said to be paid once more, it is the merchant\'s: nobody is offered to pay a second time', () => {
  for (const messages of [[...asked, claimed(5, 40)], [claimed(5, 40), ...asked.toReversed()]]) {
    const order = fold(...messages)
    expect(isAskedAgain(order)).toBe(false)
    expect(nextStep(order, 'merchant')).toMatchObject({ code: 'check-payment', mine: true })
    expect(orderGroup(order)).toBe('in-progress')
  }
})

test('a claim that names its invoice is answered by asking with another one; asking with the same one once more changes nothing', () => {
  const named = receipt({ n: 3, at: 20 }, invoiceAt(0), '')
  expect(isAskedAgain(fold(placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0)), named))).toBe(false)
  expect(isAskedAgain(fold(placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0)), named, request({ n: 4, at: 30 }, invoiceAt(1))))).toBe(true)
  expect(isAskedAgain(fold(placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0)), named, request({ n: 4, at: 30 }, invoiceAt(0))))).toBe(false)
})

test('where no wallet can tell whether the last request was paid, nobody is asked again by itself', () => {
  const link: RequestMessage = { ...request({ n: 2, at: 10 }, invoiceAt(0)), options: [{ type: 'url', label: '', link: 'https://pay.example' }] }
  const late = toSeconds(T0 + 90_000)
  const ordinary = fold(placed({ n: 1, at: 0 }), request({ n: 2, at: 10 }, invoiceAt(0)), chat({ n: 3, at: 80_000 }, 'shopper', 'when do you ship?'))
  expect(wantsInvoice(ordinary, late)).toBe(true)
  expect(wantsInvoice(fold(placed({ n: 1, at: 0 }), link, chat({ n: 3, at: 80_000 }, 'shopper', 'when do you ship?')), late)).toBe(false)
  const [bolt11] = [ordinary.request?.bolt11 ?? '']
  expect(wantsInvoice({ ...ordinary, issued: [{ ...ordinaryIssued(ordinary, bolt11), byHand: true }] }, late)).toBe(false)
})

const ordinaryIssued = (order: Order, bolt11: string): Order['issued'][number] => ({
  id: order.placedBy, author: order.merchant, receiver: order.merchant, sentAt: order.placedAt, transport: 'local', dialect: 'nip15', order: order.key,
  type: 'invoice-issued', attempt: 1, paymentHash: order.request?.paymentHash ?? invoiceAt(0).paymentHash as never, bolt11, asked: order.request?.msat as never, expiresAt: order.request?.expiresAt as never,
  totals: { goods: { currency: 'SAT', minor: 30 }, shipping: { currency: 'SAT', minor: 0 }, total: { currency: 'SAT', minor: 30 }, totalMsat: null, rate: null }, zoneId: '',
})
