import type { StorageError } from '../ports/journal'
import type { Result } from '../domain/result'
import { err, ok } from '../domain/result'
import { fromBase64, toBase64 } from './base64'

const IV_BYTES = 12
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** AES-256-GCM; the result is base64 of a fresh random IV followed by the ciphertext and its tag. */
export async function sealBytes(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes))
  const joined = new Uint8Array(IV_BYTES + sealed.length)
  joined.set(iv)
  joined.set(sealed, IV_BYTES)
  return toBase64(joined)
}

/** `null`: not sealed with this key, or damaged. */
export async function unsealBytes(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const joined = fromBase64(text)
  if (!joined || joined.length <= IV_BYTES)
    return null
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: joined.subarray(0, IV_BYTES) }, key, joined.subarray(IV_BYTES)))
  }
  catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'OperationError')
      return null
    throw thrown
  }
}

export const sealJson = (key: CryptoKey, value: unknown): Promise<string> =>
  sealBytes(key, encoder.encode(JSON.stringify(value)))

export async function unsealJson(key: CryptoKey, text: string): Promise<Result<unknown, StorageError>> {
  const bytes = await unsealBytes(key, text)
  if (!bytes)
    return err({ code: 'storage-corrupt' })
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    return ok(value)
  }
  catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof TypeError)
      return err({ code: 'storage-corrupt' })
    throw thrown
  }
}
