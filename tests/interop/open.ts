/** From a raw event of a relay to an opened message: the checks that the product's transport makes. */
import { schnorr } from '@noble/curves/secp256k1.js'
import { hexToBytes } from '@noble/hashes/utils.js'
import { decrypt } from 'nostr-tools/nip04'
import type { Pubkey } from '../../src/domain/brand'
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
  const { sig, id, pubkey } = event.value
  return schnorr.verify(hexToBytes(sig), hexToBytes(id), hexToBytes(pubkey)) ? event : err({ reason: 'bad-sig' })
}

/** @param reader whose device this is */
export function openDirect(event: NostrEvent, reader: Person): Result<OpenedMessage, Refusal> {
  const sides = readDirectMessage(event, reader.pubkey)
  if (!sides.ok)
    return err({ reason: sides.error.code })
  const plaintext = decrypted(reader.secret, sides.value.counterparty, event.content)
  return plaintext === null
    ? err({ reason: 'decrypt' })
    : ok({ id: event.id, author: event.pubkey, receiver: sides.value.receiver, sentAt: event.created_at, transport: 'nip04', plaintext })
}

function decrypted(secret: string, counterparty: Pubkey, content: string): string | null {
  try {
    return decrypt(secret, counterparty, content)
  }
  catch {
    // A wrong key or a damaged text: the message is not opened.
    return null
  }
}
