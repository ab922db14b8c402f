import type { EventId } from '../brand'
import { isEventId } from '../brand'

/** A frame from a relay (NIP-01, NIP-42, NIP-67, NIP-77). The event is still unchecked. */
export type RelayFrame =
  | { readonly type: 'event', readonly subscription: string, readonly event: unknown }
  | { readonly type: 'ok', readonly id: EventId, readonly stored: boolean, readonly text: string }
  /** `complete`: NIP-67 `finish` / `more`; null when the relay did not say. */
  | { readonly type: 'eose', readonly subscription: string, readonly complete: boolean | null }
  | { readonly type: 'closed', readonly subscription: string, readonly text: string }
  | { readonly type: 'notice', readonly text: string }
  | { readonly type: 'auth', readonly challenge: string }
  /** NIP-77; null: the relay gives up (NEG-ERR). */
  | { readonly type: 'reconcile', readonly subscription: string, readonly message: string | null }

/** null: not a frame we know; counted and dropped. */
export function readFrame(value: unknown): RelayFrame | null {
  if (!Array.isArray(value))
    return null
  const [name, first, second, third] = value as readonly unknown[]
  if (typeof first !== 'string' || first.length > 16_384)
    return null
  switch (name) {
    case 'EVENT':
      return typeof second === 'object' && second !== null ? { type: 'event', subscription: first, event: second } : null
    case 'OK':
      return isEventId(first) && typeof second === 'boolean' ? { type: 'ok', id: first, stored: second, text: typeof third === 'string' ? third : '' } : null
    case 'EOSE':
      return { type: 'eose', subscription: first, complete: readHint(second) }
    case 'CLOSED':
      return { type: 'closed', subscription: first, text: typeof second === 'string' ? second : '' }
    case 'NOTICE':
      return { type: 'notice', text: first }
    case 'AUTH':
      return { type: 'auth', challenge: first }
    case 'NEG-MSG':
      return typeof second === 'string' && /^(?:[0-9a-f]{2})+$/i.test(second) ? { type: 'reconcile', subscription: first, message: second } : null
    case 'NEG-ERR':
    case 'NEG-CLOSE':
      return { type: 'reconcile', subscription: first, message: null }
    default:
      return null
  }
}

function readHint(hints: unknown): boolean | null {
  const hint: unknown = Array.isArray(hints) ? hints[0] : hints
  return hint === 'finish' ? true : hint === 'more' ? false : null
}

/** What to do after an OK or CLOSED (transport.md §1). `pow` carries the bits asked for, 0 when none is named. */
export type AnswerClass =
  | { readonly type: 'stored' | 'retry-later' | 'authenticate-then-repeat' | 'give-up-relay' | 'give-up-bytes' | 'simplify-filter' | 'nobody-listens' }
  | { readonly type: 'pow', readonly bits: number }

/** @param stored the flag of an OK; false for CLOSED. */
export function classifyAnswer(stored: boolean, text: string): AnswerClass {
  if (stored)
    return { type: 'stored' }
  switch (/^([a-z-]+):/.exec(text)?.[1]) {
    case 'duplicate':
      return { type: 'stored' }
    case 'pow':
      return { type: 'pow', bits: Number(/\d+/.exec(text)?.[0] ?? 0) }
    case 'blocked':
    case 'restricted':
      return { type: 'give-up-relay' }
    case 'auth-required':
      return { type: 'authenticate-then-repeat' }
    case 'invalid':
      return { type: 'give-up-bytes' }
    case 'mute':
      return { type: 'nobody-listens' }
    case 'unsupported':
      return { type: 'simplify-filter' }
    default:
      return { type: 'retry-later' }
  }
}
