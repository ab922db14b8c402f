import type { RelayUrl } from '../../domain/brand'
import type { NostrEvent } from '../../domain/protocol/event'
import { assertNever } from '../../domain/result'
import type { Clock } from '../../ports/clock'
import type { ListingStore } from '../../ports/listing-store'
import type { Verifier } from '../../ports/relays'
import { createCatalogFeed } from '../catalog-feed'
import type { Consent } from '../relay/relay-auth'
import type { FetchInfo } from '../relay/relay-document'
import type { OpenSocket } from '../relay/relay-line'
import { createRelayPool } from '../relay-pool'
import { createSeen } from '../seen'
import type { FromNet, ToNet } from './net-messages'

export interface NetHostParts {
  readonly verifier: Verifier
  readonly width: number
  readonly clock: Clock
  readonly openStore: () => ListingStore
  readonly loopbackImages: boolean
  readonly openSocket?: OpenSocket
  readonly fetchInfo?: FetchInfo
  readonly post: (message: FromNet) => void
}

/** The worker's side: the pool and the market, led by messages. */
export function hostNet({ verifier, width, clock, openStore, loopbackImages, openSocket, fetchInfo, post }: NetHostParts): (message: ToNet) => void {
  const seen = createSeen()
  const pool = createRelayPool({ verifier, clock, seen, width, ...(openSocket ? { openSocket } : {}), ...(fetchInfo ? { fetchInfo } : {}) })
  const catalog = createCatalogFeed({ pool, clock, seen, openStore, loopbackImages })
  const lives = new Map<number, AbortController>()
  const questions = new Map<number, (answer: boolean | NostrEvent | null) => void>()
  let lastQuestion = 0

  pool.onStatus(statuses => post({ type: 'statuses', statuses: [...statuses] }))

  function live(id: number): AbortSignal {
    const life = new AbortController()
    lives.set(id, life)
    return life.signal
  }

  function ask(question: (id: number) => FromNet): Promise<boolean | NostrEvent | null> {
    const id = ++lastQuestion
    return new Promise((resolve) => {
      questions.set(id, resolve)
      post(question(id))
    })
  }

  function settle(id: number, answer: boolean | NostrEvent | null): void {
    questions.get(id)?.(answer)
    questions.delete(id)
  }

  /** The page holds signer and policy: it is asked each time (T23). */
  const consentOf = (pubkey: Consent['pubkey']): Consent => ({
    pubkey,
    allowed: async relay => await ask(id => ({ type: 'ask-consent', id, relay })) === true,
    async sign(event) {
      const relay = (event.tags.find(([name]) => name === 'relay')?.[1] ?? '') as RelayUrl
      const signed = await ask(id => ({ type: 'ask-sign', id, relay, pubkey, event: { ...event, kind: 22_242, content: '' } }))
      return typeof signed === 'boolean' ? null : signed
    },
  })

  return (message) => {
    switch (message.type) {
      case 'start':
        return
      case 'subscribe': {
        const { id, relays, filters } = message
        return pool.subscribe({
          relays,
          filters,
          signal: live(id),
          onEvents: (events, from) => post({ type: 'events', id, from, events: [...events] }),
          onStored: (from, complete) => post({ type: 'stored', id, from, complete }),
          onClosed: (from, reason) => post({ type: 'closed', id, from, reason }),
        })
      }
      case 'fetch': {
        const { id, relays, filters, pageSize, firstPageSize } = message
        const signal = live(id)
        void pool.fetchAll({ relays, filters, signal, ...(pageSize ? { pageSize } : {}), ...(firstPageSize ? { firstPageSize } : {}), onEvents: (events, from) => post({ type: 'events', id, from, events: [...events] }) })
          .then(({ complete, incomplete }) => {
            lives.delete(id)
            post({ type: 'fetched', id, complete: [...complete], incomplete: [...incomplete] })
          })
        return
      }
      case 'missing': {
        const { id, relay, filter, known } = message
        const signal = live(id)
        void (pool.missing?.({ relay, filter, known, signal }) ?? Promise.resolve(null)).then((ids) => {
          lives.delete(id)
          post({ type: 'compared', id, ids: ids === null ? null : [...ids] })
        })
        return
      }
      case 'catalog': {
        const { id, relays } = message
        return catalog.open({ relays, signal: live(id), onBatch: batch => post({ type: 'batch', id, batch }), onProgress: progress => post({ type: 'progress', id, progress }) })
      }
      case 'look':
        return catalog.look?.({ merchant: message.merchant, relays: message.relays })
      case 'remember':
        return catalog.remember?.(message.event)
      case 'end':
        lives.get(message.id)?.abort()
        lives.delete(message.id)
        return
      case 'publish': {
        const { id, event, relays } = message
        void pool.publish(event, relays, answer => post({ type: 'answer', id, answer })).then(answers => post({ type: 'published', id, answers: [...answers] }))
        return
      }
      case 'consent':
        return pool.authenticate(message.pubkey === null ? null : consentOf(message.pubkey))
      case 'consented':
        return settle(message.id, message.yes)
      case 'signed':
        return settle(message.id, message.event)
      case 'retry':
        return pool.retryNow()
      case 'close':
        lives.forEach(life => life.abort())
        pool.close()
        return verifier.close()
      default:
        assertNever(message)
    }
  }
}
