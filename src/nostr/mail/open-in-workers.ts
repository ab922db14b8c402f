import type { NostrEvent } from '../../domain/protocol/event'
import type { LetterOpener, LetterOutcome } from '../../ports/signer'
import type { ToOpener } from './open-messages'
import { readFromOpener } from './open-messages'

/** As much of a Worker as is needed. */
export interface OpenWorker {
  postMessage(message: ToOpener, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent) => unknown) | null
  onerror: ((event: ErrorEvent) => unknown) | null
  terminate(): void
}

interface Parts {
  readonly start: () => OpenWorker
  readonly count: number
  /** The key itself, not a copy: each worker gets one, once; nobody after its owner wiped it. */
  readonly secret: Uint8Array
  readonly deadAfterMs?: number
}
interface Line { readonly worker: OpenWorker, busy: number }
interface Asked { readonly line: Line, readonly count: number, readonly done: (outcomes: readonly LetterOutcome[] | null) => void }

/** One batch takes a tenth of a second; on a slow phone, with the library still to be loaded, several. */
const DEAD_AFTER_MS = 20_000
/** It wipes the key when told to, and ends by itself; if it does not, it is ended. */
const WIPE_MS = 1_000

/** Workers that open letters, started with the first letter, each batch to the one with the least to do. */
export function openInWorkers({ start, count, secret, deadAfterMs = DEAD_AFTER_MS }: Parts): LetterOpener & { close(): void } {
  const asked = new Map<number, Asked>()
  let lines: Line[] | null = null
  let lastId = 0
  let open = true

  function startOne(): Line {
    const line: Line = { worker: start(), busy: 0 }
    line.worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      const answer = readFromOpener(data)
      const task = answer === null ? undefined : asked.get(answer.id)
      if (answer !== null && task?.line === line && task.count === answer.outcomes.length)
        task.done(answer.outcomes)
    }
    line.worker.onerror = () => leave(line)
    const copy = new Uint8Array(secret)
    line.worker.postMessage({ type: 'key', secret: copy }, [copy.buffer])
    return line
  }

  /** It could not start, or does not answer: what it had is done by others, or in this thread. */
  function leave(line: Line): void {
    lines = lines?.filter(one => one !== line) ?? null
    line.worker.terminate()
    asked.forEach(task => task.line === line && task.done(null))
  }

  function ask(line: Line, events: readonly NostrEvent[]): Promise<readonly LetterOutcome[] | null> {
    const id = ++lastId
    line.busy += events.length
    return new Promise((resolve) => {
      const timer = setTimeout(leave, deadAfterMs, line)
      asked.set(id, { line, count: events.length, done(outcomes) {
        clearTimeout(timer)
        line.busy -= events.length
        asked.delete(id)
        resolve(outcomes)
      } })
      line.worker.postMessage({ type: 'open', id, events })
    })
  }

  async function openLetters(events: readonly NostrEvent[]): Promise<readonly LetterOutcome[] | null> {
    if (!open)
      return events.map(() => ({ ok: false, error: { code: 'locked' } }))
    lines ??= Array.from({ length: count }, startOne)
    const [line] = [...lines].sort((a, b) => a.busy - b.busy)
    if (line === undefined)
      return null
    return await ask(line, events) ?? openLetters(events)
  }

  return {
    openLetters,
    /** The key goes with it. */
    close() {
      open = false
      asked.forEach(task => task.done(null))
      for (const { worker } of lines ?? []) {
        worker.postMessage({ type: 'forget' })
        setTimeout(() => worker.terminate(), WIPE_MS)
      }
      lines = []
    },
  }
}
