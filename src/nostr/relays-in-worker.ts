import type { RelayUrl } from '../domain/brand'
import type { Filter } from '../domain/protocol/event'
import { kinds } from '../domain/protocol/event'
import type { AuthPolicy, PublishAnswer, RelayStatus, Relays, SubscribeOptions } from '../ports/relays'
import type { NetLine } from './net-line'
import type { FromNet } from './worker/net-messages'

interface Listening { readonly onEvents: SubscribeOptions['onEvents'], readonly onStored?: SubscribeOptions['onStored'] | undefined, readonly onClosed?: SubscribeOptions['onClosed'] | undefined, readonly onFetched?: (answer: FetchAnswer) => void, readonly onCompared?: (ids: readonly string[] | null) => void }
interface Publishing { readonly onAnswer?: ((answer: PublishAnswer) => void) | undefined, readonly done: (answers: readonly PublishAnswer[]) => void }
type FetchAnswer = Awaited<ReturnType<Relays['fetchAll']>>

/** The `Relays` port, with everything behind it in a worker. Signer and consent to AUTH stay here (T16, T23). */
export function relaysInWorker(line: NetLine): Relays {
  const listening = new Map<number, Listening>()
  const ends = new Map<number, AbortController>()
  const publishing = new Map<number, Publishing>()
  const statusListeners = new Set<(statuses: readonly RelayStatus[]) => void>()
  let statuses: readonly RelayStatus[] = []
  let policy: AuthPolicy | null = null

  async function sign(message: Extract<FromNet, { type: 'ask-sign' }>): Promise<void> {
    const { id, relay, pubkey, event } = message
    const own = policy
    // Whatever the worker says: only the relay's own address, only where it is allowed, only by whom it was allowed.
    const named = event.tags.find(([name]) => name === 'relay')?.[1]
    const mayBe = own !== null && own.pubkey === pubkey && named === relay && event.kind === kinds.auth && own.allowed(relay)
    line.post({ type: 'signed', id, event: mayBe ? await own.sign(event) : null })
  }

  line.hear((message) => {
    switch (message.type) {
      case 'events':
        return listening.get(message.id)?.onEvents(message.events, message.from)
      case 'stored':
        return listening.get(message.id)?.onStored?.(message.from, message.complete)
      case 'closed':
        return listening.get(message.id)?.onClosed?.(message.from, message.reason)
      case 'fetched':
        return listening.get(message.id)?.onFetched?.({ complete: message.complete, incomplete: message.incomplete })
      case 'compared':
        return listening.get(message.id)?.onCompared?.(message.ids)
      case 'answer':
        return publishing.get(message.id)?.onAnswer?.(message.answer)
      case 'published':
        publishing.get(message.id)?.done(message.answers)
        publishing.delete(message.id)
        return
      case 'statuses':
        statuses = message.statuses
        statusListeners.forEach(listener => listener(statuses))
        return
      case 'ask-consent':
        return line.post({ type: 'consented', id: message.id, yes: policy?.allowed(message.relay) === true })
      case 'ask-sign':
        void sign(message)
        return
      default:
        // The market's own messages: catalog-feed-in-worker.ts.
    }
  })

  function listen(signal: AbortSignal, one: (id: number) => Listening, onEnd: () => void = () => undefined): number {
    const id = line.newId()
    listening.set(id, one(id))
    const over = new AbortController()
    ends.set(id, over)
    signal.addEventListener('abort', () => {
      if (listening.has(id))
        line.post({ type: 'end', id })
      forget(id)
      onEnd()
    }, { once: true, signal: over.signal })
    return id
  }

  /** A signal that outlives a question by hours must not keep it. */
  function forget(id: number): void {
    listening.delete(id)
    ends.get(id)?.abort()
    ends.delete(id)
  }

  /** Filters may come out of reactive state, which cannot be sent. */
  const plain = (filters: readonly Filter[]): readonly Filter[] => filters.map(filter =>
    Object.fromEntries(Object.entries(filter).map(([name, value]: [string, unknown]) => [name, Array.isArray(value) ? [...value as readonly unknown[]] : value])) as Filter)
  const urls = (relays: readonly RelayUrl[]): readonly RelayUrl[] => [...relays]

  return {
    subscribe({ relays, filters, signal, onEvents, onStored, onClosed }) {
      if (signal.aborted)
        return
      const id = listen(signal, () => ({ onEvents, onStored, onClosed }))
      line.post({ type: 'subscribe', id, relays: urls(relays), filters: plain(filters) })
    },
    fetchAll: ({ relays, filters, signal, onEvents, pageSize, firstPageSize }) => new Promise((resolve) => {
      const nothing = { complete: [], incomplete: urls(relays) }
      if (signal.aborted)
        return resolve(nothing)
      const id = listen(signal, own => ({ onEvents, onFetched(answer) {
        forget(own)
        resolve(answer)
      } }), () => resolve(nothing))
      line.post({ type: 'fetch', id, relays: urls(relays), filters: plain(filters), pageSize, firstPageSize })
    }),
    missing: ({ relay, filter, known, signal }) => new Promise((resolve) => {
      if (signal.aborted)
        return resolve(null)
      const id = listen(signal, own => ({ onEvents: () => undefined, onCompared(ids) {
        forget(own)
        resolve(ids)
      } }), () => resolve(null))
      line.post({ type: 'missing', id, relay, filter: plain([filter])[0] ?? {}, known: known.map(({ id: event, at }) => ({ id: event, at })) })
    }),
    publish: (event, relays, onAnswer) => new Promise((done) => {
      const id = line.newId()
      publishing.set(id, { onAnswer, done })
      line.post({ type: 'publish', id, event: { ...event, tags: event.tags.map(tag => [...tag]) }, relays: urls(relays) })
    }),
    authenticate(next) {
      policy = next
      line.post({ type: 'consent', pubkey: next?.pubkey ?? null })
    },
    statuses: () => statuses,
    onStatus(listener) {
      statusListeners.add(listener)
      return () => statusListeners.delete(listener)
    },
    retryNow: () => line.post({ type: 'retry' }),
    close() {
      line.post({ type: 'close' })
      line.close()
    },
  }
}
