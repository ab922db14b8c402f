import { expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { err, ok } from '../../../src/domain/result'
import { authPolicy } from '../../../src/composables/auth-policy'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import type { Signer } from '../../../src/ports/signer'
import { person, relayUrl, signed } from '../../support/signed'

const me = person(3)
const ONE = relayUrl('wss://one.example')
const TWO = relayUrl('wss://two.example')
const local = createLocalSigner(new Uint8Array(me.secret), 'local')

function stage({ kind = 'nip07' as Signer['kind'], mayAsk = true, says = true, chosen = [ONE, TWO] } = {}) {
  let now = 1_000
  const asked: string[] = []
  const signer: Signer = { ...local, kind, async sign(event) {
    asked.push(event.tags[0]?.[1] ?? '')
    return says ? ok(signed({ ...event, tags: event.tags.map(tag => [...tag]) }, me)) : err({ code: 'declined' })
  } }
  const policy = authPolicy({ signer, clock: { now: () => toSeconds(now) }, chosen: url => chosen.includes(url), mayAsk })
  /** What a connection does when its relay wants to know who we are. */
  async function challenge(url: typeof ONE): Promise<boolean> {
    return policy.allowed(url) && await policy.sign({ kind: 22_242, created_at: toSeconds(now), tags: [['relay', url], ['challenge', 'x']], content: '' }) !== null
  }
  return { asked, challenge, later: (seconds: number) => { now += seconds } }
}

test.each(['nip07', 'nip46'] as const)('T23: a page that loads does not ask a signer elsewhere (%s), though the person let the relay know', async (kind) => {
  const { asked, challenge } = stage({ kind, mayAsk: false })
  expect(await challenge(ONE)).toBe(false)
  expect(asked).toEqual([])
})

test.each(['local', 'guest'] as const)('a key that is here (%s) answers at once, on each connection', async (kind) => {
  const { challenge } = stage({ kind, mayAsk: false })
  expect([await challenge(ONE), await challenge(ONE)]).toEqual([true, true])
})

test('T23: a relay that was not chosen gets no answer, whoever is there', async () => {
  const { asked, challenge } = stage({ chosen: [TWO] })
  expect(await challenge(ONE)).toBe(false)
  expect(await challenge(TWO)).toBe(true)
  expect(asked).toEqual([TWO])
})

test('a relay that drops its connection again and again asks somebody once, and anew after a while', async () => {
  const { asked, challenge, later } = stage()
  for (let n = 0; n < 20; n += 1) {
    await challenge(ONE)
    later(20)
  }
  expect(asked).toEqual([ONE])
  later(600)
  expect(await challenge(ONE)).toBe(true)
  expect(asked).toHaveLength(2)
})

test('after a no nobody is asked again, however long it takes', async () => {
  const { asked, challenge, later } = stage({ says: false })
  await challenge(ONE)
  later(100_000)
  await challenge(ONE)
  expect(asked).toEqual([ONE])
})
