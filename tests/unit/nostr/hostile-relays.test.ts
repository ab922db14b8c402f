import { expect, test } from 'vitest'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { limits } from '../../../src/domain/limits'
import { person, pause, signed, until } from '../../support/signed'
import { testClock } from '../storage/people'
import { DEAD, stage } from './stage'

const { pool, scripted, honest, listen, statusOf } = stage()
const me = person()
const garbage = (at: number): unknown => ({ id: at.toString(16).padStart(64, '0'), pubkey: me.pubkey, created_at: 1_700_000_000 + at, kind: 1, tags: [], content: 'x', sig: '0'.repeat(128) })

test('T20: a frame over the limit is dropped and counted; what comes after it arrives', async () => {
  const real = signed({ content: 'real' }, me)
  const relay = await scripted({ frame([type, id], say) {
    if (type !== 'REQ')
      return
    say('EVENT', id, { ...signed({}, me), content: 'x'.repeat(limits.frameBytes) })
    say('EVENT', id, real)
    say('EOSE', id)
  } })
  const relays = pool()
  const { got, stored } = listen(relays, [relay.url])
  await until(() => stored.length === 1, 'stored')
  expect(got).toEqual([real])
  expect(statusOf(relays, relay.url)?.refused).toBe(1)
})

test('T20: garbage of every kind is counted, and none of it is handed on', async () => {
  const deep = '['.repeat(5_000) + ']'.repeat(5_000)
  const relay = await scripted({ frame([type, id], say, socket) {
    if (type !== 'REQ')
      return
    for (const text of ['', '{', 'null', '[]', '"EVENT"', deep, '["EVENT"]', '["OK","x",true]', '["EVENT","nobody",{}]', '{"__proto__":{"id":1}}'])
      socket.send(text)
    socket.send(Buffer.from([1, 2, 3]), { binary: true })
    say('EVENT', id, { ...signed({}, me), kind: 'one' })
    say('EVENT', id, signed({ kind: 7 }, me))
    say('OK', 'f'.repeat(64), true, '')
    say('EOSE', 'nobody')
    say('NOTICE', 'n'.repeat(5_000))
    say('EOSE', id)
  } })
  const relays = pool()
  const { got, stored } = listen(relays, [relay.url])
  await until(() => stored.length === 1, 'stored')
  const status = statusOf(relays, relay.url)
  expect(got).toEqual([])
  expect(status?.refused).toBe(15)
  expect(status?.notices).toHaveLength(1)
  expect(status?.notices[0]?.length).toBeLessThan(400)
  expect(status?.state).toBe('open')
})

test('T21: with one relay dead, one hanging, one lying and flooding, everything still comes through the fourth', async () => {
  const events = Array.from({ length: 30 }, (_, at) => signed({ content: `${at}` }, me))
  const { url } = await honest(events)
  const hanging = await scripted({})
  const liar = await scripted({ connected(say) {
    say('EVENT', 's1', garbage(0))
  }, frame([type, id], say) {
    if (type === 'EVENT')
      say('OK', 'e'.repeat(64), true, '')
    for (let at = 0; type === 'REQ' && at < 25_000; at++)
      say('EVENT', id, garbage(at))
  } })
  const relays = pool()
  const all = [DEAD, hanging.url, liar.url, url]
  const { got } = listen(relays, all)
  await until(() => got.length === events.length, 'all of the honest one', 3_000)
  const live = signed({ content: 'live' }, me)
  const heard: string[] = []
  void relays.publish(live, all, answer => heard.push(`${answer.url === url} ${answer.outcome}`))
  await until(() => got.some(event => event.id === live.id) && heard.includes('true stored'), 'published and heard live', 3_000)
  await until(() => statusOf(relays, liar.url)?.state === 'waiting', 'the liar is left alone')
  expect(['flooding', 'forged events']).toContain(statusOf(relays, liar.url)?.lastError)
  expect(statusOf(relays, DEAD)?.state).not.toBe('open')
  expect(got.every(event => event.pubkey === me.pubkey && !('x' === event.content))).toBe(true)
})

test('T21: a relay that misbehaved is left alone for a minute and more, whatever is asked of it', async () => {
  const liar = await scripted({ frame([type, id], say) {
    for (let at = 0; type === 'REQ' && at < 400; at++)
      say('EVENT', id, garbage(at))
  } })
  const { clock, pass } = testClock()
  const relays = pool(clock)
  listen(relays, [liar.url])
  await until(() => statusOf(relays, liar.url)?.lastError === 'forged events', 'found out')
  relays.retryNow()
  expect((await relays.publish(signed({}, me), [liar.url]))[0]?.outcome).toBe('unreachable')
  await pass(30)
  await pause(50)
  expect(liar.connections()).toBe(1)
  await pass(31)
  await until(() => liar.connections() === 2, 'given another chance')
})

test('T21: a relay that never ends its answer counts as incomplete, and holds up nobody', async () => {
  const event = signed({ content: 'half' }, me)
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('EVENT', id, event) : undefined })
  const { clock, pass } = testClock()
  const relays = pool(clock)
  const { got, stored } = listen(relays, [relay.url])
  const fetched: NostrEvent[] = []
  const fetching = relays.fetchAll({ relays: [relay.url], filters: [{ kinds: [1] }], signal: new AbortController().signal, onEvents: events => fetched.push(...events) })
  await until(() => got.length === 1 && fetched.length === 1, 'what it gave')
  expect(stored).toEqual([])
  await pass(25)
  expect(await fetching).toEqual({ complete: [], incomplete: [relay.url] })
  await until(() => stored.length === 1, 'the end of patience')
  expect(stored).toEqual([{ url: relay.url, complete: false }])
  expect((await Promise.all([relays.publish(signed({}, me), [relay.url]), pause(50).then(() => pass(9))]))[0][0]?.outcome).toBe('no-answer')
})

test('T21: reconnection backs off with growing waits and jitter, and asks everything again', async () => {
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('EOSE', id) : undefined })
  const { clock, pass } = testClock()
  const relays = pool(clock)
  listen(relays, [relay.url])
  await until(() => relay.heard.length === 1, 'asked')
  const waits: number[] = []
  for (let round = 1; round <= 4; round++) {
    relay.cut()
    await until(() => statusOf(relays, relay.url)?.state === 'waiting', 'waiting')
    waits.push((statusOf(relays, relay.url)?.retryAt ?? 0) - clock.now())
    await pass(waits.at(-1) ?? 0)
    await until(() => relay.heard.filter(([type]) => type === 'REQ').length === round + 1, 'asked again')
  }
  // Half of each doubled second is chance, and chance is 0.5 here: 0.75, 1.5, 3 and 6 seconds, rounded up.
  expect(waits).toEqual([1, 2, 3, 6])
  // A connection that held is forgiven what was before.
  await pass(15)
  relay.cut()
  await until(() => statusOf(relays, relay.url)?.state === 'waiting', 'waiting')
  expect((statusOf(relays, relay.url)?.retryAt ?? 0) - clock.now()).toBe(1)
})

test('T22: a forgery that carries a real id neither gets through nor hides the real event', async () => {
  const real = signed({ content: 'send 10' }, me)
  const forged = { ...real, content: 'send 99' }
  const liar = await scripted({ frame([type, id], say) {
    if (type === 'REQ') {
      say('EVENT', id, forged)
      say('EVENT', id, { ...real, sig: '0'.repeat(128) })
      say('EOSE', id)
    }
  } })
  const relays = pool()
  const { got, stored } = listen(relays, [liar.url])
  await until(() => stored.length === 1, 'the liar is done')
  expect(got).toEqual([])
  const { url } = await honest([real])
  const second = listen(relays, [liar.url, url])
  await until(() => second.stored.length === 2, 'both are done')
  expect(second.got).toEqual([real])
  const third = listen(relays, [liar.url])
  await until(() => third.stored.length === 1, 'once more from the liar alone')
  // The id is known as good now; the other content under it is not.
  expect(third.got.map(event => event.content)).not.toContain('send 99')
  expect(statusOf(relays, liar.url)?.refused).toBeGreaterThanOrEqual(4)
})
