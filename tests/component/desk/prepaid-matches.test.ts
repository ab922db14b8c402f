import { mount, type VueWrapper } from '@vue/test-utils'
import { expect, test } from 'vitest'
import PrepaidMatches from '../../../src/components/desk/PrepaidMatches.vue'
import { toMsat, toSeconds, type EventId, type Hex32 } from '../../../src/domain/brand'
import type { PrepaidMatch } from '../../../src/domain/order/prepaid-match'
import type { Order, PaymentFact } from '../../../src/domain/order/types'
import { anOrder } from '../order/orders'

const claim = (by: PaymentFact['by'] = 'shopper', strength: PaymentFact['strength'] = 'claimed'): PaymentFact =>
  ({ strength, by, paymentHash: null, preimage: '', msat: null, at: toSeconds(1_100), message: '7'.repeat(64) as EventId })
const match: PrepaidMatch = { payment: { paymentHash: '1'.repeat(64) as Hex32, msat: toMsat(21_000), settledAt: toSeconds(1_090), description: 'thanks' }, by: 'amount', doubts: ['amount-only'] }
const show = (order: Order, props: Record<string, unknown> = {}): VueWrapper =>
  mount(PrepaidMatches, { props: { order, matches: [match], hasWallet: true, busy: false, msatText: (msat: number) => `${msat / 1000} sat`, now: 1_200, ...props } })

test('what may be the payment is shown with what speaks against it; which it is says the merchant', async () => {
  const wrapper = show(anOrder({ payment: 'claimed', payments: [claim()] }))
  expect(wrapper.text()).toContain('only you can tell')
  expect(wrapper.text()).toContain('21 sat')
  expect(wrapper.text()).toContain('Nothing else ties it to this order.')
  await wrapper.find('[data-test=prepaid-confirm]').trigger('click')
  expect(wrapper.emitted('confirm')).toEqual([[match]])
})

test('nothing found, or no wallet to ask: said, with what not to do yet', () => {
  const claimed = anOrder({ payment: 'claimed', payments: [claim()] })
  expect(show(claimed, { matches: [] }).text()).toContain('Do not ship before it does.')
  const without = show(claimed, { matches: [], hasWallet: false })
  expect(without.text()).toContain('mark the order as paid')
  expect(without.find('[data-test=prepaid-look]').exists()).toBe(false)
})

test('not where nobody claims anything, where the own wallet or the merchant has spoken, or where an invoice was sent', () => {
  expect(show(anOrder()).find('section').exists()).toBe(false)
  expect(show(anOrder({ payments: [claim(), claim('own-wallet', 'proved')] })).find('section').exists()).toBe(false)
  expect(show(anOrder({ payments: [claim(), claim('merchant', 'said')] })).find('section').exists()).toBe(false)
})

test('before anything is claimed it says why no invoice went out by itself; only where that is so', () => {
  expect(show(anOrder({ dialect: 'shopstr' })).text()).toContain('no invoice goes out by itself')
  expect(show(anOrder({ dialect: 'gamma' })).text()).toBe('')
})
