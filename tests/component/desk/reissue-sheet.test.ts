import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import FormerSheet from '../../../src/components/desk/FormerSheet.vue'
import HandSheet from '../../../src/components/desk/HandSheet.vue'
import ReissueSheet from '../../../src/components/desk/ReissueSheet.vue'
import { toSeconds } from '../../../src/domain/brand'

const until = toSeconds(Date.UTC(2026, 10, 21, 20) / 1_000)
const zones = [{ id: 'here', name: 'Here' }, { id: 'far', name: 'Far away' }]
const reissue = (former: { readonly expiresAt: typeof until, readonly withdrawable: boolean } | null) =>
  mount(ReissueSheet, { props: { open: true, zones, current: 'here', oldTotal: '21 sat', totalWith: () => '25 sat', busy: false, former } })

test('T10: with another zone, the sheet says that the former invoice can still be paid, and what becomes of it', () => {
  expect(reissue({ expiresAt: until, withdrawable: false }).find('[data-test=former-until]').text()).toMatch(/can still be paid until .*2026.*, and cannot be called back/)
  expect(reissue({ expiresAt: until, withdrawable: true }).find('[data-test=former-until]').text()).toContain('Your wallet is told to give it up first.')
  expect(reissue(null).find('[data-test=former-until]').exists()).toBe(false)
})

test('another zone than the present one is chosen from the first moment on', () => {
  expect(reissue(null).find<HTMLInputElement>('input[value=far]').element.checked).toBe(true)
})

test('what is pasted goes out by a sheet of its own, which says it too', () => {
  const sheet = mount(HandSheet, { props: { open: true, total: null, network: 'regtest', now: until - 60, isUsed: () => false, msatText: String, again: true, busy: false, former: { expiresAt: until, withdrawable: false } } })
  expect(sheet.find('[data-test=former-until]').text()).toContain('If both are paid, one payment has to go back.')
})

test('one that would be held is given up first, and the button says so', async () => {
  const sheet = mount(FormerSheet, { props: { open: true, doubt: 'former-payable', until, withdrawable: true, busy: false } })
  expect(sheet.text()).toContain('your wallet can give it up: it is told to do so first')
  expect(sheet.find('[data-test=former-confirm]').text()).toBe('Give it up and send a new one')
  await sheet.find('form').trigger('submit')
  expect(sheet.emitted('confirm')).toHaveLength(1)
})
