import type { EventId, Seconds } from '../domain/brand'
import { toSeconds } from '../domain/brand'
import type { NostrEvent } from '../domain/protocol/event'
import { kinds } from '../domain/protocol/event'
import type { NwcConnection } from '../domain/wallet/nwc-uri'
import type { Clock } from '../ports/clock'
import type { Relays } from '../ports/relays'
import type { NwcScheme } from './nwc-crypt'
import { nwcCrypt, otherScheme } from './nwc-crypt'
import type { NwcReply } from './nwc-messages'
import { readAnswer, readNotice } from './nwc-messages'

export interface NwcOptions { readonly connection: NwcConnection, readonly relays: Relays, readonly clock: Clock }
export interface NwcAsk { readonly timeoutMs?: number, readonly signal?: AbortSignal | undefined, readonly expiresAt?: Seconds }
/** A request that was signed once: to ask again, the very same event is sent (payments.md §4.4, rule 2). */
export interface NwcRequest { readonly method: string, readonly event: NostrEvent, readonly scheme: NwcScheme }
export interface NwcAbilities { readonly methods: readonly string[], readonly notifications: readonly string[] }

export interface NwcClient {
  prepare(method: string, params: object, ask?: NwcAsk): Promise<NwcRequest | null>
  send(request: NwcRequest, ask?: NwcAsk): Promise<NwcReply>
  /** `prepare` and `send`, and once more in the other encryption when the wallet says that it could not read the first. */
  ask(method: string, params: object, ask?: NwcAsk): Promise<NwcReply>
  /** What the wallet's info event says; `null` when it published none. */
  abilities(): Promise<NwcAbilities | null>
  onNotice(listener: (notice: { readonly type: string, readonly paymentHash: string }) => void): () => void
  dispose(): void
}

const TIMEOUT_MS = 20_000
const READY_MS = 4_000
const PROBE_MS = 6_000
/** A second, readable answer often follows one that could not be opened. */
const GRACE_MS = 1_500
/** Waits before each sending of a request. */
const REPEAT_MS = [0, 1_500, 2_500, 6_000, 15_000]
/** Answers are ephemeral; a wallet's clock may lag behind ours. */
const BACK_SECONDS = 120

interface Waiting { readonly method: string, readonly tell: (reply: NwcReply) => void, readonly garbled: () => void }

/** A NIP-47 connection over the Relays port. One subscription serves the info event, all answers and notifications. */
export function openNwc({ connection, relays, clock }: NwcOptions): NwcClient {
  const crypt = nwcCrypt(connection.secret, connection.wallet)
  const life = new AbortController()
  const waiting = new Map<EventId, Set<Waiting>>()
  const notices = new Set<Parameters<NwcClient['onNotice']>[0]>()
  let info: NostrEvent | null = null
  let scheme: NwcScheme | null = null
  let listening = false
  let stored = false
  const looks = new Set<() => void>()

  const tag = (event: NostrEvent, name: string) => event.tags.find(([key]) => key === name)?.[1] ?? ''

  function hear(events: readonly NostrEvent[]): void {
    for (const event of events) {
      if (event.pubkey !== connection.wallet)
        continue
      if (event.kind === kinds.nwcInfo && (!info || event.created_at > info.created_at))
        info = event
      else if (event.kind === kinds.nwcResponse && tag(event, 'p') === crypt.pubkey)
        hearAnswer(event)
      else if (event.kind === (scheme === 'nip04' ? kinds.nwcNotification04 : kinds.nwcNotification))
        hearNotice(event)
    }
  }

  function hearAnswer(event: NostrEvent): void {
    const asked = [...waiting].find(([id]) => id === tag(event, 'e'))?.[1]
    if (!asked)
      return
    const text = crypt.open(event.content)
    for (const one of [...asked]) {
      const reply = text === null ? null : readAnswer(text, one.method)
      if (reply)
        one.tell(reply)
      else
        one.garbled()
    }
  }

  function hearNotice(event: NostrEvent): void {
    const text = crypt.open(event.content)
    const notice = text === null ? null : readNotice(text)
    if (notice)
      notices.forEach(listener => listener(notice))
  }

  const reachable = () => relays.statuses().some(status => status.state === 'open' && connection.relays.some(url => url === status.url))

  /** Until `check` holds, looked at whenever a relay's state changes; false when the time is over first. */
  function until(check: () => boolean): Promise<boolean> {
    if (check())
      return Promise.resolve(true)
    return new Promise((resolve) => {
      const over = new AbortController()
      const settle = (value: boolean) => { over.abort(); endStatus(); looks.delete(look); resolve(value) }
      const look = () => { if (check()) settle(true) }
      const endStatus = relays.onStatus(look)
      looks.add(look)
      void clock.sleep(READY_MS, AbortSignal.any([over.signal, life.signal])).then(() => { if (!over.signal.aborted) settle(check()) })
    })
  }

  /** Listening before anything is asked. False: no relay of the wallet can be reached. */
  async function start(): Promise<boolean> {
    if (!listening) {
      listening = true
      relays.subscribe({
        relays: connection.relays,
        filters: [
          { kinds: [kinds.nwcInfo], authors: [connection.wallet], limit: 1 },
          { kinds: [kinds.nwcResponse, kinds.nwcNotification, kinds.nwcNotification04], authors: [connection.wallet], '#p': [crypt.pubkey], since: Math.max(0, clock.now() - BACK_SECONDS) },
        ],
        signal: life.signal,
        onEvents: events => hear(events),
        onStored: () => {
          stored = true
          looks.forEach(look => look())
        },
      })
    }
    return await until(() => stored && reachable()) || reachable()
  }

  async function negotiate(): Promise<NwcScheme> {
    if (scheme)
      return scheme
    if (info) {
      // No tag means a wallet of the time before NIP-44.
      const offered = tag(info, 'encryption').split(/[\s,]+/)
      scheme = offered.includes('nip44_v2') ? 'nip44_v2' : 'nip04'
      return scheme
    }
    for (const probe of ['nip44_v2', 'nip04'] as const) {
      const reply = await send(compose('get_info', {}, probe), { timeoutMs: PROBE_MS })
      if (reply.type !== 'none')
        return scheme = reply.type === 'error' && reply.code === 'UNSUPPORTED_ENCRYPTION' ? otherScheme(probe) : probe
    }
    return 'nip44_v2'
  }

  function compose(method: string, params: object, by: NwcScheme, expiresAt?: Seconds): NwcRequest {
    const tags = [['p', connection.wallet], ['encryption', by], ...expiresAt === undefined ? [] : [['expiration', String(expiresAt)]]]
    return { method, scheme: by, event: crypt.sign(kinds.nwcRequest, clock.now(), tags, crypt.seal(by, JSON.stringify({ method, params }))) }
  }

  async function send({ method, event }: NwcRequest, { timeoutMs = TIMEOUT_MS, signal }: NwcAsk = {}): Promise<NwcReply> {
    if (!await start())
      return { type: 'none', reason: 'not-sent' }
    if (signal?.aborted)
      return { type: 'none', reason: 'aborted' }
    const over = new AbortController()
    const reply = new Promise<NwcReply>((resolve) => {
      let garbled = false
      const one: Waiting = {
        method,
        tell: resolve,
        garbled() {
          if (garbled)
            return
          garbled = true
          void clock.sleep(GRACE_MS, over.signal).then(() => resolve({ type: 'none', reason: 'undecryptable' }))
        },
      }
      const all = waiting.get(event.id) ?? new Set()
      waiting.set(event.id, all.add(one))
      over.signal.addEventListener('abort', () => {
        all.delete(one)
        if (all.size === 0)
          waiting.delete(event.id)
      }, { once: true })
      void clock.sleep(timeoutMs, over.signal).then(() => resolve({ type: 'none', reason: 'time' }))
      const stop = () => resolve({ type: 'none', reason: 'aborted' })
      signal?.addEventListener('abort', stop, { once: true, signal: over.signal })
      life.signal.addEventListener('abort', stop, { once: true, signal: over.signal })
    })
    void deliver(event, over.signal)
    const result = await reply
    over.abort()
    return result
  }

  /**
   * The same signed event, again and again: requests are ephemeral, so one that met no wallet at the relay is gone, and a
   * wallet acts on an id once, so a repeat is safe.
   */
  async function deliver(event: NostrEvent, over: AbortSignal): Promise<void> {
    for (const wait of REPEAT_MS) {
      await clock.sleep(wait, over)
      if (over.aborted)
        return
      void relays.publish(event, connection.relays)
    }
  }

  async function prepare(method: string, params: object, { expiresAt, timeoutMs = TIMEOUT_MS }: NwcAsk = {}): Promise<NwcRequest | null> {
    if (!await start())
      return null
    return compose(method, params, await negotiate(), expiresAt ?? toSeconds(clock.now() + Math.ceil(timeoutMs / 1000) + 30))
  }

  return {
    prepare,
    send,
    async ask(method, params, ask = {}) {
      const request = await prepare(method, params, ask)
      if (!request)
        return { type: 'none', reason: 'not-sent' }
      const reply = await send(request, ask)
      if (reply.type !== 'error' || !['UNSUPPORTED_ENCRYPTION', 'BAD_REQUEST'].includes(reply.code))
        return reply
      const again = await send(compose(method, params, otherScheme(request.scheme), ask.expiresAt), ask)
      if (again.type === 'result')
        scheme = otherScheme(request.scheme)
      return again.type === 'none' ? reply : again
    },
    async abilities() {
      await start()
      const words = (text: string) => text.split(/[\s,]+/).filter(word => word !== '')
      return info ? { methods: words(info.content), notifications: words(tag(info, 'notifications')) } : null
    },
    onNotice(listener) {
      notices.add(listener)
      void start().then(async (ready) => { if (ready) await negotiate() })
      return () => { notices.delete(listener) }
    },
    dispose: () => life.abort(),
  }
}
