import fc from 'fast-check'
import { decrypt, encrypt } from 'nostr-tools/nip04'
import { expect, test } from 'vitest'
import { readEvent } from '../../../src/domain/protocol/event-shape'
import { readDirectMessage } from '../../../src/domain/protocol/direct-message'
import { openNip04 } from '../../../src/nostr/nip04'
import { loadFixtures, textOf } from '../../interop/fixture-set'
import { person } from '../../support/signed'

const me = person(3)
const other = person(5)
const refused = { ok: false, error: { code: 'decrypt' } }
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

test('what we write the library reads, and the other way round', async () => {
  const ours = openNip04(me.secret)
  for (const text of ['', 'a', '{"type":0}', 'Grüße 🍯 مرحبا', 'x'.repeat(30_000)]) {
    const sealed = await ours.encrypt(other.pubkey, text)
    expect(sealed).toMatch(/^[A-Za-z0-9+/]+=*\?iv=[A-Za-z0-9+/]{22}==$/)
    expect(decrypt(other.secret, me.pubkey, sealed)).toBe(text)
    expect(await ours.decrypt(other.pubkey, encrypt(other.secret, me.pubkey, text))).toEqual({ ok: true, value: text })
  }
})

test('each message has a vector of its own', async () => {
  const ours = openNip04(me.secret)
  const sealed = await Promise.all(Array.from({ length: 50 }, () => ours.encrypt(other.pubkey, 'the same words')))
  expect(new Set(sealed.map(text => text.split('?iv=')[1])).size).toBe(50)
})

test('reads every kind 4 of the peers as its fixture says, on both sides', async () => {
  const { files, people } = loadFixtures('tests/interop/fixtures')
  const secrets = new Map([...people.values()].map(({ pubkey, secret }) => [pubkey, bytes(secret)]))
  let read = 0
  for (const { payload } of files.flatMap(file => file.cases)) {
    const event = readEvent(payload['event'])
    const plaintext = payload['plaintext']
    if (!event.ok || event.value.kind !== 4 || typeof plaintext !== 'string')
      continue
    const sides = readDirectMessage(event.value, event.value.pubkey)
    const mine = secrets.get(event.value.pubkey)
    if (!sides.ok || !mine)
      continue
    const theirs = secrets.get(sides.value.receiver)
    expect(await openNip04(mine).decrypt(sides.value.receiver, event.value.content)).toEqual({ ok: true, value: textOf(plaintext) })
    if (theirs)
      expect(await openNip04(theirs).decrypt(event.value.pubkey, event.value.content)).toEqual({ ok: true, value: textOf(plaintext) })
    read++
  }
  expect(read).toBeGreaterThan(40)
})

test('what is no `base64?iv=base64` is refused, plain text above all', async () => {
  const ours = openNip04(me.secret)
  const good = await ours.encrypt(other.pubkey, 'hello')
  const [body = '', iv = ''] = good.split('?iv=')
  const bad = ['', 'hello', '{"type":0}', body, `${body}?iv=`, `?iv=${iv}`, `${body}?iv=${iv}&x=1`, ` ${good}`, `${good}\n`, `${body}?iv=AAAA`,
    `${body}?iv=${iv}?iv=${iv}`, `${body.replace(/=+$/, '')}A?iv=${iv}`, good.replace('?iv=', '?IV='), `${'A'.repeat(600_000)}?iv=${iv}`]
  for (const content of bad)
    expect(await ours.decrypt(other.pubkey, content), content.slice(0, 80)).toEqual(refused)
})

test('broken UTF-8 is refused, never shown as replacement characters', async () => {
  const shared = openNip04(me.secret)
  const good = await shared.encrypt(other.pubkey, 'é'.repeat(20))
  const [body = '', iv = ''] = good.split('?iv=')
  const vector = Buffer.from(iv, 'base64')
  // A bit of the vector is a bit of the first block of plain text.
  vector.writeUInt8(vector.readUInt8(0) ^ 0xFF, 0)
  expect(await shared.decrypt(other.pubkey, `${body}?iv=${vector.toString('base64')}`)).toEqual(refused)
})

test('a counterparty that is no point of the curve is refused', async () => {
  const ours = openNip04(me.secret)
  const good = await ours.encrypt(other.pubkey, 'hello')
  const noPoint = other.pubkey.replace(/./g, 'f') as typeof other.pubkey
  expect(await ours.decrypt(noPoint, good)).toEqual(refused)
})

test('a third key opens nothing', async () => {
  const sealed = await openNip04(me.secret).encrypt(other.pubkey, 'for one pair of eyes, and for no other')
  const answer = await openNip04(person(7).secret).decrypt(me.pubkey, sealed)
  expect(answer).toEqual(refused)
})

test('any text comes back as it was; any garbage is refused and nothing thrown', async () => {
  const ours = openNip04(me.secret)
  const theirs = openNip04(other.secret)
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
    expect(await theirs.decrypt(me.pubkey, await ours.encrypt(other.pubkey, text))).toEqual({ ok: true, value: text })
  }), { numRuns: 100 })
  const base64 = fc.uint8Array({ maxLength: 80 }).map(some => Buffer.from(some).toString('base64'))
  const garbage = fc.oneof(fc.string(), fc.tuple(base64, base64).map(([a, b]) => `${a}?iv=${b}`), fc.tuple(base64, fc.uint8Array({ minLength: 16, maxLength: 16 })).map(([a, iv]) => `${a}?iv=${Buffer.from(iv).toString('base64')}`))
  await fc.assert(fc.asyncProperty(garbage, async (content) => {
    const answer = await ours.decrypt(other.pubkey, content)
    // One in 256 random blocks ends in what looks like padding; the rest of it is then seldom text.
    expect(answer.ok ? typeof answer.value : answer.error.code).toMatch(/^(string|decrypt)$/)
  }), { numRuns: 500 })
})
