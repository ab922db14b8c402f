import { matchFilters } from 'nostr-tools/filter'
import type { Filter as LibraryFilter } from 'nostr-tools/filter'
import type { RelayUrl, Seconds } from '../../../src/domain/brand'
import type { Filter, NostrEvent } from '../../../src/domain/protocol/event'
import type { RelayStatus, Relays, SubscribeOptions } from '../../../src/ports/relays'

export const HUB = 'ws://127.0.0.1:1/' as RelayUrl

/** One relay in memory: forwards, keeps what is not ephemeral, can go offline. Each event id once per subscription. */
export function createHub() {
  const kept: NostrEvent[] = []
  const subscriptions = new Set<{ options: SubscribeOptions, seen: Set<string> }>()
  const listeners = new Set<(statuses: readonly RelayStatus[]) => void>()
  const published: NostrEvent[] = []
  const taps = new Set<(event: NostrEvent) => void>()
  let open = true
  /** Requests of clients are swallowed while this is set: the relay says OK and forwards nothing. */
  let swallow = false

  const statuses = (): RelayStatus[] => [{ url: HUB, state: open ? 'open' : 'waiting', auth: 'none', retryAt: null, lastError: '', shunned: false, received: 0, refused: 0, notices: [] }]
  const matches = (filters: readonly Filter[], event: NostrEvent) =>
    matchFilters(filters as unknown as LibraryFilter[], event as never)

  function give(event: NostrEvent): void {
    if (event.kind < 20_000 || event.kind >= 30_000)
      kept.push(event)
    if (!open)
      return
    for (const { options, seen } of subscriptions) {
      if (!seen.has(event.id) && matches(options.filters, event)) {
        seen.add(event.id)
        options.onEvents([event], HUB)
      }
    }
  }

  const relays: Relays = {
    subscribe(options) {
      const one = { options, seen: new Set<string>() }
      subscriptions.add(one)
      options.signal.addEventListener('abort', () => subscriptions.delete(one), { once: true })
      setTimeout(() => {
        if (!open)
          return
        options.onEvents(kept.filter(event => matches(options.filters, event)), HUB)
        options.onStored?.(HUB, true)
      }, 0)
    },
    fetchAll: async () => ({ complete: [HUB], incomplete: [] }),
    async publish(event) {
      if (!open)
        return [{ url: HUB, outcome: 'unreachable', text: '' }]
      published.push(event)
      setTimeout(() => {
        if (!swallow)
          taps.forEach(tap => tap(event))
      }, 0)
      return [{ url: HUB, outcome: 'stored', text: '' }]
    },
    authenticate: () => undefined,
    statuses,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retryNow: () => undefined,
    close: () => undefined,
  }

  return {
    relays,
    /** All that clients sent, repeats included. */
    published,
    onRequest: (tap: (event: NostrEvent) => void) => { taps.add(tap) },
    give,
    setOpen(value: boolean) {
      open = value
      listeners.forEach(listener => listener(statuses()))
    },
    setSwallow(value: boolean) { swallow = value },
  }
}

/** The real clock, for tests whose other side takes real time. */
export const realClock = {
  now: () => Math.floor(Date.now() / 1000) as Seconds,
  sleep: (ms: number, signal?: AbortSignal) => new Promise<void>((resolve) => {
    if (signal?.aborted)
      return resolve()
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve() }, { once: true })
  }),
  newId: () => 'ff'.repeat(32) as never,
  random: () => Math.random(),
}
