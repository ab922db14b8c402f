import * as v from 'valibot'
import type { KeyMaths, KeyQuestion, KeyTask } from './key-maths'

const Answer = v.variant('ok', [
  v.object({ id: v.number(), ok: v.literal(true), value: v.unknown() }),
  v.object({ id: v.number(), ok: v.literal(false), reason: v.string() }),
])
const Secret = v.nullable(v.instance(Uint8Array))
const Words = v.object({ words: v.array(v.string()), secret: v.instance(Uint8Array) })

/** scrypt leaves tens of megabytes behind in its worker: it goes when it has nothing to do. */
const IDLE_MS = 20_000

interface Waiting { readonly done: (value: unknown) => void, readonly failed: (reason: Error) => void }

/** The sums, done by a worker that is started when first needed. */
export function workerKeyMaths(start: () => Worker): KeyMaths {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let lastId = 0
  let idle: ReturnType<typeof setTimeout> | undefined

  function stop(reason: string): void {
    clearTimeout(idle)
    worker?.terminate()
    worker = null
    for (const { failed } of waiting.values())
      failed(new Error(reason))
    waiting.clear()
  }

  function hear(data: unknown): void {
    const answer = v.parse(Answer, data)
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.ok)
      asked?.done(answer.value)
    else
      asked?.failed(new Error(answer.reason))
    if (waiting.size === 0)
      idle = setTimeout(stop, IDLE_MS, 'idle')
  }

  function ask(task: KeyTask): Promise<unknown> {
    clearTimeout(idle)
    if (!worker) {
      worker = start()
      worker.onmessage = (event: MessageEvent<unknown>) => hear(event.data)
      worker.onerror = event => stop(event.message || 'the key worker could not start')
    }
    const question: KeyQuestion = { id: ++lastId, ask: task }
    worker.postMessage(question)
    return new Promise((done, failed) => { waiting.set(question.id, { done, failed }) })
  }

  return {
    lock: async (secret, passphrase, logN) => v.parse(v.string(), await ask({ task: 'lock', secret, passphrase, logN })),
    unlock: async (ncryptsec, passphrase) => v.parse(Secret, await ask({ task: 'unlock', ncryptsec, passphrase })),
    fromWords: async words => v.parse(Secret, await ask({ task: 'from-words', words })),
    newWords: async () => v.parse(Words, await ask({ task: 'new-words' })),
    close: () => stop('closed'),
  }
}
