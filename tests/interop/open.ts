/** From a raw event of a relay to an opened message: the checks that the product's transport makes. */
import { schnorr } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { decrypt } from 'nostr-tools/nip04'
import { decrypt as decrypt44, getConversationKey } from 'nostr-tools/nip44'
import type { Pubkey } from '../../src/domain/brand'
import { readRumor, readSeal, readWrap } from '../../src/domain/protocol/gift-wrap'
import type { NostrEvent, OpenedMessage } from '../../src/domain/protocol/event'
import { readDirectMessage } from '../../src/domain/protocol/direct-message'
import { idHolds, readEvent } from '../../src/domain/protocol/event-shape'
import { err, ok, type Result } from '../../src/domain/result'
import type { Person } from './fixture-set'

export type Refusal = { readonly reason: string }

/** Shape, id and signature (transport.md §7). */
export function verifiedEvent(raw: unknown): Result<NostrEvent, Refusal> {
  const event = readEvent(raw)
  if (!event.ok)
    return err({ reason: event.error.code })
  if (!idHolds(event.value))
    return err({ reason: 'bad-id' })
  return isSigned(event.value) ? event : err({ reason: 'bad-sig' })
}

const isSigned = ({ sig, id, pubkey }: NostrEvent): boolean => schnorr.verify(hexToBytes(sig), hexToBytes(id), hexToBytes(pubkey))

/** @param reader whose device this is */
export function openDirect(event: NostrEvent, reader: Person): Result<OpenedMessage, Refusal> {
  const sides = readDirectMessage(event, reader.pubkey)
  if (!sides.ok)
    return err({ reason: sides.error.code })
  const plaintext = attempted(() => decrypt(reader.secret, sides.value.counterparty, event.content))
  return plaintext === null
    ? err({ reason: 'decrypt' })
    : ok({ id: event.id, author: event.pubkey, receiver: sides.value.receiver, sentAt: event.created_at, transport: 'nip04', plaintext })
}

/** Layer by layer, as src/nostr/nip59.ts does it with a signer. */
export function openWrap(event: NostrEvent, reader: Person): Result<OpenedMessage, Refusal> {
  const layer = (from: Pubkey, content: string) => attempted(() => decrypt44(content, getConversationKey(hexToBytes(reader.secret), from)))
  const wrap = readWrap(event, reader.pubkey)
  if (!wrap.ok)
    return err({ reason: wrap.error.code })
  const outer = layer(wrap.value.counterparty, event.content)
  const seal = outer === null ? null : readSeal(outer)
  if (seal === null || !seal.ok)
    return err({ reason: seal?.error.code ?? 'decrypt' })
  if (!isSigned(seal.value))
    return err({ reason: 'seal-sig' })
  const inner = layer(seal.value.pubkey, seal.value.content)
  const opened = inner === null ? null : readRumor(inner, seal.value, reader.pubkey)
  return opened?.ok === true ? opened : err({ reason: opened?.error.code ?? 'decrypt' })
}

function attempted(decrypt: () => string): string | null {
  try {
    return decrypt()
  }
  catch {
    // A wrong key or a damaged text: the message is not opened.
    return null
  }
}
