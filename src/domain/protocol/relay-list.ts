import type { RelayUrl, Seconds } from '../brand'
import type { NostrEvent } from './event'
import { toSeconds } from '../brand'
import { limits } from '../limits'
import { normalizeRelayUrl } from './relay-url'

const distinct = (texts: readonly (string | undefined)[], most: number = limits.strangerRelays): readonly RelayUrl[] =>
  [...new Set(texts.slice(0, limits.relayListEntries).map(normalizeRelayUrl).filter(url => url !== null))].slice(0, most)

/** Private inbox relays (NIP-17, kind 10050). @param most the rest of the list is ignored */
export const readInboxRelays = (event: Pick<NostrEvent, 'tags'>, most?: number): readonly RelayUrl[] =>
  distinct(event.tags.filter(tag => tag[0] === 'relay').map(tag => tag[1]), most)

export interface RelayList { readonly read: readonly RelayUrl[], readonly write: readonly RelayUrl[] }

/** NIP-65, kind 10002. An unknown marker drops the entry. @param most the rest of each half is ignored */
export function readRelayList(event: Pick<NostrEvent, 'tags'>, most?: number): RelayList {
  const entries = event.tags.filter(tag => tag[0] === 'r')
  const marked = (mark: string) => distinct(entries.filter(tag => tag[2] === undefined || tag[2] === '' || tag[2] === mark).map(tag => tag[1]), most)
  return { read: marked('read'), write: marked('write') }
}

export interface Reach { readonly inboxRelays: readonly string[] | null, readonly readRelays: readonly string[], readonly seenOn: readonly string[] }

/**
 * Where a person's private messages go (transport.md §4): their inbox relays alone; without any, their read relays; without
 * those, where their listings were seen. `shown` is what the interface says of it.
 */
export function relaysForRecipient({ inboxRelays, readRelays, seenOn }: Reach): { readonly relays: readonly RelayUrl[], readonly shown: 'inbox relays' | 'public relays' } {
  const inbox = distinct(inboxRelays ?? [])
  if (inbox.length > 0)
    return { relays: inbox, shown: 'inbox relays' }
  const read = distinct(readRelays)
  return { relays: read.length > 0 ? read : distinct(seenOn), shown: 'public relays' }
}

/** Wraps carry random times up to two days back (NIP-59): never ask later than that; we take three days. */
export const wrapSince = (lastSeenWrap: Seconds): Seconds => toSeconds(Math.max(0, lastSeenWrap - 3 * 24 * 3600))
