import type { Event, Filter } from '@nostr-relay/common'
import type { AuthMode } from './auth-gate'
import type { RelayFaults } from './faults'
import type { Server } from 'node:http'
import { EventUtils, LogLevel } from '@nostr-relay/common'
import { NostrRelay } from '@nostr-relay/core'
import { Validator } from '@nostr-relay/validator'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { initNostrWasm } from 'nostr-wasm'
import { WebSocketServer } from 'ws'
import { AuthGate } from './auth-gate'
import { serveSocket } from './connection'
import { EventFile } from './event-file'
import { noRelayFaults } from './faults'
import { EventStore, matcher } from './event-store'
import { MemoryRepository } from './repository'

export interface RelayOptions {
  /** 0 or absent: any free one. */
  readonly port?: number
  /** Where events outlive a restart; absent: memory only. */
  readonly file?: string
  /** Most events that one filter gets, as public relays cap it. */
  readonly maxLimit?: number
  readonly auth?: AuthMode
  readonly name?: string
}

export interface Relay {
  readonly url: string
  readonly faults: RelayFaults
  readonly size: number
  /** Takes events in without checking them again: for large seeded markets. */
  load(events: readonly Event[]): void
  /** Takes events in and tells those who listen. */
  publish(events: readonly Event[]): void
  find(filter: Filter): readonly Event[]
  /** Closes the door and every connection, as a crash would. */
  stop(): Promise<void>
  /** Opens again on the same port with what it had. */
  start(): Promise<void>
  close(): Promise<void>
}

/** A real relay on loopback: NIP-01, 09, 11, 40, 42, 45. */
export async function startRelay(options: RelayOptions = {}): Promise<Relay> {
  const { maxLimit = 500, auth = 'off', name = 'Souk sandbox relay' } = options
  const wasm = await initNostrWasm()
  const verify = (event: Event): boolean => {
    try {
      wasm.verifyEvent(event)
      return true
    }
    catch {
      return false
    }
  }
  // The package checks signatures in JavaScript; the same check in WebAssembly takes a third of the time.
  // Its match for live events leaves tags out, so that everybody would hear everybody's private messages.
  const now = (): number => Math.floor(Date.now() / 1000)
  Object.assign(EventUtils, { isSigValid: verify, isMatchingFilter: (event: Event, filter: Filter) => matcher(filter, now())(event) })

  const store = new EventStore(now)
  const file = options.file === undefined ? null : new EventFile(options.file)
  for (const event of file?.read() ?? [])
    store.add(event)
  file?.compact(store.values())
  const repository = new MemoryRepository(store, file, maxLimit)
  const relay = new NostrRelay(repository, { logLevel: LogLevel.ERROR, filterResultCacheTtl: 0, eventHandlingResultCacheTtl: 0, maxSubscriptionsPerClient: 50 })
  const validator = new Validator({ maxTagValueLength: 65_536, maxContentLength: 512 * 1024 })
  const faults = noRelayFaults()
  const find = (filter: Filter): readonly Event[] => store.find(filter, 5_000)
  const information = JSON.stringify({ name, software: '@nostr-relay/core', version: '0.0.40', supported_nips: [1, 9, 11, 40, 42, 45], limitation: { max_limit: maxLimit, max_subscriptions: 50, max_message_length: 1 << 20, auth_required: false } })

  let host = ''
  const open = async (port: number): Promise<Server> => {
    const http = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/nostr+json', 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }).end(information)
    })
    const sockets = new WebSocketServer({ server: http, maxPayload: 1 << 20 })
    sockets.on('connection', (socket) => {
      serveSocket(socket, { relay, validator, gate: new AuthGate(auth, verify, now), faults, host, find })
    })
    sockets.on('error', () => undefined)
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject)
      http.listen(port, '127.0.0.1', resolve)
    })
    host = `127.0.0.1:${(http.address() as AddressInfo).port}`
    const end = http.close.bind(http)
    http.close = (done) => {
      // First of all no newcomers: one may be at the door already.
      sockets.close()
      for (const socket of sockets.clients)
        socket.terminate()
      http.closeAllConnections()
      return end(done)
    }
    return http
  }

  const load = (events: readonly Event[]): void => {
    const kept = events.filter(event => store.add(event) === 'kept')
    file?.append(...kept)
  }
  let http: Server | null = await open(options.port ?? 0)
  const { port } = http.address() as AddressInfo
  const stop = async (): Promise<void> => {
    const closing = http
    http = null
    if (closing !== null)
      await new Promise<void>(resolve => closing.close(() => resolve()))
  }
  return {
    url: `ws://127.0.0.1:${port}`,
    faults,
    get size() {
      return store.size
    },
    load,
    publish(events) {
      load(events)
      for (const event of events)
        void relay.broadcast(event)
    },
    find,
    stop,
    async start() {
      http ??= await open(port)
    },
    async close() {
      await stop()
      await relay.destroy()
    },
  }
}
