import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Pubkey } from '../../../../src/domain/brand'
import { toAddress } from '../../../../src/domain/catalog/address'
import { foldThreads } from '../../../support/folded'
import type { WireMessage } from '../../../../src/domain/order/types'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import { encodeGammaChat, encodeGammaOrder, encodeGammaReceipt, encodeGammaRequest, encodeGammaShipping, encodeGammaStatus, type GammaOrderDraft, type RumorTemplate } from '../../../../src/domain/protocol/gamma-encode'
import { readPublicMessage, toRumor } from '../../../../src/domain/protocol/gift-wrap'
import { withoutUnseen } from '../../../../src/domain/protocol/shown-text'
import type { Result } from '../../../../src/domain/result'
import { wireId } from '../../../support/arbitraries'
import { idOf, invoiceAt, invoices, people, T0 } from '../../../support/order-messages'

const { shopper, merchant, stranger } = people
const ORDER = '1b8babfd-9c77-4b49-a8a8-8e503f1f9f9a'
const words = fc.string({ maxLength: 60 }).map(withoutUnseen)
const orderId = fc.stringMatching(/^[\x20-\x7E]{1,64}$/)
const line = fc.record({ id: wireId, quantity: fc.integer({ min: 1, max: 1_000_000 }) }).map(({ id, quantity }) => ({ productId: id, product: toAddress(30_402, merchant, id), quantity }))
const sat = fc.nat(9_999_999_999)

const opened = ({ kind, tags, content }: RumorTemplate, author: Pubkey, receiver: Pubkey, transport: 'nip59' | 'public' = 'nip59') =>
  decodeMessage({ id: toRumor({ kind, tags, content }, author, toSeconds(T0)).id, author, receiver, sentAt: toSeconds(T0), transport, plaintext: content, kind, tags })
function read(template: RumorTemplate, author: Pubkey, receiver: Pubkey, transport?: 'public'): WireMessage {
  const decoded = opened(template, author, receiver, transport)
  if (!decoded.ok)
    throw new TypeError(`${decoded.error.code} ${decoded.error.detail}`)
  return decoded.value.message
}
function sent<T>(result: Result<T, { readonly code: string }>): T {
  if (!result.ok)
    throw new TypeError(result.error.code)
  return result.value
}
const refusalOf = (template: RumorTemplate, author: Pubkey = shopper, receiver: Pubkey = merchant, transport?: 'public') => {
  const decoded = opened(template, author, receiver, transport)
  return decoded.ok ? decoded.value.message.type : decoded.error.code
}

const ITEM = ['item', `30402:${merchant}:mug`, '1']
const order16 = (...extra: readonly (readonly string[])[]): RumorTemplate => ({ kind: 16, tags: [['p', merchant], ['subject', 'order-info'], ['type', '1'], ['order', ORDER], ...extra], content: '' })
const draft: GammaOrderDraft = { orderId: ORDER, merchant, items: [{ productId: 'mug', product: toAddress(30_402, merchant, 'mug'), quantity: 1 }], shipping: '', sat: 77, name: '', address: '', contact: {}, shopperMessage: '' }

describe('what we write is read back whole', () => {
  test('orders', () => {
    const contact = fc.record({ phone: words, email: words }).map(({ phone, email }) => ({ ...(phone && { phone }), ...(email && { email }) }))
    fc.assert(fc.property(orderId, fc.array(line, { minLength: 1, maxLength: 5 }), sat, fc.constantFrom('', toAddress(30_406, merchant, 'post')), words, contact, words, (id, items, total, shipping, address, who, shopperMessage) => {
      const template = sent(encodeGammaOrder({ orderId: id, merchant, items, shipping, sat: total, name: '', address, contact: who, shopperMessage }))
      expect(read(template, shopper, merchant)).toMatchObject({ type: 'order', dialect: 'gamma', author: shopper, receiver: merchant, orderId: id, items, zoneId: shipping, address, contact: who, shopperMessage, amount: { msat: total * 1000, text: String(total) } })
    }))
  })
  test('requests, statuses, shipping, receipts and chat', () => {
    fc.assert(fc.property(orderId, sat, words, fc.constantFrom(...invoices), fc.nat(9_999), (id, total, text, invoice, wait) => {
      const deadline = toSeconds(T0 + wait)
      const options = [{ type: 'ln', label: 'lightning', link: invoice.bolt11 }, { type: 'lnurl', label: 'lightning', link: 'shop@pay.example' }, { type: 'btc', label: 'bitcoin', link: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' }] as const
      expect(read(sent(encodeGammaRequest({ orderId: id, shopper, sat: total, options, deadline, text })), merchant, shopper)).toMatchObject({ type: 'payment-request', orderId: id, options, msat: total * 1000, deadline, text })
      const receipt = read(sent(encodeGammaReceipt({ orderId: id, merchant, sat: total, invoice: invoice.bolt11, preimage: invoice.preimage, text })), shopper, merchant)
      expect(receipt).toMatchObject({ type: 'receipt', orderId: id, invoice: invoice.bolt11, preimage: invoice.preimage, msat: total * 1000 })
    }))
    const says = { pending: { seen: true }, confirmed: { saidPaid: true, word: 'accepted' }, processing: { word: 'processing' }, completed: { word: 'completed' }, cancelled: { cancelled: true } } as const
    for (const [status, said] of Object.entries(says) as [keyof typeof says, object][])
      expect(read(encodeGammaStatus({ orderId: ORDER, to: shopper, status, text: 'so it is' }), merchant, shopper)).toMatchObject({ type: 'status', orderId: ORDER, text: 'so it is', ...said })
    const travels = { processing: { word: 'processing' }, shipped: { shipped: true }, delivered: { word: 'delivered' }, exception: { word: 'exception' } } as const
    for (const [status, said] of Object.entries(travels) as [keyof typeof travels, object][])
      expect(read(encodeGammaShipping({ orderId: ORDER, shopper, status, tracking: { number: 'TR7', carrier: 'Post', eta: '1793709999' }, text: '' }), merchant, shopper)).toMatchObject({ type: 'status', tracking: { number: 'TR7', carrier: 'Post', eta: '1793709999' }, ...said })
    // A word that is none of ours is shown as it came, and moves nothing.
    const strange = (status: string, content: string) => read({ kind: 16, tags: [['p', shopper], ['type', '3'], ['order', ORDER], ['status', status]], content }, merchant, shopper)
    expect(strange('paid', '')).toMatchObject({ type: 'chat', orderId: ORDER, text: 'paid' })
    expect(strange('on-hold', 'Waiting for clay')).toMatchObject({ type: 'chat', text: 'on-hold\nWaiting for clay' })
    expect(strange('confir\u200bmed', '')).not.toHaveProperty('saidPaid')
    expect(read(encodeGammaChat({ to: shopper, orderId: ORDER, text: 'Monday' }), merchant, shopper)).toMatchObject({ type: 'chat', orderId: ORDER, text: 'Monday' })
    expect(read(encodeGammaChat({ to: shopper, text: 'Monday' }), merchant, shopper)).not.toHaveProperty('orderId')
  })
  test('exact tuples: one `p`, every tag once but items and ways to pay, no empty one, a name on the address', () => {
    const template = sent(encodeGammaOrder({ ...draft, name: 'Ida', address: 'Bern' }))
    expect(template.tags).toEqual([['p', merchant], ['subject', 'order-info'], ['type', '1'], ['order', ORDER], ['amount', '77'], ITEM, ['address', 'Ida\nBern']])
    expect(sent(encodeGammaRequest({ orderId: ORDER, shopper, sat: 1, options: [{ type: 'cashu', label: 'ecash', link: 'creqA1' }], text: 'please' }))).toMatchObject({ tags: [['p', shopper], ['subject', 'order-payment'], ['type', '2'], ['order', ORDER], ['amount', '1']], content: 'please\necash: creqA1' })
  })
  test('nothing of another merchant, no part of a sat', () => {
    const other = toAddress(30_402, stranger, 'mug')
    expect(encodeGammaOrder({ ...draft, items: [...draft.items, { productId: 'mug', product: other, quantity: 1 }] })).toEqual({ ok: false, error: { code: 'other-merchant' } })
    expect(encodeGammaOrder({ ...draft, shipping: other })).toEqual({ ok: false, error: { code: 'other-merchant' } })
    for (const wrong of [1.5, -1, NaN, 2 ** 53])
      expect(encodeGammaOrder({ ...draft, sat: wrong })).toEqual({ ok: false, error: { code: 'amount' } })
  })
})

describe('what peers write', () => {
  test.each<[string, number | null]>([['41800', 41_800_000], ['41800.00', 41_800_000], ['12.35', null], ['', null], ['1e3', null], ['-1', null], ['9'.repeat(13), null]])('an amount of "%s" is %s msat', (text, msat) => {
    expect(read(order16(['amount', text], ITEM), shopper, merchant)).toMatchObject({ amount: { msat, text } })
  })
  test.each<[string, RumorTemplate]>([
    ['schema', order16()],
    ['schema', order16(['item', `30402:${stranger}:mug`, '1'])],
    ['schema', order16(['item', 'mug', '1'])],
    ['schema', order16(ITEM, ['order', 'another'])],
    ['schema', order16(ITEM, ['amount', '1'], ['amount', '2'])],
    ['quantity', order16(['item', `30402:${merchant}:mug`, '0'])],
    ['quantity', order16(['item', `30402:${merchant}:mug`])],
    ['limit', order16(ITEM, ['address', 'a'.repeat(8_193)])],
    ['limit', order16(...Array.from({ length: 501 }, () => ITEM))],
    ['schema', { ...order16(ITEM), tags: order16(ITEM).tags.filter(tag => tag[0] !== 'order') }],
    ['unsupported', { kind: 16, tags: [['p', merchant], ['type', '5'], ['order', ORDER]], content: '' }],
    ['unsupported', { kind: 16, tags: [['p', merchant], ['type', '3'], ['order', ORDER], ['status', ' ']], content: '' }],
    ['unsupported', { kind: 1, tags: [['p', merchant]], content: '' }],
    ['repost', { kind: 16, tags: [['p', merchant], ['e', idOf(1)]], content: '' }],
    ['repost', { kind: 17, tags: [['p', merchant], ['r', 'https://example.com']], content: '+' }],
  ])('%s', (code, template) => expect(refusalOf(template)).toBe(code))
  test('a public order and its private twin are one order, whichever comes first', () => {
    const open = order16(['amount', '77'], ITEM)
    const twin = order16(['amount', '77'], ITEM, ['name', 'Ida'], ['address', '1\n\nBern\n3000\nCH'])
    const both = [read({ ...open, content: 'Order created' }, shopper, merchant, 'public'), read(twin, shopper, merchant)]
    for (const sequence of [both, both.toReversed()]) {
      const orders = [...foldThreads(sequence).orders.values()]
      expect(orders).toMatchObject([{ dialect: 'plebeian', name: 'Ida', address: '1\n\nBern\n3000\nCH', shopperMessage: '', problems: [] }])
    }
    const dearer = read(order16(['amount', '78'], ITEM), shopper, merchant)
    expect([...foldThreads([...both, dearer]).orders.values()]).toMatchObject([{ problems: ['rewritten'] }])
  })
  test('what the shopper asks of itself is a plan, to the merchant it is one beside the order, and neither is payable', () => {
    const asks = (to: Pubkey): RumorTemplate => ({ kind: 16, tags: [['p', to], ['recipient', stranger], ['type', '2'], ['order', ORDER], ['amount', '7'], ['payment', 'lightning', invoiceAt(0).bolt11]], content: '' })
    const [placed, plan] = [read(order16(ITEM), shopper, merchant), read(asks(shopper), shopper, shopper)]
    expect(plan).toMatchObject({ type: 'plan', msat: 7_000, recipient: stranger })
    expect([...foldThreads([placed, plan, read(asks(merchant), shopper, merchant)]).orders.values()]).toMatchObject([{ plans: 2, request: null, requests: [], status: 'payment_pending' }])
    expect([...foldThreads([placed, read({ ...asks(shopper), tags: asks(shopper).tags.filter(tag => tag[0] !== 'recipient') }, merchant, shopper)]).orders.values()]).toMatchObject([{ plans: 0, status: 'payment_requested', request: { saidMsat: 7_000 } }])
  })
  test('a proof that is no preimage is none; a token in its place is kept apart', () => {
    const receipt = (...payment: string[]) => read({ kind: 17, tags: [['p', merchant], ['order', ORDER], ['payment', ...payment]], content: '' }, shopper, merchant)
    for (const proof of ['', 'external-payment', 'z'.repeat(64)])
      expect(receipt('lightning', 'lnbc1', proof)).toMatchObject({ preimage: '' })
    expect(receipt('ecash', 'https://mint.example', 'cashuBabcdefghijk')).toMatchObject({ preimage: '', invoice: '', other: { medium: 'ecash', reference: 'https://mint.example', token: 'cashuBabcdefghijk' } })
  })
  test('a subject is an order where it can be an id', () => {
    const about = (subject: string) => read({ kind: 14, tags: [['p', merchant], ['subject', subject]], content: 'x' }, shopper, merchant)
    expect(about(ORDER)).toMatchObject({ orderId: ORDER })
    for (const topic of ['', 'Hello', 'listing-inquiry', 'two mugs, 1 pot', 'é'.repeat(200)])
      expect(about(topic)).not.toHaveProperty('orderId')
  })
  test('a tracking number that is a page is one', () => {
    const shipped = (tracking: string) => read({ kind: 16, tags: [['p', shopper], ['type', '4'], ['order', ORDER], ['status', 'shipped'], ['tracking', tracking]], content: '' }, merchant, shopper)
    expect(shipped('https://track.example/1')).toMatchObject({ tracking: { url: 'https://track.example/1' } })
    expect(shipped('javascript:alert(1)')).toMatchObject({ tracking: { number: 'javascript:alert(1)' } })
  })
})

test('in the open: only what is from us or to us', () => {
  const event = { id: idOf(1), pubkey: shopper, created_at: toSeconds(T0), ...order16(ITEM), sig: '0'.repeat(128) }
  expect(readPublicMessage(event, merchant)).toMatchObject({ ok: true, value: { author: shopper, receiver: merchant, transport: 'public' } })
  expect(readPublicMessage(event, shopper)).toMatchObject({ ok: true })
  expect(readPublicMessage(event, stranger)).toEqual({ ok: false, error: { code: 'not-for-us' } })
  expect(readPublicMessage({ ...event, content: 'a'.repeat(70_000) }, merchant)).toEqual({ ok: false, error: { code: 'limit' } })
})

test('tags of any sort make no decoder throw', () => {
  const name = fc.constantFrom('p', 'subject', 'type', 'order', 'amount', 'item', 'payment', 'status', 'tracking', 'b', 'expiration', '__proto__', 'constructor')
  const value = fc.oneof(fc.constantFrom('1', '2', '3', '4', ORDER, 'order-info', 'order-payment', 'shipped', merchant, `30402:${merchant}:mug`, 'lightning', 'cashuBabcdefghijk', ''), fc.string())
  const tags = fc.array(fc.tuple(name, fc.array(value, { maxLength: 4 })).map(([first, rest]) => [first, ...rest]), { maxLength: 10 })
  fc.assert(fc.property(fc.constantFrom(14, 16, 17, 1), tags, fc.string({ unit: 'binary' }), fc.boolean(), (kind, marks, content, isPublic) => {
    expect(() => opened({ kind, tags: marks, content }, shopper, merchant, isPublic ? 'public' : 'nip59')).not.toThrow()
  }), { numRuns: 1_000 })
})
