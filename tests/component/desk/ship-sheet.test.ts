import { mount, type VueWrapper } from '@vue/test-utils'
import { expect, test } from 'vitest'
import ShipSheet from '../../../src/components/desk/ShipSheet.vue'
import type { PaymentBadge } from '../../../src/domain/order/status'

const sheet = (payment: PaymentBadge, undo = false): VueWrapper =>
  mount(ShipSheet, { props: { number: 'ORD-2026-ABCDEF', payment, undo, busy: false, open: true }, attachTo: document.body })
const message = (wrapper: VueWrapper): string => {
  const field = wrapper.find('[data-test=message]').element
  return field instanceof HTMLTextAreaElement ? field.value : ''
}

test('the message follows carrier and number until it is edited by hand', async () => {
  const wrapper = sheet('proved')
  expect(message(wrapper)).toBe('Your order ORD-2026-ABCDEF is on its way.')
  await wrapper.find('[data-test=tracking]').setValue('1Z999AA10123456784')
  const carrier = wrapper.find('[data-test=carrier]').element
  expect(carrier instanceof HTMLInputElement && carrier.value).toBe('UPS')
  expect(message(wrapper)).toContain('with UPS, tracking number 1Z999AA10123456784')
  await wrapper.find('[data-test=message]').setValue('My own words')
  await wrapper.find('[data-test=tracking]').setValue('RB123456785GB')
  expect(message(wrapper)).toBe('My own words')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('ship')).toEqual([[{ carrier: 'Royal Mail', number: 'RB123456785GB', message: 'My own words' }]])
})

test('a carrier that was typed is not replaced by a guess', async () => {
  const wrapper = sheet('proved')
  await wrapper.find('[data-test=carrier]').setValue('Aunt Emma')
  await wrapper.find('[data-test=tracking]').setValue('1Z999AA10123456784')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('ship')?.[0]).toEqual([expect.objectContaining({ carrier: 'Aunt Emma' })])
})

test.each(['unpaid', 'claimed', 'underpaid'] as const)('T8: an order whose payment is %s is not shipped without a warning', (payment) => {
  const wrapper = sheet(payment)
  expect(wrapper.find('[data-test=unpaid-warning]').exists()).toBe(true)
  expect(wrapper.find('[data-test=ship]').text()).toBe('Ship without payment')
})

test.each(['said', 'proved', 'overpaid'] as const)('no warning where the payment is %s', (payment) => {
  expect(sheet(payment).find('[data-test=unpaid-warning]').exists()).toBe(false)
})

test('taking it back tells the customer, and asks for no parcel data', async () => {
  const wrapper = sheet('proved', true)
  expect(wrapper.find('[data-test=tracking]').exists()).toBe(false)
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('unship')?.[0]).toEqual([expect.stringContaining('has not left yet')])
})
