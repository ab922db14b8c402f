import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Pubkey } from '../../../../src/domain/brand'
import { toAddress } from '../../../../src/domain/catalog/address'
import { foldThreads } from '../../../support/folded'
import type { Order, WireMessage } from '../../../../src/domain/order/types'
import { tokenIn, withoutTokens } from '../../../../src/domain/protocol/cashu'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import type { RumorTemplate } from '../../../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../../../src/domain/protocol/gift-wrap'
import { encodeShopstrChat, encodeShopstrCompleted, encodeShopstrOrder, encodeShopstrReceipt, encodeShopstrShipped } from '../../../../src/domain/protocol/shopstr-encode'
import type { Result } from '../../../../src/domain/result'
import { invoiceAt, local, people, T0 } from '../../../support/order-messages'

const { shopper, merchant, stranger, throwAway } = people
const ORDER = 'ac551f20-1ce9-4346-a9ba-bd8a09e59e8c'
const MUG = toAddress(30_402, merchant, 'mug')
const items = [{ productId: 'mug', product: MUG, quantity: 2 }]
const TOKEN = 'cashuBo2F0gaJhaUgA_9SLj17PgGFwgaNhYQFhc3hA'

const opened = ({ kind, tags, content }: RumorTemplate, author: Pubkey, receiver: Pubkey, at = 0) =>
  decodeMessage({ id: toRumor({ kind, tags, content }, author, toSeconds(T0 + at)).id, author, receiver, sentAt: toSeconds(T0 + at), transport: 'nip59', plaintext: content, kind, tags })
function read(template: RumorTemplate, author: Pubkey, receiver: Pubkey, at?: number): WireMessage {
  const decoded = opened(template, author, receiver, at)
  if (!decoded.ok)
    throw new TypeError(decoded.error.code)
  return decoded.value.message
}
function sent(result: Result<RumorTemplate, { readonly code: string }>): RumorTemplate {
  if (!result.ok)
    throw new TypeError(result.error.code)
  return result.value
}
const say = (to: Pubkey, subject: string, tags: RumorTemplate['tags'], content = ''): RumorTemplate =>
  ({ kind: 14, tags: [['p', to, 'wss://relay.example'], ['subject', subject], ['order', ORDER], ...tags], content })
const ordersOf = (messages: Parameters<typeof foldThreads>[0]): readonly Order[] => [...foldThreads(messages).orders.values()]

const ours = sent(encodeShopstrOrder({ orderId: ORDER, shopper, merchant, items, sat: 21, name: 'Ida', address: '1 Elm\n\nBern', contact: { email: 'a@b.example' }, shopperMessage: 'please' }))
const placed = read(ours, shopper, merchant)

describe('by the real key, what we write counts', () => {
  test('an order, with tags that Shopstr shows', () => {
    expect(placed).toMatchObject({ type: 'order', dialect: 'shopstr', orderId: ORDER, items, address: 'Ida, 1 Elm, Bern', contact: { nostr: shopper, email: 'a@b.example' }, shopperMessage: 'please', amount: { msat: 21_000 } })
    expect(placed).not.toHaveProperty('throwAway')
    expect(ours.tags.filter(tag => ['p', 'subject', 'order', 'b', 'type', 'amount', 'address'].includes(tag[0] ?? '')).every(tag => tag.length === 2)).toBe(true)
    expect(encodeShopstrOrder({ orderId: ORDER, shopper, merchant: stranger, items, sat: 21, name: '', address: '', contact: {}, shopperMessage: '' })).toEqual({ ok: false, error: { code: 'other-merchant' } })
  })
  test('paid, shipped, completed', () => {
    const { bolt11, preimage } = invoiceAt(0)
    const paid = read(sent(encodeShopstrReceipt({ orderId: ORDER, shopper, merchant, items, sat: 21, invoice: bolt11, preimage, text: '' })), shopper, merchant, 1)
    expect(paid).toMatchObject({ type: 'receipt', dialect: 'shopstr', invoice: bolt11, preimage, msat: 21_000 })
    const shipped = read(sent(encodeShopstrShipped({ orderId: ORDER, shopper, merchant, items, tracking: { number: 'Z', carrier: 'Post' }, text: 'sent' })), merchant, shopper, 2)
    const done = read(sent(encodeShopstrCompleted({ orderId: ORDER, shopper, merchant, items, text: '' })), merchant, shopper, 3)
    expect(ordersOf([placed, paid, shipped])).toMatchObject([{ status: 'shipped', payment: 'claimed', tracking: { number: 'Z', carrier: 'Post' }, unattributed: 0 }])
    expect(ordersOf([placed, shipped, done])).toMatchObject([{ status: 'completed' }])
    // The same words by the shopper are of an order in which he sells.
    expect(ordersOf([placed, read(sent(encodeShopstrShipped({ orderId: ORDER, shopper: merchant, merchant, items, tracking: {}, text: '' })), shopper, merchant, 2)])).toMatchObject([{ shipped: false }])
  })
  test('everything else is chat', () => {
    expect(read(encodeShopstrChat({ to: merchant, text: 'Is it dyed?' }), shopper, merchant)).toEqual(expect.objectContaining({ type: 'chat', text: 'Is it dyed?' }))
    expect(read(say(merchant, 'address-change', [['b', shopper]], 'Oslo'), shopper, merchant)).toMatchObject({ type: 'chat', orderId: ORDER, text: 'Oslo' })
  })
})

describe('T3: by a key made for the message, nothing changes', () => {
  const subject = fc.constantFrom('order-payment', 'order-receipt', 'shipping-info', 'order-completed', 'return-request', 'address-change')
  const tags = fc.array(fc.constantFrom(['b', shopper], ['status', 'shipped'], ['status', 'confirmed'], ['type', '4'], ['item', MUG, '2'], ['payment', 'lightning', 'shop@pay.example', 'a'.repeat(64)], ['tracking', 'Z']), { maxLength: 6 })
  const facts = ({ timeline: _timeline, unattributed: _unattributed, messageCount: _messageCount, ...rest }: Order) => rest
  test('whoever they name, to either side', () => {
    fc.assert(fc.property(subject, tags, fc.constantFrom(shopper, merchant), fc.string({ maxLength: 20 }), (what, marks, to, text) => {
      const decoded = opened(say(to, what, marks, text), throwAway, to, 5)
      // Two different statuses in one message are refused.
      fc.pre(decoded.ok)
      expect(decoded.ok && decoded.value.message.type).toBe('unattributed')
      const [alone] = ordersOf([placed])
      const [joined] = decoded.ok ? ordersOf([placed, decoded.value.message]) : []
      expect(joined?.unattributed).toBe(1)
      expect(alone && joined && facts(joined)).toEqual(alone && facts(alone))
    }))
  })
  test('until it is recognised by whom it was sent to', () => {
    const shipped = read(say(shopper, 'shipping-info', [['type', '4'], ['status', 'shipped'], ['tracking', 'Z']], 'sent'), throwAway, shopper, 5)
    const key = ordersOf([placed])[0]?.key
    expect(key).toBeDefined()
    const accepted = (by: Pubkey) => local({ n: 1, at: 9 }, by, { type: 'accept-unattributed', message: shipped.id }, key)
    expect(ordersOf([placed, shipped, accepted(shopper)])).toMatchObject([{ status: 'shipped', tracking: { number: 'Z' }, unattributed: 0 }])
    expect(ordersOf([placed, shipped, accepted(merchant)])).toMatchObject([{ status: 'payment_pending', unattributed: 1 }])
  })
  test('a recognised "I have paid" is a claim, with its money to be copied; a preimage that fits proves it', () => {
    const invoice = invoiceAt(0)
    const claim = read(say(merchant, 'order-payment', [['b', shopper], ['type', '2'], ['amount', '21'], ['payment', 'ecash', TOKEN], ['item', MUG, '2']], `here: ${TOKEN}`), throwAway, merchant, 5)
    const proof = read(say(merchant, 'order-payment', [['b', shopper], ['type', '2'], ['payment', 'lightning', invoice.bolt11, invoice.preimage], ['item', MUG, '2']]), throwAway, merchant, 6)
    const asked: WireMessage = { ...placed, id: claim.id.replaceAll(/./g, '1') as typeof claim.id, author: merchant, receiver: shopper, sentAt: toSeconds(T0 + 1), type: 'payment-request', orderId: ORDER, options: [{ type: 'ln', label: 'ln', link: invoice.bolt11 }], text: '' }
    const key = ordersOf([placed])[0]?.key
    const accepted = (message: WireMessage, by: Pubkey, n: number) => local({ n, at: 9 }, by, { type: 'accept-unattributed', message: message.id }, key)
    expect(ordersOf([placed, claim])).toMatchObject([{ payment: 'unpaid', chat: [], unattributed: 1 }])
    expect(ordersOf([placed, claim, accepted(claim, merchant, 1)])).toMatchObject([{ payment: 'claimed', status: 'payment_pending', chat: [{ by: 'shopper', text: '', token: TOKEN }], unattributed: 0 }])
    expect(ordersOf([placed, asked, claim, proof, accepted(claim, merchant, 1), accepted(proof, merchant, 2)])).toMatchObject([{ payment: 'proved', unattributed: 0 }])
    // To the shopper nobody says that he has paid.
    const toShopper = read(say(shopper, 'order-payment', [['payment', 'lightning', invoice.bolt11, invoice.preimage], ['item', MUG, '2']]), throwAway, shopper, 7)
    expect(ordersOf([placed, asked, toShopper, accepted(toShopper, shopper, 3)])).toMatchObject([{ payment: 'unpaid' }])
  })
  test('what names another merchant\'s product joins no order with this one', () => {
    const other = read(say(shopper, 'shipping-info', [['item', toAddress(30_402, stranger, 'x'), '1']]), throwAway, shopper, 5)
    expect(ordersOf([placed, other])).toMatchObject([{ unattributed: 0 }])
  })
  test('a sale is an order of that key, with whom it claims to be and what was chosen', () => {
    const sale = read(say(merchant, 'order-info', [['b', shopper], ['type', '1'], ['size', 'M'], ['contact', '+1 5'], ['address', 'Oslo'], ['item', MUG, '1']], 'ship it'), throwAway, merchant)
    expect(sale).toMatchObject({ type: 'order', author: throwAway, throwAway: { claims: shopper }, contact: { nostr: shopper, phone: '+1 5' }, items: [{ product: MUG, quantity: 1, variant: 'size M' }] })
    // It neither rewrites nor fills the order of whom it names.
    expect(ordersOf([placed, sale]).map(order => [order.shopper, order.problems])).toEqual(expect.arrayContaining([[shopper, []], [throwAway, []]]))
  })
  test('two sizes of one product are two lines', () => {
    const lineOf = (size: string, at: number) => read(say(merchant, 'order-info', [['size', size], ['item', MUG, '1']]), throwAway, merchant, at)
    expect(ordersOf([lineOf('M', 0), lineOf('L', 1)])).toMatchObject([{ items: [{ variant: 'size M' }, { variant: 'size L' }], problems: [] }])
  })
  test('an order that names no product is kept as words, and a donation is passed over', () => {
    expect(read(say(merchant, 'zapsnag-order', [['b', shopper]], '{"type":"zapsnag_order"}'), shopper, merchant)).toMatchObject({ type: 'chat', looksLikeOrder: ORDER })
    expect(read(say(merchant, 'zapsnag-order', []), shopper, merchant)).not.toHaveProperty('orderId')
    expect(opened(say(merchant, 'donation', []), throwAway, merchant)).toMatchObject({ ok: false, error: { code: 'unsupported' } })
  })
})

describe('a token is money', () => {
  const shownOf = (message: WireMessage): string => JSON.stringify({ ...message, token: '', payment: { ...('payment' in message ? message.payment : {}), token: '' }, other: { ...('other' in message ? message.other : {}), token: '' } })
  test('it stands in no text that is shown, whatever carries it', () => {
    const carriers = [
      read(say(merchant, 'order-payment', [['b', shopper], ['type', '2'], ['payment', 'ecash', TOKEN]], `token: ${TOKEN}`), throwAway, merchant),
      read(say(merchant, 'order-payment', [['b', shopper], ['payment', 'ecash', TOKEN]], TOKEN), shopper, merchant),
      read(say(merchant, 'order-info', [['item', MUG, '1'], ['address', TOKEN]], TOKEN), throwAway, merchant),
      read({ kind: 14, tags: [['p', shopper], ['subject', 'payment-change']], content: `your change: ${TOKEN}` }, throwAway, shopper),
    ]
    for (const message of carriers)
      expect(shownOf(message)).not.toContain(TOKEN)
    expect(carriers[0]).toMatchObject({ payment: { medium: 'ecash', token: TOKEN }, text: 'token: cashuB…' })
    expect(carriers[1]).toMatchObject({ type: 'receipt', other: { token: TOKEN } })
    expect(carriers[3]).toMatchObject({ type: 'chat', token: TOKEN })
  })
  test('around it nothing is lost', () => {
    fc.assert(fc.property(fc.string(), fc.stringMatching(/^cashu[AB][A-Za-z0-9_-]{8,60}$/), (before, token) => {
      fc.pre(!/cashu/.test(before))
      const text = `${before} ${token} !`
      expect(withoutTokens(text)).toBe(`${before} ${token.slice(0, 6)}… !`)
      expect(tokenIn(text)).toBe(token)
    }))
    expect(withoutTokens('cashu is nice, cashuA too')).toBe('cashu is nice, cashuA too')
  })
})
