import { mount, RouterLinkStub, type VueWrapper } from '@vue/test-utils'
import { expect, test } from 'vitest'
import DeskPayment from '../../../src/components/desk/DeskPayment.vue'
import { toMsat, toSeconds, type EventId, type Hex32 } from '../../../src/domain/brand'
import { deskPaymentState, type DeskPaymentState } from '../../../src/domain/order/desk-payment-state'
import type { Order, PaymentFact, RequestFact } from '../../../src/domain/order/types'
import { everyDeskState } from '../../support/payment-states'
import { anOrder } from '../order/orders'

const id = (digit: string): EventId => digit.repeat(64) as EventId
const request = (at: number, supersededBy: EventId | null = null): RequestFact => ({
  message: id(String(at % 10)), at: toSeconds(at), options: [], text: '', recipient: '', bolt11: 'lnbcrt1', paymentHash: '0'.repeat(64) as Hex32, msat: toMsat(21_000), expiresAt: toSeconds(at + 600), supersededBy,
})
const payment = (strength: PaymentFact['strength'], by: PaymentFact['by']): PaymentFact => ({ strength, by, paymentHash: null, preimage: '', msat: toMsat(21_000), at: toSeconds(1_200), message: id('7') })
const desk = (order: Order, props: Record<string, unknown> = {}): VueWrapper => mount(DeskPayment, {
  props: { order, state: deskPaymentState({ order, now: toSeconds(1_100), network: 'regtest', knownHashes: new Map(), unreachable: false }), msatText: (msat: number) => `${msat / 1000} sat`, totalText: '21 sat', hasWallet: true, settingsPath: '/desk/settings', busy: '', canReissueZone: true, problem: '', now: 1_100, ...props },
  global: { stubs: { RouterLink: RouterLinkStub } },
})
const offered = (wrapper: VueWrapper): readonly string[] => wrapper.findAll('button[data-test]').map(button => button.attributes('data-test') ?? '')
/** What is offered first. */
const primary = (wrapper: VueWrapper): readonly string[] => wrapper.findAll('.btn-primary').map(button => button.attributes('data-test') ?? button.text())

test('a new order can be invoiced, asked for in another way, marked as paid or refused', () => {
  expect(offered(desk(anOrder()))).toEqual(['make-invoice', 'ask-by-hand', 'mark-paid', 'refuse'])
})

test('without a wallet the way to one stands in the place of the invoice', () => {
  const wrapper = desk(anOrder(), { hasWallet: false })
  expect(wrapper.find('[data-test=make-invoice]').exists()).toBe(false)
  expect(wrapper.findComponent(RouterLinkStub).props('to')).toBe('/desk/settings')
})

test('where the wallet cannot reserve any more, that is said with both ways out, and the ordinary invoice is offered first', async () => {
  const wrapper = desk(anOrder(), { cannotReserve: true })
  expect(wrapper.find('[data-test=cannot-reserve]').text()).toContain('so none was made')
  expect(primary(wrapper)).toEqual(['ordinary-invoice'])
  await wrapper.find('[data-test=ordinary-invoice]').trigger('click')
  await wrapper.find('[data-test=reserve-off]').trigger('click')
  expect(wrapper.emitted()).toMatchObject({ ordinary: [[]], reserveOff: [[]] })
  expect(wrapper.emitted('make')).toBeUndefined()
  const paid = anOrder({ status: 'payment_confirmed', payment: 'said', payments: [payment('said', 'merchant')] })
  expect(desk(paid, { cannotReserve: true }).find('[data-test=cannot-reserve]').exists()).toBe(false)
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

test('T8: what was received is what the own wallet saw, without the preimages from outside', () => {
  const order = anOrder({ status: 'payment_confirmed', payment: 'proved', paidMsat: toMsat(42_000), payments: [{ ...payment('proved', 'own-wallet'), paymentHash: '1'.repeat(64) as Hex32 }, { ...payment('proved', 'shopper'), paymentHash: '2'.repeat(64) as Hex32 }] })
  expect(desk(order).find('[data-test=desk-received]').text()).toContain('21 sat')
})

test('only the merchant\'s own word can be taken back, a proof can not', () => {
  expect(offered(desk(anOrder({ status: 'payment_confirmed', payment: 'said', payments: [payment('said', 'merchant')] })))).toContain('take-back')
  expect(offered(desk(anOrder({ status: 'payment_confirmed', payment: 'proved', payments: [payment('said', 'merchant'), payment('proved', 'own-wallet')] })))).not.toContain('take-back')
})

test('what went wrong stands beside the buttons, in words', () => {
  const wrapper = desk(anOrder(), { problem: 'Your wallet cannot be reached.' })
  expect(wrapper.find('[role=alert]').text()).toBe('Your wallet cannot be reached.')
})

test('T9: what does not fit is said with what to do; a wallet that gave no answer too', () => {
  const order = anOrder({ status: 'payment_requested', requests: [request(1_005)], request: request(1_005) })
  const state = (part: object) => desk(order, { state: part })
  expect(state({ type: 'underpaid', askedMsat: 21_000, msat: 20_000 }).text()).toContain('21 sat was asked for, 20 sat arrived.')
  expect(state({ type: 'paid-twice', msat: 42_000 }).text()).toContain('One payment has to go back.')
  expect(state({ type: 'paid-late', after: 'end', msat: 21_000 }).text()).toContain('the order is over')
  const silent = state({ type: 'could-not-check', claimed: true })
  expect(silent.attributes('data-state')).toBe('could-not-check')
  expect(silent.text()).toContain('Do not ask for the money again')
  expect(offered(silent)).toContain('lookup')
})

test('less than was asked can be taken as paid; neither a new invoice nor \'mark as paid\' is offered', () => {
  const short = desk(anOrder({ status: 'payment_confirmed', payment: 'proved', problems: ['underpaid'], payments: [payment('proved', 'own-wallet')] }), { state: { type: 'underpaid', askedMsat: 21_000, msat: 20_000 } })
  expect(offered(short)).toContain('take-as-paid')
  expect(offered(short)).not.toContain('make-invoice')
  expect(offered(short)).not.toContain('mark-paid')
  expect(short.text()).toContain('Take it as paid, or give it back below')
  expect(offered(desk(anOrder({ status: 'payment_confirmed', payment: 'proved', payments: [payment('proved', 'own-wallet')] })))).not.toContain('take-as-paid')
  const taken = desk(anOrder({ status: 'payment_confirmed', payment: 'proved', payments: [payment('proved', 'own-wallet'), payment('said', 'merchant')] }), { state: { type: 'paid', strength: 'proved', msat: 20_000, askedMsat: 21_000 } })
  expect(taken.text()).toContain('21 sat was asked for, 20 sat arrived.')
})

test('T8: the desk can look into each payment', () => {
  const wrapper = desk(anOrder({ status: 'payment_requested', payment: 'proved', payments: [{ ...payment('proved', 'shopper'), preimage: 'ab'.repeat(32) }] }))
  expect(wrapper.find('[data-test=proof]').text()).toContain('Proved by its number')
  expect(wrapper.find('[data-test=proof-preimage]').text()).toBe('ab'.repeat(32))
})

const issued = (verify?: string | null) => ({ type: 'invoice-issued', paymentHash: '0'.repeat(64), bolt11: 'lnbcrt1', asked: 21_000, expiresAt: 1_600, wallet: 'one', ...verify !== undefined && { verify } }) as unknown as Order['issued'][number]
const waiting = (fields: Partial<Order>): Order => anOrder({ status: 'payment_requested', requests: [request(1_000)], request: request(1_000), ...fields })

test('T8: where nobody can know whether it was paid, that is said in place of a lookup, with what to do', () => {
  const wrapper = desk(waiting({ issued: [issued(null)] }))
  expect(wrapper.find('[data-test=cannot-know]').text()).toContain('Look into your wallet. When the money is there, mark the order as paid.')
  expect(offered(wrapper)).not.toContain('lookup')
  expect(offered(wrapper)).toContain('mark-paid')
  const told = desk(waiting({ issued: [issued('https://wool.example/verify/1')] }))
  expect(told.find('[data-test=cannot-know]').exists()).toBe(false)
  expect(offered(told)).toContain('lookup')
  const paid = desk(waiting({ issued: [issued(null)], payment: 'said', payments: [payment('said', 'merchant')] }))
  expect(paid.find('[data-test=cannot-know]').exists()).toBe(false)
})

test('an invoice of a wallet that is not connected here says so; of several wallets the one that makes the next is named', () => {
  expect(desk(waiting({ issued: [issued()] }), { makerGone: true }).find('[data-test=wallet-gone]').text()).toContain('is not connected here')
  expect(desk(waiting({ issued: [issued()] })).find('[data-test=wallet-gone]').exists()).toBe(false)
  expect(desk(anOrder(), { issuer: 'Till' }).find('[data-test=issuer]').text()).toBe('Made by Till')
  expect(desk(anOrder()).find('[data-test=issuer]').exists()).toBe(false)
})

const claimed: Partial<Order> = { payment: 'proved', status: 'payment_confirmed', payments: [payment('proved', 'shopper')], issued: [issued()] }
const arrived: Partial<Order> = { payment: 'proved', status: 'payment_confirmed', payments: [payment('proved', 'own-wallet')], issued: [issued()] }
/** Of each state: an order in it, and what is offered first. */
const first: Readonly<Record<DeskPaymentState['type'], readonly [order: Order, act: string | null]>> = {
  'not-invoiced': [anOrder(), 'make-invoice'],
  'waiting': [waiting({ issued: [issued()] }), null],
  'expired': [waiting({ issued: [issued()] }), 'make-invoice'],
  'checking': [waiting(claimed), 'lookup'],
  'could-not-check': [waiting(claimed), 'lookup'],
  'reserved': [waiting({ status: 'escrow_locked', issued: [issued()] }), null],
  'released': [waiting({ issued: [issued()] }), 'make-invoice'],
  'paid': [waiting(arrived), null],
  'underpaid': [waiting(arrived), null],
  'overpaid': [waiting(arrived), null],
  'paid-twice': [waiting(arrived), null],
  'paid-late': [waiting({ ...arrived, status: 'cancelled' }), null],
  'refund-due': [waiting({ ...arrived, status: 'cancelled' }), null],
  'mismatch': [waiting({ issued: [issued()] }), 'make-invoice'],
  'refused': [anOrder({ status: 'failed', refusal: { text: 'Sold out', at: toSeconds(1_000) } }), null],
  'ended': [anOrder({ status: 'cancelled', cancelledBy: 'shopper' }), null],
}

test.each(Object.values(everyDeskState))('T8: $type: what its words ask for is offered first, and nothing else', (state) => {
  const [order, act] = first[state.type]
  expect(primary(desk(order, { state }))).toEqual(act === null ? [] : [act])
})

test('T8: what is reported and no wallet can tell is the merchant\'s own look; without a wallet the way to one comes first', () => {
  const unseen = waiting({ ...claimed, issued: [issued(null)] })
  expect(primary(desk(unseen, { state: everyDeskState.checking }))).toEqual(['mark-paid'])
  expect(primary(desk(unseen, { state: everyDeskState.checking, hasWallet: false }))).toEqual(['Connect a wallet to make invoices'])
  const byHand = { ...issued(), byHand: true } as unknown as Order['issued'][number]
  expect(primary(desk(waiting({ issued: [byHand] }), { state: everyDeskState.waiting }))).toEqual(['mark-paid'])
  expect(primary(desk(waiting({ issued: [byHand] }), { state: everyDeskState.expired }))).toEqual(['mark-paid'])
})
