import { expect, test } from 'vitest'
import { amountText } from '../../../src/composables/useMoney'
import { breakdown, refusalText } from '../../../src/composables/sent-words'
import { errorText, isErrorCode } from '../../../src/composables/error-text'
import words from '../../../src/locales/errors.en.json'
import { toMsat } from '../../../src/domain/brand'
import { product, productAddressOf } from '../../support/shelf'
import { idOf } from '../../support/order-messages'

test('every error says what happened, what is safe and what to do, each as a sentence', () => {
  for (const [code, { what, safe, next }] of Object.entries(words)) {
    expect(isErrorCode(code) && errorText(code)).toBe(`${what} ${safe} ${next}`)
    for (const sentence of [what, safe, next])
      expect(sentence, code).toMatch(/^[A-Z].{5,}[.]$/)
  }
})

test('amounts are grouped, have their unit, and are never rounded', () => {
  expect(amountText(toMsat(12_500_000))).toMatch(/^12.500 sat$/)
  expect(amountText(toMsat(1_234))).toMatch(/^1[.,]234 sat$/)
  expect(amountText({ currency: 'EUR', minor: 123_456 })).toContain('1,234.56')
  expect(amountText({ currency: 'JPY', minor: 1_500 })).toContain('1,500')
})

test('a payment request says what it is made of, and that it replaces another', () => {
  const { name } = product('mug')
  const money = (minor: number) => ({ currency: 'EUR', minor })
  const line = { product: productAddressOf('mug'), productId: 'mug', quantity: 2, name, image: '', unitPrice: money(250), shippingExtra: money(0), listing: idOf(1), subtotal: money(500) }
  const totals = { goods: money(500), shipping: money(490), total: money(990), totalMsat: toMsat(19_800_000), rate: { currency: 'EUR', btcPrice: '50000', source: 'somewhere', at: 1 as never } }
  const text = breakdown({ lines: [line], zone: { id: 'eu', name: 'Europe' }, totals, reissued: true })
  expect(text.split('\n')).toEqual([
    'This replaces the invoice I sent before. Please do not pay that one.',
    '2 × Product mug: €5.00', 'Shipping (Europe): €4.90', 'Total: €9.90', 'That is 19,800 sat at 1 BTC = 50000 EUR (somewhere).',
  ])
  expect(breakdown({ lines: [line], zone: { id: 'own:delivery', name: '' }, totals, reissued: false })).toContain('Shipping (delivery): €4.90')
  expect(refusalText({ code: 'stock-too-low', productId: 'mug', left: 1 }, () => 'Mug')).toContain('“Mug” only 1')
})
