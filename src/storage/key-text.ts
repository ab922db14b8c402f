import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { decode, nsecEncode } from 'nostr-tools/nip19'
import { isHex32 } from '../domain/brand'

/** What a person pasted as a key, by its look. Nothing is checked beyond the form. */
export type KeyText =
  | { readonly form: 'secret', readonly secret: Uint8Array<ArrayBuffer> }
  | { readonly form: 'ncryptsec', readonly text: string }
  | { readonly form: 'words', readonly words: string }

export function readKeyText(pasted: string): KeyText | null {
  const text = pasted.trim().replace(/\s+/g, ' ')
  const plain = text.toLowerCase().replace(/^nostr:/, '')
  if (isHex32(plain))
    return { form: 'secret', secret: new Uint8Array(hexToBytes(plain)) }
  if (plain.startsWith('ncryptsec1'))
    return { form: 'ncryptsec', text: plain }
  if (plain.startsWith('nsec1'))
    return fromNsec(plain)
  const count = text.split(' ').length
  return count === 12 || count === 24 ? { form: 'words', words: plain } : null
}

function fromNsec(text: string): KeyText | null {
  try {
    const decoded = decode(text)
    return decoded.type === 'nsec' ? { form: 'secret', secret: new Uint8Array(decoded.data) } : null
  }
  catch (thrown) {
    // The codec throws plain errors for a bad checksum or length.
    if (thrown instanceof Error)
      return null
    throw thrown
  }
}

export const toNsec = (secret: Uint8Array): string => nsecEncode(secret)
export const toHex = (secret: Uint8Array): string => bytesToHex(secret)
