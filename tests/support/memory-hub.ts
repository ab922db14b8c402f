/** One relay in memory, with the manners a test asks of it. */
import { matchFilters } from 'nostr-tools/filter'
import type { Event } from 'nostr-tools/core'
import type { Filter as LibraryFilter } from 'nostr-tools/filter'
import type { Filter, NostrEvent } from '../../src/domain/protocol/event'
import type { PublishAnswer, RelayStatus, Relays, SubscribeOptions } from '../../src/ports/relays'
import { relayUrl } from './signed'

export const HUB = relayUrl('ws://127.0.0.1:7777')

const plain = (event: NostrEvent): Event => ({ ...event, tags: event.tags.map(tag => [...tag]) })
const matches = (filters: readonly Filter[], event: NostrEvent): boolean =>
  matchFilters(filters.map((filter): LibraryFilter => JSON.parse(JSON.stringify(filter))), plain(event))

export type Hub = ReturnType<typeof createHub>

export function createHub() {
  const kept: NostrEvent[] = []
  const subscriptions = new Set<SubscribeOptions>()
  const listeners = new Set<(statuses: readonly RelayStatus[]) => void>()
  let open = true
  let auth: RelayStatus['auth'] = 'none'
  let answer: Pick<PublishAnswer, 'outcome' | 'text'> = { outcome: 'stored', text: '' }

  const statuses = (): readonly RelayStatus[] =>
    [{ url: HUB, state: open ? 'open' : 'waiting', auth, retryAt: null, lastError: '', shunned: false, received: 0, refused: 0, notices: [] }]

  const relays: Relays = {
    subscribe(options) {
      subscriptions.add(options)
      options.signal.addEventListener('abort', () => subscriptions.delete(options), { once: true })
      setTimeout(() => {
        if (options.signal.aborted || !open)
          return
        options.onEvents(kept.filter(event => matches(options.filters, event)), HUB)
        options.onStored?.(HUB, true)
      })
    },
    async fetchAll({ filters, signal, onEvents }) {
      if (!open)
        return { complete: [], incomplete: [HUB] }
      if (!signal.aborted)
        onEvents(kept.filter(event => matches(filters, event)), HUB)
      return { complete: [HUB], incomplete: [] }
    },
    async publish(event, to, onAnswer) {
      await new Promise(resolve => setTimeout(resolve))
      const said: Pick<PublishAnswer, 'outcome' | 'text'> = open ? answer : { outcome: 'unreachable', text: '' }
      const answers = to.map(url => ({ url, ...said }))
      if (said.outcome === 'stored' && to.includes(HUB) && kept.every(({ id }) => id !== event.id)) {
        kept.push(event)
        for (const subscription of subscriptions) {
          if (matches(subscription.filters, event))
            subscription.onEvents([event], HUB)
        }
      }
      answers.forEach(one => onAnswer?.(one))
      return answers
    },
    authenticate: () => undefined,
    statuses,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retryNow: () => undefined,
    close: () => subscriptions.clear(),
  }

  return {
    relays,
    kept,
    /** What still listens: nothing, once every scope has ended. */
    listening: () => subscriptions.size,
    setOpen(yes: boolean): void {
      open = yes
      listeners.forEach(listener => listener(statuses()))
    },
    /** Whether it knows who reads. */
    setAuth(state: RelayStatus['auth']): void {
      auth = state
      listeners.forEach(listener => listener(statuses()))
    },
    setAnswer(outcome: PublishAnswer['outcome'], text = ''): void {
      answer = { outcome, text }
    },
  }
}
