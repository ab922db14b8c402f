import { bech32 } from '@scure/base'
import { mount, type VueWrapper } from '@vue/test-utils'
import { describe, expect, test, vi } from 'vitest'
import PaymentPanel from '../../../src/components/order/payment/PaymentPanel.vue'
import { toMsat, toSeconds, type EventId, type Msat } from '../../../src/domain/brand'
import { paymentPanel, type PaymentPanelState } from '../../../src/domain/order/payment-panel'
import type { PaymentOption, RequestFact } from '../../../src/domain/order/types'
import { makeInvoice } from '../../support/order-invoices'
import { anOrder } from './orders'

const NOW = 1_800_000_000
const TOTAL = toMsat(21_000_000)
const address = bech32.encode('bcrt', [0, ...bech32.toWords(new Uint8Array(20).fill(7))])
const amountText = (msat: Msat) => ({ main: `${(msat / 1_000).toLocaleString('en')} sat`, other: null })
const option = (type: PaymentOption['type'], link: string): PaymentOption => ({ type, label: type, link })

function stateOf(options: readonly PaymentOption[], fields: Partial<RequestFact> = {}): PaymentPanelState {
  const request: RequestFact = { message: '1'.repeat(64) as EventId, at: toSeconds(NOW), options, text: '', recipient: '', bolt11: null, paymentHash: null, msat: null, expiresAt: null, supersededBy: null, ...fields }
  const order = anOrder({ status: 'payment_requested', request, requests: [request] })
  const totals = { goods: { currency: 'SAT', minor: TOTAL }, shipping: { currency: 'SAT', minor: 0 }, total: { currency: 'SAT', minor: TOTAL }, totalMsat: TOTAL, rate: null }
  return paymentPanel({ order: { ...order, snapshot: order.snapshot && { ...order.snapshot, totals } }, now: toSeconds(NOW), outboxWaiting: false, network: 'regtest', knownHashes: new Map(), accepted: null })
}

const panel = (state: PaymentPanelState, props: Record<string, unknown> = {}): VueWrapper => mount(PaymentPanel, {
  props: { state, secondsLeft: 3_000, lifetime: 3_600, amountText, totalMsat: TOTAL, rateNote: '', canPayByWallet: false, asked: false, busy: false, failure: '', handedOver: false, now: NOW, ...props },
  attachTo: document.body,
})
const way = (wrapper: VueWrapper, kind: string) => wrapper.find(`[data-way=${kind}]`)

describe('a request that Souk cannot pay is shown as it came', () => {
  test('an on-chain address, with the amount, as a code, a link and text', async () => {
    const wrapper = panel(stateOf([option('btc', address)]))
    await vi.waitFor(() => expect(wrapper.find('[data-test=qr]').exists()).toBe(true))
    expect(way(wrapper, 'onchain').text()).toContain(address)
    expect(way(wrapper, 'onchain').find('[data-test=way-amount]').text()).toBe('Amount: 21,000 sat')
    expect(way(wrapper, 'onchain').find('[data-test=way-wallet]').attributes('href')).toBe(`bitcoin:${address}?amount=0.00021`)
    expect(way(wrapper, 'onchain').text()).toContain('Souk does not watch the chain')
  })

  test('T7: an address of another network, or a damaged one, leads nowhere', () => {
    for (const link of ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', `${address.slice(0, -2)}zz`, `bitcoin:${address}?req-x=1`]) {
      const wrapper = panel(stateOf([option('btc', link)]))
      expect(wrapper.find('[data-test=wrong-address]').text()).toContain('Do not pay it')
      expect(wrapper.find('[data-test=way-wallet]').exists() || wrapper.find('[data-test=qr]').exists() || wrapper.find('[data-test=claim-paid]').exists()).toBe(false)
    }
  })

  test('a page: its host is said first, and it knows nothing of this one', () => {
    const wrapper = panel(stateOf([option('url', 'https://pay.example/o?id=1')]))
    expect(way(wrapper, 'link').find('[data-test=way-host]').text()).toBe('Leads to pay.example')
    const link = way(wrapper, 'link').find('[data-test=way-open]')
    expect([link.attributes('href'), link.attributes('rel'), link.attributes('target')]).toEqual(['https://pay.example/o?id=1', 'noopener noreferrer', '_blank'])
  })

  test.each(['javascript:alert(1)', 'http://pay.example', 'https://bank.example@evil.example/', 'data:text/html,x', '//evil.example'])('T18: %s is text, no link', (link) => {
    const wrapper = panel(stateOf([option('url', link)]))
    expect(wrapper.find('a').exists()).toBe(false)
    expect(way(wrapper, 'words').text()).toContain(link)
  })

  test('T18: words are text; a page that is named in them can be opened, with its host', () => {
    const wrapper = panel(stateOf([], { text: '<img src=x onerror=alert(1)> Pay at https://pay.example/1, please. Not https://x@evil.example/' }))
    expect(wrapper.find('blockquote img').exists()).toBe(false)
    expect(wrapper.find('[data-test=merchant-words]').text()).toContain('<img src=x')
    expect(wrapper.findAll('[data-test=way-open]').map(link => link.attributes('href'))).toEqual(['https://pay.example/1'])
  })

  test('T7: another amount than agreed is a warning before everything else', () => {
    const wrapper = panel(stateOf([option('btc', address)], { saidMsat: toMsat(40_000_000) }))
    expect(wrapper.find('.warn').text()).toContain('The merchant asks for 40,000 sat, you agreed to 21,000 sat.')
    expect(panel(stateOf([option('btc', `bitcoin:${address}?amount=0.5`)])).find('.warn').text()).toContain('50,000,000 sat')
    expect(panel(stateOf([option('btc', address)])).find('.warn').exists()).toBe(false)
  })

  test('each way can be claimed as paid, and another one be asked for', async () => {
    const wrapper = panel(stateOf([option('lnurl', 'amina@pay.example'), option('url', 'https://pay.example/')]))
    expect(way(wrapper, 'address').find('[data-test=way-wallet]').attributes('href')).toBe('lightning:amina@pay.example')
    await way(wrapper, 'link').find('[data-test=claim-paid]').trigger('click')
    expect(wrapper.emitted('claim')).toMatchObject([[{ kind: 'link', host: 'pay.example' }]])
    await wrapper.find('[data-act=ask-anew]').trigger('click')
    expect(wrapper.find('[data-act=ask-anew]').text()).toBe('Ask for another way')
    expect(wrapper.emitted('act')).toEqual([['ask-anew']])
    await wrapper.setProps({ asked: true })
    expect(wrapper.find('[data-act=ask-anew]').attributes('disabled')).toBeDefined()
  })

  test('words alone can be claimed as paid, too', async () => {
    const wrapper = panel(stateOf([], { text: 'Cash at the market' }))
    await wrapper.find('[data-test=claim-paid]').trigger('click')
    expect(wrapper.emitted('claim')).toEqual([[null]])
  })
})

test('T9: who has reported a payment is warned before anything is paid again', () => {
  const { bolt11 } = makeInvoice({ preimage: 'a1'.repeat(32), msat: TOTAL, createdAt: NOW, prefix: 'lnbcrt' })
  const wrapper = panel({ type: 'ready', bolt11, msat: TOTAL, expiresAt: toSeconds(NOW + 3_600), checks: { amount: 'within', agreedMsat: TOTAL, oneTap: true }, afterClaim: true })
  expect(wrapper.find('.warn').text()).toContain('If you did pay, do not pay again')
})

test('what can be paid here stays the main thing; the rest stands under it', () => {
  const { bolt11, paymentHash, expiresAt } = makeInvoice({ preimage: 'a1'.repeat(32), msat: TOTAL, createdAt: NOW, prefix: 'lnbcrt' })
  const request = { bolt11, paymentHash: paymentHash as NonNullable<RequestFact['paymentHash']>, msat: TOTAL, expiresAt: toSeconds(expiresAt) }
  const wrapper = panel(stateOf([option('btc', address), option('ln', bolt11)], { ...request, text: 'Total: 21,000 sat\nAbout us: see https://shop.example for more\nPage to pay on: https://pay.example/1' }))
  expect(wrapper.attributes('data-state')).toBe('ready')
  expect(wrapper.find('[data-test=open-wallet]').attributes('href')).toBe(`lightning:${bolt11}`)
  expect(wrapper.find('[data-test=more-ways]').findAll('[data-way]').map(one => one.attributes('data-way'))).toEqual(['onchain', 'link'])
  expect(panel(stateOf([option('ln', bolt11)], request)).find('[data-test=more-ways]').exists()).toBe(false)
})
