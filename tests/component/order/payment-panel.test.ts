import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { create } from 'qrcode'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import PaymentPanel from '../../../src/components/order/payment/PaymentPanel.vue'
import { toMsat, toSeconds, type EventId, type Hex32, type Msat } from '../../../src/domain/brand'
import type { PaymentPanelState } from '../../../src/domain/order/payment-panel'
import type { PaymentFact } from '../../../src/domain/order/types'

const bolt11 = `lnbcrt210n1${'qyqszqgp'.repeat(30)}`
const ready: PaymentPanelState = { type: 'ready', bolt11, msat: toMsat(21_000), expiresAt: toSeconds(4_600), checks: { amount: 'within', agreedMsat: toMsat(21_000), oneTap: true } }
const amountText = (msat: Msat) => ({ main: `${msat / 1000} sat`, other: '0.02 EUR' })

function panel(state: PaymentPanelState, props: Record<string, unknown> = {}): VueWrapper {
  return mount(PaymentPanel, {
    props: { state, secondsLeft: 3_000, lifetime: 3_600, amountText, totalMsat: toMsat(21_000), rateNote: '', canPayByWallet: true, asked: false, busy: false, failure: '', handedOver: false, now: 1_000, ...props },
    attachTo: document.body,
  })
}
const payWays = (wrapper: VueWrapper): number => wrapper.findAll('[data-test=pay], [data-test=open-wallet], a[href^="lightning:"]').length

describe('an invoice that may be paid', () => {
  test('shows the amount in both units, the code, and every way to pay', async () => {
    const wrapper = panel(ready)
    await vi.waitFor(() => expect(wrapper.find('[data-test=qr]').exists()).toBe(true))
    expect(wrapper.find('[data-test=amount]').text()).toBe('21 sat')
    expect(wrapper.find('[data-test=amount-other]').text()).toContain('0.02 EUR')
    expect(wrapper.find('[data-test=open-wallet]').attributes('href')).toBe(`lightning:${bolt11}`)
    await wrapper.find('[data-test=pay]').trigger('click')
    expect(wrapper.emitted('pay')).toHaveLength(1)
  })

  test('the code is the upper-case invoice with its scheme, level L, four modules of light around it, black on white', async () => {
    const wrapper = panel(ready)
    await vi.waitFor(() => expect(wrapper.find('[data-test=qr]').exists()).toBe(true))
    const { modules } = create(`LIGHTNING:${bolt11.toUpperCase()}`, { errorCorrectionLevel: 'L' })
    const qr = wrapper.find('[data-test=qr]')
    expect(qr.attributes('viewBox')).toBe(`0 0 ${modules.size + 8} ${modules.size + 8}`)
    expect(qr.find('rect').attributes('fill')).toBe('#fff')
    const drawn = new Set<string>()
    for (const [, x, y, width] of (qr.find('path').attributes('d') ?? '').matchAll(/M(\d+) (\d+)h(\d+)/g)) {
      for (let column = Number(x); column < Number(x) + Number(width); column++)
        drawn.add(`${Number(y) - 4}:${column - 4}`)
    }
    const dark = [...modules.data].flatMap((bit, index) => bit ? [`${Math.floor(index / modules.size)}:${index % modules.size}`] : [])
    expect(drawn).toEqual(new Set(dark))
  })

  test('without a wallet that may be asked there is no one-tap payment, and the code stays', () => {
    const wrapper = panel(ready, { canPayByWallet: false })
    expect(wrapper.find('[data-test=pay]').exists()).toBe(false)
    expect(wrapper.find('[data-test=open-wallet]').exists()).toBe(true)
  })

  test('why a wallet did not pay stands beside the other ways to pay', () => {
    const wrapper = panel(ready, { failure: 'You declined in your wallet. Nothing was paid.' })
    expect(wrapper.find('[data-test=failure]').text()).toBe('You declined in your wallet. Nothing was paid.')
    expect(payWays(wrapper)).toBeGreaterThan(0)
  })

  test('T7: an amount that can not be compared is said, and no wallet is asked in one tap', () => {
    const wrapper = panel({ ...ready, checks: { amount: 'unknown', agreedMsat: null, oneTap: false } })
    expect(wrapper.find('[data-test=note]').text()).toContain('Compare the amount before you pay.')
    expect(wrapper.find('[data-test=pay]').exists()).toBe(false)
  })

  test('the way taken last is offered first; both are always there', async () => {
    const wrapper = panel(ready, { payer: 'outside' })
    const primary = (): readonly (string | undefined)[] => wrapper.findAll('.btn-primary').map(button => button.attributes('data-test'))
    expect(primary()).toEqual(['open-wallet'])
    await wrapper.setProps({ payer: 'wallet' })
    expect(primary()).toEqual(['pay'])
    expect(payWays(wrapper)).toBe(3)
  })

  test('what the wallet lets Souk spend stands beside the button, with a word where it is too little; where nothing is granted, nothing stands there', async () => {
    const wrapper = panel(ready, { budget: { left: toMsat(50_000), renewsAt: null, balance: toMsat(90_000) } })
    expect(wrapper.find('[data-test=budget]').text()).toBe('Souk may still spend 50 sat with this wallet.')
    await wrapper.setProps({ budget: { left: toMsat(50_000), renewsAt: null, balance: toMsat(7_000) } })
    expect(wrapper.find('[data-test=budget]').text()).toContain('There is 7 sat in this wallet. That is less than this invoice')
    expect(payWays(wrapper)).toBe(3)
    await wrapper.setProps({ budget: null })
    expect(wrapper.find('[data-test=budget]').exists()).toBe(false)
  })

  test('a wallet of the browser is called so', () => {
    expect(panel(ready, { walletKind: 'webln' }).find('[data-test=pay]').text()).toBe('Pay with this browser\'s wallet')
  })

  test('while a payment is being started the button is locked', () => {
    expect(panel(ready, { busy: true }).find('[data-test=pay]').attributes('disabled')).toBeDefined()
  })
})

describe('paid from a wallet outside', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  test('can be said beside the code, quietly, and not as a way to pay', async () => {
    const wrapper = panel(ready)
    const button = wrapper.find('[data-act=claim]')
    expect(button.text()).toBe('I have paid this invoice')
    expect(button.classes()).not.toContain('btn-primary')
    await button.trigger('click')
    expect(wrapper.emitted('act')).toEqual([['claim']])
    expect(panel(ready, { busy: true }).find('[data-act=claim]').attributes('disabled')).toBeDefined()
  })

  test('a code counts as seen once it was on a visible page for three seconds, each code by itself', async () => {
    const wrapper = panel(ready)
    vi.advanceTimersByTime(2_900)
    expect(wrapper.emitted('seen')).toBeUndefined()
    vi.advanceTimersByTime(200)
    expect(wrapper.emitted('seen')).toHaveLength(1)
    await wrapper.setProps({ state: { ...ready, bolt11: `${bolt11}qq` } })
    vi.advanceTimersByTime(3_100)
    expect(wrapper.emitted('seen')).toHaveLength(2)
  })

  test('a code that nobody could look at, or that was gone at once, does not', async () => {
    const gone = panel(ready)
    await gone.setProps({ state: { type: 'expired', bolt11 } })
    vi.advanceTimersByTime(10_000)
    expect(gone.emitted('seen')).toBeUndefined()
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    const hidden = panel(ready)
    vi.advanceTimersByTime(10_000)
    expect(hidden.emitted('seen')).toBeUndefined()
  })

  test('since when the merchant has not confirmed it stands there', () => {
    const since = toSeconds(1_700_000_000)
    const state: PaymentPanelState = { type: 'paid', strength: 'proved', msat: null, preimage: null, silent: { since, reminder: 'due' } }
    expect(panel(state, { now: since + 4_000 }).find('[data-test=since]').text()).toContain('Waiting for the merchant\'s word since')
    expect(panel(state, { now: since + 200_000 }).find('[data-test=since]').text()).toContain('2023')
  })
})

describe('the clock', () => {
  test('is quiet at first, counts in the last quarter, warns in the last minute', async () => {
    const wrapper = panel(ready)
    const clock = () => wrapper.find('[data-test=countdown]')
    expect(clock().classes()).toContain('is-quiet')
    expect(clock().text()).toContain('Valid until')
    await wrapper.setProps({ secondsLeft: 800 })
    expect(clock().text()).toBe('13:20 left')
    await wrapper.setProps({ secondsLeft: 45 })
    expect(clock().text()).toBe('Only 0:45 left')
    expect(clock().classes()).toContain('is-last')
  })
})

describe('when nothing may be paid', () => {
  const never: readonly PaymentPanelState[] = [
    { type: 'waiting-for-merchant', sinceSeconds: 5, reminder: 'early' }, { type: 'not-sent' }, { type: 'paying', via: 'nwc' }, { type: 'outcome-unknown' }, { type: 'expired', bolt11 },
    { type: 'refused', text: '' }, { type: 'superseded' }, { type: 'ended' }, { type: 'unsupported', options: [] }, { type: 'paid', strength: 'said', msat: null, preimage: null },
    { type: 'mismatch', codes: ['amount_mismatch'], askedMsat: toMsat(30_000), agreedMsat: toMsat(21_000), payable: true },
    { type: 'mismatch', codes: ['wrong_network'], askedMsat: toMsat(21_000), agreedMsat: toMsat(21_000), payable: false },
  ]
  test.each(never)('T7, T10: $type offers no way to pay, and no code', (state) => {
    const wrapper = panel(state)
    expect(payWays(wrapper)).toBe(0)
    expect(wrapper.find('[data-test=qr]').exists()).toBe(false)
  })

  test('T7: a differing amount stands in words, and only accepting it opens the payment', async () => {
    const wrapper = panel({ type: 'mismatch', codes: ['amount_mismatch'], askedMsat: toMsat(30_000), agreedMsat: toMsat(21_000), payable: true })
    expect(wrapper.text()).toContain('The merchant asks for 30 sat, you agreed to 21 sat.')
    await wrapper.find('[data-act=accept]').trigger('click')
    expect(wrapper.emitted('act')).toEqual([['accept']])
    await wrapper.setProps({ state: ready })
    expect(payWays(wrapper)).toBeGreaterThan(0)
  })

  test('an expired invoice says what to do for both: who paid, and who did not', async () => {
    const wrapper = panel({ type: 'expired', bolt11 })
    expect(wrapper.text()).toContain('Already paid? Do not pay again.')
    await wrapper.find('[data-act=ask-anew]').trigger('click')
    expect(wrapper.emitted('act')).toEqual([['ask-anew']])
    await wrapper.setProps({ asked: true })
    expect(wrapper.find('[data-act=ask-anew]').attributes('disabled')).toBeDefined()
    expect(wrapper.text()).toContain('The new invoice appears here by itself.')
  })

  test('a refusal shows the merchant\'s words as text, never as markup', () => {
    const wrapper = panel({ type: 'refused', text: '<img src=x onerror=alert(1)>Sold out' })
    expect(wrapper.find('blockquote img').exists()).toBe(false)
    expect(wrapper.text()).toContain('Sold out')
  })
})

describe('paid', () => {
  test('T8: proved shows its proof under Receipt; said shows none and says whose word it is', () => {
    const proved = panel({ type: 'paid', strength: 'proved', msat: toMsat(21_000), preimage: 'ab'.repeat(32) })
    expect(proved.find('[data-test=preimage]').text()).toBe('ab'.repeat(32))
    const said = panel({ type: 'paid', strength: 'said', msat: toMsat(21_000), preimage: null })
    expect(said.find('[data-test=preimage]').exists()).toBe(false)
    expect(said.text()).toContain('Paid, says the merchant')
  })
})

describe('T8, T9: every payment can be looked into', () => {
  const fact = (strength: PaymentFact['strength'], by: PaymentFact['by'], digit: string, preimage = ''): PaymentFact =>
    ({ strength, by, paymentHash: digit.repeat(64) as Hex32, preimage, msat: toMsat(21_000), at: toSeconds(1_700_000_000), message: digit.repeat(64) as EventId })
  const order = { payments: [fact('proved', 'own-wallet', '1', 'ab'.repeat(32)), fact('said', 'merchant', '2'), fact('claimed', 'shopper', '3')], requests: [], issued: [] }

  test('who says so, the number, the proof and the time; no two strengths look alike', () => {
    const proofs = panel({ type: 'paid-twice', strength: 'proved', msat: toMsat(42_000), preimage: null }, { order }).findAll('[data-test=proof]')
    expect(proofs.map(proof => proof.find('.who').text())).toEqual(['Proved by this wallet', 'Said by the merchant', 'Reported by the customer, not proved'])
    expect(proofs.map(proof => proof.attributes('data-strength'))).toEqual(['proved', 'said', 'claimed'])
    expect(proofs[0]?.find('[data-test=proof-hash]').text()).toBe('1'.repeat(64))
    expect(proofs.map(proof => proof.find('[data-test=proof-preimage]').text())).toEqual(['ab'.repeat(32), 'None was given', 'None was given'])
    expect(proofs[0]?.find('time').attributes('datetime')).toBe('2023-11-14T22:13:20.000Z')
  })

  test('without a payment there is nothing to look into', () => {
    expect(panel(ready, { order: { payments: [], requests: [], issued: [] } }).find('[data-test=proofs]').exists()).toBe(false)
  })
})

describe('what is said aloud', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('each change of state once, not each second', async () => {
    const wrapper = panel({ type: 'waiting-for-merchant', sinceSeconds: 5, reminder: 'early' })
    const spoken = wrapper.find('[data-test=spoken]')
    expect(spoken.attributes('aria-live')).toBe('polite')
    const before = spoken.element.firstChild
    const text = spoken.text()
    await wrapper.setProps({ state: { type: 'waiting-for-merchant', sinceSeconds: 6, reminder: 'early' }, now: 1_001 })
    expect(spoken.text()).toBe(text)
    expect(spoken.element.firstChild).toBe(before)
    await wrapper.setProps({ state: { type: 'paid', strength: 'proved', msat: null, preimage: null } })
    expect(spoken.text()).toContain('Paid, and proved.')
  })

  test('a wallet link that nothing answers says so after two seconds', async () => {
    const wrapper = panel(ready)
    const link = wrapper.find('[data-test=open-wallet]')
    link.element.addEventListener('click', event => event.preventDefault())
    await link.trigger('click')
    expect(wrapper.text()).not.toContain('No wallet opened?')
    vi.advanceTimersByTime(2_100)
    await flushPromises()
    expect(wrapper.text()).toContain('No wallet opened?')
    expect(wrapper.emitted('tookOver')).toHaveLength(1)
  })
})
