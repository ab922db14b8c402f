import { expect, test } from 'vitest'
import { maskedNwc, readNwcUri } from '../../../../src/domain/wallet/nwc-uri'
import { people } from '../../../support/order-messages'

const SECRET = '7'.repeat(64)
const good = { ok: true, value: { wallet: people.merchant, secret: SECRET, relays: ['wss://relay.example.com/'], lud16: '' } }

test.each(['nostr+walletconnect://', 'nostr+walletconnect:', 'nostrwalletconnect://', 'NOSTR+WALLETCONNECT://'])('%s is a connection', (scheme) => {
  expect(readNwcUri(` ${scheme}${people.merchant}?relay=wss%3A%2F%2Frelay.example.com&secret=${SECRET}\n`)).toEqual(good)
})
test('several relays, one spelling each, and a Lightning address', () => {
  const read = readNwcUri(`nostr+walletconnect://${people.merchant}?relay=wss://a.example.com&relay=wss://A.example.com/&relay=wss://b.example.com&secret=${SECRET}&lud16=shop@example.com`)
  expect(read).toMatchObject({ ok: true, value: { relays: ['wss://a.example.com/', 'wss://b.example.com/'], lud16: 'shop@example.com' } })
})
test.each([
  ['hello', 'not-a-connection'], [`nostr+walletconnect://short?relay=wss://a.example.com&secret=${SECRET}`, 'bad-wallet-key'],
  [`nostr+walletconnect://${people.merchant}?relay=wss://a.example.com&secret=nsec1x`, 'bad-secret'], [`nostr+walletconnect://${people.merchant}?secret=${SECRET}`, 'no-relay'],
  [`nostr+walletconnect://${people.merchant}?relay=http://a.example.com&secret=${SECRET}`, 'bad-relay'], [`nostr+walletconnect://${people.merchant}?relay=ws://a.example.com&secret=${SECRET}`, 'bad-relay'],
])('%s is refused: %s', (text, code) => expect(readNwcUri(text)).toEqual({ ok: false, error: { code } }))
test('T16: what may stand on a screen holds nothing of the secret', () => {
  const read = readNwcUri(`nostr+walletconnect://${people.merchant}?relay=wss://a.example.com&secret=${SECRET}`)
  expect(read.ok && maskedNwc(read.value)).not.toContain('777')
})
