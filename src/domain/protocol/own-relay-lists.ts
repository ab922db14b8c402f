import type { RelayUrl, Seconds } from '../brand'
import { limits } from '../limits'
import type { Result } from '../result'
import { err, ok } from '../result'
import { toSeconds } from '../brand'
import type { NostrEvent, UnsignedEvent } from './event'
import { kinds } from './event'
import { readInboxRelays, readRelayList } from './relay-list'
import { isLoopbackRelay } from './relay-url'

/** What a person uses one relay for: others find them by `write`, notify them by `read` (NIP-65), and write privately to `inbox` (NIP-17). */
export interface RelayUse { readonly read: boolean, readonly write: boolean, readonly inbox: boolean }
export interface RelayChoice { readonly url: RelayUrl, readonly use: RelayUse }

/** What an account has published. null: no such list; an empty one names no relay that can be used. */
export interface PublishedLists {
  readonly general: { readonly read: readonly RelayUrl[], readonly write: readonly RelayUrl[] } | null
  readonly inbox: readonly RelayUrl[] | null
}

/** `no-public-relay`: all of them lie on this very machine, where nobody else finds them. */
export type RelayListError = { readonly code: 'no-public-relay' | 'no-inbox' }

/** Newest of each kind: greater time, then the smaller id. */
export interface OwnListEvents { readonly general: NostrEvent | null, readonly inbox: NostrEvent | null }

export function readPublished({ general, inbox }: OwnListEvents): PublishedLists {
  return {
    general: general === null ? null : readRelayList(general, limits.relayListEntries),
    inbox: inbox === null ? null : readInboxRelays(inbox, limits.relayListEntries),
  }
}

/** What would be published. @param loopback a sandbox, whose relays are on this machine */
export function wantedLists(choices: readonly RelayChoice[], loopback: boolean): Result<PublishedLists & { readonly general: object, readonly inbox: readonly RelayUrl[] }, RelayListError> {
  const usable = choices.filter(({ url }) => loopback || !isLoopbackRelay(url))
  const named = (which: keyof RelayUse): readonly RelayUrl[] => usable.filter(({ use }) => use[which]).map(({ url }) => url)
  const lists = { general: { read: named('read'), write: named('write') }, inbox: named('inbox') }
  if (lists.general.read.length === 0 || lists.general.write.length === 0)
    return err({ code: 'no-public-relay' })
  return lists.inbox.length === 0 ? err({ code: 'no-inbox' }) : ok(lists)
}

const sameSet = (one: readonly RelayUrl[], other: readonly RelayUrl[]): boolean => one.length === other.length && one.every(url => other.includes(url))

/** Whatever sequence they stand in. */
export const sameGeneral = (one: PublishedLists['general'], other: PublishedLists['general']): boolean =>
  one === null || other === null ? one === other : sameSet(one.read, other.read) && sameSet(one.write, other.write)
export const sameInbox = (one: PublishedLists['inbox'], other: PublishedLists['inbox']): boolean =>
  one === null || other === null ? one === other : sameSet(one, other)

/** Newer than what is out there, whatever our clock says. */
const stampAfter = (former: NostrEvent | null, now: Seconds): Seconds => toSeconds(Math.max(now, (former?.created_at ?? 0) + 1))
const kept = (former: NostrEvent | null, name: string): readonly (readonly string[])[] => former?.tags.filter(tag => tag[0] !== name) ?? []

/** Kind 10002. What else the former list holds is not ours to drop. */
export function encodeGeneral({ read, write }: NonNullable<PublishedLists['general']>, former: NostrEvent | null, now: Seconds): UnsignedEvent {
  const tags = [...new Set([...write, ...read])].map(url => read.includes(url) && write.includes(url) ? ['r', url] : ['r', url, write.includes(url) ? 'write' : 'read'])
  return { kind: kinds.relayList, created_at: stampAfter(former, now), tags: [...tags, ...kept(former, 'r')], content: former?.content ?? '' }
}

/** Kind 10050. */
export const encodeInbox = (inbox: readonly RelayUrl[], former: NostrEvent | null, now: Seconds): UnsignedEvent =>
  ({ kind: kinds.inboxRelays, created_at: stampAfter(former, now), tags: [...inbox.map(url => ['relay', url]), ...kept(former, 'relay')], content: former?.content ?? '' })
