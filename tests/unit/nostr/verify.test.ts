import { describe, expect, test } from 'vitest'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { createGate } from '../../../src/nostr/gate'
import { createSeen } from '../../../src/nostr/seen'
import { createVerifier } from '../../../src/nostr/verifier'
import { verifierOverPorts } from '../../../src/nostr/verifier-over-ports'
import type { TaskPort, VerifyTask } from '../../../src/nostr/verifier-over-ports'
import { checkInScript, openSignatureCheck } from '../../../src/nostr/verify'
import type { SignatureCheck } from '../../../src/nostr/verify'
import type { Verifier } from '../../../src/ports/relays'
import { backoffMs } from '../../../src/nostr/backoff'
import { person, signed } from '../../support/signed'

const me = person()
const good = signed({ content: 'hello "\\\n\t\u2028 😀', tags: [['t', 'é']] }, me)

describe.each<[string, () => Promise<SignatureCheck>]>([
  ['nostr-wasm', () => openSignatureCheck()],
  ['plain JavaScript, where WebAssembly does not load', () => openSignatureCheck(() => Promise.reject(new Error('switched off')))],
])('T22: signatures by %s', (_, open) => {
  test('passes a real event, and names what is wrong with another', async () => {
    const check = await open()
    expect(check(good)).toBe('ok')
    expect(check({ ...good, content: 'hello' })).toBe('bad-id')
    expect(check({ ...good, sig: signed({ content: 'other' }, me).sig })).toBe('bad-sig')
    expect(check(signed({ content: 'x'.repeat(200_000) }, me))).toBe('ok')
    expect(check({ ...signed({ content: 'x'.repeat(200_000) }, me), sig: good.sig })).toBe('bad-sig')
    // No point of the curve.
    expect(check({ ...good, pubkey: 'f'.repeat(64) as NostrEvent['pubkey'] })).not.toBe('ok')
    expect(check(good)).toBe('ok')
  })
})

test('the wasm library is really used where it loads', async () => {
  expect(await openSignatureCheck()).not.toBe(checkInScript)
})

test('T22: the verifier answers in the order asked, for anything at all', async () => {
  const outcomes = await createVerifier().verify([good, null, { ...good, kind: -1 }, { ...good, content: '' }, 'text', { ...good, content: 'x'.repeat(300_000) }])
  expect(outcomes.map(outcome => outcome.ok ? 'ok' : outcome.reason)).toEqual(['ok', 'event-shape', 'event-shape', 'bad-id', 'event-shape', 'limit'])
})

/** A verify worker without a thread. */
function fakeWorker(check: SignatureCheck | null): TaskPort & { tasks: VerifyTask[] } {
  const port: TaskPort & { tasks: VerifyTask[] } = {
    tasks: [],
    onmessage: null,
    postMessage(task) {
      port.tasks.push(task)
      if (check)
        queueMicrotask(() => port.onmessage?.({ data: { id: task.id, verdicts: task.events.map(check) } } as MessageEvent))
    },
  }
  return port
}

describe('verify workers', () => {
  test('share the work, and only events of the right shape cross', async () => {
    const workers = [fakeWorker(checkInScript), fakeWorker(checkInScript)]
    const verifier = verifierOverPorts(workers)
    const outcomes = await Promise.all([verifier.verify([good, { evil: true }]), verifier.verify([good])])
    expect(outcomes[0]?.map(({ ok }) => ok)).toEqual([true, false])
    expect(workers.map(({ tasks }) => tasks.length)).toEqual([1, 1])
    expect(workers[0]?.tasks[0]?.events).toEqual([good])
  })

  test('one that died is left out: the other, or this thread, does its work', async () => {
    const dead = fakeWorker(null)
    const alive = fakeWorker(checkInScript)
    const verifier = verifierOverPorts([dead, alive], 30)
    const outcomes = await Promise.all([verifier.verify([good]), verifier.verify([good]), verifier.verify([good])])
    expect(outcomes.flat().every(({ ok }) => ok)).toBe(true)
    await verifier.verify([good])
    expect(dead.tasks.length).toBeLessThanOrEqual(2)
    const alone = verifierOverPorts([fakeWorker(null)], 30)
    expect((await alone.verify([good, { ...good, content: '' }])).map(({ ok }) => ok)).toEqual([true, false])
  })
})

describe('the gate', () => {
  function counting(): Verifier & { checked: string[][] } {
    const inner = createVerifier(Promise.resolve(checkInScript))
    const checked: string[][] = []
    return { checked, close: () => undefined, async verify(events) {
      checked.push((events as NostrEvent[]).map(({ content }) => content))
      return inner.verify(events)
    } }
  }

  test('T22: checks an event once, though many relays bring it at the same moment', async () => {
    const verifier = counting()
    const gate = createGate(verifier, createSeen())
    const answers = await Promise.all(['a', 'b', 'c'].map(source => gate.admit(source, 'bulk', [good])))
    expect(answers).toEqual([[true], [true], [true]])
    expect(await gate.admit('d', 'bulk', [good])).toEqual([true])
    expect(verifier.checked.flat()).toHaveLength(1)
  })

  test('T22: under an id that is known as good another content is refused without a signature check', async () => {
    const verifier = counting()
    const gate = createGate(verifier, createSeen())
    await gate.admit('a', 'bulk', [good])
    expect(await gate.admit('b', 'bulk', [{ ...good, content: 'forged' }])).toEqual([false])
    expect(verifier.checked.flat()).toHaveLength(1)
  })

  test('T22: forgeries that are being checked do not swallow the real event behind them', async () => {
    const gate = createGate(counting(), createSeen())
    const forged = { ...good, content: 'forged' }
    const answers = await Promise.all([gate.admit('liar', 'bulk', [forged, forged]), gate.admit('honest', 'bulk', [good]), gate.admit('liar', 'bulk', [forged])])
    expect(answers).toEqual([[false, false], [true], [false]])
  })

  test('T21: relays are served in turn, and messages before listings', async () => {
    const order: string[] = []
    const slow: Verifier = { close: () => undefined, async verify(events) {
      order.push((events as NostrEvent[])[0]?.content ?? '')
      await new Promise(resolve => setTimeout(resolve, 1))
      return events.map(event => ({ ok: true, event: event as NostrEvent }))
    } }
    const gate = createGate(slow, createSeen(), 1)
    const flood = Array.from({ length: 2_000 }, (_, at) => ({ ...good, id: at.toString(16).padStart(64, '0') as NostrEvent['id'], content: 'flood' }))
    const small = (name: string, content: string) => [{ ...good, id: name.padStart(64, '0') as NostrEvent['id'], content }]
    void gate.admit('flooder', 'bulk', flood)
    await Promise.all([gate.admit('honest', 'bulk', small('a', 'listing')), gate.admit('third', 'urgent', small('b', 'order'))])
    expect(order.indexOf('order')).toBeLessThanOrEqual(2)
    expect(order.indexOf('listing')).toBeLessThanOrEqual(3)
  })
})

test('T20: memory of seen ids is bounded, and the latest stay', () => {
  const seen = createSeen(1_000)
  for (let at = 0; at < 10_000; at++)
    seen.add(`${at}`)
  expect(seen.size).toBeLessThanOrEqual(1_000)
  expect(seen.has('9999') && seen.has('9600')).toBe(true)
  expect(seen.has('0')).toBe(false)
  seen.forget('9999')
  expect(seen.has('9999')).toBe(false)
})

test('T21: waits double up to a minute, and no two clients come back as one', () => {
  expect([1, 2, 3, 4].map(attempt => backoffMs(attempt, 0))).toEqual([500, 1_000, 2_000, 4_000])
  expect(backoffMs(1, 0.999)).toBeLessThanOrEqual(1_000)
  expect(backoffMs(50, 0.999)).toBeLessThanOrEqual(60_000)
  expect(backoffMs(5_000, 0)).toBe(30_000)
})

