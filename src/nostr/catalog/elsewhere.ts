import type { Pubkey, RelayUrl } from '../../domain/brand'
import { limits } from '../../domain/limits'
import type { NostrEvent } from '../../domain/protocol/event'
import { kinds } from '../../domain/protocol/event'
import { readRelayList } from '../../domain/protocol/relay-list'
import { isLoopbackRelay, normalizeRelayUrl } from '../../domain/protocol/relay-url'
import type { RelayPool } from '../relay-pool'
import { besideGoods, goods, ofMerchants } from './asked'

interface Parts {
  readonly pool: Pick<RelayPool, 'fetchAll'>
  /** Those that the person reads anyway. */
  readonly own: readonly RelayUrl[]
  readonly signal: AbortSignal
  readonly onEvents: (events: readonly NostrEvent[], from: RelayUrl) => void
}

/**
 * Listings at relays that the person did not choose: where their merchants say that they publish (NIP-65), where a tag or a
 * link says that they are. Bounded, since whoever lists anything names them; such relays never learn who asks (T20, T23).
 */
export interface Elsewhere {
  /** An event of one's own relays: a list of relays, or a listing with relay hints in its `a` tags. */
  note(event: NostrEvent): void
  /** Reads what was noted since, the relays of most merchants first. */
  read(): void
  /** A link leads to this merchant's listings: read now. */
  look(merchant: Pubkey, relays: readonly RelayUrl[]): void
}

/** So many relays a session are visited by themselves, and so many more because a link was opened. */
export const MOST_VISITED = 12
const MOST_LINKED = 30
/** Of one merchant's list. */
const EACH = 2
const AT_ONCE = 2
const MERCHANTS = 100
const MOST_NOTED = 5_000

export function createElsewhere({ pool, own, signal, onEvents }: Parts): Elsewhere {
  const lists = new Map<Pubkey, { readonly at: number, readonly id: string, readonly relays: readonly RelayUrl[] }>()
  const hints = new Map<Pubkey, Set<RelayUrl>>()
  const visited = new Set<RelayUrl>()
  const linked = new Set<RelayUrl>()
  const done = new Set<string>()
  const queue: (() => Promise<void>)[] = []
  let busy = 0

  /** Nobody sends us to our own machine, unless that is where all of it plays. */
  const isAbroad = (url: RelayUrl): boolean => !own.includes(url) && (own.some(isLoopbackRelay) || !isLoopbackRelay(url))

  function work(): void {
    while (busy < AT_ONCE && !signal.aborted) {
      const next = queue.shift()
      if (next === undefined)
        return
      busy++
      void next().finally(() => {
        busy--
        work()
      })
    }
  }

  function visit(relay: RelayUrl, merchants: readonly Pubkey[], first: boolean): void {
    const fresh = merchants.filter(merchant => !done.has(`${relay} ${merchant}`)).slice(0, MERCHANTS)
    fresh.forEach(merchant => done.add(`${relay} ${merchant}`))
    if (fresh.length === 0)
      return
    const filters = [...[goods, ...besideGoods].map(filter => ({ ...filter, authors: fresh })), ...ofMerchants(fresh)]
    const task = async (): Promise<void> => { await pool.fetchAll({ relays: [relay], filters, signal, onEvents }) }
    if (first)
      queue.unshift(task)
    else
      queue.push(task)
    work()
  }

  return {
    note(event) {
      const { kind, pubkey, created_at: at, id, tags } = event
      if (kind === kinds.relayList) {
        const held = lists.get(pubkey)
        if ((held === undefined && lists.size < MOST_NOTED) || (held !== undefined && (at > held.at || (at === held.at && id < held.id))))
          lists.set(pubkey, { at, id, relays: readRelayList(event).write.filter(isAbroad).slice(0, EACH) })
        return
      }
      for (const tag of tags.slice(0, limits.tagElements)) {
        const relay = tag[0] === 'a' && tag[1]?.split(':')[1] === pubkey ? normalizeRelayUrl(tag[2]) : null
        const known = hints.get(pubkey)
        if (relay === null || !isAbroad(relay) || (known === undefined && hints.size >= MOST_NOTED) || (known?.size ?? 0) >= EACH)
          continue
        hints.set(pubkey, (known ?? new Set<RelayUrl>()).add(relay))
      }
    },
    read() {
      const merchantsOf = new Map<RelayUrl, Set<Pubkey>>()
      const count = (relay: RelayUrl, merchant: Pubkey): void => void merchantsOf.set(relay, (merchantsOf.get(relay) ?? new Set<Pubkey>()).add(merchant))
      lists.forEach(({ relays }, merchant) => relays.forEach(relay => count(relay, merchant)))
      hints.forEach((relays, merchant) => relays.forEach(relay => count(relay, merchant)))
      for (const [relay, merchants] of [...merchantsOf].sort(([, a], [, b]) => b.size - a.size)) {
        if (!visited.has(relay) && visited.size >= MOST_VISITED)
          continue
        visited.add(relay)
        visit(relay, [...merchants], false)
      }
    },
    look(merchant, relays) {
      for (const relay of relays.filter(isAbroad).slice(0, limits.inboxRelays)) {
        if (!linked.has(relay) && linked.size >= MOST_LINKED)
          continue
        linked.add(relay)
        visit(relay, [merchant], true)
      }
    },
  }
}
