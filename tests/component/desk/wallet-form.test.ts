import { mount, type VueWrapper } from '@vue/test-utils'
import { expect, test } from 'vitest'
import WalletForm from '../../../src/components/desk/WalletForm.vue'

const nwc = `nostr+walletconnect://${'a'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'b'.repeat(64)}`
const form = (props: Record<string, unknown> = {}): VueWrapper => mount(WalletForm, { props: { busy: false, secure: true, error: null, spends: false, canCancel: false, ...props } })

test('a whole LNbits connection is tested, not kept unseen', async () => {
  const wrapper = form()
  await wrapper.find('[name=lnbits-url]').setValue(' https://lnbits.example.com ')
  await wrapper.find('[name=lnbits-key]').setValue('0123456789abcdef0123456789abcdef')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('test')).toEqual([[{ kind: 'lnbits', url: 'https://lnbits.example.com', invoiceKey: '0123456789abcdef0123456789abcdef' }, '']])
})

test('what is no address and no key is said beside each field, and nothing is asked', async () => {
  const wrapper = form()
  await wrapper.find('[name=lnbits-url]').setValue('http://lnbits.example.com')
  await wrapper.find('[name=lnbits-key]').setValue('oops')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('test')).toBeUndefined()
  expect(wrapper.findAll('[role=alert]').map(alert => alert.text())).toEqual(['A page on https cannot call an address on http. Use https.', 'An invoice key has 32 letters and digits.'])
})

test('T17: an admin key is refused, with the words for it and what to use instead', () => {
  const wrapper = form({ error: { code: 'source_can_spend' } })
  expect(wrapper.find('[data-test=admin-key]').text()).toContain('This key can spend. Use the invoice key.')
  expect(wrapper.find('[data-test=admin-key]').text()).toContain('It was not kept.')
  expect(wrapper.find('[data-test=anyway]').exists()).toBe(false)
})

test('T17: a connection that can spend is named before it is kept, and the safer way comes first', async () => {
  const wrapper = form({ spends: true })
  expect(wrapper.find('[data-test=can-spend]').text()).toContain('This connection can also spend. Make a receive-only one.')
  expect(wrapper.find('[data-test=can-spend]').findAll('button').map(button => button.text())).toEqual(['Use another connection', 'Connect all the same'])
  await wrapper.find('[data-test=anyway]').trigger('click')
  expect(wrapper.emitted('anyway')).toHaveLength(1)
})

test('T16: secrets are typed into fields that hide them, and leave the field when they are dropped', async () => {
  const wrapper = form()
  await wrapper.find('[data-test=kind-nwc]').setValue(true)
  const field = wrapper.find('[name=nwc-uri]')
  expect(field.attributes('type')).toBe('password')
  expect(field.attributes('autocomplete')).toBe('off')
  await field.setValue(nwc)
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('test')).toEqual([[{ kind: 'nwc', uri: nwc }, '']])
  await wrapper.setProps({ spends: true })
  await wrapper.find('[data-test=can-spend] .btn-primary').trigger('click')
  const element = wrapper.find('[name=nwc-uri]').element
  expect(element instanceof HTMLInputElement && element.value).toBe('')
})

test('an address is looked at before anybody is asked, and goes with the name that it was given', async () => {
  const wrapper = form()
  await wrapper.find('[data-test=kind-lightning-address]').setValue(true)
  for (const wrong of ['', 'amina', 'https://wool.example', 'amina@']) {
    await wrapper.find('[name=pay-address]').setValue(wrong)
    await wrapper.find('form').trigger('submit')
    expect(wrapper.find('[role=alert]').text(), wrong).toContain('This is no Lightning address.')
  }
  await wrapper.find('[name=pay-address]').setValue(' amina@wool.example ')
  await wrapper.find('[name=wallet-name]').setValue(' Till ')
  await wrapper.find('form').trigger('submit')
  expect(wrapper.emitted('test')).toEqual([[{ kind: 'lightning-address', address: 'amina@wool.example' }, 'Till']])
})
