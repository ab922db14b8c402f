import { generateSecretKey, verifyEvent } from 'nostr-tools/pure'
import { decrypt, encrypt } from 'nostr-tools/nip04'
import { decrypt as open44, encrypt as seal44, getConversationKey } from 'nostr-tools/nip44'
import { expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { limits } from '../../../src/domain/limits'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { person } from '../../support/signed'

const me = person(3)
const other = person(5)
const draft = { kind: 4, created_at: toSeconds(1_793_610_000), tags: [['p', other.pubkey]], content: 'Grüße\n"\u2028' }
const signer = () => createLocalSigner(new Uint8Array(me.secret), 'local')

test('signs what another library accepts, and changes nothing of it', async () => {
  const signed = await signer().sign(draft)
  expect(signed.ok && verifyEvent({ ...signed.value, tags: signed.value.tags.map(tag => [...tag]) })).toBe(true)
  expect(signed).toMatchObject({ ok: true, value: { ...draft, pubkey: me.pubkey } })
})

test('NIP-04 and NIP-44 are those of the library', async () => {
  const ours = signer()
  const sealed = await ours.nip04Encrypt(other.pubkey, 'hello')
  expect(sealed.ok && decrypt(other.secret, me.pubkey, sealed.value)).toBe('hello')
  expect(await ours.nip04Decrypt(other.pubkey, encrypt(other.secret, me.pubkey, 'back'))).toEqual({ ok: true, value: 'back' })
  const key = getConversationKey(other.secret, me.pubkey)
  const modern = await ours.nip44Encrypt(other.pubkey, 'hello')
  expect(modern.ok && open44(modern.value, key)).toBe('hello')
  expect(await ours.nip44Decrypt(other.pubkey, seal44('back', key))).toEqual({ ok: true, value: 'back' })
  expect(await ours.nip44Decrypt(other.pubkey, 'AgAA')).toEqual({ ok: false, error: { code: 'decrypt' } })
})

test('T16: once closed the bytes are gone and every question is answered with locked', async () => {
  const secret = new Uint8Array(me.secret)
  const ours = createLocalSigner(secret, 'guest')
  const sealed = encrypt(other.secret, me.pubkey, 'back')
  expect((await ours.nip04Decrypt(other.pubkey, sealed)).ok).toBe(true)
  const late = ours.nip44Encrypt(other.pubkey, 'on its way')
  ours.close()
  expect(secret.every(byte => byte === 0)).toBe(true)
  const locked = { ok: false, error: { code: 'locked' } }
  expect(await late).toEqual(locked)
  for (const answer of [ours.sign(draft), ours.nip04Encrypt(other.pubkey, 'x'), ours.nip04Decrypt(other.pubkey, sealed), ours.nip44Encrypt(other.pubkey, 'x'), ours.nip44Decrypt(other.pubkey, 'x')])
    expect(await answer).toEqual(locked)
})

test('T16: nothing that can be read off a signer is its key', () => {
  const secret = generateSecretKey()
  const hex = Buffer.from(secret).toString('hex')
  expect(JSON.stringify(createLocalSigner(new Uint8Array(secret), 'local'))).not.toContain(hex)
})

test('what is no secret key of the curve throws, so that sign-in can say so', () => {
  const order = new Uint8Array(Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex'))
  for (const bytes of [new Uint8Array(32), new Uint8Array(31).fill(1), new Uint8Array(33).fill(1), new Uint8Array(32).fill(255), order])
    expect(() => createLocalSigner(bytes, 'local')).toThrow()
})

test('a text that no peer would take is not encrypted', async () => {
  expect(await signer().nip04Encrypt(other.pubkey, 'x'.repeat(limits.messageContent + 1))).toEqual({ ok: false, error: { code: 'unsupported' } })
})
