import fc from 'fast-check'
import { decrypt, encrypt } from 'nostr-tools/nip04'
import { expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { createVerifier } from '../../../src/nostr/verifier'
import { connectExtension, laterExtension } from '../../../src/nostr/signers/nip07'
import { manualClock } from '../../support/manual-clock'
import { person, signed } from '../../support/signed'

const me = person(3)
const other = person(5)
const verifier = createVerifier()
const draft = { kind: 4, created_at: toSeconds(1_793_610_000), tags: [['p', other.pubkey]], content: 'hello' }
interface Asked { kind: number, created_at: number, tags: string[][], content: string }

/** An extension as people have them; a test replaces what misbehaves. */
const extension = (own: Record<string, unknown> = {}) => ({
  getPublicKey: async (): Promise<unknown> => me.pubkey,
  signEvent: async (event: Asked): Promise<unknown> => signed(event, me),
  nip04: { encrypt: async (to: string, text: string) => encrypt(me.secret, to, text), decrypt: async (from: string, text: string) => decrypt(me.secret, from, text) },
  ...own,
})
const connect = (nostr: unknown, waitMs = 0) => connectExtension({ clock: manualClock(), verifier, page: { nostr }, waitMs })
async function signerOver(own: Record<string, unknown> = {}) {
  const connected = await connect(extension(own))
  if (!connected.ok)
    throw new Error(connected.error.code)
  return connected.value
}
const failed = (code: string) => ({ ok: false, error: { code } })
const throwing = (thrown: unknown) => ({ encrypt: () => Promise.reject(thrown), decrypt: () => Promise.reject(thrown) })

test('an honest extension signs, encrypts and decrypts; without NIP-44 that is said', async () => {
  const signer = await signerOver()
  expect(signer).toMatchObject({ kind: 'nip07', pubkey: me.pubkey, can: { nip04: true, nip44: false } })
  expect(await signer.sign(draft)).toMatchObject({ ok: true, value: { ...draft, pubkey: me.pubkey } })
  const sealed = await signer.nip04Encrypt(other.pubkey, 'hello')
  expect(sealed.ok && decrypt(other.secret, me.pubkey, sealed.value)).toBe('hello')
  expect(await signer.nip04Decrypt(other.pubkey, encrypt(other.secret, me.pubkey, 'back'))).toEqual({ ok: true, value: 'back' })
  expect(await signer.nip44Encrypt(other.pubkey, 'x')).toEqual(failed('unsupported'))
})

test('an extension that appears late is found; without one that is said after three seconds', async () => {
  const page: { nostr?: unknown } = {}
  const clock = manualClock()
  const began = clock.now()
  setTimeout(() => { page.nostr = extension() }, 5)
  expect((await connectExtension({ clock, verifier, page })).ok).toBe(true)
  const empty = manualClock()
  expect(await connectExtension({ clock: empty, verifier, page: {} })).toEqual(failed('unavailable'))
  expect(empty.now() - began).toBeGreaterThanOrEqual(2)
  expect(empty.now() - began).toBeLessThanOrEqual(4)
})

test('T22: an answer that is not exactly what was asked for is refused', async () => {
  const honest = signed({ ...draft, tags: draft.tags }, me)
  const forged: readonly [string, unknown][] = [
    ['another content', signed({ ...draft, content: 'pay me' }, me)],
    ['another receiver', signed({ ...draft, tags: [['p', me.pubkey]] }, me)],
    ['one more tag', signed({ ...draft, tags: [...draft.tags, ['client', 'x']] }, me)],
    ['another time', signed({ ...draft, created_at: draft.created_at + 1 }, me)],
    ['another kind', signed({ ...draft, kind: 1 }, me)],
    ['a signature that fails', { ...honest, sig: honest.sig.replace(/.$/, last => last === '0' ? '1' : '0') }],
    ['an id that is not its hash', { ...honest, id: '0'.repeat(64) }],
    ['content changed after signing', { ...honest, content: 'pay me' }],
    ['no event', 'signed!'], ['nothing', undefined], ['null', null], ['no signature', { ...honest, sig: undefined }],
  ]
  for (const [name, answer] of forged)
    expect(await (await signerOver({ signEvent: async () => answer })).sign(draft), name).toEqual(failed('bad-answer'))
  expect(await (await signerOver({ signEvent: async () => honest })).sign(draft)).toMatchObject({ ok: true, value: { id: honest.id } })
})

test('the account was changed in the extension: neither signed as somebody else, nor are our messages called unreadable', async () => {
  let account = me
  const signer = await signerOver({
    getPublicKey: async () => account.pubkey,
    signEvent: async (event: Asked) => signed(event, account),
    nip04: {
      encrypt: async () => 'x',
      decrypt: async (from: string, text: string) => {
        if (account !== me)
          throw new Error('invalid padding')
        return decrypt(account.secret, from, text)
      },
    },
  })
  account = person(9)
  expect(await signer.sign(draft)).toEqual(failed('wrong-account'))
  const sealed = encrypt(other.secret, me.pubkey, 'back')
  expect(await signer.nip04Decrypt(other.pubkey, sealed)).toEqual(failed('wrong-account'))
})

test('a refusal is a refusal in whatever words', async () => {
  const refusals = [new Error('User rejected'), new Error('nos2x: denied'), 'cancelled', { message: 'Prompt was closed' }, undefined, '']
  for (const thrown of refusals) {
    const no = { getPublicKey: async () => me.pubkey, signEvent: () => Promise.reject(thrown), nip04: throwing(thrown) }
    const signer = await signerOver(no)
    expect(await signer.sign(draft)).toEqual(failed('declined'))
    expect(await signer.nip04Encrypt(other.pubkey, 'x')).toEqual(failed('declined'))
    expect(await signer.nip04Decrypt(other.pubkey, 'x')).toEqual(failed('declined'))
    expect(await connect(extension({ getPublicKey: () => Promise.reject(thrown) }))).toEqual(failed('declined'))
  }
})

test('T20: no failing cipher is taken for a refusal, whatever the sender made it fail with', async () => {
  const failures = [new DOMException('', 'OperationError'), new TypeError('The encoded data was not valid for encoding utf-8'), new Error('Malformed UTF-8 data'),
    new Error('aes-(cbc/ecb).decrypt ciphertext should consist of blocks with size 16'), new Error('nos2x: aes/cbc: wrong padding'), new Error('bad MAC'), 'Unknown letter: "~"']
  for (const thrown of failures)
    expect(await (await signerOver({ nip04: throwing(thrown) })).nip04Decrypt(other.pubkey, 'x'), String(thrown)).toEqual(failed('decrypt'))
})

test('locked, asleep, and without the method: each has its name', async () => {
  const codeOf = async (text: string) => (await signerOver({ signEvent: () => Promise.reject(new Error(text)) })).sign(draft)
  expect(await codeOf('Wallet is locked')).toEqual(failed('locked'))
  expect(await codeOf('Please unlock your keys')).toEqual(failed('locked'))
  expect(await codeOf('Could not establish connection. Receiving end does not exist.')).toEqual(failed('unavailable'))
  expect(await codeOf('Extension context invalidated.')).toEqual(failed('unavailable'))
  expect(await codeOf('method not supported')).toEqual(failed('unsupported'))
})

test('a key that is no key, and ciphers that answer no text, are bad answers', async () => {
  for (const key of [undefined, '', me.pubkey.toUpperCase(), `${me.pubkey}0`, { pubkey: me.pubkey }])
    expect(await connect(extension({ getPublicKey: async () => key }))).toEqual(failed('bad-answer'))
  const signer = await signerOver({ nip04: { encrypt: async () => ({}), decrypt: async () => undefined } })
  expect(await signer.nip04Encrypt(other.pubkey, 'x')).toEqual(failed('bad-answer'))
  expect(await signer.nip04Decrypt(other.pubkey, 'x')).toEqual(failed('bad-answer'))
})

test('closed: the extension is not asked any more', async () => {
  let asked = 0
  const count = async () => { asked++ }
  const signer = await signerOver({ signEvent: count, nip04: { encrypt: count, decrypt: count } })
  signer.close()
  expect(await Promise.all([signer.sign(draft), signer.nip04Encrypt(other.pubkey, 'x'), signer.nip04Decrypt(other.pubkey, 'x')])).toEqual([failed('locked'), failed('locked'), failed('locked')])
  expect(asked).toBe(0)
})

test('a known account: nobody is asked before there is something to do; another account, or none yet, has its name and may come right', async () => {
  let account = me
  let asked = 0
  const page: { nostr?: unknown } = {}
  const signer = laterExtension(me.pubkey, { clock: manualClock(), verifier, page, waitMs: 0 })
  expect(await signer.sign(draft)).toEqual(failed('unavailable'))
  page.nostr = extension({ getPublicKey: async () => { asked++; return account.pubkey }, signEvent: async (event: Asked) => signed(event, account) })
  expect([signer.can, asked]).toEqual([{ nip04: true, nip44: false }, 0])
  account = person(9)
  expect(await signer.sign(draft)).toEqual(failed('wrong-account'))
  account = me
  expect(await signer.sign(draft)).toMatchObject({ ok: true, value: { pubkey: me.pubkey } })
  expect(await signer.nip44Encrypt(other.pubkey, 'x')).toEqual(failed('unsupported'))
  signer.close()
  expect(await signer.sign(draft)).toEqual(failed('locked'))
})

test('whatever an extension answers or throws, a value comes back', async () => {
  await fc.assert(fc.asyncProperty(fc.anything(), fc.boolean(), async (thing, throws) => {
    const answer = () => throws ? Promise.reject(thing) : Promise.resolve(thing)
    const signer = await signerOver({ signEvent: answer, nip04: { encrypt: answer, decrypt: answer } })
    expect((await signer.sign(draft)).ok).toBe(false)
    expect((await signer.nip04Decrypt(other.pubkey, 'x')).ok).toBe(!throws && typeof thing === 'string')
  }), { numRuns: 300 })
})

test('an extension that hangs ends after its time as one that is away, and never as a no', async () => {
  const never = (): Promise<never> => new Promise(() => undefined)
  const clock = manualClock()
  const connected = await connectExtension({ clock, verifier, page: { nostr: extension({ signEvent: never, nip04: { encrypt: never, decrypt: never } }) } })
  if (!connected.ok)
    throw new Error(connected.error.code)
  const answers = [connected.value.nip04Decrypt(other.pubkey, 'x'), connected.value.nip04Encrypt(other.pubkey, 'x'), connected.value.sign(draft)]
  await clock.advance(200)
  expect(await Promise.all(answers)).toEqual(answers.map(() => failed('unavailable')))
})
