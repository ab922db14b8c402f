import type { Pubkey, RelayUrl } from '../domain/brand'
import { limits } from '../domain/limits'
import { kinds, type NostrEvent } from '../domain/protocol/event'
import { readInboxRelays, readRelayList } from '../domain/protocol/relay-list'
import { isLoopbackRelay } from '../domain/protocol/relay-url'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'

export interface ReachDeps {
  readonly relays: Pick<Relays, 'fetchAll'>
  readonly clock: Pick<Clock, 'sleep'>
  /** Our own relays, where lists are asked for. */
  readonly own: () => readonly RelayUrl[]
  /** Where that person's own listings were seen: their lists may be there alone. */
  readonly seenOn?: (person: Pubkey) => readonly RelayUrl[]
}

/** Where a person says that they read. Empty: they say nothing of it. */
export interface Reached {
  /** For private messages alone (kind 10050): where these are, gift wraps go nowhere else. */
  readonly inbox: readonly RelayUrl[]
  /** For whatever concerns them (kind 10002). */
  readonly read: readonly RelayUrl[]
  /** No relay has answered: what is empty here is not known to be so. */
  readonly silent?: true
}

/** A list that has not come by then is asked again at the next delivery. */
const PATIENCE_MS = 2_500
/** Of somebody's own relays so many are asked for a newer list. */
const MOST_ASKED = 3

/** Looks up where a person reads (kinds 10050 and 10002, transport.md §4), remembered for as long as this lives. */
export function reachOf({ relays, clock, own, seenOn = () => [] }: ReachDeps): (person: Pubkey) => Promise<Reached> {
  const known = new Map<Pubkey, Reached>()
  const looking = new Map<Pubkey, Promise<Reached>>()

  async function ask(person: Pubkey, from: readonly RelayUrl[], newest: Map<number, NostrEvent>): Promise<'all' | 'some' | 'none'> {
    const life = new AbortController()
    let answered = 0
    // Each by itself: one that hangs must not make those unheard that answer.
    const asked = Promise.all(from.map(relay => relays.fetchAll({
      relays: [relay],
      filters: [{ kinds: [kinds.relayList, kinds.inboxRelays], authors: [person] }],
      signal: life.signal,
      onEvents: (events) => {
        for (const event of events) {
          const held = newest.get(event.kind)
          if (event.pubkey === person && (held === undefined || event.created_at > held.created_at || (event.created_at === held.created_at && event.id < held.id)))
            newest.set(event.kind, event)
        }
      },
    }).then(({ complete }) => { answered += complete.length > 0 ? 1 : 0 })))
    await Promise.race([asked, clock.sleep(PATIENCE_MS, life.signal)])
    life.abort()
    return answered === 0 ? 'none' : answered === from.length ? 'all' : 'some'
  }

  async function look(person: Pubkey): Promise<Reached> {
    const mine = own()
    // Nobody sends us to our own machine, unless that is where all of it plays.
    const abroad = (urls: readonly RelayUrl[]): readonly RelayUrl[] => mine.some(isLoopbackRelay) ? urls : urls.filter(url => !isLoopbackRelay(url))
    const newest = new Map<number, NostrEvent>()
    const first = [...new Set([...mine, ...seenOn(person)])].slice(0, 2 * limits.strangerRelays)
    const answered = await ask(person, first, newest)
    const list = newest.get(kinds.relayList)
    const theirs = list === undefined ? [] : abroad(readRelayList(list).write).filter(url => !first.includes(url)).slice(0, MOST_ASKED)
    if (theirs.length > 0 && !newest.has(kinds.inboxRelays))
      await ask(person, theirs, newest)
    const inbox = newest.get(kinds.inboxRelays)
    const general = newest.get(kinds.relayList)
    const found = { inbox: inbox === undefined ? [] : abroad(readInboxRelays(inbox)), read: general === undefined ? [] : abroad(readRelayList(general).read) }
    if (inbox !== undefined || answered === 'all')
      known.set(person, found)
    return answered === 'none' && inbox === undefined ? { ...found, silent: true } : found
  }

  return (person) => {
    const remembered = known.get(person)
    if (remembered !== undefined)
      return Promise.resolve(remembered)
    const under = looking.get(person) ?? look(person).finally(() => looking.delete(person))
    looking.set(person, under)
    return under
  }
}

/** Everywhere a message goes: it is small, and one true OK is wanted (nip15.md §11). */
export const joinRelays = (...lists: readonly (readonly RelayUrl[])[]): readonly RelayUrl[] =>
  [...new Set(lists.flat())].slice(0, 2 * limits.strangerRelays)
