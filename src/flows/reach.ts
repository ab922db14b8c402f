import type { Pubkey, RelayUrl } from '../domain/brand'
import { limits } from '../domain/limits'
import { kinds, type NostrEvent } from '../domain/protocol/event'
import { readInboxRelays, readRelayList, relaysForRecipient } from '../domain/protocol/relay-list'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'

export interface ReachDeps {
  readonly relays: Pick<Relays, 'fetchAll'>
  readonly clock: Pick<Clock, 'sleep'>
  /** Our own relays, where lists are asked for. */
  readonly own: () => readonly RelayUrl[]
}

/** A list that has not come by then is asked again at the next delivery. */
const PATIENCE_MS = 2_500

/**
 * Looks up where a person reads (kinds 10050 and 10002, transport.md §4), remembered for as long as this lives. Empty:
 * the person says nothing of it.
 */
export function reachOf({ relays, clock, own }: ReachDeps): (person: Pubkey) => Promise<readonly RelayUrl[]> {
  const known = new Map<Pubkey, readonly RelayUrl[]>()
  return async (person) => {
    const remembered = known.get(person)
    if (remembered !== undefined)
      return remembered
    const newest = new Map<number, NostrEvent>()
    const life = new AbortController()
    const asked = relays.fetchAll({
      relays: own(),
      filters: [{ kinds: [kinds.relayList, kinds.inboxRelays], authors: [person] }],
      signal: life.signal,
      onEvents: (events) => {
        for (const event of events) {
          const held = newest.get(event.kind)
          if (event.pubkey === person && (held === undefined || event.created_at > held.created_at || (event.created_at === held.created_at && event.id < held.id)))
            newest.set(event.kind, event)
        }
      },
    })
    const complete = await Promise.race([asked.then(answer => answer.complete.length > 0), clock.sleep(PATIENCE_MS, life.signal).then(() => false)])
    life.abort()
    const inbox = newest.get(kinds.inboxRelays)
    const list = newest.get(kinds.relayList)
    const found = relaysForRecipient({ inboxRelays: inbox === undefined ? null : readInboxRelays(inbox), readRelays: list === undefined ? [] : readRelayList(list).read, seenOn: [] }).relays
    if (complete)
      known.set(person, found)
    return found
  }
}

/** Everywhere a message goes: it is small, and one true OK is wanted (nip15.md §11). */
export const joinRelays = (...lists: readonly (readonly RelayUrl[])[]): readonly RelayUrl[] =>
  [...new Set(lists.flat())].slice(0, 2 * limits.strangerRelays)
