import { expect, test } from 'vitest'
import { person, pause, signed, until } from '../../support/signed'
import { testClock } from '../storage/people'
import { stage } from './stage'

const { pool, scripted, listen, statusOf } = stage()
const me = person()

test('T21: a connection that died without a word is found out and made anew', async () => {
  let mute = false
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' && !mute ? say('EOSE', id) : undefined })
  const { clock, pass } = testClock()
  const relays = pool(clock)
  const { stored } = listen(relays, [relay.url])
  await until(() => stored.length === 1, 'stored')
  // The first quiet spell begins with the answer; a sign of life is asked for at its end, and given.
  await pass(46)
  await pass(46)
  await until(() => relay.heard.length === 3, 'asked for a sign of life, answered, and closed')
  await pass(16)
  expect(statusOf(relays, relay.url)?.state).toBe('open')
  mute = true
  for (let round = 0; round < 6 && statusOf(relays, relay.url)?.state === 'open'; round++) {
    await pass(31)
    await pause(20)
  }
  await until(() => relay.connections() >= 2, 'a new connection')
})

test('a relay of a stranger is left when it is of no more use, and met again for the next message', async () => {
  const relay = await scripted({ frame: ([type, event], say) => type === 'EVENT' ? say('OK', (event as { id: string }).id, true, '') : undefined })
  const { clock, pass } = testClock()
  const relays = pool(clock)
  await relays.publish(signed({}, me), [relay.url])
  expect(statusOf(relays, relay.url)?.state).toBe('open')
  await pause(10)
  await pass(61)
  expect(statusOf(relays, relay.url)?.state).toBe('closed')
  expect((await relays.publish(signed({ content: 'second' }, me), [relay.url]))[0]?.outcome).toBe('stored')
  expect(relay.connections()).toBe(2)
})

test('a connection in use is not left', async () => {
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('EOSE', id) : undefined })
  const { clock, pass } = testClock()
  const relays = pool(clock)
  const first = listen(relays, [relay.url])
  const second = listen(relays, [relay.url])
  await until(() => first.stored.length + second.stored.length === 2, 'stored')
  first.life.abort()
  await pass(44)
  expect(statusOf(relays, relay.url)?.state).toBe('open')
})

test('after close nothing is asked, and nothing comes back', async () => {
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('EOSE', id) : undefined })
  const relays = pool()
  const { stored } = listen(relays, [relay.url])
  await until(() => stored.length === 1, 'stored')
  relays.close()
  expect(relays.statuses()).toEqual([])
  expect(await relays.publish(signed({}, me), [relay.url])).toEqual([])
  await pause(200)
  expect(relay.connections()).toBe(1)
})

test('an address that is none is left out; two spellings of one relay are one', async () => {
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('EOSE', id) : undefined })
  const relays = pool()
  const { stored } = listen(relays, [relay.url, `${relay.url}`.replace(/\/$/, '') as typeof relay.url, 'https://no.relay' as typeof relay.url, 'ws://far.example' as typeof relay.url])
  await until(() => stored.length === 1, 'stored')
  expect(relays.statuses().map(({ url }) => url)).toEqual([relay.url])
  expect(relay.connections()).toBe(1)
})
