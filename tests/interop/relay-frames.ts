/** Frames of a relay, judged by what this connection said before. */
import { classifyAnswer, readFrame, type AnswerClass } from '../../src/domain/protocol/relay-frame'
import { assertNever } from '../../src/domain/result'
import { isNewer } from '../../src/domain/catalog/latest'
import type { Case } from './fixture-set'
import { verifiedEvent } from './open'
import type { Outcome } from './verdict'
import { records } from './fixture-set'
import { eventVersion, type World } from './world'

/** What we said on this connection: whatever answers anything else is counted and dropped (transport.md §1). */
interface RelaySession { readonly published: ReadonlySet<string>, readonly subscriptions: ReadonlySet<string> }

type FrameMeaning =
  | { readonly type: 'answer', readonly answer: AnswerClass }
  | { readonly type: 'event', readonly subscription: string, readonly event: unknown }
  | { readonly type: 'eose', readonly subscription: string, readonly complete: boolean | null }
  | { readonly type: 'challenge', readonly challenge: string }
  | { readonly type: 'log', readonly text: string }
  | { readonly type: 'ignore', readonly reason: 'frame-shape' | 'unknown-subscription' | 'unknown-event' }

/** One parsed frame in the light of what we asked. */
function judgeFrame(value: unknown, session: RelaySession): FrameMeaning {
  const frame = readFrame(value)
  switch (frame?.type) {
    case undefined:
      return { type: 'ignore', reason: 'frame-shape' }
    case 'ok':
      return session.published.has(frame.id) ? { type: 'answer', answer: classifyAnswer(frame.stored, frame.text) } : { type: 'ignore', reason: 'unknown-event' }
    case 'event':
      return session.subscriptions.has(frame.subscription) ? frame : { type: 'ignore', reason: 'unknown-subscription' }
    case 'closed':
      return session.subscriptions.has(frame.subscription) ? { type: 'answer', answer: classifyAnswer(false, frame.text) } : { type: 'ignore', reason: 'unknown-subscription' }
    case 'eose':
      return session.subscriptions.has(frame.subscription) ? frame : { type: 'ignore', reason: 'unknown-subscription' }
    case 'auth':
      return { type: 'challenge', challenge: frame.challenge }
    case 'notice':
      return { type: 'log', text: frame.text }
    case 'reconcile':
      return { type: 'ignore', reason: 'unknown-subscription' }
    default:
      return assertNever(frame)
  }
}

/**
 * A frame alone does not say what we asked. The frames of one file are those of one connection: the event that most of the
 * answers name is the one we published, the subscription that most of them name is the one we opened.
 */
export function sessionOf({ file }: World): RelaySession {
  const frames = file.cases.map(({ payload }) => payload['frame']).filter((frame): frame is readonly unknown[] => Array.isArray(frame))
  const named = (names: readonly string[]) => frames.filter(([name]) => typeof name === 'string' && names.includes(name)).map(frame => frame[1])
  return { published: mostNamed(named(['OK'])), subscriptions: mostNamed(named(['EOSE', 'CLOSED', 'EVENT'])) }
}

function mostNamed(names: readonly unknown[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const name of names) {
    if (typeof name === 'string')
      counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a)
  return new Set(first === undefined ? [] : [first[0]])
}

export function frameOutcome(one: Case, world: World): Outcome {
  return asOutcome(judgeFrame(one.payload['frame'], sessionOf(world)))
}

function asOutcome(meaning: FrameMeaning): Outcome {
  switch (meaning.type) {
    case 'answer':
      return { outcome: meaning.answer.type, ...(meaning.answer.type === 'pow' ? { value: meaning.answer.bits } : {}) }
    case 'eose':
      return { outcome: 'eose', complete: meaning.complete ?? 'unknown' }
    case 'challenge':
      return { outcome: 'challenge', value: meaning.challenge }
    case 'log':
      return { outcome: 'log' }
    case 'ignore':
      return { outcome: 'ignore', reason: meaning.reason }
    case 'event': {
      const event = verifiedEvent(meaning.event)
      return event.ok ? { outcome: 'accept', as: 'event', value: event.value } : { outcome: 'refuse', reason: event.error.reason }
    }
  }
}

/** Of several versions of one replaceable event the one that is kept, whatever the sequence. */
export function keptOf(one: Case): Outcome {
  const versions = records(one.payload['events']).map(verifiedEvent).flatMap(event => event.ok ? [eventVersion(event.value)] : [])
  const newest = (list: typeof versions) => list.reduce((kept, next) => isNewer(next, kept) ? next : kept)
  if (versions.length === 0)
    return { outcome: 'refuse', reason: 'no event' }
  const [there, back] = [newest(versions), newest(versions.toReversed())]
  return there === back ? { outcome: 'kept', value: there.eventId } : { outcome: 'kept', value: 'depends on the sequence' }
}
