import { mount, RouterLinkStub, type VueWrapper } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import AnswerRulesForm from '../../../src/components/desk/AnswerRulesForm.vue'
import DeskCards from '../../../src/components/desk/DeskCards.vue'
import DeskPayment from '../../../src/components/desk/DeskPayment.vue'
import DeskTable from '../../../src/components/desk/DeskTable.vue'
import HandSheet from '../../../src/components/desk/HandSheet.vue'
import { deskRow } from '../../../src/components/desk/desk-filters'
import { heldText, untilText } from '../../../src/components/desk/hand-words'
import { deskErrorText } from '../../../src/components/desk/words'
import { deskPaymentState } from '../../../src/domain/order/desk-payment-state'
import { toMsat, toSeconds, type EventId, type Hex32, type Msat } from '../../../src/domain/brand'
import { noRules, type AnswerRules } from '../../../src/domain/order/answer-rules'
import type { Order, RequestFact } from '../../../src/domain/order/types'
import { makeInvoice } from '../../support/order-invoices'
import { anOrder } from '../order/orders'

const NOW = 1_800_000_000
const TOTAL = 12_700_000
const msatText = (msat: Msat): string => `${(msat / 1_000).toLocaleString('en')} sat`
const invoiceOver = (msat: number): string => makeInvoice({ preimage: 'a1'.repeat(32), msat, createdAt: NOW - 600, prefix: 'lnbcrt' }).bolt11

describe('asking by hand', () => {
  const sheet = (props: Record<string, unknown> = {}): VueWrapper => mount(HandSheet, {
    props: { open: true, total: toMsat(TOTAL), network: 'regtest', now: NOW, isUsed: () => false, msatText, again: false, busy: false, ...props },
    attachTo: document.body,
  })
  const type = (wrapper: VueWrapper, text: string): Promise<void> => wrapper.find('[name=by-hand]').setValue(text)
  const send = (wrapper: VueWrapper): Promise<void> => wrapper.find('form').trigger('submit')

  test('says what was pasted while it is typed, and sends it', async () => {
    const wrapper = sheet()
    expect(wrapper.find('[data-test=hand-total]').text()).toBe('Total of this order: 12,700 sat')
    const bolt11 = invoiceOver(TOTAL)
    await type(wrapper, bolt11)
    const read = wrapper.find('[data-test=hand-read]')
    expect(read.attributes('role')).toBe('status')
    expect(read.find('li').text()).toBe('Lightning invoice over 12,700 sat, expires in 50 minutes')
    await send(wrapper)
    expect(wrapper.emitted('send')).toEqual([[{ pasted: bolt11, confirmed: null }]])
  })

  test('T7: another amount is named, and sent only when it is said to be meant; changing it asks again', async () => {
    const wrapper = sheet()
    await type(wrapper, invoiceOver(TOTAL + 300_000))
    expect(wrapper.find('[data-test=hand-differs]').text()).toContain('This asks 13,000 sat. The order\'s total is 12,700 sat.')
    await send(wrapper)
    expect(wrapper.emitted('send')).toBeUndefined()
    expect(wrapper.find('.error[role=alert]').text()).toContain('Say that you mean this amount')
    await wrapper.find('[data-test=hand-confirm]').setValue(true)
    await type(wrapper, invoiceOver(TOTAL + 400_000))
    await send(wrapper)
    expect(wrapper.emitted('send')).toBeUndefined()
    await wrapper.find('[data-test=hand-confirm]').setValue(true)
    await send(wrapper)
    expect(wrapper.emitted('send')).toMatchObject([[{ confirmed: TOTAL + 400_000 }]])
  })

  test.each([
    ['https://user@pay.example', 'pretends to lead elsewhere'],
    [`nsec1${'q'.repeat(58)}`, 'holds a key or a wallet connection'],
    [makeInvoice({ preimage: 'a1'.repeat(32), msat: TOTAL, createdAt: NOW - 9_000, prefix: 'lnbcrt' }).bolt11, 'has expired'],
  ])('%s is not sent, and why is said', async (text, why) => {
    const wrapper = sheet()
    await type(wrapper, text)
    expect(wrapper.find('[role=alert]').text()).toContain(why)
    await send(wrapper)
    expect(wrapper.emitted('send')).toBeUndefined()
  })

  test('T9: an invoice of another order is refused as it is typed', async () => {
    const wrapper = sheet({ isUsed: (_hash: Hex32) => true })
    await type(wrapper, invoiceOver(TOTAL))
    expect(wrapper.find('[role=alert]').text()).toContain('already sent for an order')
  })

  test('nothing is no mistake until it is sent; words are shown as words', async () => {
    const wrapper = sheet()
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
    await send(wrapper)
    expect(wrapper.find('[role=alert]').text()).toContain('Paste or write')
    await type(wrapper, 'Pay <b>cash</b> at the door')
    expect(wrapper.find('[data-way=words]').text()).toContain('Pay <b>cash</b> at the door')
    expect(wrapper.find('[data-test=hand-read] b').exists()).toBe(false)
    expect(wrapper.text()).toContain('When the money is there, mark the order as paid.')
  })

  test('how long it holds is said as near as it helps', () => {
    expect([30, 60, 3_000, 7_199, 7_200, 86_400, 3 * 86_400].map(untilText)).toEqual(['in 1 minute', 'in 1 minute', 'in 50 minutes', 'in 119 minutes', 'in 2 hours', 'in 24 hours', 'in 3 days'])
  })

  test('every refusal of the flow has its sentence', () => {
    for (const code of ['amount-not-confirmed', 'no-amount', 'not-in-wallet', 'link-credentials', 'payment_hash_reused'])
      expect(deskErrorText({ code })).not.toContain(code)
  })
})

const id = (digit: string): EventId => digit.repeat(64) as EventId
const byHand = (fields: Partial<RequestFact>): RequestFact => ({
  message: id('1'), at: toSeconds(1_000), options: [], text: '', recipient: '', bolt11: null, paymentHash: null, msat: null, expiresAt: null, supersededBy: null, saidMsat: toMsat(21_000), ...fields,
})
const payment = (order: Order, props: Record<string, unknown> = {}): VueWrapper => mount(DeskPayment, {
  props: { order, state: deskPaymentState({ order, now: toSeconds(1_100), network: 'regtest', knownHashes: new Map(), unreachable: false }), msatText, totalText: '21 sat', hasWallet: false, settingsPath: '/desk/settings', busy: '', canReissueZone: false, problem: '', now: 1_100, ...props },
  global: { stubs: { RouterLink: RouterLinkStub } },
})

describe('at the order', () => {
  test('it can be asked in another way without a wallet', async () => {
    const wrapper = payment(anOrder())
    await wrapper.find('[data-test=ask-by-hand]').trigger('click')
    expect(wrapper.emitted('hand')).toHaveLength(1)
    expect(payment(anOrder({ status: 'payment_confirmed', payment: 'said' })).find('[data-test=ask-by-hand]').exists()).toBe(false)
  })

  test('T8: what no wallet can look up only the merchant can see, and marking as paid is the next step', () => {
    const request = byHand({ options: [{ type: 'url', label: 'url', link: 'https://pay.example/1' }] })
    const wrapper = payment(anOrder({ status: 'payment_requested', request, requests: [request] }))
    expect(wrapper.find('[data-test=only-you]').text()).toContain('Only you can see whether this was paid.')
    expect(wrapper.find('[data-test=only-you]').text()).toContain('https://pay.example/1')
    expect(wrapper.find('[data-test=only-you] a').exists()).toBe(false)
    expect(wrapper.find('[data-test=mark-paid]').classes()).toContain('btn-primary')
  })

  test('a pasted invoice may be the connected wallet\'s or another one\'s: both are said', () => {
    const paymentHash = '0'.repeat(64) as Hex32
    const request = byHand({ bolt11: 'lnbcrt1', paymentHash, msat: toMsat(21_000), expiresAt: toSeconds(2_000) })
    const totals = anOrder().snapshot?.totals
    if (totals === undefined)
      throw new TypeError('no totals')
    const issued = { id: id('2'), author: anOrder().merchant, receiver: anOrder().merchant, sentAt: toSeconds(1_000), transport: 'local', dialect: 'nip15', order: anOrder().key, type: 'invoice-issued', attempt: 1, paymentHash, bolt11: 'lnbcrt1', asked: toMsat(21_000), expiresAt: toSeconds(2_000), totals, zoneId: '', byHand: true } as const
    const wrapper = payment(anOrder({ status: 'payment_requested', request, requests: [request], issued: [issued] }), { hasWallet: true })
    expect(wrapper.find('[data-test=only-you]').text()).toContain('If your connected wallet made it')
    expect(wrapper.find('[data-test=lookup]').exists()).toBe(true)
    const { byHand: _byHand, ...made } = issued
    expect(payment(anOrder({ status: 'payment_requested', request, requests: [request], issued: [made] }), { hasWallet: true }).find('[data-test=only-you]').exists()).toBe(false)
  })

  test('why it was left to the merchant, and that pieces are gone, stand at the order', () => {
    const wrapper = payment(anOrder(), { held: 'Above your limit of 10,000 sat', oversold: true })
    expect(wrapper.find('[data-test=held-reason]').text()).toContain('Not answered by itself: Above your limit of 10,000 sat.')
    expect(wrapper.find('[data-test=oversold]').text()).toContain('Refund due')
  })
})

test.each([['table', DeskTable], ['cards', DeskCards]] as const)('in the %s the reason stands in the row', (_name, component) => {
  const rows = ['one', 'two'].map(name => deskRow(anOrder({ id: name }), 'Mara', 'soap'))
  const wrapper = mount(component as typeof DeskTable, {
    props: { rows, sort: 'time', descending: true, pathOf: () => '/', totalText: () => ({ main: '21 sat', other: null }), now: 1_100, heldOf: (order: Order) => order.id === 'one' ? heldText('hours', { ...noRules, hours: { from: 450, to: 60 } }, '') : '' },
    global: { stubs: { RouterLink: RouterLinkStub } },
  })
  expect(wrapper.findAll('[data-test=held]').map(one => one.text())).toEqual(['Outside of your hours: answered at 07:30'])
})

describe('rules for answering by itself', () => {
  const form = (rules: AnswerRules = noRules): VueWrapper => mount(AnswerRulesForm, { props: { rules } })
  const setMax = async (wrapper: VueWrapper, text: string): Promise<void> => {
    await wrapper.find('[name=rule-max]').setValue(text)
    await wrapper.find('[name=rule-max]').trigger('blur')
  }

  test.each([['50000', 50_000], ['50 000', 50_000], ['50,000', 50_000]])('a bound of %s', async (text, maxSat) => {
    const wrapper = form()
    await setMax(wrapper, text)
    expect(wrapper.emitted('change')).toEqual([[{ maxSat, hours: null }]])
  })

  test.each(['0', '-5', '1.5', 'much', '9'.repeat(17)])('%s is no bound, and that is said', async (text) => {
    const wrapper = form()
    await setMax(wrapper, text)
    expect(wrapper.emitted('change')).toBeUndefined()
    expect(wrapper.find('[role=alert]').text()).toContain('whole number of sat')
  })

  test('empty takes the bound away', async () => {
    const wrapper = form({ ...noRules, maxSat: 5 })
    await setMax(wrapper, '')
    expect(wrapper.emitted('change')).toEqual([[{ maxSat: null, hours: null }]])
  })

  test('hours may go over midnight', async () => {
    const wrapper = form({ ...noRules, hours: { from: 480, to: 1_200 } })
    await wrapper.find('[data-test=rule-from]').setValue('22:00')
    await wrapper.find('[data-test=rule-from]').trigger('change')
    expect(wrapper.emitted('change')?.at(-1)).toEqual([{ maxSat: null, hours: { from: 1_320, to: 1_200 } }])
    await wrapper.setProps({ rules: { maxSat: null, hours: { from: 1_320, to: 1_200 } } })
    expect(wrapper.text()).toContain('Until the next day')
  })
})
