import type { NostrEvent, OpenedMessage } from '../domain/protocol/event'
import { readRumor, readSeal, readWrap, type GiftWrapError } from '../domain/protocol/gift-wrap'
import { err, type Result } from '../domain/result'
import type { Signer, SignerError } from '../ports/signer'
import type { SignatureCheck } from './verify'

/**
 * Opens a gift wrap (NIP-59) whose own signature was checked: two decryptions by whoever holds the key, and the seal's
 * signature between them, so that a forged seal costs no second round trip.
 */
export async function openGiftWrap(event: NostrEvent, signer: Pick<Signer, 'pubkey' | 'nip44Decrypt'>, check: SignatureCheck): Promise<Result<OpenedMessage, GiftWrapError | SignerError>> {
  const wrap = readWrap(event, signer.pubkey)
  if (!wrap.ok)
    return wrap
  const outer = await signer.nip44Decrypt(wrap.value.counterparty, event.content)
  if (!outer.ok)
    return outer
  const seal = readSeal(outer.value)
  if (!seal.ok)
    return seal
  if (check(seal.value) !== 'ok')
    return err({ code: 'seal-sig' })
  const inner = await signer.nip44Decrypt(seal.value.pubkey, seal.value.content)
  return inner.ok ? readRumor(inner.value, seal.value, signer.pubkey) : inner
}
