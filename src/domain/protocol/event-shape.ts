import type { Result } from '../result'
import type { NostrEvent } from './event'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { isEventId, isHex32, isPubkey, isSeconds } from '../brand'
import { limits } from '../limits'
import { err, ok } from '../result'
import { isRecord } from './json'

export type ShapeError = { readonly code: 'event-shape' | 'limit' }

const SIGNATURE = /^[0-9a-f]{128}$/

/** Shape and size of a signed event (NIP-01, transport.md §7). Says nothing of its id or signature. */
export function readEvent(value: unknown): Result<NostrEvent, ShapeError> {
  if (!isRecord(value))
    return err({ code: 'event-shape' })
  const { id, pubkey, created_at: at, kind, tags, content, sig } = value
  if (!isEventId(id) || !isPubkey(pubkey) || !isSeconds(at) || !isKind(kind) || typeof content !== 'string' || typeof sig !== 'string' || !SIGNATURE.test(sig))
    return err({ code: 'event-shape' })
  const checked = readTags(tags)
  if (!checked.ok)
    return checked
  if (content.length > limits.listingContent)
    return err({ code: 'limit' })
  return ok({ id, pubkey, created_at: at, kind, tags: checked.value, content, sig })
}

const isKind = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535

export function readTags(value: unknown): Result<readonly (readonly string[])[], ShapeError> {
  if (!Array.isArray(value))
    return err({ code: 'event-shape' })
  if (value.length > limits.tags)
    return err({ code: 'limit' })
  for (const tag of value as readonly unknown[]) {
    if (!Array.isArray(tag) || !tag.every(part => typeof part === 'string'))
      return err({ code: 'event-shape' })
    if (tag.length > limits.tagElements || tag.some(part => part.length > limits.tagValue))
      return err({ code: 'limit' })
  }
  return ok(value as readonly (readonly string[])[])
}

/** NIP-01: SHA-256 over `[0,pubkey,created_at,kind,tags,content]`; JSON.stringify escapes exactly as the spec wants. */
export function hashEvent(event: { readonly pubkey: string, readonly created_at: number, readonly kind: number, readonly tags: readonly (readonly string[])[], readonly content: string }): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([0, event.pubkey, event.created_at, event.kind, event.tags, event.content]))))
}

export const idHolds = (event: NostrEvent): boolean => isHex32(event.id) && hashEvent(event) === event.id

/** First value of a tag; '' when it is missing. */
export const tagValue = (event: { readonly tags: readonly (readonly string[])[] }, name: string): string => event.tags.find(tag => tag[0] === name)?.[1] ?? ''

export const tagValues = (event: { readonly tags: readonly (readonly string[])[] }, name: string): readonly string[] =>
  event.tags.flatMap(tag => tag[0] === name && tag[1] !== undefined ? [tag[1]] : [])
