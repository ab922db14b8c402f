import { assertNever } from '../domain/result'
import type { KeyAnswer, KeyQuestion, KeyTask } from '../storage/key-maths'
import { inlineKeyMaths } from '../storage/key-maths-inline'

/** Slow sums around keys, off the main thread. The question comes from our own page: its shape is believed. */
const maths = inlineKeyMaths()

function work(ask: KeyTask) {
  switch (ask.task) {
    case 'lock': return maths.lock(ask.secret, ask.passphrase, ask.logN)
    case 'unlock': return maths.unlock(ask.ncryptsec, ask.passphrase)
    case 'from-words': return maths.fromWords(ask.words)
    case 'new-words': return maths.newWords()
    default: return assertNever(ask)
  }
}

self.onmessage = async ({ data: { id, ask } }: MessageEvent<KeyQuestion>) => {
  const answer = await work(ask).then(
    (value): KeyAnswer => ({ id, ok: true, value }),
    (thrown: unknown): KeyAnswer => ({ id, ok: false, reason: thrown instanceof Error ? thrown.message : 'failed' }),
  )
  self.postMessage(answer)
}
