import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'
import OrderReceipt from '../../../src/components/order/OrderReceipt.vue'
import { toMsat, toSeconds, type EventId, type Hex32 } from '../../../src/domain/brand'
import type { Order, PaymentFact, Role } from '../../../src/domain/order/types'
import { anOrder, merchant } from './orders'

const PREIMAGE = 'ab'.repeat(32)
const payment = (strength: PaymentFact['strength'], by: PaymentFact['by'], part: Partial<PaymentFact> = {}): PaymentFact =>
  ({ strength, by, paymentHash: '0'.repeat(64) as Hex32, preimage: '', msat: toMsat(21_000), at: toSeconds(1_200), message: '7'.repeat(64) as EventId, ...part })
const shown = payment('proved', 'shopper', { preimage: PREIMAGE })
const settled = payment('proved', 'own-wallet')
const said = payment('said', 'merchant', { paymentHash: null })
const claim = payment('claimed', 'shopper', { paymentHash: null, msat: null })

const issuedFor = (paymentHash: Hex32): Order['issued'][number] => ({
  id: '8'.repeat(64) as EventId, author: merchant, receiver: merchant, sentAt: toSeconds(1_100), transport: 'local', dialect: 'nip15', order: anOrder().key,
  type: 'invoice-issued', attempt: 1, paymentHash, bolt11: '', asked: toMsat(30_000), expiresAt: toSeconds(5_000), zoneId: 'zone-1',
  totals: { goods: { currency: 'SAT', minor: 30 }, shipping: { currency: 'SAT', minor: 0 }, total: { currency: 'SAT', minor: 30 }, totalMsat: toMsat(30_000), rate: null },
})

let wrapper: VueWrapper | undefined
afterEach(() => wrapper?.unmount())

/** What is printed: the word on the payment, and all of the paper. */
function paper(role: Role | undefined, payments: readonly PaymentFact[], part: Partial<Order> = {}) {
  wrapper?.unmount()
  wrapper = mount(OrderReceipt, {
    props: { order: anOrder({ payments, ...part }), ...role !== undefined && { role }, merchantName: 'Amina', moneyText: ({ minor }) => `${minor}`, msatText: msat => `${msat / 1_000} sat` },
    attachTo: document.body,
  })
  const sheet = document.body.querySelector('.receipt')
  return { word: sheet?.querySelector('[data-test=receipt-paid]')?.textContent, text: sheet?.textContent ?? '' }
}

test('T8: a shopper\'s preimage prints no \'paid\' for the merchant, and no amount; for the shopper it is the proof', () => {
  const order = { payment: 'proved', paidMsat: toMsat(21_000), status: 'payment_confirmed' } as const
  const merchants = paper('merchant', [shown], order)
  expect(merchants.word).toBe('Reported as paid, not confirmed')
  expect(merchants.text).not.toContain('21 sat')
  expect(merchants.text).not.toContain(PREIMAGE)
  const shoppers = paper(undefined, [shown], order)
  expect(shoppers.word).toBe('Paid')
  expect(shoppers.text).toContain('21 sat')
  expect(shoppers.text).toContain(PREIMAGE)
})

test('T8: the own wallet, and the merchant\'s own word, print \'paid\' for the merchant, beside a shopper\'s preimage too', () => {
  const byWallet = paper('merchant', [shown, { ...settled, at: toSeconds(4_800) }], { payment: 'proved', paidMsat: toMsat(42_000) })
  expect([byWallet.word, byWallet.text.includes('21 sat'), byWallet.text.includes(PREIMAGE)]).toEqual(['Paid', true, false])
  for (const payments of [[said], [shown, said]])
    expect(paper('merchant', payments, { payment: payments.length === 1 ? 'said' : 'proved' }).word).toBe('Paid')
})

test('T9: less than asked is no \'Paid\' on anybody\'s paper, but what arrived of what was asked, until it is taken as paid', () => {
  const hash = '0'.repeat(64) as Hex32
  const word = payment('said', 'merchant', { paymentHash: hash })
  const short = { issued: [issuedFor(hash)], problems: ['underpaid' as const], status: 'payment_confirmed' as const, paidMsat: toMsat(21_000) }
  // The shopper's wallet shows what left it; the merchant's word is what reached him.
  for (const [role, payments] of [['merchant', [settled]], ['merchant', [settled, word]], ['merchant', [word]], [undefined, [word]], [undefined, [payment('proved', 'shopper', { msat: toMsat(30_000), preimage: PREIMAGE }), word]]] as const) {
    const sheet = paper(role, payments, { ...short, payment: payments.some(({ strength }) => strength === 'proved') ? 'proved' : 'said' })
    expect(sheet.word).toBe('Paid too little')
    expect(sheet.text).toContain('21 sat of 30 sat')
  }
  const taken = paper('merchant', [settled, said], { ...short, problems: [], payment: 'proved' })
  expect([taken.word, taken.text.includes('30 sat')]).toEqual(['Paid', false])
})

test('T8: what was only reported is paid on nobody\'s paper; what nobody spoke of is not paid', () => {
  for (const role of ['shopper', 'merchant'] as const) {
    expect(paper(role, [claim], { payment: 'claimed' }).word).toBe('Reported as paid, not confirmed')
    expect(paper(role, []).word).toBe('Not paid')
  }
})
