import type { RelayUrl } from '../domain/brand'
import type { NostrEvent } from '../domain/protocol/event'
import { normalizeRelayUrl } from '../domain/protocol/relay-url'
import type { Clock } from '../ports/clock'
import type { PublishAnswer, RelayStatus, Relays, SubscribeOptions, Verifier } from '../ports/relays'
import { createGate } from './gate'
import { pageThrough } from './relay/relay-pages'
import type { Consent } from './relay/relay-auth'
import type { OpenSocket } from './relay/relay-line'
import { openWebSocket } from './relay/relay-line'
import type { FetchInfo } from './relay/relay-document'
import { keepRoom } from './relay/relay-bound'
import type { RelayLink } from './relay/relay-link-shape'
import { openLink } from './relay/relay-link'
import { laneOf } from './relay/relay-request'
import type { Seen } from './seen'
import { createSeen } from './seen'

export interface PoolOptions {
  readonly verifier: Verifier
  readonly clock: Clock
  readonly openSocket?: OpenSocket
  /** NIP-11; without it no relay is asked what it takes. */
  readonly fetchInfo?: FetchInfo
  readonly seen?: Seen
  /** Batches with the verifier at one time. */
  readonly width?: number
}

/** The port, where consent to AUTH may take a moment because the page has to be asked. */
export type RelayPool = Omit<Relays, 'authenticate' | 'fetchAll'> & {
  authenticate(consent: Consent | null): void
  /** `skip`: still unchecked, and not worth a check. */
  fetchAll(options: Parameters<Relays['fetchAll']>[0] & { readonly skip?: (event: NostrEvent) => boolean }): ReturnType<Relays['fetchAll']>
}

const STATUS_MS = 100
/** Relays that we once spoke to and left again, kept to be shown. */
const MOST_RELAYS = 60

/** Many relays behind the `Relays` port. None waits for another (T21); nothing passes unchecked (T22). */
export function createRelayPool({ verifier, clock, openSocket = openWebSocket, fetchInfo = async () => null, seen = createSeen(), width = 2 }: PoolOptions): RelayPool {
  const gate = createGate(verifier, seen, width)
  const links = new Map<RelayUrl, RelayLink>()
  const bound = keepRoom(links, clock)
  const listeners = new Set<(statuses: readonly RelayStatus[]) => void>()
  let consent: Consent | null = null
  let telling: ReturnType<typeof setTimeout> | null = null
  let over = false

  const statuses = (): readonly RelayStatus[] => [...links.values()].map(link => link.status())

  function changed(): void {
    if (telling !== null || listeners.size === 0)
      return
    telling = setTimeout(() => {
      telling = null
      const now = statuses()
      listeners.forEach(listener => listener(now))
    }, STATUS_MS)
  }

  function linkTo(url: RelayUrl): RelayLink {
    const known = links.get(url)
    if (known)
      return known
    forgetOne()
    const link = openLink({ url, clock, gate, openSocket, fetchInfo, onChange: changed })
    link.setConsent(consent, false)
    links.set(url, link)
    return link
  }

  function forgetOne(): void {
    if (links.size < MOST_RELAYS)
      return
    const left = [...links.values()].find(link => link.status().state === 'closed')
    if (left) {
      links.delete(left.url)
      left.close()
    }
  }

  /** One spelling for one relay; what is no address is left out. */
  const linksTo = (urls: readonly RelayUrl[]): readonly RelayLink[] =>
    over ? [] : [...new Set(urls.map(normalizeRelayUrl).filter(url => url !== null))].map(linkTo)

  /** Each id once per subscription, whichever relay brings it first. */
  function once(most?: number): { readonly wants: (event: NostrEvent) => boolean, readonly hand: (events: readonly NostrEvent[]) => void } {
    const handed = createSeen(most)
    return { wants: event => !handed.has(event.id), hand: events => events.forEach(({ id }) => handed.add(id)) }
  }

  function subscribe({ relays, filters, signal, onEvents, onStored, onClosed }: SubscribeOptions): void {
    if (signal.aborted)
      return
    const { wants, hand } = once()
    const ends = linksTo(relays).map(link => link.request({
      filters,
      lane: laneOf(filters),
      wants,
      onEvents(events) {
        if (signal.aborted)
          return
        hand(events)
        onEvents(events, link.url)
      },
      onStored: complete => signal.aborted ? undefined : onStored?.(link.url, complete),
      onClosed: reason => signal.aborted ? undefined : onClosed?.(link.url, reason),
    }))
    signal.addEventListener('abort', () => ends.forEach(end => end()), { once: true })
  }

  return {
    subscribe,
    async fetchAll({ relays, filters, signal, onEvents, pageSize, firstPageSize, skip }) {
      const { wants, hand } = once(400_000)
      const answers = await Promise.all(linksTo(relays).map(async link => ({
        url: link.url,
        complete: await bound.room(link, signal) && await pageThrough({ link, filters, signal, pageSize, firstPageSize, wants: event => wants(event) && skip?.(event) !== true, onEvents(events) {
          if (signal.aborted)
            return
          hand(events)
          onEvents(events, link.url)
        } }),
      })))
      const named = (complete: boolean) => answers.filter(answer => answer.complete === complete).map(answer => answer.url)
      return { complete: named(true), incomplete: named(false) }
    },
    publish: (event, relays, onAnswer) => Promise.all(linksTo(relays).map(async (link) => {
      const answer: PublishAnswer = await bound.room(link) ? await link.publish(event) : { url: link.url, outcome: 'unreachable', text: 'too many connections' }
      onAnswer?.(answer)
      return answer
    })),
    missing: async ({ relay, filter, known, signal }) => {
      const [link] = linksTo([relay])
      const ids = await link?.compare(filter, known, signal) ?? null
      return ids === null ? null : [...ids]
    },
    authenticate(next) {
      const another = next?.pubkey !== consent?.pubkey
      consent = next
      links.forEach(link => link.setConsent(next, another))
    },
    statuses,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retryNow: () => links.forEach(link => link.status().state === 'waiting' ? link.retryNow() : undefined),
    close() {
      over = true
      if (telling !== null)
        clearTimeout(telling)
      links.forEach(link => link.close())
      links.clear()
      listeners.clear()
    },
  }
}
