import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import type { Pubkey, RelayUrl } from '../../src/domain/brand'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { readEvent } from '../../src/domain/protocol/event-shape'
import { normalizeRelayUrl } from '../../src/domain/protocol/relay-url'

export interface Person { readonly secret: Uint8Array, readonly pubkey: Pubkey }

export function person(fill?: number): Person {
  const secret = fill === undefined ? generateSecretKey() : new Uint8Array(32).fill(fill)
  return { secret, pubkey: getPublicKey(secret) as Pubkey }
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000)

/** A really signed event, as it would come out of a frame: nothing of the library's marks is left on it. */
export function signed(event: { kind?: number, created_at?: number, tags?: string[][], content?: string }, by: Person): NostrEvent {
  const made = finalizeEvent({ kind: 1, created_at: nowSeconds(), tags: [], content: '', ...event }, by.secret)
  const read = readEvent(JSON.parse(JSON.stringify(made)))
  if (!read.ok)
    throw new TypeError('not an event')
  return read.value
}

export function relayUrl(text: string): RelayUrl {
  const url = normalizeRelayUrl(text)
  if (url === null)
    throw new TypeError('not a relay')
  return url
}

export async function until(holds: () => boolean, what: string, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; !holds();) {
    if (Date.now() > end)
      throw new Error(`not in time: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
