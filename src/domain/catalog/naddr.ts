import type { Address, RelayUrl } from '../brand'
import type { Result } from '../result'
import { decode, naddrEncode } from 'nostr-tools/nip19'
import { isPubkey } from '../brand'
import { kinds } from '../protocol/event'
import { normalizeRelayUrl } from '../protocol/relay-url'
import { err, ok } from '../result'
import { parseAddress, toAddress } from './address'

/** How a stall or product is linked (NIP-19), with up to three relays where it was seen. '' for a broken address. */
export function toNaddr(address: Address, relays: readonly RelayUrl[] = []): string {
  const parts = parseAddress(address)
  return parts === null ? '' : naddrEncode({ kind: parts.kind, pubkey: parts.author, identifier: parts.id, relays: relays.slice(0, 3) })
}

/** `not-an-address`: damaged or another thing of NIP-19; `other-kind`: neither stall nor product. */
export function fromNaddr(text: string): Result<{ readonly address: Address, readonly relays: readonly RelayUrl[] }, { readonly code: 'not-an-address' | 'other-kind' }> {
  const data = decoded(text)
  if (data === null || !isPubkey(data.pubkey))
    return err({ code: 'not-an-address' })
  if (!isShown(data))
    return err({ code: 'other-kind' })
  const relays = (data.relays ?? []).map(normalizeRelayUrl).filter(url => url !== null).slice(0, 3)
  return ok({ address: toAddress(data.kind, data.pubkey, data.identifier), relays })
}

/** A stall or product of either dialect; of NIP-99 merchants the profile stands for the stall (docs/decisions/0010). */
const isShown = ({ kind, identifier }: { readonly kind: number, readonly identifier: string }): boolean =>
  kind === kinds.stall || kind === kinds.product || kind === kinds.gammaProduct || (kind === kinds.profile && identifier === '')

function decoded(text: string): { readonly kind: number, readonly pubkey: string, readonly identifier: string, readonly relays?: string[] } | null {
  if (!/^naddr1[02-9ac-hj-np-z]{20,2000}$/.test(text))
    return null
  try {
    const result = decode(text)
    return result.type === 'naddr' ? result.data : null
  }
  catch {
    // The library throws on a bad checksum or length: the text's fault, and an answer here.
    return null
  }
}
