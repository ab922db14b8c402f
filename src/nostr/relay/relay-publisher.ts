import type { RelayUrl } from '../../domain/brand'
import type { NostrEvent } from '../../domain/protocol/event'
import { classifyAnswer } from '../../domain/protocol/relay-frame'
import { assertNever } from '../../domain/result'
import type { Clock } from '../../ports/clock'
import type { PublishAnswer } from '../../ports/relays'
import type { RelayAuth } from './relay-auth'
import type { RelayLine } from './relay-line'
import type { RelayManner } from './relay-manner'

/** Brings events to one relay, and what it said of each to whoever sent it (transport.md §1). */
export interface Publisher {
  publish(event: NostrEvent): Promise<PublishAnswer>
  up(): void
  down(): void
  /** false: an OK for what we never sent. */
  answered(id: string, stored: boolean, text: string): boolean
  busy(): boolean
}

interface Parts {
  readonly url: RelayUrl
  readonly clock: Clock
  readonly send: (frame: readonly unknown[]) => boolean
  readonly auth: RelayAuth
  readonly line: RelayLine
  readonly manner: Pick<RelayManner, 'tooLong'>
}
interface Pending { readonly event: NostrEvent, readonly answer: Promise<PublishAnswer>, readonly settle: (outcome: PublishAnswer['outcome'], text: string) => void, sent: boolean, repeated: boolean }

const ANSWER_MS = 8_000
const LATE_OK_KEPT = 200

export function openPublisher({ url, clock, send, auth, line, manner }: Parts): Publisher {
  const pending = new Map<string, Pending>()
  /** An OK that comes late, or twice, is no misconduct. */
  const settled = new Set<string>()

  function start(event: NostrEvent): Pending {
    const limit = new AbortController()
    let resolve: (answer: PublishAnswer) => void = () => undefined
    const answer = new Promise<PublishAnswer>((done) => { resolve = done })
    const one: Pending = { event, answer, sent: false, repeated: false, settle(outcome, text) {
      limit.abort()
      if (!pending.delete(event.id))
        return
      settled.add(event.id)
      for (const oldest of settled) {
        if (settled.size <= LATE_OK_KEPT)
          break
        settled.delete(oldest)
      }
      resolve({ url, outcome, text })
    } }
    pending.set(event.id, one)
    void clock.sleep(ANSWER_MS, limit.signal).then(() => one.settle(one.sent ? 'no-answer' : 'unreachable', line.lastError))
    return one
  }

  function hand(one: Pending): void {
    // It would only cut the connection (NIP-11).
    if (manner.tooLong(JSON.stringify(['EVENT', one.event])))
      one.settle('refused', 'restricted: too long for this relay')
    else
      one.sent = send(['EVENT', one.event])
  }

  async function authenticateThenRepeat(one: Pending, text: string): Promise<void> {
    if (!one.repeated && await auth.ensure(1_000) && line.state === 'open') {
      one.repeated = true
      hand(one)
    }
    else {
      one.settle('auth-needed', text)
    }
  }

  return {
    publish(event) {
      const known = pending.get(event.id)
      if (known)
        return known.answer
      const one = start(event)
      if (line.state === 'open')
        hand(one)
      else if (!line.connect())
        one.settle('unreachable', line.lastError)
      return one.answer
    },
    up() {
      for (const one of [...pending.values()])
        hand(one)
    },
    down() {
      for (const one of [...pending.values()])
        one.settle('unreachable', line.lastError)
    },
    answered(id, stored, text) {
      const one = pending.get(id)
      if (!one)
        return settled.has(id)
      const said = text.slice(0, 500)
      const answer = classifyAnswer(stored, text)
      switch (answer.type) {
        case 'stored':
          one.settle('stored', said)
          break
        case 'authenticate-then-repeat':
          void authenticateThenRepeat(one, said)
          break
        case 'retry-later':
        // An ephemeral event that nobody heard: the other side may be there in a moment.
        case 'nobody-listens':
          one.settle('retry-later', said)
          break
        case 'give-up-relay':
        case 'simplify-filter':
          one.settle('refused', said)
          break
        case 'give-up-bytes':
          one.settle('invalid', said)
          break
        case 'pow':
          one.settle('pow', said)
          break
        default:
          assertNever(answer)
      }
      return true
    },
    busy: () => pending.size > 0,
  }
}
