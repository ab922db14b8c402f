import type { RelayUrl, Seconds } from '../../domain/brand'
import { toSeconds } from '../../domain/brand'
import type { Clock } from '../../ports/clock'
import type { RelayState } from '../../ports/relays'
import { backoffMs } from '../backoff'

/** As much of a WebSocket as is needed; the browser's, or that of the `ws` package in Node. */
export interface SocketLike {
  send(text: string): void
  close(): void
  onopen: ((event: never) => unknown) | null
  onmessage: ((event: never) => unknown) | null
  onerror: ((event: never) => unknown) | null
  onclose: ((event: never) => unknown) | null
}
export type OpenSocket = (url: RelayUrl) => SocketLike

export const openWebSocket: OpenSocket = url => new WebSocket(url)

export interface LineEvents {
  readonly onUp: () => void
  /** `data` as it came: text, or something else that is nobody's frame. */
  readonly onData: (data: unknown) => void
  readonly onDown: (reason: string) => void
  readonly onState: () => void
}

const LOOK_MS = 50
const MOST_LOOKS = 100

/** Waits while it connects. */
export async function isUp(line: Pick<RelayLine, 'state'>, clock: Clock, signal: AbortSignal): Promise<boolean> {
  for (let looks = 0; looks < MOST_LOOKS && line.state === 'connecting' && !signal.aborted; looks++)
    await clock.sleep(LOOK_MS, signal)
  return line.state === 'open'
}

/** One connection that is kept up: reconnection with back-off and jitter (T21). */
export interface RelayLine {
  readonly state: RelayState
  readonly retryAt: Seconds | null
  readonly lastError: string
  /** Left alone for a while, for what it sent. */
  readonly shunned: boolean
  /** Starts connecting when nothing is under way. false: the relay misbehaved, and is left alone for a while. */
  connect(): boolean
  /** false: not connected, nothing was sent. */
  send(text: string): boolean
  /** Ends the connection; the next attempt comes after `waitMs`, or the usual time. */
  drop(reason: string, waitMs?: number): void
  /** Ends the connection for want of use. */
  rest(): void
  close(): void
}

const CONNECT_MS = 7_000
/** A connection that held so long was a good one: the next failure starts with short waits again. */
const GOOD_AFTER_SECONDS = 10

export function openLine(url: RelayUrl, clock: Clock, openSocket: OpenSocket, events: LineEvents): RelayLine {
  let state: RelayState = 'closed'
  let retryAt: Seconds | null = null
  let lastError = ''
  let socket: SocketLike | null = null
  let openedAt: Seconds | null = null
  let attempts = 0
  let punished = false
  let over = false
  /** Ends whatever this line is waiting for: an answer to its knock, or the next attempt. */
  let wait = new AbortController()

  function become(next: RelayState, at: Seconds | null = null): void {
    wait.abort()
    wait = new AbortController()
    state = next
    retryAt = at
    events.onState()
  }

  function leaveSocket(): void {
    const former = socket
    socket = null
    if (!former)
      return
    former.onopen = former.onmessage = former.onclose = null
    // Closing a socket that is still connecting makes it complain once more.
    former.onerror = () => undefined
    former.close()
  }

  function fail(reason: string, waitMs?: number): void {
    if (over || state === 'closed' || state === 'waiting')
      return
    const wasOpen = state === 'open'
    if (wasOpen && openedAt !== null && clock.now() - openedAt >= GOOD_AFTER_SECONDS)
      attempts = 0
    attempts++
    lastError = reason
    leaveSocket()
    const ms = waitMs ?? backoffMs(attempts, clock.random())
    punished = (waitMs ?? 0) > 0
    become('waiting', toSeconds(clock.now() + Math.ceil(ms / 1000)))
    const { signal } = wait
    void clock.sleep(ms, signal).then(() => {
      if (!signal.aborted)
        knock()
    })
    events.onDown(reason)
  }

  function knock(): void {
    punished = false
    become('connecting')
    const { signal } = wait
    try {
      socket = openSocket(url)
    }
    catch (thrown) {
      if (!(thrown instanceof Error))
        throw thrown
      return fail('this address cannot be opened')
    }
    const own = socket
    own.onopen = () => {
      openedAt = clock.now()
      lastError = ''
      become('open')
      events.onUp()
    }
    own.onmessage = (event: { readonly data: unknown }) => events.onData(event.data)
    own.onerror = () => fail('connection failed')
    own.onclose = () => fail('connection closed')
    void clock.sleep(CONNECT_MS, signal).then(() => {
      if (!signal.aborted)
        fail('no connection in time')
    })
  }

  return {
    get state() { return state },
    get retryAt() { return retryAt },
    get lastError() { return lastError },
    get shunned() { return punished && state === 'waiting' },
    connect() {
      if (over || (state === 'waiting' && punished))
        return false
      if (state === 'closed' || state === 'waiting')
        knock()
      return true
    },
    send(text) {
      if (state !== 'open' || !socket)
        return false
      socket.send(text)
      return true
    },
    drop: fail,
    rest() {
      if (over || state === 'closed')
        return
      leaveSocket()
      become('closed')
    },
    close() {
      if (over)
        return
      leaveSocket()
      become('closed')
      over = true
    },
  }
}
