import { schnorr } from '@noble/curves/secp256k1.js'
import type { Pubkey, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import type { NostrEvent, OpenedMessage, Rumor } from '../domain/protocol/event'
import { readRumor, readSeal, readWrap, type GiftWrapError } from '../domain/protocol/gift-wrap'
import { kinds } from '../domain/protocol/event'
import { err, ok, type Result } from '../domain/result'
import type { Signer, SignerError } from '../ports/signer'
import { createLocalSigner } from './signers/local'

/**
 * Opens a gift wrap (NIP-59) whose own signature was checked: two decryptions by whoever holds the key, and the seal's
 * signature between them, so that a forged seal costs no second round trip.
 */
export async function openGiftWrap(event: NostrEvent, signer: Pick<Signer, 'pubkey' | 'nip44Decrypt'>, check: (seal: NostrEvent) => Promise<boolean>): Promise<Result<OpenedMessage, GiftWrapError | SignerError>> {
  const wrap = readWrap(event, signer.pubkey)
  if (!wrap.ok)
    return wrap
  const outer = await signer.nip44Decrypt(wrap.value.counterparty, event.content)
  if (!outer.ok)
    return outer
  const seal = readSeal(outer.value)
  if (!seal.ok)
    return seal
  if (!await check(seal.value))
    return err({ code: 'seal-sig' })
  const inner = await signer.nip44Decrypt(seal.value.pubkey, seal.value.content)
  if (!inner.ok)
    return inner
  const opened = readRumor(inner.value, seal.value, signer.pubkey)
  return opened.ok ? ok({ ...opened.value, carrier: event.id, carriedAt: event.created_at }) : opened
}

/** NIP-59: seal and wrap bear any time of the last two days, so that nobody learns when they were written. */
const BACK_SECONDS = 2 * 24 * 3_600

/**
 * Seals a rumor for one reader and wraps the seal with a key made for it alone (NIP-59). Asks the signer twice: to encrypt, and
 * to sign the seal. @param chance 0…1, anew at each call
 */
export async function wrapRumor(rumor: Rumor, to: Pubkey, signer: Pick<Signer, 'nip44Encrypt' | 'sign'>, now: Seconds, chance: () => number): Promise<Result<NostrEvent, SignerError>> {
  const someTime = (): Seconds => toSeconds(now - Math.floor(chance() * BACK_SECONDS))
  const inner = await signer.nip44Encrypt(to, JSON.stringify(rumor))
  if (!inner.ok)
    return inner
  const seal = await signer.sign({ kind: kinds.seal, created_at: someTime(), tags: [], content: inner.value })
  if (!seal.ok)
    return seal
  const once = createLocalSigner(schnorr.utils.randomSecretKey())
  const outer = await once.nip44Encrypt(to, JSON.stringify(seal.value))
  const wrap = outer.ok ? await once.sign({ kind: kinds.giftWrap, created_at: someTime(), tags: [['p', to]], content: outer.value }) : outer
  once.close()
  return wrap
}
