import type { Pubkey, RelayUrl } from '../domain/brand'
import type { Dialect } from '../domain/catalog/types'
import { APP_KINDS, readAppPreference } from '../domain/protocol/app-preference'
import { kinds, type NostrEvent } from '../domain/protocol/event'
import { readInboxRelays } from '../domain/protocol/relay-list'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'

/** What a person publishes about how to write to them. `inbox` null: no relay has answered. */
export interface PersonFound { readonly inbox: boolean | null, readonly apps: readonly Dialect[] }

export interface LookUpDeps {
  readonly relays: Pick<Relays, 'fetchAll'>
  readonly clock: Pick<Clock, 'sleep'>
  readonly at: readonly RelayUrl[]
}

const PATIENCE_MS = 4_000
/** Shopstr writes a pair for each listing: the newest few tell as much as all. */
const MOST_EVENTS = 50

/** Asks relays for a person's inbox relays (kind 10050) and recommended applications (NIP-89). Takes a few seconds at most. */
export async function lookUpPerson({ relays, clock, at }: LookUpDeps, person: Pubkey): Promise<PersonFound> {
  const found: NostrEvent[] = []
  const life = new AbortController()
  const asked = relays.fetchAll({
    relays: at,
    filters: [{ kinds: [kinds.inboxRelays], authors: [person] }, { kinds: APP_KINDS, authors: [person], limit: MOST_EVENTS }],
    signal: life.signal,
    // Whatever else a relay hands out is nothing that was asked for.
    onEvents: events => found.push(...events.filter(({ pubkey }) => pubkey === person).slice(0, MOST_EVENTS)),
  })
  const answered = await Promise.race([asked.then(({ complete }) => complete.length > 0), clock.sleep(PATIENCE_MS, life.signal).then(() => false)])
  life.abort()
  const newestFirst = found.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1))
  const list = newestFirst.find(({ kind }) => kind === kinds.inboxRelays)
  const names = list !== undefined && readInboxRelays(list).length > 0
  return { inbox: names || (answered ? false : null), apps: newestFirst.flatMap(event => readAppPreference(event) ?? []) }
}
