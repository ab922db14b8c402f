import * as v from 'valibot'
import { readEvent } from '../domain/protocol/event-shape'
import type { NostrEvent } from '../domain/protocol/event'
import { isEventId } from '../domain/brand'
import { field, isRecord } from '../domain/protocol/json'
import type { Verifier, VerifyOutcome } from '../ports/relays'
import type { SignatureVerdict } from './verify'

/** What goes to a verify worker: events of the right shape. What comes back: one verdict each, in the same order. */
export interface VerifyTask { readonly id: number, readonly events: readonly NostrEvent[] }
export interface VerifyDone { readonly id: number, readonly verdicts: readonly SignatureVerdict[] }

const Done = v.object({ id: v.number(), verdicts: v.array(v.picklist(['ok', 'bad-id', 'bad-sig'])) })

/** As much of a MessagePort or a Worker as is needed here. */
export interface TaskPort {
  postMessage(message: VerifyTask): void
  onmessage: ((event: MessageEvent) => unknown) | null
}

/** A worker that takes longer for one batch is left alone until it answers, and the work is done by others, or here. */
const DEAD_AFTER_MS = 5_000

interface Line { readonly port: TaskPort, busy: number, dead: boolean }
interface Asked { readonly line: Line, readonly count: number, readonly done: (verdicts: readonly SignatureVerdict[] | null) => void }

/**
 * Spreads batches over verify workers, each to the one with the least to do. Shape and size are checked here, so that
 * only plain events cross. A worker that does not answer is left out; without any the work is done in this thread.
 */
export function verifierOverPorts(ports: readonly TaskPort[], deadAfterMs = DEAD_AFTER_MS): Verifier {
  const asked = new Map<number, Asked>()
  const lines: Line[] = ports.map(port => ({ port, busy: 0, dead: false }))
  let lastId = 0
  let here: Promise<Verifier> | null = null

  for (const line of lines) {
    line.port.onmessage = ({ data }: MessageEvent<unknown>) => {
      line.dead = false
      const done = v.safeParse(Done, data)
      const task = done.success ? asked.get(done.output.id) : undefined
      if (done.success && task && done.output.verdicts.length === task.count)
        task.done(done.output.verdicts)
    }
  }

  function ask(line: Line, events: readonly NostrEvent[]): Promise<readonly SignatureVerdict[] | null> {
    const id = ++lastId
    line.busy += events.length
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        line.dead = true
        done(null)
      }, deadAfterMs)
      const done = (verdicts: readonly SignatureVerdict[] | null): void => {
        clearTimeout(timer)
        line.busy -= events.length
        asked.delete(id)
        resolve(verdicts)
      }
      asked.set(id, { line, count: events.length, done })
      line.port.postMessage({ id, events })
    })
  }

  /** The library comes only when it is needed: the page is not to carry it. */
  async function verifyHere(events: readonly NostrEvent[]): Promise<readonly VerifyOutcome[]> {
    here ??= import('./verifier').then(({ createVerifier }) => createVerifier())
    return (await here).verify(events)
  }

  async function check(events: readonly NostrEvent[]): Promise<readonly VerifyOutcome[]> {
    const [line] = lines.filter(one => !one.dead).sort((a, b) => a.busy - b.busy)
    const verdicts = line ? await ask(line, events) : null
    if (verdicts === null)
      return line ? check(events) : verifyHere(events)
    return events.map((event, at) => {
      const verdict = verdicts[at] ?? 'bad-sig'
      return verdict === 'ok' ? { ok: true, event } : { ok: false, id: event.id, reason: verdict }
    })
  }

  return {
    async verify(events) {
      const read = events.map(event => ({ event, shape: readEvent(event) }))
      const good = read.flatMap(({ shape }) => shape.ok ? [shape.value] : [])
      const outcomes = (good.length > 0 ? await check(good) : []).values()
      return read.map(({ event, shape }) => shape.ok ? outcomes.next().value ?? refusedShape(event, 'event-shape') : refusedShape(event, shape.error.code))
    },
    close: () => asked.forEach(task => task.done(null)),
  }
}

function refusedShape(value: unknown, reason: 'event-shape' | 'limit'): VerifyOutcome {
  const id = isRecord(value) ? field(value, 'id') : null
  return { ok: false, id: isEventId(id) ? id : null, reason }
}
