/** Several relays in memory, and any number of clients on them. What a client is handed counts as verified, as the port says. */
import { matchFilter } from 'nostr-tools/filter'
import type { Filter as LibraryFilter } from 'nostr-tools/filter'
import type { RelayUrl } from '../../src/domain/brand'
import type { Filter, NostrEvent } from '../../src/domain/protocol/event'
import type { AuthState, PublishAnswer, RelayStatus, Relays, SubscribeOptions } from '../../src/ports/relays'

export interface MemoryRelay {
  readonly url: RelayUrl
  /** What it holds; nothing is told to those who listen. */
  load(events: readonly NostrEvent[]): void
  readonly held: () => readonly NostrEvent[]
  stop(): void
  /** Clients come back at once, and ask again what they were asking. */
  start(): void
  /** Asks who reads. `close` ends the question; `silent` answers it without what is private (transport.md §3). */
  guard(manner: 'close' | 'silent'): void
  /** The clients' users allow it to know them. */
  letIn(): void
  answerWith(answer: Pick<PublishAnswer, 'outcome' | 'text'>): void
}

interface Client { readonly asking: Set<SubscribeOptions>, readonly tell: () => void }

const PRIVATE = 4
const replaceable = (kind: number) => kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)
const addressable = (kind: number) => kind >= 30_000 && kind < 40_000
const d = (event: NostrEvent) => event.tags.find(tag => tag[0] === 'd')?.[1] ?? ''
const newer = (a: NostrEvent, b: NostrEvent) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1)

const matches = (filter: Filter, event: NostrEvent) =>
  matchFilter(JSON.parse(JSON.stringify(filter)) as LibraryFilter, { ...event, tags: event.tags.map(tag => [...tag]) })

const sameSlot = (a: NostrEvent, b: NostrEvent): boolean =>
  a.kind === b.kind && a.pubkey === b.pubkey && (replaceable(a.kind) || (addressable(a.kind) && d(a) === d(b)))

export function memoryRelays(urls: readonly RelayUrl[], { cap = 500 }: { readonly cap?: number } = {}) {
  const clients = new Set<Client>()
  const relays = urls.map(makeRelay)

  function makeRelay(url: RelayUrl) {
    const events = new Map<string, NostrEvent>()
    let running = true
    let guarded: 'close' | 'silent' | null = null
    let answer: Pick<PublishAnswer, 'outcome' | 'text'> = { outcome: 'stored', text: '' }

    function keep(event: NostrEvent): void {
      const former = [...events.values()].find(one => sameSlot(one, event))
      if (former && newer(former, event) <= 0)
        return
      if (former)
        events.delete(former.id)
      events.set(event.id, event)
    }
    const hides = (filters: readonly Filter[]) => guarded !== null && filters.some(filter => filter.kinds?.includes(PRIVATE))

    function found(filter: Filter): readonly NostrEvent[] {
      const hits = [...events.values()].filter(event => matches(filter, event) && !(guarded !== null && event.kind === PRIVATE))
      return hits.sort(newer).slice(0, Math.min(filter.limit ?? cap, cap))
    }

    function answerTo(options: SubscribeOptions): void {
      if (options.signal.aborted || !running)
        return
      const hidden = hides(options.filters)
      const stored = [...new Map(options.filters.flatMap(found).map(event => [event.id, event])).values()]
      if (stored.length > 0)
        options.onEvents(stored, url)
      if (hidden)
        options.onClosed?.(url, 'auth-needed')
      options.onStored?.(url, !hidden)
    }

    function publish(event: NostrEvent): PublishAnswer {
      if (!running)
        return { url, outcome: 'unreachable', text: '' }
      if (answer.outcome !== 'stored')
        return { url, ...answer }
      const known = events.has(event.id)
      keep(event)
      for (const { asking } of known ? [] : clients) {
        for (const options of asking) {
          if (options.relays.includes(url) && options.filters.some(filter => matches(filter, event)) && !(event.kind === PRIVATE && guarded !== null))
            options.onEvents([event], url)
        }
      }
      return { url, ...answer }
    }

    const changed = () => clients.forEach(({ tell }) => tell())
    const askedAgain = () => clients.forEach(({ asking }) => asking.forEach(options => options.relays.includes(url) ? answerTo(options) : undefined))
    const auth = (): AuthState => guarded === null ? 'none' : 'needed'

    return {
      url, answerTo, publish, found, hides,
      isRunning: () => running,
      load: (more: readonly NostrEvent[]) => more.forEach(keep),
      held: () => [...events.values()].sort(newer),
      status: (): RelayStatus => ({ url, state: running ? 'open' : 'waiting', auth: auth(), retryAt: null, lastError: '', received: 0, refused: 0, notices: [] }),
      stop() {
        running = false
        changed()
      },
      start() {
        running = true
        changed()
        askedAgain()
      },
      guard(manner: 'close' | 'silent') {
        guarded = manner
        changed()
      },
      letIn() {
        guarded = null
        changed()
        askedAgain()
      },
      answerWith(next: Pick<PublishAnswer, 'outcome' | 'text'>) { answer = next },
    }
  }

  /** One browser's port to all of them. */
  function connect(): Relays {
    const listeners = new Set<(statuses: readonly RelayStatus[]) => void>()
    const statuses = () => relays.map(relay => relay.status())
    const client: Client = { asking: new Set(), tell: () => listeners.forEach(listener => listener(statuses())) }
    clients.add(client)
    const those = (wanted: readonly RelayUrl[]) => relays.filter(({ url }) => wanted.includes(url))

    return {
      subscribe(options) {
        const handed = new Set<string>()
        const once: SubscribeOptions = { ...options, onEvents(events, from) {
          const fresh = events.filter(({ id }) => !handed.has(id))
          fresh.forEach(({ id }) => handed.add(id))
          if (fresh.length > 0 && !options.signal.aborted)
            options.onEvents(fresh, from)
        } }
        client.asking.add(once)
        options.signal.addEventListener('abort', () => client.asking.delete(once), { once: true })
        setTimeout(() => those(options.relays).forEach(relay => relay.answerTo(once)))
      },
      async fetchAll({ relays: wanted, filters, signal, onEvents }) {
        const complete: RelayUrl[] = []
        const handed = new Set<string>()
        for (const relay of those(wanted)) {
          await new Promise(resolve => setTimeout(resolve))
          for (const filter of relay.isRunning() ? filters : [])
            await readPages(relay, filter, handed, signal, onEvents)
          if (relay.isRunning() && !relay.hides(filters))
            complete.push(relay.url)
        }
        return { complete, incomplete: wanted.filter(url => !complete.includes(url)) }
      },
      async publish(event, to, onAnswer) {
        await new Promise(resolve => setTimeout(resolve))
        const answers = those(to).map(relay => relay.publish(event))
        answers.forEach(answer => onAnswer?.(answer))
        return answers
      },
      authenticate: () => undefined,
      statuses,
      onStatus(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      retryNow: () => undefined,
      close: () => { clients.delete(client) },
    }
  }

  async function readPages(relay: ReturnType<typeof makeRelay>, filter: Filter, handed: Set<string>, signal: AbortSignal, onEvents: SubscribeOptions['onEvents']): Promise<void> {
    for (let until = filter.until; !signal.aborted && relay.isRunning();) {
      const page = relay.found(until === undefined ? filter : { ...filter, until }).filter(({ id }) => !handed.has(id))
      if (page.length === 0)
        return
      page.forEach(({ id }) => handed.add(id))
      onEvents(page, relay.url)
      until = page.at(-1)?.created_at
      await new Promise(resolve => setTimeout(resolve))
    }
  }

  const named = (url: RelayUrl): MemoryRelay => {
    const relay = relays.find(one => one.url === url)
    if (!relay)
      throw new TypeError('no such relay')
    return relay
  }
  return { connect, at: named, asking: () => [...clients].reduce((sum, { asking }) => sum + asking.size, 0) }
}
