import type { Address, Pubkey } from '../brand'
import { isPubkey } from '../brand'

export interface AddressParts { readonly kind: number, readonly author: Pubkey, readonly id: string }

/** `kind:pubkey:d`, as `a` tags have it (NIP-01). */
export const toAddress = (kind: number, author: Pubkey, id: string): Address => `${kind}:${author}:${id}` as Address

/** null for anything that is no address of an addressable event. The `d` part may hold colons. */
export function parseAddress(text: string): AddressParts | null {
  const match = /^(\d{1,5}):([0-9a-f]{64}):([\s\S]*)$/.exec(text)
  const author = match?.[2]
  return match !== null && isPubkey(author) ? { kind: Number(match[1]), author, id: match[3] ?? '' } : null
}
