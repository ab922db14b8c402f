import { mount, type VueWrapper } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import { addressProblem } from '../../../src/components/order/payment/address-problem'
import OrderRow from '../../../src/components/order/OrderRow.vue'
import PaymentPanel from '../../../src/components/order/payment/PaymentPanel.vue'
import { toMsat, toSeconds, type Msat } from '../../../src/domain/brand'
import type { PaymentPanelState } from '../../../src/domain/order/payment-panel'
import { anOrder } from './orders'

const bolt11 = `lnbcrt210n1${'qyqszqgp'.repeat(30)}`
const selfMade = { address: 'esma@wool.example', host: 'wool.example', verify: 'https://wool.example/verify/1', bound: true }
const prepaid: PaymentPanelState = { type: 'prepaid', address: 'esma@wool.example', msat: toMsat(21_000) }
const ready = (more: Partial<Extract<PaymentPanelState, { type: 'ready' }>> = {}): PaymentPanelState =>
  ({ type: 'ready', bolt11, msat: toMsat(21_000), expiresAt: toSeconds(4_600), checks: { amount: 'within', agreedMsat: toMsat(21_000), oneTap: true }, ...more })
const amount = (msat: Msat): string => `${msat / 1000} sat`

function panel(state: PaymentPanelState, props: Record<string, unknown> = {}): VueWrapper {
  return mount(PaymentPanel, {
    props: { state, secondsLeft: 3_000, lifetime: 3_600, amountText: (msat: Msat) => ({ main: amount(msat), other: null }), totalMsat: toMsat(21_000), rateNote: '', canPayByWallet: true, asked: false, busy: false, failure: '', handedOver: false, now: 1_000, merchant: 'Esma', ...props },
    attachTo: document.body,
  })
}

describe('a merchant who sends no invoice', () => {
  test('is paid by one named tap; that nobody asked, and what the address does not know, stands beside it', async () => {
    const wrapper = panel(prepaid)
    expect(wrapper.text()).toContain('Esma\'s shop program sends no invoices.')
    expect(wrapper.text()).toContain('Your order has been sent already.')
    expect(wrapper.text()).toContain('The address knows nothing of your order.')
    expect(wrapper.find('[data-test=amount]').text()).toBe('21 sat')
    expect(wrapper.find('a[href^="lightning:"]').exists()).toBe(false)
    const button = wrapper.find('[data-act=pay-address]')
    expect(button.text()).toBe('Pay now to Esma\'s Lightning address')
    await button.trigger('click')
    expect(wrapper.emitted('act')).toEqual([['pay-address']])
    await wrapper.setProps({ busy: true })
    expect(button.text()).toBe('Asking the address…')
    expect(button.attributes('disabled')).toBeDefined()
  })

  test('without an address, or without an agreed amount, is asked how to be paid', () => {
    for (const state of [{ ...prepaid, address: null }, { ...prepaid, msat: null }] as PaymentPanelState[]) {
      const wrapper = panel(state)
      expect(wrapper.find('[data-act=pay-address]').exists()).toBe(false)
      expect(wrapper.find('[data-act=message]').exists()).toBe(true)
    }
  })

  test('why an address gave no invoice is said aloud, with what is safe, and the way stays open', () => {
    const wrapper = panel(prepaid, { failure: addressProblem({ code: 'too_much', detail: '', limit: toMsat(5_000) }, amount) })
    expect(wrapper.find('[role=alert]').text()).toContain('no more than 5 sat')
    expect(wrapper.find('[data-act=pay-address]').attributes('disabled')).toBeUndefined()
  })

  test('a stranger\'s name and reason are text', () => {
    const wrapper = panel(prepaid, { merchant: '<img src=x>', failure: addressProblem({ code: 'refused', detail: '<b>no</b>' }, amount) })
    expect(wrapper.find('img').exists()).toBe(false)
    expect(wrapper.find('[data-test=failure]').html()).toContain('“&lt;b&gt;no&lt;/b&gt;”')
  })
})

describe('the invoice of an address', () => {
  const origin = (wrapper: VueWrapper) => wrapper.findAll('[data-test=origin]').map(line => line.text()).join(' ')

  test('is shown with every way to pay, and that the merchant did not send it', () => {
    const wrapper = panel(ready({ selfMade }))
    expect(wrapper.find('[data-test=pay]').exists()).toBe(true)
    expect(wrapper.find('[data-test=open-wallet]').exists()).toBe(true)
    expect(origin(wrapper)).toContain('Esma did not send this invoice. It comes from the Lightning address in their profile, esma@wool.example.')
    expect(origin(wrapper)).toContain('notices it by itself')
    expect(origin(wrapper)).not.toContain('answered by')
  })

  test('T8: what cannot be known without the address\'s word is said; another host and a loose description too', () => {
    const wrapper = panel(ready({ selfMade: { ...selfMade, host: 'bank.example', verify: null, bound: false } }))
    expect(origin(wrapper)).toContain('The address is answered by bank.example.')
    expect(origin(wrapper)).toContain('This address does not say whether it was paid.')
    expect(origin(wrapper)).toContain('The invoice does not say which address it is from.')
  })

  test('T9: a merchant\'s own invoice after it warns whoever may have paid already', () => {
    expect(panel(ready({ afterAddress: 'esma@wool.example' })).text()).toContain('If you paid that one, do not pay this one')
    expect(panel(ready()).text()).not.toContain('do not pay this one')
  })

  test('T9: once expired, who paid is warned before a new one is offered', async () => {
    const wrapper = panel({ type: 'expired', bolt11, selfMade: { ...selfMade, verify: null } })
    expect(wrapper.text()).toContain('Already paid? Do not pay again.')
    expect(wrapper.text()).toContain('Look in your wallet before you get a new one.')
    expect(wrapper.text()).toContain('Did you pay it?')
    expect(wrapper.find('.acts .btn-primary').attributes('data-act')).toBe('claim')
    await wrapper.find('[data-act=claim]').trigger('click')
    await wrapper.find('[data-act=pay-address]').trigger('click')
    expect(wrapper.emitted('act')).toEqual([['claim'], ['pay-address']])
  })

  test('T9: who took it to a wallet outside is told to say so, where the address tells of nothing', () => {
    expect(panel(ready({ selfMade: { ...selfMade, verify: null } }), { handedOver: true }).find('[data-test=handed]').text()).toContain('Say so below')
    expect(panel(ready({ selfMade }), { handedOver: true }).find('[data-test=handed]').text()).toContain('it shows up here')
  })
})

test('in the list of orders it is the shopper\'s turn, not the merchant\'s', () => {
  const row = (payNow: boolean) => mount(OrderRow, {
    props: { order: anOrder(), goods: [], path: '/orders/1', stallName: 'Esma', total: { main: '21 sat', other: null }, notSent: false, payNow, now: 1_000 },
    global: { stubs: { RouterLink: true } },
  }).text()
  expect(row(true)).toContain('You may pay now')
  expect(row(false)).toContain('Waiting for the merchant\'s invoice')
})
