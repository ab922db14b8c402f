import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { base64 } from '@scure/base'
import type { Pubkey } from '../domain/brand'
import { limits } from '../domain/limits'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'

/** AES-256-CBC under the unhashed X of the ECDH point (NIP-04). Authentic only through the event's signature, checked before. */
export interface Nip04 {
  encrypt(to: Pubkey, plaintext: string): Promise<string>
  decrypt(from: Pubkey, content: string): Promise<Result<string, { readonly code: 'decrypt' }>>
  /** Forgets every shared secret. */
  close(): void
}

const FORM = /^([A-Za-z0-9+/]+={0,2})\?iv=([A-Za-z0-9+/]{22}==)$/
/** Base64 of padded text, and the vector behind it. */
const MOST_CHARACTERS = limits.messageContent * 2
/** A shared secret costs a millisecond to find, and nothing to keep. */
const MOST_SECRETS = 500

type Bytes = Uint8Array<ArrayBuffer>

/** @param secret the key itself, not a copy: it goes when its owner wipes it. */
export function openNip04(secret: Uint8Array): Nip04 {
  const keys = new Map<Pubkey, Promise<CryptoKey>>()

  function sharedKey(other: Pubkey): Promise<CryptoKey> {
    const known = keys.get(other)
    if (known)
      return known
    const shared = secp256k1.getSharedSecret(secret, hexToBytes(`02${other}`)).slice(1, 33)
    const key = crypto.subtle.importKey('raw', shared, 'AES-CBC', false, ['encrypt', 'decrypt']).finally(() => shared.fill(0))
    const [oldest] = keys.keys()
    if (keys.size >= MOST_SECRETS && oldest !== undefined)
      keys.delete(oldest)
    keys.set(other, key)
    return key
  }

  return {
    async encrypt(to, plaintext) {
      if (!hasWebCrypto())
        return (await import('nostr-tools/nip04')).encrypt(secret, to, plaintext)
      const iv = crypto.getRandomValues(new Uint8Array(16))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, await sharedKey(to), new TextEncoder().encode(plaintext))
      return `${base64.encode(new Uint8Array(sealed))}?iv=${base64.encode(iv)}`
    },
    async decrypt(from, content) {
      const form = content.length <= MOST_CHARACTERS ? FORM.exec(content) : null
      if (form === null)
        return err({ code: 'decrypt' })
      try {
        if (!hasWebCrypto())
          return ok((await import('nostr-tools/nip04')).decrypt(secret, from, content))
        const opened = await crypto.subtle.decrypt({ name: 'AES-CBC', iv: bytesOf(form[2]) }, await sharedKey(from), bytesOf(form[1]))
        return ok(new TextDecoder('utf-8', { fatal: true }).decode(opened))
      }
      catch (thrown) {
        // Wrong padding, no UTF-8, no base64, a key that is no point: nothing here is readable.
        if (thrown instanceof Error)
          return err({ code: 'decrypt' })
        throw thrown
      }
    },
    close: () => keys.clear(),
  }
}

/** A page that is not served securely has none. */
const hasWebCrypto = (): boolean => typeof crypto !== 'undefined' && typeof crypto.subtle === 'object'

const bytesOf = (text = ''): Bytes => new Uint8Array(base64.decode(text))
