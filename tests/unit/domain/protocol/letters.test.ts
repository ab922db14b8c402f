import { describe, expect, test } from 'vitest'
import type { EventId, Msat, Seconds } from '../../../../src/domain/brand'
import type { Dialect } from '../../../../src/domain/catalog/types'
import type { WireMessage } from '../../../../src/domain/order/types'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import { toRumor } from '../../../../src/domain/protocol/gift-wrap'
import { lettersOf } from '../../../../src/domain/protocol/letters'
import type { About, Saying } from '../../../../src/domain/protocol/saying'
import { invoiceAt, people } from '../../../support/order-messages'
import { toAddress } from '../../../../src/domain/catalog/address'

const { shopper, merchant } = people
const product = toAddress(30_402, merchant, 'mug-of-clay')
const about: About = { orderId: 'order-4711', shopper, merchant, items: [{ productId: 'mug-of-clay', product, quantity: 2 }] }
const AT = 1_790_000_000 as Seconds
const pin = 'a'.repeat(64) as EventId

/** What the other side makes of it. */
function arrives(dialect: Dialect, by: typeof shopper, saying: Saying): readonly WireMessage[] {
  const letters = lettersOf(dialect, about, saying)
  if (!letters.ok)
    throw new TypeError(letters.error.code)
  return letters.value.map((letter) => {
    const to = by === shopper ? merchant : shopper
    const opened = letter.transport === 'nip04'
      ? { id: pin, author: by, receiver: to, sentAt: AT, transport: 'nip04' as const, plaintext: letter.plaintext }
      : (({ id, tags, kind, content }) => ({ id, author: by, receiver: to, sentAt: AT, transport: 'nip59' as const, plaintext: content, kind, tags }))(toRumor(letter.template, by, AT))
    const read = decodeMessage(opened)
    if (!read.ok)
      throw new TypeError(read.error.code)
    return read.value.message
  })
}

describe.each(['nip15', 'gamma', 'plebeian'] as const)('%s: what is said arrives as it was meant', (dialect) => {
  test('an order', () => {
    const [order] = arrives(dialect, shopper, { say: 'order', zoneId: dialect === 'nip15' ? 'zone-1' : `30406:${merchant}:eu`, msat: 30_000 as Msat, name: 'Sam', address: '1 Lake Road', contact: { email: 's@example.org' }, shopperMessage: 'ring twice' })
    expect(order).toMatchObject({ type: 'order', orderId: 'order-4711', items: [{ productId: 'mug-of-clay', quantity: 2 }], zoneId: expect.stringMatching(/zone-1|30406:/), contact: { email: 's@example.org' }, shopperMessage: 'ring twice' })
    expect(order?.type === 'order' && order.address).toContain('1 Lake Road')
    expect(order?.type === 'order' && `${order.name} ${order.address}`).toContain('Sam')
  })
  test('a request, and a refusal', () => {
    const { bolt11 } = invoiceAt(0)
    expect(arrives(dialect, merchant, { say: 'request', msat: 30_000 as Msat, options: [{ type: 'ln', label: 'ln', link: bolt11 }], text: 'thanks', pin, zoneId: '', expiresAt: (AT + 900) as Seconds }))
      .toMatchObject([{ type: 'payment-request', orderId: 'order-4711', options: [{ type: 'ln', link: bolt11 }], text: 'thanks' }])
    const [refused] = arrives(dialect, merchant, { say: 'refusal', text: 'sold out', pin })
    expect(refused).toMatchObject(dialect === 'nip15' ? { type: 'refusal', text: 'sold out' } : { type: 'status', cancelled: true, text: 'sold out' })
  })
  test('paid, shipped with tracking, and not shipped after all', () => {
    expect(arrives(dialect, merchant, { say: 'status', change: 'paid', text: '', paid: true, shipped: false, pin })).toMatchObject([{ type: 'status', saidPaid: true }])
    expect(arrives(dialect, merchant, { say: 'status', change: 'shipped', text: 'on its way', paid: true, shipped: true, pin, tracking: { carrier: 'Post', number: '4711' } }).at(-1))
      .toMatchObject({ type: 'status', shipped: true, text: 'on its way', tracking: { carrier: 'Post', number: '4711' } })
    expect(arrives(dialect, merchant, { say: 'status', change: 'unshipped', text: 'came back', paid: true, shipped: false, pin })).toMatchObject([{ type: 'status', shipped: false, text: 'came back' }])
  })
  test.each([
    ['taken back', merchant, { takesBackPaid: true }], ['ready', merchant, { word: 'ready_to_ship' }], ['on the way', merchant, { word: 'in_transit' }], ['cancelled', shopper, { cancelled: true }],
    ['a dispute', shopper, { dispute: 'opened' }], ['processing', merchant, { word: 'processing' }], ['delivered', merchant, { word: 'delivered' }], ['trouble on the way', merchant, { word: 'exception' }],
  ] as const)('%s', (_name, by, extra) => {
    expect(arrives(dialect, by, { say: 'word', by, text: 'so it is', extra })).toMatchObject([{ type: 'status', orderId: 'order-4711', text: 'so it is', ...extra }])
  })
  test('a receipt, with what shows it', () => {
    const { bolt11, preimage } = invoiceAt(0)
    expect(arrives(dialect, shopper, { say: 'receipt', msat: 30_000 as Msat, invoice: bolt11, preimage, text: 'I paid' })).toMatchObject([{ type: 'receipt', orderId: 'order-4711', preimage }])
  })
  test('words about the order', () => {
    expect(arrives(dialect, shopper, { say: 'chat', by: shopper, text: 'hello' })).toMatchObject([{ type: 'chat', orderId: 'order-4711', text: 'hello' }])
  })
})

const ADDRESS = 'bcrt1qqurswpc8qurswpc8qurswpc8qurswpc8kxmv4c'
test.each(['nip15', 'gamma', 'shopstr'] as const)('%s: a request without an invoice is one, with its ways and its amount; words alone, too', (dialect) => {
  const options = [{ type: 'btc' as const, label: 'Bitcoin address', link: ADDRESS }, { type: 'lnurl' as const, label: 'Lightning address', link: 'amina@pay.example' }]
  const [asked] = arrives(dialect, merchant, { say: 'request', msat: 30_000 as Msat, options, text: 'thanks', pin, zoneId: '', expiresAt: null })
  expect(asked).toMatchObject({ type: 'payment-request', orderId: 'order-4711', text: 'thanks', msat: 30_000, options: [{ type: 'btc', link: ADDRESS }, { type: 'lnurl', link: 'amina@pay.example' }] })
  expect(arrives(dialect, merchant, { say: 'request', msat: 30_000 as Msat, options: [], text: 'pay in cash', pin, zoneId: '', expiresAt: null })).toMatchObject([{ type: 'payment-request', options: [], text: 'pay in cash', msat: 30_000 }])
})

test('NIP-15: peers that know no other way read it in words, and get no option that would break them', () => {
  const letters = lettersOf('nip15', about, { say: 'request', msat: 30_000 as Msat, options: [{ type: 'btc', label: 'Bitcoin address', link: ADDRESS }], text: 'thanks', pin, zoneId: '', expiresAt: null })
  const [letter] = letters.ok ? letters.value : []
  expect(letter?.transport === 'nip04' && JSON.parse(letter.plaintext)).toMatchObject({ type: 1, message: `thanks\nBitcoin address: ${ADDRESS}`, payment_options: [] })
})

test.each(['nip15', 'gamma', 'shopstr'] as const)('%s: \'I have paid\' with nothing to show is a receipt without a preimage', (dialect) => {
  expect(arrives(dialect, shopper, { say: 'receipt', msat: 30_000 as Msat, invoice: '', preimage: '', text: 'I paid', other: { medium: 'bitcoin', reference: ADDRESS } })).toMatchObject([{ type: 'receipt', orderId: 'order-4711', preimage: '' }])
})

test('Shopstr has words for an order, shipped and completed; the rest goes as chat, and type 2 is never an invoice', () => {
  expect(arrives('shopstr', shopper, { say: 'order', zoneId: '', msat: 30_000 as Msat, name: 'Sam', address: '1 Lake Road', contact: {}, shopperMessage: '' })).toMatchObject([{ type: 'order', orderId: 'order-4711' }])
  expect(arrives('shopstr', merchant, { say: 'status', change: 'shipped', text: '', paid: true, shipped: true, pin, tracking: { number: '1' } })).toMatchObject([{ type: 'status', shipped: true }])
  expect(arrives('shopstr', merchant, { say: 'request', msat: 30_000 as Msat, options: [{ type: 'ln', label: 'ln', link: invoiceAt(0).bolt11 }], text: 'pay', pin, zoneId: '', expiresAt: null })).toMatchObject([{ type: 'payment-request', dialect: 'shopstr', options: [{ link: invoiceAt(0).bolt11 }], text: 'pay', pin }])
})

test.each<[string, typeof shopper, Saying, object]>([
  ['paid', merchant, { say: 'status', change: 'paid', text: 'thanks', paid: true, shipped: false, pin }, { type: 'status', saidPaid: true }],
  ['not shipped after all', merchant, { say: 'status', change: 'unshipped', text: 'thanks', paid: true, shipped: false, pin }, { type: 'status', shipped: false }],
  ['a refusal', merchant, { say: 'refusal', text: 'thanks', pin }, { type: 'status', cancelled: true }],
  ['a cancellation', shopper, { say: 'word', by: shopper, text: 'thanks', extra: { cancelled: true } }, { type: 'status', cancelled: true }],
  ['words', shopper, { say: 'chat', by: shopper, text: 'thanks' }, { type: 'chat' }],
])('to Shopstr %s goes as words that it shows, and our own devices read what it means', (_name, by, saying, meaning) => {
  expect(arrives('shopstr', by, saying)).toMatchObject([{ ...meaning, orderId: 'order-4711', text: 'thanks' }])
  const letters = lettersOf('shopstr', about, saying)
  const [letter] = letters.ok ? letters.value : []
  expect(letter?.transport === 'nip59' && { kind: letter.template.kind, content: letter.template.content, subject: letter.template.tags.find(([name]) => name === 'subject') }).toEqual({ kind: 14, content: 'thanks', subject: ['subject', 'listing-inquiry'] })
  // It shows tags of two elements only.
  expect(letter?.transport === 'nip59' && letter.template.tags.every(tag => tag.length === 2)).toBe(true)
})

test('what a dialect cannot say is refused before anything is sent: no total in sat, or goods of somebody else', () => {
  const order = { say: 'order', zoneId: '', msat: null, name: '', address: '', contact: {}, shopperMessage: '' } as const
  expect(lettersOf('gamma', about, order)).toEqual({ ok: false, error: { code: 'amount' } })
  expect(lettersOf('gamma', { ...about, items: [{ productId: 'x', product: toAddress(30_402, people.stranger, 'x'), quantity: 1 }] }, { ...order, msat: 1_000 as Msat })).toEqual({ ok: false, error: { code: 'other-merchant' } })
  expect(lettersOf('nip15', about, order).ok).toBe(true)
})
