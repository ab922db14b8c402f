/** Relays in memory, and any number of clients on them: `relays.contract.ts` holds them to what real ones do. */
import { matchFilter } from 'nostr-tools/filter'
import type { Filter as LibraryFilter } from 'nostr-tools/filter'
import type { RelayUrl } from '../../src/domain/brand'
import { toSeconds } from '../../src/domain/brand'
import { idHolds } from '../../src/domain/protocol/event-shape'
import type { Filter, NostrEvent } from '../../src/domain/protocol/event'
import { kinds } from '../../src/domain/protocol/event'
import type { AuthPolicy, AuthState, PublishAnswer, RelayStatus, Relays, SubscribeOptions } from '../../src/ports/relays'
import { nowSeconds } from './signed'

/** How a relay keeps private messages from those it does not know: it ends the question, or says nothing of it (transport.md §3). */
type Guard = 'close' | 'silent'
type Answer = Pick<PublishAnswer, 'outcome' | 'text'>
interface Connection { readonly hear: (event: NostrEvent) => void, readonly changed: () => void }

const RECONNECT_MS = 100
const turn = () => new Promise(resolve => setTimeout(resolve))

const replaceable = (kind: number) => kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)
const addressable = (kind: number) => kind >= 30_000 && kind < 40_000
const d = (event: NostrEvent) => event.tags.find(tag => tag[0] === 'd')?.[1] ?? ''
const newestFirst = (a: NostrEvent, b: NostrEvent) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1)
const sameSlot = (a: NostrEvent, b: NostrEvent) =>
  a.kind === b.kind && a.pubkey === b.pubkey && (replaceable(a.kind) || (addressable(a.kind) && d(a) === d(b)))

const isPrivate = (filter: Filter) => filter.kinds?.some(kind => kind === kinds.directMessage || kind === kinds.giftWrap) ?? false
const matches = (filter: Filter, event: NostrEvent) =>
  matchFilter(JSON.parse(JSON.stringify(filter)) as LibraryFilter, { ...event, tags: event.tags.map(tag => [...tag]) })

export class MemoryRelay {
  readonly connections = new Set<Connection>()
  readonly guard: Guard | null
  online = true
  private readonly events = new Map<string, NostrEvent>()
  private answer: Answer = { outcome: 'stored', text: '' }

  /** @param cap events that it sends at most for one filter, in silence. */
  constructor(readonly url: RelayUrl, guarded: boolean | Guard = false, private readonly cap = 50) {
    this.guard = guarded === true ? 'silent' : guarded === false ? null : guarded
  }

  /** From elsewhere: nobody who listens is told. */
  load(events: readonly NostrEvent[]): void {
    events.forEach(event => this.keep(event))
  }

  held(): readonly NostrEvent[] {
    return [...this.events.values()].sort(newestFirst)
  }

  setOnline(yes: boolean): void {
    this.online = yes
    this.connections.forEach(({ changed }) => changed())
  }

  answerWith(outcome: PublishAnswer['outcome'], text = ''): void {
    this.answer = { outcome, text }
  }

  find(filter: Filter): readonly NostrEvent[] {
    return this.held().filter(event => matches(filter, event)).slice(0, Math.min(filter.limit ?? this.cap, this.cap))
  }

  publish(event: NostrEvent): Answer {
    if (!this.online)
      return { outcome: 'unreachable', text: '' }
    if (!idHolds(event))
      return { outcome: 'invalid', text: 'invalid: id' }
    if (this.answer.outcome === 'stored' && !this.events.has(event.id)) {
      this.keep(event)
      this.connections.forEach(({ hear }) => hear(event))
    }
    return this.answer
  }

  private keep(event: NostrEvent): void {
    const former = [...this.events.values()].find(one => sameSlot(one, event))
    if (former && newestFirst(former, event) <= 0)
      return
    if (former)
      this.events.delete(former.id)
    this.events.set(event.id, event)
  }
}

/** One client's way to one relay. */
function connect(relay: MemoryRelay, changed: () => void) {
  const asking = new Set<SubscribeOptions>()
  let open = relay.online
  let retryAt = 0
  let auth: AuthState = 'none'
  let policy: AuthPolicy | null = null

  const hides = (filters: readonly Filter[]) => relay.guard !== null && auth !== 'done' && filters.some(isPrivate)
  const find = (filter: Filter) => hides([filter]) ? [] : relay.find(filter)

  async function authenticate(next: AuthPolicy | null): Promise<void> {
    policy = next
    const hidden = [...asking].filter(({ filters }) => hides(filters))
    if (hidden.length === 0)
      return
    auth = policy?.allowed(relay.url) && await policy.sign({ kind: kinds.auth, created_at: toSeconds(nowSeconds()), tags: [['relay', relay.url]], content: '' }) ? 'done' : 'needed'
    changed()
    if (auth === 'done')
      hidden.forEach(tellStored)
  }

  function tellStored(options: SubscribeOptions): void {
    if (options.signal.aborted || !open)
      return
    const hidden = hides(options.filters)
    const stored = [...new Map(options.filters.flatMap(find).map(event => [event.id, event])).values()]
    if (stored.length > 0)
      options.onEvents(stored, relay.url)
    if (hidden)
      options.onClosed?.(relay.url, 'auth-needed')
    options.onStored?.(relay.url, !hidden)
  }

  function ask(options: SubscribeOptions): void {
    if (!open || options.signal.aborted)
      return
    tellStored(options)
    if (hides(options.filters))
      void authenticate(policy)
  }

  function reconnect(): void {
    if (open || !relay.online)
      return
    open = true
    changed()
    asking.forEach(ask)
  }

  relay.connections.add({
    hear: event => asking.forEach((options) => {
      if (open && !hides(options.filters) && options.filters.some(filter => matches(filter, event)))
        options.onEvents([event], relay.url)
    }),
    changed() {
      if (relay.online)
        return void setTimeout(reconnect, RECONNECT_MS)
      open = false
      auth = 'none'
      retryAt = nowSeconds() + 1
      changed()
    },
  })

  return {
    relay, find, hides, reconnect, authenticate, asking,
    isOpen: () => open,
    subscribe(options: SubscribeOptions): void {
      asking.add(options)
      options.signal.addEventListener('abort', () => asking.delete(options), { once: true })
      setTimeout(() => ask(options))
    },
    status: (): RelayStatus => ({ url: relay.url, state: open ? 'open' : 'waiting', auth, retryAt: open ? null : toSeconds(retryAt), lastError: '', shunned: false, received: 0, refused: 0, notices: [] }),
  }
}

type Link = ReturnType<typeof connect>

/** Pages of one filter; a full second is asked for once more, as real ones are. */
async function readPages(link: Link, filter: Filter, { signal, onEvents }: Pick<SubscribeOptions, 'signal' | 'onEvents'>, handed: Set<string>): Promise<void> {
  for (let until = filter.until; !signal.aborted && link.isOpen();) {
    const page = link.find(until === undefined ? filter : { ...filter, until })
    const fresh = page.filter(({ id }) => !handed.has(id))
    if (fresh.length > 0)
      onEvents(fresh, link.relay.url)
    const before = until
    fresh.forEach(({ id }) => handed.add(id))
    until = page.at(-1)?.created_at
    if (until === undefined || (fresh.length === 0 && until === before))
      return
    await turn()
  }
}

/** One client's port to the given relays; any other address is dead. What they hold counts as verified. */
export function createMemoryRelays(relays: readonly MemoryRelay[]): Relays {
  const listeners = new Set<(statuses: readonly RelayStatus[]) => void>()
  const links = new Map<RelayUrl, Link>()
  const statuses = (): readonly RelayStatus[] => [...links.values()].map(link => link.status())
  let policy: AuthPolicy | null = null

  /** As in a browser, a relay is known from the first time that it is spoken to. */
  function linkTo(url: RelayUrl): Link | undefined {
    const relay = relays.find(one => one.url === url)
    if (!relay || links.has(url))
      return links.get(url)
    const link = connect(relay, () => listeners.forEach(listener => listener(statuses())))
    void link.authenticate(policy)
    links.set(url, link)
    return link
  }

  return {
    subscribe(options) {
      const handed = new Set<string>()
      const once: SubscribeOptions = { ...options, onEvents(events, from) {
        const fresh = events.filter(({ id }) => !handed.has(id))
        fresh.forEach(({ id }) => handed.add(id))
        if (fresh.length > 0 && !options.signal.aborted)
          options.onEvents(fresh, from)
      } }
      options.relays.forEach(url => linkTo(url)?.subscribe(once))
    },
    async fetchAll({ relays: wanted, filters, signal, onEvents }) {
      const handed = new Set<string>()
      const complete: RelayUrl[] = []
      for (const link of wanted.map(linkTo).filter(found => found !== undefined)) {
        await turn()
        for (const filter of filters)
          await readPages(link, filter, { signal, onEvents }, handed)
        if (link.isOpen() && !link.hides(filters))
          complete.push(link.relay.url)
      }
      return { complete, incomplete: wanted.filter(url => !complete.includes(url)) }
    },
    async publish(event, to, onAnswer) {
      await turn()
      return to.map((url) => {
        const answer: PublishAnswer = { url, ...linkTo(url)?.relay.publish(event) ?? { outcome: 'unreachable', text: '' } }
        onAnswer?.(answer)
        return answer
      })
    },
    authenticate(next) {
      policy = next
      links.forEach(link => void link.authenticate(next))
    },
    statuses,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retryNow: () => links.forEach(link => link.reconnect()),
    close: () => links.forEach(link => link.asking.clear()),
  }
}
