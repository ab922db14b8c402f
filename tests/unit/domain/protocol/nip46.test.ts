import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authLink, readRemoteAnswer } from '../../../../src/domain/protocol/nip46-messages'
import { connectUri, readBunker, remotePermissions } from '../../../../src/domain/protocol/nip46-uri'
import { person, relayUrl } from '../../../support/signed'

const { pubkey } = person(7)
const failed = (code: string) => ({ ok: false, error: { code } })

test('a bunker address: relays in one spelling, each once, five at most; the secret may be missing', () => {
  expect(readBunker(` bunker://${pubkey.toUpperCase()}?relay=wss%3A%2F%2Fone.example&relay=wss://ONE.example/&secret=a+b%2Fc `))
    .toEqual({ ok: true, value: { remote: pubkey, relays: ['wss://one.example/'], secret: 'a+b/c' } })
  expect(readBunker(`bunker://${pubkey}?relay=ws://127.0.0.1:7777`)).toMatchObject({ ok: true, value: { secret: '', relays: ['ws://127.0.0.1:7777/'] } })
  const many = readBunker(`bunker://${pubkey}?${Array.from({ length: 9 }, (_, n) => `relay=wss://r${n}.example`).join('&')}`)
  expect(many.ok && many.value.relays).toHaveLength(5)
  expect(readBunker(`bunker://${pubkey}?relay=http://no.example&relay=wss://yes.example`)).toMatchObject({ ok: true, value: { relays: ['wss://yes.example/'] } })
})

test('what is no bunker address is refused by name', () => {
  expect(readBunker('')).toEqual(failed('not-a-bunker'))
  expect(readBunker('npub1something')).toEqual(failed('not-a-bunker'))
  expect(readBunker(`bunker://${pubkey}?relay=${'x'.repeat(10_000)}`)).toEqual(failed('not-a-bunker'))
  expect(readBunker('bunker://abc?relay=wss://one.example')).toEqual(failed('bad-signer-key'))
  expect(readBunker(`bunker://${pubkey}`)).toEqual(failed('no-signer-relay'))
  expect(readBunker(`bunker://${pubkey}?relay=ws://plain.example`)).toEqual(failed('bad-signer-relay'))
  expect(readBunker(`bunker://${pubkey}?relay=wss://one.example&secret=${'s'.repeat(600)}`)).toEqual(failed('bad-signer-secret'))
  expect(readBunker(`nostrconnect://${pubkey}?relay=wss://one.example`)).toEqual(failed('own-offer'))
})

test('our own offer can be read back by any parser of addresses', () => {
  const url = new URL(connectUri({ client: pubkey, relays: [relayUrl('wss://one.example'), relayUrl('wss://two.example/a b'.replace(' ', '-'))], secret: 'abc', name: 'Souk & co', url: 'https://souk.example' }))
  expect(url.host || url.pathname.replace(/^\/\//, '')).toBe(pubkey)
  expect(url.searchParams.getAll('relay')).toEqual(['wss://one.example/', 'wss://two.example/a-b'])
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ secret: 'abc', name: 'Souk & co', url: 'https://souk.example', perms: remotePermissions.join(',') })
})

test('the least is asked for: nothing that speaks for the person in public beyond listings', () => {
  for (const kind of [0, 1, 3, 5, 6, 7, 9734, 30023])
    expect(remotePermissions).not.toContain(`sign_event:${kind}`)
  expect(remotePermissions).not.toContain('sign_event')
})

test('answers: whatever comes, a value or nothing; a request is no answer', () => {
  expect(readRemoteAnswer('{"id":"1","result":"ack"}')).toEqual({ id: '1', result: 'ack', error: '' })
  expect(readRemoteAnswer('{"id":"1","result":null,"error":{"code":3}}')).toEqual({ id: '1', result: null, error: 'error' })
  expect(readRemoteAnswer('{"id":"1","method":"connect","params":[]}')).toBeNull()
  expect(readRemoteAnswer('{"id":1,"result":"ack"}')).toBeNull()
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => void readRemoteAnswer(text)))
})

test('only a plain https page becomes a link', () => {
  const link = (error: string) => authLink({ id: '1', result: 'auth_url', error })
  expect(link('https://signer.example/ok?id=1')).toBe('https://signer.example/ok?id=1')
  for (const bad of ['javascript:alert(1)', 'http://signer.example', 'https://user:pass@signer.example', 'data:text/html,x', 'nonsense'])
    expect(link(bad)).toBeNull()
})
