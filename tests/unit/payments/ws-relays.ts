import { matchFilters } from 'nostr-tools/filter'
import type { Filter as LibraryFilter } from 'nostr-tools/filter'
import { verifyEvent } from 'nostr-tools/pure'
import { WebSocket } from 'ws'
import type { RelayUrl } from '../../../src/domain/brand'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import type { PublishAnswer, RelayStatus, Relays, SubscribeOptions } from '../../../src/ports/relays'

/** One real relay over a real socket, as small as the port allows; it comes back when the relay does. */
export function wsRelays(url: RelayUrl): Relays {
  const subscriptions = new Map<string, { options: SubscribeOptions, seen: Set<string> }>()
  const answers = new Map<string, (answer: PublishAnswer) => void>()
  const listeners = new Set<(statuses: readonly RelayStatus[]) => void>()
  let socket: WebSocket | null = null
  let state: RelayStatus['state'] = 'connecting'
  let over = false
  let last = 0

  const statuses = (): RelayStatus[] => [{ url, state, auth: 'none', retryAt: null, lastError: '', shunned: false, received: 0, refused: 0, notices: [] }]
  function become(next: RelayStatus['state']): void {
    state = next
    listeners.forEach(listener => listener(statuses()))
  }

  function hear(text: string): void {
    const frame = JSON.parse(text) as [string, string, unknown, string?]
    const one = subscriptions.get(frame[1])
    if (frame[0] === 'EVENT' && one) {
      const event = frame[2] as NostrEvent
      if (!one.seen.has(event.id) && verifyEvent(event as never) && matchFilters(one.options.filters as unknown as LibraryFilter[], event as never)) {
        one.seen.add(event.id)
        one.options.onEvents([event], url)
      }
    }
    if (frame[0] === 'EOSE')
      one?.options.onStored?.(url, true)
    if (frame[0] === 'OK')
      answers.get(frame[1])?.({ url, outcome: frame[2] === true ? 'stored' : 'refused', text: frame[3] ?? '' })
  }

  function connect(): void {
    if (over)
      return
    const fresh = new WebSocket(url)
    socket = fresh
    fresh.on('open', () => {
      for (const [id, { options }] of subscriptions)
        fresh.send(JSON.stringify(['REQ', id, ...options.filters]))
      become('open')
    })
    fresh.on('message', data => hear(String(data)))
    fresh.on('error', () => undefined)
    fresh.on('close', () => {
      become('waiting')
      setTimeout(connect, 100)
    })
  }
  connect()

  return {
    subscribe(options) {
      const id = `s${++last}`
      subscriptions.set(id, { options, seen: new Set() })
      options.signal.addEventListener('abort', () => subscriptions.delete(id), { once: true })
      if (socket?.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify(['REQ', id, ...options.filters]))
    },
    fetchAll: async () => ({ complete: [], incomplete: [url] }),
    publish(event, _relays, onAnswer) {
      return new Promise((resolve) => {
        const settle = (answer: PublishAnswer) => {
          onAnswer?.(answer)
          resolve([answer])
        }
        if (socket?.readyState !== WebSocket.OPEN)
          return settle({ url, outcome: 'unreachable', text: '' })
        answers.set(event.id, settle)
        socket.send(JSON.stringify(['EVENT', event]))
      })
    },
    authenticate: () => undefined,
    statuses,
    onStatus(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retryNow: () => undefined,
    close() {
      over = true
      socket?.terminate()
    },
  }
}
