import { expect, test } from 'vitest'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import type { PublishAnswer } from '../../../src/ports/relays'
import { nowSeconds, pause, person, signed, until } from '../../support/signed'
import { stage } from './stage'

const { pool, scripted, listen, statusOf, honest } = stage()
const me = person()
const other = person()
const policy = (allowed: (url: string) => boolean, asked: unknown[] = []) => ({ pubkey: me.pubkey, allowed, sign: async (event: { kind: number, created_at: number, tags: string[][], content: string }) => {
  asked.push(event)
  return signed(event, me)
} })

const said: readonly (readonly [boolean, string, PublishAnswer['outcome']])[] = [
  [true, '', 'stored'],
  [false, 'duplicate: have it', 'stored'],
  [false, 'blocked: not you', 'refused'],
  [false, 'restricted: members only', 'refused'],
  [false, 'rate-limited: slow down', 'retry-later'],
  [false, 'error: disk', 'retry-later'],
  [false, 'something else', 'retry-later'],
  [false, 'mute: nobody listens', 'retry-later'],
  [false, 'invalid: created_at too late', 'invalid'],
  [false, 'pow: 28 bits needed', 'pow'],
  [false, 'auth-required: who are you', 'auth-needed'],
]
test.each(said)('an OK of %s with "%s" is %s', async (stored, text, outcome) => {
  const relay = await scripted({ frame: ([type, event], say) => type === 'EVENT' ? say('OK', (event as NostrEvent).id, stored, text) : undefined })
  expect(await pool().publish(signed({}, me), [relay.url])).toEqual([{ url: relay.url, outcome, text }])
})

test('a relay that wants AUTH for writing gets it where allowed, and the same frame once more', async () => {
  let known = false
  const relay = await scripted({
    connected: say => say('AUTH', 'one'),
    frame([type, event], say) {
      const { id } = event as NostrEvent
      if (type === 'AUTH')
        known = true
      say('OK', id, type === 'AUTH' || known, known ? '' : 'auth-required: who are you')
    },
  })
  const relays = pool()
  const event = signed({}, me)
  expect((await relays.publish(event, [relay.url]))[0]?.outcome).toBe('auth-needed')
  const asked: { tags: string[][] }[] = []
  relays.authenticate(policy(() => true, asked))
  expect((await relays.publish(event, [relay.url]))[0]?.outcome).toBe('stored')
  expect(relay.heard.map(([type]) => type)).toEqual(['EVENT', 'EVENT', 'AUTH', 'EVENT'])
  expect(relay.heard[3]).toEqual(relay.heard[1])
  // The address that we signed is the one that we connected to.
  expect(asked[0]?.tags).toContainEqual(['relay', relay.url])
  expect(asked[0]?.tags).toContainEqual(['challenge', 'one'])
})

test('a relay that goes on wanting AUTH after AUTH is not answered for ever', async () => {
  const relay = await scripted({
    connected: say => say('AUTH', 'one'),
    frame: ([type, event], say) => say('OK', (event as NostrEvent).id, type === 'AUTH', type === 'AUTH' ? '' : 'auth-required: and again'),
  })
  const relays = pool()
  relays.authenticate(policy(() => true))
  expect((await relays.publish(signed({}, me), [relay.url]))[0]?.outcome).toBe('auth-needed')
  expect(relay.heard.filter(([type]) => type === 'EVENT')).toHaveLength(2)
})

test('T23: AUTH goes only to relays that the user chose, however often the others ask', async () => {
  const script = { connected: (say: (...frame: unknown[]) => void) => say('AUTH', 'one'), frame([type, id]: readonly unknown[], say: (...frame: unknown[]) => void) {
    if (type === 'REQ')
      say('CLOSED', id, 'auth-required: please')
    if (type === 'REQ')
      say('AUTH', 'two')
  } }
  const [chosen, stranger] = await Promise.all([scripted(script), scripted(script)])
  const relays = pool()
  const asked: unknown[] = []
  relays.authenticate(policy(url => url === chosen.url, asked))
  const { closed } = listen(relays, [chosen.url, stranger.url], [{ 'kinds': [4], '#p': [me.pubkey] }])
  await until(() => chosen.heard.some(([type]) => type === 'AUTH') && closed.includes('auth-needed'), 'answered and refused')
  await pause(200)
  expect(stranger.heard.some(([type]) => type === 'AUTH')).toBe(false)
  expect(asked.every(event => JSON.stringify(event).includes(chosen.url))).toBe(true)
  expect(statusOf(relays, stranger.url)?.auth).toBe('needed')
})

test('stock strfry: private messages are asked for only after AUTH, and again when the challenge comes late', async () => {
  const letter = signed({ kind: 4, tags: [['p', me.pubkey]], content: 'x?iv=y' }, other)
  let known = false
  const relay = await scripted({
    connected: (say) => { setTimeout(() => say('AUTH', 'late'), 400) },
    frame([type, what], say) {
      if (type === 'AUTH') {
        known = true
        say('OK', (what as NostrEvent).id, true, '')
      }
      if (type === 'REQ') {
        if (known)
          say('EVENT', what, letter)
        say('EOSE', what)
      }
    },
  })
  const relays = pool()
  relays.authenticate(policy(() => true))
  const { got, stored } = listen(relays, [relay.url], [{ 'kinds': [4], '#p': [me.pubkey] }])
  await until(() => got.length === 1, 'the letter')
  expect(relay.heard.map(([type]) => type)).toEqual(['REQ', 'AUTH', 'REQ'])
  await until(() => stored.length === 2, 'both answers')

  const prompt = await scripted({ connected: say => say('AUTH', 'at once'), frame: ([type, what], say) => type === 'AUTH' ? say('OK', (what as NostrEvent).id, true, '') : say('EOSE', what) })
  const second = listen(relays, [prompt.url], [{ 'kinds': [4], '#p': [me.pubkey] }])
  await until(() => second.stored.length === 1, 'stored')
  expect(prompt.heard.map(([type]) => type)).toEqual(['AUTH', 'REQ'])
})

test('another account is not seen on the connection of the former one', async () => {
  const relay = await scripted({ connected: say => say('AUTH', 'one'), frame: ([type, what], say) => type === 'AUTH' ? say('OK', (what as NostrEvent).id, true, '') : say('EOSE', what) })
  const relays = pool()
  relays.authenticate(policy(() => true))
  const { stored } = listen(relays, [relay.url], [{ 'kinds': [4], '#p': [me.pubkey] }])
  await until(() => stored.length === 1, 'stored')
  relays.authenticate({ pubkey: other.pubkey, allowed: () => true, sign: async event => signed(event, other) })
  await until(() => relay.connections() === 2, 'a new connection')
  await until(() => relay.heard.filter(([type]) => type === 'AUTH').length === 2, 'known there as the other one')
  relays.authenticate(null)
  await until(() => relay.connections() === 3, 'and one without anybody')
})

test('a signer that declines is not asked again by every reconnection', async () => {
  const relay = await scripted({ connected: say => say('AUTH', `${Math.random()}`), frame: ([type, what], say) => type === 'REQ' ? say('EOSE', what) : undefined })
  const relays = pool()
  let prompts = 0
  relays.authenticate({ pubkey: me.pubkey, allowed: () => true, sign: async () => {
    prompts++
    return null
  } })
  const { stored } = listen(relays, [relay.url], [{ 'kinds': [4], '#p': [me.pubkey] }])
  await until(() => stored.length === 1, 'stored')
  relay.cut()
  await until(() => statusOf(relays, relay.url)?.state === 'waiting', 'lost')
  relays.retryNow()
  await until(() => relay.connections() === 2, 'back')
  await pause(300)
  expect(prompts).toBe(1)
})

test('NIP-67: "finish" spares the last question, "more" is paged on, unknown hints count for nothing', async () => {
  // One second each, whatever the clock does meanwhile.
  const newest = nowSeconds()
  const events = Array.from({ length: 30 }, (_, at) => signed({ created_at: newest - at }, me))
  const withHint = (hintOf: (page: number) => unknown[]) => {
    let page = 0
    return scripted({ frame([type, id, filter], say) {
      if (type !== 'REQ')
        return
      const { until: last = Number.MAX_SAFE_INTEGER } = filter as { until?: number }
      for (const event of events.filter(({ created_at: at }) => at <= last).slice(0, 10))
        say('EVENT', id, event)
      say('EOSE', id, ...hintOf(++page))
    } })
  }
  const fetchFrom = async (relay: Awaited<ReturnType<typeof withHint>>) => {
    const got: NostrEvent[] = []
    const answer = await pool().fetchAll({ relays: [relay.url], filters: [{ kinds: [1] }], signal: new AbortController().signal, onEvents: more => got.push(...more) })
    return { ids: new Set(got.map(event => event.id)).size, complete: answer.complete.length, asked: relay.heard.filter(([type]) => type === 'REQ').length }
  }
  expect(await fetchFrom(await withHint(page => page < 4 ? ['more'] : ['finish']))).toEqual({ ids: 30, complete: 1, asked: 4 })
  expect(await fetchFrom(await withHint(() => ['perhaps']))).toEqual({ ids: 30, complete: 1, asked: 5 })
  expect(await fetchFrom(await withHint(() => ['finish']))).toEqual({ ids: 10, complete: 1, asked: 1 })
})

test('a second with more events than a page does not end the paging; what may be missing is said', async () => {
  const crowded = Array.from({ length: 25 }, (_, at) => signed({ created_at: 1_750_000_000, content: `${at}` }, me))
  const older = signed({ created_at: 1_740_000_000, content: 'older' }, me)
  const { url } = await honest([...crowded, older], { maxLimit: 10 })
  const got: NostrEvent[] = []
  const answer = await pool().fetchAll({ relays: [url], filters: [{ kinds: [1] }], signal: new AbortController().signal, onEvents: more => got.push(...more) })
  expect(got.map(event => event.content)).toContain('older')
  expect(answer).toEqual({ complete: [], incomplete: [url] })
})

test('a subscription that a relay closes for a while is asked again; one that it refuses is not', async () => {
  let times = 0
  const relay = await scripted({ frame([type, id], say) {
    if (type === 'REQ')
      say(...(++times === 1 ? ['CLOSED', id, 'rate-limited: later'] : ['EOSE', id]))
  } })
  const { stored } = listen(pool(), [relay.url])
  await until(() => stored.some(({ complete }) => complete), 'asked again')
  const strict = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('CLOSED', id, 'blocked: no') : undefined })
  const refused = listen(pool(), [strict.url])
  await until(() => refused.closed.length === 1, 'closed')
  await pause(1_200)
  expect(refused.closed).toEqual(['blocked: no'])
  expect(strict.heard).toHaveLength(1)
})
