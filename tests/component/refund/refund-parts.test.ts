import { mount, type VueWrapper } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import CancelSheet from '../../../src/components/desk/CancelSheet.vue'
import RefundPay from '../../../src/components/desk/RefundPay.vue'
import RefundSheet from '../../../src/components/desk/RefundSheet.vue'
import OrderBadges from '../../../src/components/order/OrderBadges.vue'
import OrderTimeline from '../../../src/components/order/OrderTimeline.vue'
import OrderTotals from '../../../src/components/order/OrderTotals.vue'
import RefundAnswer from '../../../src/components/order/RefundAnswer.vue'
import RefundList from '../../../src/components/order/RefundList.vue'
import { receiptJson } from '../../../src/components/order/receipt'
import { refundErrorText, satInput } from '../../../src/components/order/refund-words'
import { toMsat, toSeconds, type EventId, type Hex32 } from '../../../src/domain/brand'
import type { RefundRecord } from '../../../src/domain/order/refund-types'
import type { Role } from '../../../src/domain/order/types'
import { anOrder } from '../order/orders'

const bolt11 = `lnbcrt210n1${'qyqszqgp'.repeat(30)}`
const msatText = (msat: number): string => `${msat / 1_000} sat`
const refund = (part: Partial<RefundRecord> = {}): RefundRecord => ({
  id: 'a1', at: toSeconds(1_000), state: 'asked', msat: toMsat(4_000), reason: '', target: '', bolt11: '', paymentHash: null, via: null, begunAt: null, paidAt: null,
  preimage: '', proved: false, fee: null, failure: '', told: false, arrived: false, ...part,
})
const paid = refund({ state: 'paid', told: true, paidAt: toSeconds(1_100) })
const proved = refund({ state: 'paid', told: true, proved: true, paidAt: toSeconds(1_100), paymentHash: '0'.repeat(64) as Hex32, preimage: '1'.repeat(64), fee: toMsat(2_000) })
const list = (role: Role, ...refunds: readonly RefundRecord[]): VueWrapper => mount(RefundList, { props: { order: anOrder({ refunds, refundedMsat: toMsat(4_000), paidMsat: toMsat(21_000) }), role, msatText, now: 1_200 } })
const pay = (record: RefundRecord, props: Record<string, unknown> = {}): VueWrapper => mount(RefundPay, { props: { refund: record, target: record.target, amount: '4 sat', hasWallet: true, busy: '', ...props } })
const offered = (wrapper: VueWrapper): readonly string[] => wrapper.findAll('button[data-test]').map(button => button.attributes('data-test') ?? '')

describe('T8: how sure a refund is', () => {
  test.each(['shopper', 'merchant'] as const)('proved and said do not look alike to the %s', (role) => {
    const [first, second] = list(role, proved, { ...paid, id: 'b2' }).findAll('[data-test=refund-row]')
    expect([first?.attributes('data-state'), second?.attributes('data-state')]).toEqual(['proved', 'paid'])
    expect(first?.text()).toContain('proved')
    expect(second?.text()).not.toContain('proved')
    expect(first?.find('svg').attributes('data-icon')).not.toBe(second?.find('svg').attributes('data-icon'))
    expect(first?.text()).toContain('1'.repeat(64))
    expect(second?.text()).toContain('Nothing shows it but')
  })
  test('a failure at the merchant is a delay to the shopper; a fee is the merchant\'s', () => {
    const failed = refund({ state: 'failed', failure: 'insufficient_balance' })
    expect(list('merchant', failed).text()).toContain('Not enough money in the wallet')
    expect(list('shopper', failed).text()).not.toContain('wallet')
    expect([list('merchant', proved).text().includes('Fee 2 sat'), list('shopper', proved).text().includes('Fee')]).toEqual([true, false])
  })
  test('of what came, the merchant counts what the own wallet saw; the shopper what was proved', () => {
    const payment = (by: 'shopper' | 'own-wallet', digit: string) => ({ strength: 'proved' as const, by, paymentHash: digit.repeat(64) as Hex32, preimage: '', msat: toMsat(21_000), at: toSeconds(1_050), message: digit.repeat(64) as EventId })
    const order = anOrder({ payment: 'proved', paidMsat: toMsat(42_000), payments: [payment('own-wallet', '1'), payment('shopper', '2')], refunds: [proved], refundedMsat: toMsat(4_000) })
    const total = (role: Role): string => mount(RefundList, { props: { order, role, msatText, now: 1_200 } }).find('[data-test=refund-total]').text()
    expect([total('merchant'), total('shopper')]).toEqual(['4 sat of 21 sat sent back', '4 sat of 42 sat sent back'])
    const received = (role: Role): string => mount(OrderTotals, { props: { order, role, moneyText: () => '', msatText, priceText: () => '', now: 1_200 } }).find('[data-test=received]').text()
    expect([received('merchant'), received('shopper')]).toEqual([expect.stringContaining('21 sat'), expect.stringContaining('42 sat')])
  })
  test('in the badge, the totals, the timeline and the receipt', () => {
    const order = anOrder({ payment: 'proved', paidMsat: toMsat(21_000), refundedMsat: toMsat(4_000), refunds: [proved, refund({ id: 'b2' })] })
    expect(mount(OrderBadges, { props: { order, role: 'shopper' } }).text()).toContain('Partly refunded')
    expect(mount(OrderTotals, { props: { order, moneyText: () => '', msatText, priceText: () => '', now: 1_200 } }).find('[data-test=refunded]').text()).toBe('Sent back− 4 sat')
    const entry = (what: 'refunded' | 'refund-failed', text: string) => ({ at: toSeconds(1_100), what, status: null, by: 'system' as const, text, message: `${what}` as EventId, verified: what === 'refunded' })
    const timeline = mount(OrderTimeline, { props: { entries: [entry('refund-failed', 'quota_exceeded'), entry('refunded', '<b>thanks</b>')], role: 'merchant', now: 1_200 } })
    expect(timeline.text()).toContain('Over the budget of this connection. Nothing was paid.')
    expect(timeline.findAll('li')[1]?.text()).toContain('Checked')
    expect(timeline.find('b').exists()).toBe(false)
    expect(JSON.parse(receiptJson(order, { merchant: 'Amina' }))).toMatchObject({ refundedMsat: 4_000, refunds: [{ id: 'a1', msat: 4_000, feeMsat: 2_000, at: '1970-01-01T00:18:20.000Z', proved: true }] })
  })
})

describe('T9: every state has its way on, and none pays twice', () => {
  test('ready: by the wallet, by hand, or another way; without a wallet by hand first', () => {
    const ready = refund({ state: 'ready', target: 'ida@wool.example' })
    expect(offered(pay(ready))).toEqual(['refund-by-wallet', 'refund-by-hand', 'refund-other', 'refund-withdraw'])
    expect(pay(ready).text()).toContain('ida@wool.example')
    expect(offered(pay(ready, { hasWallet: false }))).toEqual(['refund-by-hand', 'refund-other', 'refund-withdraw'])
    expect(offered(pay(ready, { busy: 'paying' }))).not.toContain('refund-by-wallet')
  })
  test('no answer: do not pay again, ask the wallet, or say what it shows; no code and no second payment', () => {
    const unknown = pay(refund({ state: 'unknown', via: 'nwc', bolt11, target: bolt11 }))
    expect(unknown.text()).toContain('Do not pay again.')
    expect(offered(unknown)).toEqual(['refund-resolve', 'refund-proof-send', 'refund-said', 'refund-not-paid'])
    expect(unknown.find('a[href^="lightning:"]').exists()).toBe(false)
    // A page that was closed meanwhile knows no more than that it began.
    expect(offered(pay(refund({ state: 'paying', via: 'nwc', bolt11, target: bolt11 }), { hasWallet: false }))).toEqual(['refund-proof-send', 'refund-said', 'refund-not-paid'])
  })
  test('by hand: the code, the proof, the bare word, or not paid', async () => {
    const hand = pay(refund({ state: 'paying', via: 'hand', bolt11, target: bolt11 }))
    expect(hand.find('a.code').attributes('href')).toBe(`lightning:${bolt11}`)
    await hand.find('[data-test=refund-proof]').setValue('abc')
    await hand.find('form').trigger('submit')
    await hand.find('[data-test=refund-not-paid]').trigger('click')
    expect([hand.emitted('proof'), hand.emitted('notPaid')]).toEqual([[['abc']], [[]]])
  })
  test('what the merchant was given elsewhere did not work: another target, and no word of an offer that nobody made', async () => {
    const astray = pay(refund({ state: 'failed', failure: 'expired', unasked: true }))
    expect(astray.text()).toContain('The 4 sat did not reach what you gave, and nothing was paid.')
    expect(astray.text()).not.toContain('has been asked')
    expect(offered(astray)).toEqual(['refund-elsewhere', 'refund-withdraw'])
    expect(astray.find('[data-test=refund-withdraw]').text()).toBe('Send nothing back…')
    await astray.find('[data-test=refund-elsewhere]').trigger('click')
    expect(astray.emitted('elsewhere')).toEqual([[]])
    // While the page still knows the target it may be tried again too.
    expect(offered(pay(refund({ state: 'failed', unasked: true }), { target: bolt11 }))).toEqual(['refund-by-wallet', 'refund-by-hand', 'refund-other', 'refund-elsewhere', 'refund-withdraw'])
    expect(offered(pay(refund({ state: 'failed' })))).not.toContain('refund-elsewhere')
  })
  test('paid and not told yet: to be told, not paid', () => {
    expect(offered(pay({ ...proved, told: false }))).toEqual(['refund-tell'])
    expect(offered(pay(proved))).toEqual([])
  })
})

describe('how much, why, and where to', () => {
  const sheet = (props: Record<string, unknown> = {}): VueWrapper => mount(RefundSheet, { props: { left: toMsat(15_000), proposed: null, address: '', msatText, busy: false, open: true, ...props }, attachTo: document.body })

  test('all of it is offered to begin with; more than came, nothing and fractions are refused in words', async () => {
    const wrapper = sheet()
    const amount = wrapper.find('[data-test=refund-amount]')
    expect((amount.element as HTMLInputElement).value).toBe('15')
    for (const [text, words] of [['16', 'No more than 15 sat can go back.'], ['0', 'Write how many whole sat go back.'], ['1.5', 'Write how many whole sat go back.'], ['-3', 'Write how many']] as const) {
      await amount.setValue(text)
      await wrapper.find('form').trigger('submit')
      expect(wrapper.find('[role=alert]').text()).toContain(words)
    }
    expect(wrapper.emitted('ask')).toBeUndefined()
    await amount.setValue('7')
    await wrapper.find('[data-test=refund-reason]').setValue(' broken ')
    await wrapper.find('form').trigger('submit')
    expect(wrapper.emitted('ask')).toEqual([[{ msat: 7_000, reason: 'broken' }]])
  })
  test('an address that the customer gave before is there to be paid', async () => {
    const wrapper = sheet({ address: 'ida@wool.example', proposed: toMsat(3_000) })
    await wrapper.find('form').trigger('submit')
    expect(wrapper.emitted('pay')).toEqual([[{ msat: 3_000, reason: '', to: 'ida@wool.example' }]])
  })
  test('amounts are read as people write them, never as fractions', () => {
    expect(['1500', '1,500', '1 500', '12.500', '1.5', '1,50', '', 'all', '1e3'].map(satInput)).toEqual([1_500_000, 1_500_000, 1_500_000, 12_500_000, null, null, null, null, null])
  })
  test.each([
    ['all', {}, { money: 'all', msat: 15_000 }],
    ['part', { amount: '5' }, { money: 'part', msat: 5_000 }],
    ['part', { amount: '15' }, { money: 'all', msat: 15_000 }],
    ['later', {}, { money: 'later' }],
    ['none', {}, { money: 'none' }],
  ] as const)('cancelling what is paid asks what becomes of the money: %s', async (money, more, decision) => {
    const wrapper = mount(CancelSheet, { props: { paid: true, left: toMsat(15_000), msatText, busy: false, open: true }, attachTo: document.body })
    await wrapper.find('[data-test=cancel-reason]').setValue('Sold out')
    await wrapper.find(`[data-test=money-${money}]`).setValue(true)
    if ('amount' in more)
      await wrapper.find('[data-test=cancel-amount]').setValue(more.amount)
    await wrapper.find('form').trigger('submit')
    expect(wrapper.emitted('confirm')).toEqual([['Sold out', decision]])
  })
  test('an unpaid order is cancelled with a reason, and no question about money', async () => {
    const wrapper = mount(CancelSheet, { props: { paid: false, left: toMsat(0), msatText, busy: false, open: true }, attachTo: document.body })
    expect(wrapper.find('fieldset').exists()).toBe(false)
    await wrapper.find('form').trigger('submit')
    expect(wrapper.find('[role=alert]').text()).toBe('Tell the customer why.')
    await wrapper.find('[data-test=cancel-reason]').setValue('Sold out')
    await wrapper.find('form').trigger('submit')
    expect(wrapper.emitted('confirm')).toEqual([['Sold out', null]])
  })
})

describe('the shopper\'s part', () => {
  const answer = (record: RefundRecord, props: Record<string, unknown> = {}): VueWrapper => mount(RefundAnswer, { props: { refund: record, amount: '4 sat', canMake: false, busy: '', problem: '', ...props } })

  test('one field, or one tap where a wallet is connected', async () => {
    expect(answer(refund()).find('[data-test=refund-make]').exists()).toBe(false)
    const wrapper = answer(refund(), { canMake: true })
    await wrapper.find('[data-test=refund-make]').trigger('click')
    await wrapper.find('[data-test=refund-to]').setValue('ida@wool.example')
    await wrapper.find('form').trigger('submit')
    expect([wrapper.emitted('make'), wrapper.emitted('give')]).toEqual([[[]], [['ida@wool.example']]])
  })
  test('given, it may be sent elsewhere until it is under way', async () => {
    const ready = answer(refund({ state: 'ready', target: 'ida@wool.example' }))
    expect(ready.find('[data-test=refund-to]').exists()).toBe(false)
    await ready.find('[data-test=refund-change]').trigger('click')
    expect(ready.find('[data-test=refund-to]').exists()).toBe(true)
    expect(answer(refund({ state: 'paying', target: bolt11 })).find('[data-test=refund-change]').exists()).toBe(false)
  })
  test('paid: whether it came is the shopper\'s to say, once', () => {
    expect(offered(answer(paid))).toEqual(['refund-got', 'refund-missing'])
    expect(offered(answer({ ...paid, arrived: true }))).toEqual([])
    expect([answer(paid).text().includes('The merchant says'), answer(proved).text().includes('showed the proof')]).toEqual([true, true])
  })
  test('every reason why a target is refused is a sentence', () => {
    for (const code of ['amount_mismatch', 'expires-soon', 'wrong_network', 'payment_hash_reused', 'bad_checksum', 'not-a-target', 'unreachable', 'source_offline', 'under-way', 'storage-full'])
      expect(refundErrorText({ code }, '4 sat')).not.toContain(code)
    expect(refundErrorText({ code: 'amount_mismatch' }, '4 sat')).toContain('exactly 4 sat')
    expect(refundErrorText({ code: '__proto__' }, '')).toBe('That did not work (__proto__).')
  })
})
