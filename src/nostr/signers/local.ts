import { schnorr } from '@noble/curves/secp256k1.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { EventId, Pubkey } from '../../domain/brand'
import { hashEvent } from '../../domain/protocol/event-shape'
import { limits } from '../../domain/limits'
import type { Result } from '../../domain/result'
import { err, ok } from '../../domain/result'
import type { Signer, SignerError } from '../../ports/signer'
import { openNip04 } from '../nip04'

const failed = (code: SignerError['code']): Result<never, SignerError> => err({ code })
/** Each gift wrap comes with a key of its own, used once: those of people must not go for them. */
const MOST_CONVERSATIONS = 2_000

/**
 * A key in memory, only while unlocked (T16). Takes over the bytes and wipes them when closed.
 * @throws Error where the bytes are no secret key of the curve.
 */
export function createLocalSigner(secret: Uint8Array, kind: 'local' | 'guest' = 'local'): Signer {
  const pubkey = bytesToHex(schnorr.getPublicKey(secret)) as Pubkey
  const nip04 = openNip04(secret)
  const conversations = new Map<Pubkey, Uint8Array>()
  let open = true

  async function nip44(other: Pubkey, work: (library: typeof import('nostr-tools/nip44'), key: Uint8Array) => string): Promise<Result<string, SignerError>> {
    if (!open)
      return failed('locked')
    const library = await import('nostr-tools/nip44')
    // Closed meanwhile: the key is gone.
    if (!open)
      return failed('locked')
    try {
      return ok(work(library, conversation(library, other)))
    }
    catch (thrown) {
      if (thrown instanceof Error)
        return failed('decrypt')
      throw thrown
    }
  }

  function conversation(library: typeof import('nostr-tools/nip44'), other: Pubkey): Uint8Array {
    const known = conversations.get(other)
    const key = known ?? library.getConversationKey(secret, other)
    // The latest used is the last to go.
    conversations.delete(other)
    const [oldest] = conversations.keys()
    if (conversations.size >= MOST_CONVERSATIONS && oldest !== undefined)
      conversations.delete(oldest)
    conversations.set(other, key)
    return key
  }

  return {
    kind,
    pubkey,
    can: { nip04: true, nip44: true },
    async sign(event) {
      if (!open)
        return failed('locked')
      const id = hashEvent({ ...event, pubkey }) as EventId
      return ok({ id, pubkey, created_at: event.created_at, kind: event.kind, tags: event.tags, content: event.content, sig: bytesToHex(schnorr.sign(hexToBytes(id), secret)) })
    },
    async nip04Encrypt(to, plaintext) {
      if (!open)
        return failed('locked')
      if (plaintext.length > limits.messageContent)
        return failed('unsupported')
      return nip04.encrypt(to, plaintext).then(ok, (thrown: unknown) => {
        if (thrown instanceof Error)
          return failed('bad-answer')
        throw thrown
      })
    },
    nip04Decrypt: async (from, ciphertext) => open ? nip04.decrypt(from, ciphertext) : failed('locked'),
    nip44Encrypt: (to, plaintext) => nip44(to, (library, key) => library.encrypt(plaintext, key)),
    nip44Decrypt: (from, ciphertext) => nip44(from, (library, key) => library.decrypt(ciphertext, key)),
    close() {
      open = false
      secret.fill(0)
      nip04.close()
      for (const key of conversations.values())
        key.fill(0)
      conversations.clear()
    },
  }
}
