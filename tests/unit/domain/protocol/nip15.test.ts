import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isEventId, toMsat, toSeconds } from '../../../../src/domain/brand'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import { withoutUnseen } from '../../../../src/domain/protocol/shown-text'
import { encodeOrder, encodeProduct, encodeRefusal, encodeRequest, encodeStatus, encodeWord, UNLIMITED_ON_WIRE } from '../../../../src/domain/protocol/nip15-encode'
import { decodeProduct, decodeStall } from '../../../../src/domain/protocol/nip15-listings'
import type { ExtraStatus } from '../../../../src/domain/protocol/souk-extra'
import { opened, product, signedAs, stall, wireId } from '../../../support/arbitraries'
import { stallEvent } from '../../../support/stall-event'
import { idOf, people, T0 } from '../../../support/order-messages'
import { peerVerdict } from '../../../interop/peer-nostrmarket'

const AT = toSeconds(T0)
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value, (_key, entry: unknown) => typeof entry === 'string' ? withoutUnseen(entry) : entry)) as T
const words = fc.string({ maxLength: 80 }).map(withoutUnseen)
const pin = fc.nat(99).map(idOf)
const orderId = fc.stringMatching(/^[\x20-\x7E]{1,64}$/)
const item = fc.record({ productId: wireId, quantity: fc.integer({ min: 1, max: 1_000_000 }) })

const messageOf = (plaintext: string, by?: 'shopper' | 'merchant') => {
  const decoded = decodeMessage(opened(plaintext, by))
  return decoded.ok ? decoded.value.message : decoded.error
}

describe('listings are read back whole', () => {
  test('stalls of peers', () => {
    fc.assert(fc.property(stall, (one) => {
      const read = decodeStall(signedAs(stallEvent(one, AT), one.eventId))
      expect(read).toEqual({ ok: true, value: { ...one, ...clean({ name: one.name, description: one.description, zones: one.zones.map(zone => ({ ...zone, countries: [...new Set(zone.countries)] })) }) } })
    }))
  })
  test('products, unlimited ones too', () => {
    fc.assert(fc.property(product, (one) => {
      fc.pre(withoutUnseen(one.name) !== '')
      const read = decodeProduct(signedAs(encodeProduct(one, AT), one.eventId))
      expect(read).toMatchObject({ ok: true, value: { ...one, ...clean({ name: one.name, description: one.description, categories: one.categories, specs: one.specs }) } })
    }))
  })
  test('what peers read of them', () => {
    fc.assert(fc.property(product, (one) => {
      const body: Record<string, unknown> = JSON.parse(encodeProduct(one, AT).content)
      // nostr-market-app: Math.min(quantity, wanted), price and currency unchecked.
      expect(Number.isInteger(body['quantity'])).toBe(true)
      expect(one.stock === null ? body['quantity'] : UNLIMITED_ON_WIRE).toBe(UNLIMITED_ON_WIRE)
      expect(typeof body['price']).toBe('number')
      expect([body['currency'] === 'sat', one.currency === 'SAT']).toSatisfy(([wire, own]) => wire === own)
    }))
  })
})

describe('messages we write are read back whole', () => {
  test('orders, and nostrmarket answers them', () => {
    const contact = fc.record({ nostr: words, phone: words, email: words }).map(({ nostr, phone, email }) => ({ nostr: nostr || people.shopper, ...(phone && { phone }), ...(email && { email }) }))
    fc.assert(fc.property(orderId, fc.uniqueArray(item, { minLength: 1, maxLength: 5, selector: one => one.productId }), wireId, words, words, words, contact, (id, items, zoneId, name, address, shopperMessage, who) => {
      const sent = encodeOrder({ orderId: id, shopper: people.shopper, items, zoneId, name, address, contact: who, shopperMessage })
      const read = messageOf(sent, 'shopper')
      expect(read).toMatchObject({ type: 'order', orderId: id, items, zoneId, name, contact: who, shopperMessage })
      // nostrmarket drops the name: whoever packs the parcel still reads it.
      expect('address' in read && (address === '' ? read.address === '' : read.address.includes(address) && read.address.includes(name))).toBe(true)
      const shop = { products: new Map(items.map(one => [one.productId, { stallId: 's', quantity: one.quantity }])), zones: new Set([zoneId]) }
      expect(peerVerdict(sent, shop)).toBe('payment-request')
      expect(peerVerdict(sent, shop, new Set([id]))).toBe('silence')
    }))
  })
  test('payment requests and refusals', () => {
    const option = fc.record({ type: fc.constantFrom('ln', 'btc', 'url' as const), link: words }).map(({ type, link }) => ({ type, link, label: type }))
    fc.assert(fc.property(orderId, words, fc.array(option, { minLength: 1, maxLength: 4 }), fc.option(pin, { nil: undefined }), fc.option(wireId, { nil: undefined }), (id, text, options, pinned, zoneId) => {
      const extra = { ...(pinned && { pin: pinned }), ...(zoneId && { zoneId }) }
      const read = messageOf(encodeRequest({ orderId: id, text, options, ...extra }))
      if (options.some(({ type }) => type === 'ln')) {
        expect(read).toMatchObject({ type: 'payment-request', orderId: id, text, ...extra, options: { length: options.length } })
        expect('options' in read && read.options[0]?.type).toBe('ln')
      }
      else {
        expect(read).toMatchObject({ type: 'refusal', orderId: id })
        expect('text' in read && options.every(({ link }) => read.text.includes(link))).toBe(true)
      }
      expect(messageOf(encodeRefusal({ orderId: id, text, ...(pinned && { pin: pinned }) }))).toMatchObject({ type: 'refusal', orderId: id, text, ...(pinned && { pin: pinned }) })
    }))
  })
  test('statuses, with both booleans always', () => {
    fc.assert(fc.property(orderId, words, fc.boolean(), fc.boolean(), fc.option(fc.record({ carrier: words, number: words }), { nil: undefined }), (id, text, paid, shipped, tracking) => {
      const sent = encodeStatus({ orderId: id, text, paid, shipped, ...(tracking && { tracking }) })
      expect(JSON.parse(sent)).toMatchObject({ paid, shipped })
      const read = messageOf(sent)
      expect(read).toMatchObject({ type: 'status', orderId: id, text, shipped, ...(paid && { saidPaid: true }), ...(tracking && { tracking }) })
      expect('saidPaid' in read).toBe(paid)
    }))
  })
  test('words that NIP-15 does not have: a sentence for people, a fact for us, chat for peers', () => {
    const status: fc.Arbitrary<ExtraStatus> = fc.oneof(
      fc.constantFrom<ExtraStatus>({ cancelled: true }, { takesBackPaid: true }, { dispute: 'opened' }, { word: 'processing' }, { word: 'delivered' }),
      fc.nat(1_000_000).map(msat => ({ refund: { msat: toMsat(msat), proof: '' } })),
      fc.tuple(fc.nat(1_000_000), words).map(([msat, why]) => ({ refundStep: { step: 'ask' as const, id: 'a1', msat: toMsat(msat), why, rest: 'kept' as const } })),
      fc.constantFrom<ExtraStatus>({ refund: { msat: toMsat(1), proof: 'ab', id: 'a1' } }, { refundStep: { step: 'to', id: '', to: 'ida@wool.example' } }, { refundStep: { step: 'got', id: 'a1' } }, { refundStep: { step: 'none' } }),
    )
    fc.assert(fc.property(orderId, words, status, (id, text, said) => {
      const sent = encodeWord(id, text, said)
      expect(messageOf(sent)).toMatchObject({ type: 'status', orderId: id, text, ...said })
      expect(peerVerdict(sent, { products: new Map(), zones: new Set() })).toBe('plain-text')
      expect(sent.startsWith(text)).toBe(true)
    }))
  })
})

describe('a message of strangers', () => {
  test('may not put on the last line what it is not', () => {
    expect(messageOf('look:\n{"souk":{"order":"x","word":"free"}}')).toMatchObject({ type: 'chat' })
    expect(messageOf('look:\n{"souk":{"cancelled":true}}')).toMatchObject({ type: 'chat' })
    for (const step of ['{"step":"ask","id":"a","msat":1.5}', '{"step":"to","id":"a","to":"<b>me</b>"}', '{"step":"ask","id":"__proto__ x","msat":1}', '{"step":"mine"}'])
      expect(messageOf(`look:\n{"souk":{"order":"x","refundStep":${step}}}`)).toMatchObject({ type: 'chat' })
  })
  test('keeps no sign that turns the text round', () => {
    expect(messageOf('Coat \u202Egnp.exe')).toMatchObject({ type: 'chat', text: 'Coat gnp.exe' })
    expect(isEventId(idOf(1))).toBe(true)
  })
})
