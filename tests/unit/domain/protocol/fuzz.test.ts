import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { fromNaddr } from '../../../../src/domain/catalog/naddr'
import { decodeInvoice } from '../../../../src/domain/invoice/bolt11'
import { readPaymentText } from '../../../../src/domain/invoice/uri'
import { readMoney } from '../../../../src/domain/money/fiat'
import { decodeMessage } from '../../../../src/domain/protocol/decode'
import { readDirectMessage } from '../../../../src/domain/protocol/direct-message'
import { readEvent } from '../../../../src/domain/protocol/event-shape'
import { parseJson } from '../../../../src/domain/protocol/json'
import { decodePublic } from '../../../../src/domain/protocol/public-events'
import { readFrame } from '../../../../src/domain/protocol/relay-frame'
import { readInboxRelays, readRelayList } from '../../../../src/domain/protocol/relay-list'
import { normalizeRelayUrl } from '../../../../src/domain/protocol/relay-url'
import { readNwcUri } from '../../../../src/domain/wallet/nwc-uri'
import { opened } from '../../../support/arbitraries'
import { idOf, invoiceAt, people, T0 } from '../../../support/order-messages'

const anything = fc.anything({ withBigInt: false, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true })
const keys = fc.constantFrom('type', 'id', 'items', 'product_id', 'quantity', 'shipping_id', 'contact', 'payment_options', 'link', 'message', 'paid', 'shipped', 'souk', '__proto__', 'constructor', 'name', 'price', 'currency', 'shipping', 'cost', 'stall_id', 'images')
const leaf = fc.oneof(fc.constantFrom(0, 1, 2, '0', 'ln', 'sat', 'EUR', null, true, 'NaN', 1e308, -1, 1.5), fc.string(), fc.double())
const tree = fc.letrec(tie => ({ node: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('node'), { maxLength: 4 }), fc.dictionary(keys, tie('node'), { maxKeys: 8 })) })).node
const jsonText = tree.map(value => JSON.stringify(value) ?? 'null')
const damaged = fc.tuple(jsonText, fc.nat(), fc.string()).map(([text, at, noise]) => text.slice(0, at % (text.length + 1)) + noise)
const text = fc.oneof(jsonText, damaged, fc.string({ unit: 'binary' }))

const listing = (kind: number, content: string, tags: readonly (readonly string[])[]) =>
  ({ id: idOf(1), pubkey: people.merchant, created_at: toSeconds(T0), kind, tags, content, sig: '0'.repeat(128) })
const tags = fc.array(fc.array(fc.oneof(fc.constantFrom('d', 't', 'e', 'a', 'p', 'r', 'relay', '', 'wss://x.example'), fc.string()), { maxLength: 4 }), { maxLength: 6 })

const tagNames = fc.constantFrom('title', 'price', 'type', 'stock', 'image', 'spec', 'weight', 'dim', 'a', 'collection', 'shipping_option', 'shipping', 'country', 'service', 'duration', 'size', 'bulk', 'rating', 'valid_until', 'l', '__proto__')
const tagWords = fc.oneof(fc.constantFrom('', '9', '-1', '1e9', 'EUR', 'sats', 'Added Cost', 'variation', 'physical', 'thumb', 'payment_detail', `30406:${people.merchant}:x`, `30405:${people.merchant}:`, '__proto__'), fc.string())
const listingTags = fc.array(fc.tuple(tagNames, fc.array(tagWords, { maxLength: 4 })).map(([name, rest]) => [name, ...rest]), { maxLength: 12 }).map(rows => [['title', 'x'], ['price', '1', 'EUR'], ...rows])

/** Takes what is thrown at it: that it comes to an end is what the property's own time limit sees to. */
const takes = (read: () => unknown): void => void read()

describe('no input makes a decoder throw or stall', () => {
  test('private messages', () => fc.assert(fc.property(text, plaintext => takes(() => decodeMessage(opened(plaintext)))), { numRuns: 500 }))
  test('listings', () => fc.assert(fc.property(fc.constantFrom(0, 1, 5, 16, 30_017, 30_018, 30_019, 30_078, 30_402, 30_403, 30_405, 30_406, 31_555), text, fc.oneof(tags, listingTags), (kind, content, marks) => takes(() => decodePublic(listing(kind, content, [['d', 'x'], ...marks])))), { numRuns: 500 }))
  test('events and frames', () => fc.assert(fc.property(anything, tags, (value, marks) => takes(() => {
    readEvent(value)
    readFrame(value)
    readFrame(['EVENT', 's', value])
    readEvent({ ...listing(1, '', marks), tags: value })
    readInboxRelays({ tags: marks })
    readRelayList({ tags: marks })
    readDirectMessage(listing(4, '', marks), people.shopper)
    readMoney(value, 'EUR')
    normalizeRelayUrl(value)
  })), { numRuns: 300 }))
  test('texts of payments, links and wallets', () => {
    const begins = fc.constantFrom('', 'lightning:', 'lnbc', 'lnurl1', 'bitcoin:', 'bitcoin:?lightning=', 'naddr1', 'nostr+walletconnect://', `nostr+walletconnect://${people.merchant}?secret=`, 'wss://')
    fc.assert(fc.property(begins, fc.string({ unit: 'binary' }), (begin, rest) => takes(() => {
      decodeInvoice(begin + rest)
      readPaymentText(begin + rest)
      fromNaddr(begin + rest)
      readNwcUri(begin + rest)
      normalizeRelayUrl(begin + rest)
    })), { numRuns: 300 })
  })
  test('an invoice with one sign changed is never taken for the same', () => {
    const { bolt11 } = invoiceAt(0)
    fc.assert(fc.property(fc.nat(bolt11.length - 1), fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'), (at, sign) => {
      fc.pre(bolt11[at] !== sign)
      expect(decodeInvoice(bolt11.slice(0, at) + sign + bolt11.slice(at + 1)).ok).toBe(false)
    }), { numRuns: 100 })
  })
  test('T20: deep and long JSON is refused before any parser sees it', () => {
    const monsters = ['['.repeat(60_000), '{"a":'.repeat(12_000), `{"type":0,"items":[${'['.repeat(17)}${']'.repeat(17)}]}`, `"${'\\'.repeat(60_001)}`, '['.repeat(1_000_000)]
    const parser = vi.spyOn(JSON, 'parse')
    for (const monster of monsters) {
      expect(parseJson(monster).ok).toBe(false)
      decodeMessage(opened(monster))
    }
    // The one without depth is no JSON at all, and is read in one go.
    const nested = parser.mock.calls.filter(([read]) => !read.startsWith('"')).length
    parser.mockRestore()
    expect(nested).toBe(0)
  })
})
