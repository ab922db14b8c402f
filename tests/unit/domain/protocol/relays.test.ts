import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { readDirectMessage } from '../../../../src/domain/protocol/direct-message'
import { classifyAnswer } from '../../../../src/domain/protocol/relay-frame'
import { relaysForRecipient, wrapSince } from '../../../../src/domain/protocol/relay-list'
import { normalizeRelayUrl } from '../../../../src/domain/protocol/relay-url'
import { idOf, people, T0 } from '../../../support/order-messages'

describe('relay addresses', () => {
  test.each([
    ['wss://Relay.Example.com', 'wss://relay.example.com/'], ['wss://relay.example.com:443/', 'wss://relay.example.com/'], [' wss://relay.example.com//a/ ', 'wss://relay.example.com/a'],
    ['ws://localhost:7777', 'ws://localhost:7777/'], ['ws://127.0.0.1:80', 'ws://127.0.0.1/'], ['ws://[::1]:7000', 'ws://[::1]:7000/'], ['wss://r.example.com/#x', 'wss://r.example.com/'],
  ])('%j is %j', (text, url) => expect(normalizeRelayUrl(text)).toBe(url))
  test.each(['ws://relay.example.com', 'http://relay.example.com', 'wss://', 'relay.example.com', 'wss://user@relay.example.com', 'wss://relay', 'javascript:wss://x.com', 'wss://a b.com', 'wss://r.example.com:99999', 7, null])('%j is none', text => expect(normalizeRelayUrl(text)).toBeNull())
})

test('private messages go to inbox relays alone, else to read relays, else to where the listings were seen', () => {
  const [inbox, read, seen] = ['wss://i.example.com', 'wss://r.example.com', 'wss://s.example.com']
  expect(relaysForRecipient({ inboxRelays: [inbox], readRelays: [read], seenOn: [seen] })).toEqual({ relays: [`${inbox}/`], shown: 'inbox relays' })
  expect(relaysForRecipient({ inboxRelays: ['nonsense'], readRelays: [read], seenOn: [seen] })).toEqual({ relays: [`${read}/`], shown: 'public relays' })
  expect(relaysForRecipient({ inboxRelays: null, readRelays: [], seenOn: [seen] })).toEqual({ relays: [`${seen}/`], shown: 'public relays' })
})

test('wraps are asked for from well before the newest', () => {
  expect(wrapSince(toSeconds(T0))).toBeLessThanOrEqual(T0 - 2 * 86_400)
  expect(wrapSince(toSeconds(5))).toBe(0)
})

test('an answer that begins with no known word is tried again', () => {
  expect([classifyAnswer(false, 'error: full'), classifyAnswer(false, ''), classifyAnswer(false, 'mute: nobody'), classifyAnswer(false, 'pow: 25 bits')]).toEqual([{ type: 'retry-later' }, { type: 'retry-later' }, { type: 'nobody-listens' }, { type: 'pow', bits: 25 }])
})

test('a kind 4 is for its first p, by its author, and never plain text', () => {
  const event = (content: string, ...tags: string[][]) => ({ id: idOf(1), pubkey: people.merchant, created_at: toSeconds(T0), kind: 4, tags, content, sig: '0'.repeat(128) })
  const sealed = 'AAAA?iv=AAAAAAAAAAAAAAAAAAAAAA=='
  expect(readDirectMessage(event(sealed, ['p', people.shopper], ['p', people.stranger]), people.shopper)).toEqual({ ok: true, value: { receiver: people.shopper, counterparty: people.merchant } })
  expect(readDirectMessage(event(sealed, ['p', people.shopper], ['p', people.stranger]), people.stranger)).toEqual({ ok: false, error: { code: 'not-for-us' } })
  expect(readDirectMessage(event(sealed), people.shopper)).toEqual({ ok: false, error: { code: 'not-a-party' } })
  expect(readDirectMessage(event('{"type":2,"paid":true}', ['p', people.shopper]), people.shopper)).toEqual({ ok: false, error: { code: 'decrypt' } })
})
