import { expect, test } from 'vitest'
import { inlineKeyMaths } from '../../../src/storage/key-maths-inline'
import type { KeyAnswer, KeyQuestion } from '../../../src/storage/key-maths'
import { workerKeyMaths } from '../../../src/storage/key-maths-worker'

const maths = inlineKeyMaths()

test('NIP-49: the published example opens', async () => {
  const text = 'ncryptsec1qgg9947rlpvqu76pj5ecreduf9jxhselq2nae2kghhvd5g7dgjtcxfqtd67p9m0w57lspw8gsq6yphnm8623nsl8xn9j4jdzz84zm3frztj3z7s35vpzmqf6ksu8r89qk5z2zxfmu5gv8th8wclt0h4p'
  expect(Buffer.from(await maths.unlock(text, 'nostr') ?? []).toString('hex')).toBe('3501454135014541350145413501453fefb02227e449e57cf4d3a3ce05378683')
  expect(await maths.unlock(text, 'nostR')).toBeNull()
})

test('a passphrase is the same however its letters are composed', async () => {
  const secret = new Uint8Array(32).fill(9)
  const text = await maths.lock(secret, 'Å ngström', 4)
  expect(await maths.unlock(text, 'Å ngström'.normalize('NFD'))).toEqual(secret)
})

test('a text that asks for gigabytes is refused without trying', async () => {
  const { bech32 } = await import('@scure/base')
  const greedy = bech32.encode('ncryptsec', bech32.toWords(new Uint8Array([2, 30, ...new Uint8Array(89)])), 1000)
  expect(await maths.unlock(greedy, 'whatever')).toBeNull()
})

test('damaged texts and wrong words are no key', async () => {
  expect(await maths.unlock('ncryptsec1qqqq', 'x')).toBeNull()
  expect(await maths.unlock('', 'x')).toBeNull()
  expect(await maths.fromWords('one two three')).toBeNull()
})

/** The worker's messages over a plain object: what is asked arrives, what is answered comes back to who asked. */
function pretendWorker(answer: (question: KeyQuestion) => Promise<KeyAnswer>) {
  let terminated = 0
  const make = () => {
    const worker = { onmessage: null as ((event: { data: unknown }) => void) | null, onerror: null, terminate: () => { terminated++ }, postMessage: (question: KeyQuestion) => void answer(question).then(data => worker.onmessage?.({ data })) }
    return worker as unknown as Worker
  }
  return { make, terminated: () => terminated }
}

test('several questions at once each get their own answer, and a failing worker fails them', async () => {
  const { make, terminated } = pretendWorker(async ({ id, ask }) => {
    await new Promise((resolve) => { setTimeout(resolve, 20 - id * 5) })
    return ask.task === 'unlock' ? { id, ok: true, value: new Uint8Array([id]) } : { id, ok: false, reason: 'no' }
  })
  const remote = workerKeyMaths(make)
  const [one, two] = await Promise.all([remote.unlock('a', 'x'), remote.unlock('b', 'x')])
  expect([one, two]).toEqual([new Uint8Array([1]), new Uint8Array([2])])
  await expect(remote.newWords()).rejects.toThrow('no')
  remote.close()
  expect(terminated()).toBe(1)
})
