import { mount, RouterLinkStub, type VueWrapper } from '@vue/test-utils'
import { expect, test } from 'vitest'
import DeskPayment from '../../../src/components/desk/DeskPayment.vue'
import { toMsat, toSeconds, type EventId, type Hex32 } from '../../../src/domain/brand'
import type { Order, PaymentFact, RequestFact } from '../../../src/domain/order/types'
import { anOrder } from '../order/orders'

const id = (digit: string): EventId => digit.repeat(64) as EventId
const request = (at: number, supersededBy: EventId | null = null): RequestFact => ({
  message: id(String(at % 10)), at: toSeconds(at), options: [], text: '', recipient: '', bolt11: 'lnbcrt1', paymentHash: '0'.repeat(64) as Hex32, msat: toMsat(21_000), expiresAt: toSeconds(at + 600), supersededBy,
})
const payment = (strength: PaymentFact['strength'], by: PaymentFact['by']): PaymentFact => ({ strength, by, paymentHash: null, preimage: '', msat: toMsat(21_000), at: toSeconds(1_200), message: id('7') })
const desk = (order: Order, props: Record<string, unknown> = {}): VueWrapper => mount(DeskPayment, {
  props: { order, msatText: (msat: number) => `${msat / 1000} sat`, totalText: '21 sat', hasWallet: true, settingsPath: '/desk/settings', busy: '', canReissueZone: true, problem: '', now: 1_100, ...props },
  global: { stubs: { RouterLink: RouterLinkStub } },
})
const offered = (wrapper: VueWrapper): readonly string[] => wrapper.findAll('button[data-test]').map(button => button.attributes('data-test') ?? '')

test('a new order can be invoiced, asked for in another way, marked as paid or refused', () => {
  expect(offered(desk(anOrder()))).toEqual(['make-invoice', 'ask-by-hand', 'mark-paid', 'refuse'])
})

test('without a wallet the way to one stands in the place of the invoice', () => {
  const wrapper = desk(anOrder(), { hasWallet: false })
  expect(wrapper.find('[data-test=make-invoice]').exists()).toBe(false)
  expect(wrapper.findComponent(RouterLinkStub).props('to')).toBe('/desk/settings')
})

test('T10: a replaced invoice is marked as replaced, and the newest is asked', () => {
  const wrapper = desk(anOrder({ status: 'payment_requested', requests: [request(1_000, id('5')), request(1_005)], request: request(1_005) }))
  expect(wrapper.findAll('li').map(item => item.text().includes('Replaced'))).toEqual([true, false])
  expect(offered(wrapper)).toContain('other-zone')
})

test('T8: a preimage from outside does not prove a payment to the merchant', () => {
  const claimed = desk(anOrder({ status: 'payment_confirmed', payment: 'proved', paidMsat: toMsat(21_000), payments: [payment('proved', 'shopper')] }))
  expect(claimed.attributes('data-payment')).toBe('claimed')
  expect(claimed.text()).toContain('your wallet has not confirmed it')
  const settled = desk(anOrder({ status: 'payment_confirmed', payment: 'proved', paidMsat: toMsat(21_000), payments: [payment('proved', 'own-wallet')] }))
  expect(settled.text()).toContain('your wallet says it has arrived')
  expect(offered(settled)).not.toContain('mark-paid')
})

test('only the merchant\'s own word can be taken back, a proof can not', () => {
  expect(offered(desk(anOrder({ status: 'payment_confirmed', payment: 'said', payments: [payment('said', 'merchant')] })))).toContain('take-back')
  expect(offered(desk(anOrder({ status: 'payment_confirmed', payment: 'proved', payments: [payment('said', 'merchant'), payment('proved', 'own-wallet')] })))).not.toContain('take-back')
})

test('what went wrong stands beside the buttons, in words', () => {
  const wrapper = desk(anOrder(), { problem: 'Your wallet cannot be reached.' })
  expect(wrapper.find('[role=alert]').text()).toBe('Your wallet cannot be reached.')
})
