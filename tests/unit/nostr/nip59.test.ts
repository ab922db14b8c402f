import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { encodeGammaChat, encodeGammaStatus } from '../../../src/domain/protocol/gamma-encode'
import { toRumor } from '../../../src/domain/protocol/gift-wrap'
import { openGiftWrap } from '../../../src/nostr/nip59'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { checkInScript } from '../../../src/nostr/verify'
import { T0 } from '../../support/order-messages'
import { person, signed, type Person } from '../../support/signed'
import { wrapped, type Layers } from '../../support/wraps'

const [shopper, merchant, stranger] = [person(3), person(5), person(7)]
const open = (event: Parameters<typeof openGiftWrap>[0], reader: Person = shopper) => openGiftWrap(event, createLocalSigner(new Uint8Array(reader.secret)), async seal => checkInScript(seal) === 'ok')
const confirmed = (to: Person) => encodeGammaStatus({ orderId: 'order-1', to: to.pubkey, status: 'confirmed', text: '' })
const FROM_MERCHANT: Layers = { from: merchant, to: shopper }

describe('T3, T22: what a wrap must be', () => {
  test('whatever text is wrapped comes out as it was, under the rumor\'s id and time', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2_000 }), fc.nat(1_000), async (text, later) => {
      const at = toSeconds(T0 + later)
      const template = encodeGammaChat({ to: shopper.pubkey, text })
      const { id } = toRumor(template, merchant.pubkey, at)
      const wrap = wrapped(template, { ...FROM_MERCHANT, at })
      expect(await open(wrap)).toEqual({ ok: true, value: { carrier: wrap.id, carriedAt: wrap.created_at, id, author: merchant.pubkey, receiver: shopper.pubkey, sentAt: at, transport: 'nip59', plaintext: text, kind: 14, tags: template.tags } })
    }), { numRuns: 20 })
  })
  test('the copy to oneself is the same message', async () => {
    const template = confirmed(shopper)
    const [sent, copy] = [await open(wrapped(template, FROM_MERCHANT)), await open(wrapped(template, { from: merchant, to: merchant }), merchant)]
    expect(sent.ok).toBe(true)
    expect({ ...copy, value: { ...copy.ok && copy.value, carrier: '' } }).toEqual({ ...sent, value: { ...sent.ok && sent.value, carrier: '' } })
  })
  test.each<[string, Partial<Layers>]>([
    ['seal-author', { sealer: stranger }],
    ['seal-sig', { spoilSeal: seal => ({ ...seal, sig: '1'.repeat(128) }) }],
    ['seal-sig', { spoilSeal: seal => ({ ...seal, created_at: seal.created_at + 1 }) }],
    ['seal-kind', { sealKind: 14 }],
    ['seal-kind', { spoilSeal: () => ({ ...toRumor(confirmed(shopper), merchant.pubkey, toSeconds(T0)) }) }],
    ['seal-shape', { spoilSeal: ({ sig: _sig, ...seal }) => seal }],
    ['seal-shape', { spoilSeal: () => 'a sentence' }],
    ['seal-tags', { sealTags: [['p', shopper.pubkey]] }],
    ['decrypt', { spoilSeal: () => signed({ kind: 13, content: 'bare' }, merchant) }],
    ['rumor-id', { spoilRumor: ({ id: _id, ...rumor }) => rumor }],
    ['rumor-id', { spoilRumor: rumor => ({ ...rumor, content: 'another' }) }],
    ['rumor-shape', { spoilRumor: rumor => ({ ...rumor, tags: [[1]] }) }],
    ['rumor-shape', { spoilRumor: () => [] }],
    ['limit', { spoilRumor: rumor => ({ ...rumor, tags: Array.from({ length: 2_001 }, () => ['p']) }) }],
    ['not-for-us', { p: stranger }],
  ])('%s', async (code, spoilt) => {
    expect(await open(wrapped(confirmed(shopper), { ...FROM_MERCHANT, ...spoilt }))).toEqual({ ok: false, error: { code } })
  })
  test('not-a-party: wrapped to us, addressed to somebody else', async () => {
    expect(await open(wrapped(confirmed(stranger), FROM_MERCHANT))).toEqual({ ok: false, error: { code: 'not-a-party' } })
  })
  test('decrypt: no ciphertext, or one for another key', async () => {
    const good = wrapped(confirmed(shopper), FROM_MERCHANT)
    for (const content of ['', 'hello', 'A'.repeat(132), 'A'.repeat(200_000)])
      expect(await open(signed({ kind: 1059, tags: [['p', shopper.pubkey]], content }, stranger))).toEqual({ ok: false, error: { code: 'decrypt' } })
    expect(await open({ ...good, tags: [['p', merchant.pubkey]] }, merchant)).toEqual({ ok: false, error: { code: 'decrypt' } })
  })
  test('a forged seal costs one decryption, not two', async () => {
    const signer = createLocalSigner(new Uint8Array(shopper.secret))
    let asked = 0
    const counting = { pubkey: signer.pubkey, nip44Decrypt: (...args: Parameters<typeof signer.nip44Decrypt>) => { asked++; return signer.nip44Decrypt(...args) } }
    await openGiftWrap(wrapped(confirmed(shopper), { ...FROM_MERCHANT, spoilSeal: seal => ({ ...seal, sig: '1'.repeat(128) }) }), counting, async seal => checkInScript(seal) === 'ok')
    expect(asked).toBe(1)
  })
})
