import type { Relay } from '../../../sandbox/relay/relay'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { finalizeEvent, generateSecretKey, getPublicKey, verifyEvent } from 'nostr-tools/pure'
import { afterEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { startRelay } from '../../../sandbox/relay/relay'

const now = (): number => Math.floor(Date.now() / 1000)
const secret = generateSecretKey()
const me = getPublicKey(secret)
type Unsigned = Parameters<typeof finalizeEvent>[0]
const sign = (event: Partial<Unsigned>, by = secret) => finalizeEvent({ kind: 1, created_at: now(), tags: [], content: '', ...event }, by)

const open: { close(): unknown }[] = []
const temporary: string[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(thing => thing.close()))
  for (const folder of temporary.splice(0))
    rmSync(folder, { recursive: true, force: true })
})

async function relay(options: Parameters<typeof startRelay>[0] = {}): Promise<Relay> {
  const started = await startRelay(options)
  open.push(started)
  return started
}

function parse(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : null
  }
  catch {
    return null
  }
}

/** A bare client: says a frame, waits for the frame that answers it. */
async function connect(url: string) {
  const socket = new WebSocket(url)
  const frames: unknown[][] = []
  let junk = 0
  const waiting: { wanted: (frame: unknown[]) => boolean, resolve: (frame: unknown[]) => void }[] = []
  socket.on('message', (data: Buffer) => {
    const frame = parse(data.toString())
    if (frame === null) {
      junk += 1
      return
    }
    frames.push(frame)
    for (const [at, entry] of [...waiting.entries()].reverse()) {
      if (entry.wanted(frame)) {
        waiting.splice(at, 1)
        entry.resolve(frame)
      }
    }
  })
  await new Promise(resolve => socket.once('open', resolve))
  open.push(socket)
  const next = (wanted: (frame: unknown[]) => boolean) => new Promise<unknown[]>((resolve) => {
    const had = frames.find(wanted)
    if (had)
      resolve(had)
    else
      waiting.push({ wanted, resolve })
  })
  return {
    frames,
    /** Frames that were none. */
    junk: () => junk,
    next,
    async publish(event: { id: string }) {
      socket.send(JSON.stringify(['EVENT', event]))
      return next(([type, id]) => type === 'OK' && id === event.id)
    },
    async query(name: string, ...filters: object[]) {
      socket.send(JSON.stringify(['REQ', name, ...filters]))
      await next(([type, id]) => (type === 'EOSE' || type === 'CLOSED') && id === name)
      return frames.filter(([type, id]) => type === 'EVENT' && id === name).map(([, , event]) => event as ReturnType<typeof sign>)
    },
    say: (...frame: unknown[]) => socket.send(JSON.stringify(frame)),
  }
}

test('keeps, finds newest first, and tells live subscribers', async () => {
  const client = await connect((await relay()).url)
  const events = [1, 2, 3].map(step => sign({ created_at: now() - step, content: `${step}` }))
  for (const event of events)
    expect((await client.publish(event))[2]).toBe(true)
  expect((await client.query('all', { kinds: [1] })).map(event => event.content)).toEqual(['1', '2', '3'])
  const live = sign({ content: 'live' })
  await client.publish(live)
  expect(await client.next(([type, name, event]) => type === 'EVENT' && name === 'all' && (event as { id: string }).id === live.id)).toBeDefined()
})

test('a live event reaches only whom its tags name', async () => {
  const { url } = await relay()
  const [writer, named, other] = [await connect(url), await connect(url), await connect(url)]
  const them = getPublicKey(generateSecretKey())
  await named.query('mine', { 'kinds': [4], '#p': [them] })
  await other.query('mine', { 'kinds': [4], '#p': [me] })
  const message = sign({ kind: 4, tags: [['p', them]], content: 'x?iv=y' })
  await writer.publish(message)
  await named.next(([type, , event]) => type === 'EVENT' && (event as { id: string }).id === message.id)
  await other.query('later', { kinds: [1] })
  expect(other.frames.filter(([type]) => type === 'EVENT')).toEqual([])
})

test('a filter with an empty list matches nothing', async () => {
  const client = await connect((await relay()).url)
  await client.publish(sign({ content: 'x' }))
  expect(await client.query('none', { authors: [] })).toEqual([])
})

test('of two versions the newer counts, in one second the smaller id', async () => {
  const client = await connect((await relay()).url)
  const at = now() - 10
  const twins = ['a', 'b'].map(content => sign({ kind: 30018, created_at: at, tags: [['d', 'p']], content }))
  for (const event of [sign({ kind: 30018, created_at: at - 1, tags: [['d', 'p']], content: 'old' }), ...twins])
    await client.publish(event)
  const smaller = twins.map(event => event.id).sort()[0]
  expect((await client.query('p', { kinds: [30018] })).map(event => event.id)).toEqual([smaller])
})

test('a deletion hides its author\'s event for good, and nobody else\'s', async () => {
  const client = await connect((await relay()).url)
  const listing = sign({ kind: 30018, created_at: now() - 5, tags: [['d', 'p']], content: 'x' })
  await client.publish(listing)
  await client.publish(sign({ kind: 5, tags: [['e', listing.id]] }, generateSecretKey()))
  expect(await client.query('still', { kinds: [30018] })).toHaveLength(1)
  await client.publish(sign({ kind: 5, tags: [['e', listing.id], ['a', `30018:${me}:p`]] }))
  expect(await client.query('gone', { kinds: [30018] })).toEqual([])
  await client.publish(listing)
  expect(await client.query('no-return', { kinds: [30018] })).toEqual([])
  expect(await client.query('request', { kinds: [5], authors: [me] })).toHaveLength(1)
})

test('a deletion by address leaves what is newer, and those who listen hear of it', async () => {
  const { url } = await relay()
  const [client, listener] = [await connect(url), await connect(url)]
  await listener.query('requests', { kinds: [5], authors: [me] })
  const newer = sign({ kind: 30018, created_at: now(), tags: [['d', 'p']], content: 'newer' })
  await client.publish(newer)
  const request = sign({ kind: 5, created_at: now() - 5, tags: [['a', `30018:${me}:p`]] })
  await client.publish(request)
  await listener.next(([type, , event]) => type === 'EVENT' && (event as { id: string }).id === request.id)
  await listener.query('later', { kinds: [1] })
  expect(listener.frames.filter(([type, name]) => type === 'EVENT' && name === 'requests')).toHaveLength(1)
  expect((await client.query('kept', { kinds: [30018] })).map(event => event.id)).toEqual([newer.id])
})

test('an event is shown until it expires, and then no more', async () => {
  const client = await connect((await relay()).url)
  await client.publish(sign({ tags: [['expiration', String(now() + 1)]] }))
  expect(await client.query('before', { kinds: [1] })).toHaveLength(1)
  await new Promise(resolve => setTimeout(resolve, 2_100))
  expect(await client.query('after', { kinds: [1] })).toEqual([])
})

test('counts, and says on the same port what it is', async () => {
  const { url } = await relay({ maxLimit: 3 })
  const client = await connect(url)
  for (const step of [1, 2, 3, 4])
    await client.publish(sign({ created_at: now() - step }))
  client.say('COUNT', 'how-many', { kinds: [1] })
  expect((await client.next(([type]) => type === 'COUNT'))[2]).toEqual({ count: 4 })
  const information = await (await fetch(url.replace('ws', 'http'), { headers: { accept: 'application/nostr+json' } })).json()
  expect(information).toMatchObject({ supported_nips: expect.arrayContaining([1, 9, 11, 40, 42]), limitation: { max_limit: 3 } })
})

test('takes half a megabyte of content, and refuses more with a reason', async () => {
  const client = await connect((await relay()).url)
  expect((await client.publish(sign({ content: 'x'.repeat(500 * 1024) })))[2]).toBe(true)
  const [, , stored, reason] = await client.publish(sign({ content: 'x'.repeat(600 * 1024) }))
  expect(stored).toBe(false)
  expect(String(reason)).toMatch(/^invalid:/)
})

test('everything is there page by page, however few one answer holds', async () => {
  const small = await relay({ maxLimit: 50 })
  const all = Array.from({ length: 180 }, (_, at) => sign({ created_at: now() - 400 + at }))
  small.load(all)
  const client = await connect(small.url)
  const seen = new Set<string>()
  for (let until = now(), page = 0; page < 10; page += 1) {
    const events = await client.query(`page-${page}`, { kinds: [1], until, limit: 500 })
    events.forEach(event => seen.add(event.id))
    until = Math.min(...events.map(event => event.created_at)) - 1
    if (events.length < 50)
      break
  }
  expect(seen.size).toBe(180)
})

test('told to, it is late, keeps its OK to itself, lies, floods or says nothing at all', async () => {
  const faulty = await relay()
  const client = await connect(faulty.url)
  const event = sign({ content: 'x' })
  await client.publish(event)
  faulty.faults.delayMs = 200
  const asked = Date.now()
  await client.query('late', { kinds: [1] })
  expect(Date.now() - asked).toBeGreaterThanOrEqual(195)
  Object.assign(faulty.faults, { delayMs: 0, forge: true })
  expect((await client.query('lie', { kinds: [1] })).map(found => verifyEvent(found))).toEqual([false])
  Object.assign(faulty.faults, { forge: false, flood: 100 })
  const before = client.junk()
  expect((await client.query('flood', { kinds: [1] })).filter(found => found.id === event.id)).toHaveLength(1)
  expect(client.frames.filter(([type, name]) => type === 'EVENT' && name === 'flood').length + client.junk() - before).toBe(101)
  Object.assign(faulty.faults, { flood: 0, dropOk: true })
  const unheard = sign({ content: 'unheard' })
  void client.publish(unheard)
  await client.query('stored', { kinds: [1] })
  expect(client.frames.some(([type, id]) => type === 'OK' && id === unheard.id)).toBe(false)
  expect(faulty.find({ ids: [unheard.id] })).toHaveLength(1)
  Object.assign(faulty.faults, { dropOk: false, hang: true })
  const count = client.frames.length
  client.say('REQ', 'hang', { kinds: [1] })
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(client.frames).toHaveLength(count)
})

test('an event that has expired is not taken', async () => {
  const client = await connect((await relay()).url)
  await client.publish(sign({ tags: [['expiration', String(now() - 5)]] }))
  expect(await client.query('none', { kinds: [1] })).toEqual([])
})

test('an event with a wrong signature is answered with false and a reason', async () => {
  const client = await connect((await relay()).url)
  const event = { ...sign({ content: 'x' }), content: 'y' }
  const [, , stored, reason] = await client.publish(event)
  expect(stored).toBe(false)
  expect(String(reason)).toMatch(/^invalid:/)
})

test('caps what one filter gets', async () => {
  const small = await relay({ maxLimit: 3 })
  const client = await connect(small.url)
  small.load([1, 2, 3, 4, 5].map(step => sign({ created_at: now() - step })))
  expect(await client.query('capped', { kinds: [1], limit: 500 })).toHaveLength(3)
})

test('a restart keeps events, and the door opens again on the same port', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'souk-relay-'))
  temporary.push(folder)
  const file = path.join(folder, 'events.jsonl')
  const first = await relay({ file })
  await (await connect(first.url)).publish(sign({ content: 'kept' }))
  await first.stop()
  await first.start()
  expect(await (await connect(first.url)).query('again', { kinds: [1] })).toHaveLength(1)
  await first.close()
  expect(await (await connect((await relay({ file })).url)).query('later', { kinds: [1] })).toHaveLength(1)
})

for (const auth of ['silent', 'closed'] as const) {
  test(`private messages are shown to their people only, after AUTH (${auth})`, async () => {
    const gated = await relay({ auth })
    const writer = await connect(gated.url)
    const reader = generateSecretKey()
    const message = sign({ kind: 4, tags: [['p', getPublicKey(reader)]], content: 'x?iv=y' })
    await writer.publish(message)
    const client = await connect(gated.url)
    expect(await client.query('before', { kinds: [4] })).toEqual([])
    expect(client.frames.some(([type]) => type === 'CLOSED')).toBe(auth === 'closed')
    client.say('COUNT', 'how-many', { kinds: [4] })
    expect((await client.next(([type]) => type === 'COUNT'))[2]).toEqual({ count: 0 })
    const [, challenge] = await client.next(([type]) => type === 'AUTH')
    const answer = sign({ kind: 22242, tags: [['relay', gated.url], ['challenge', String(challenge)]] }, reader)
    client.say('AUTH', answer)
    expect((await client.next(([type, id]) => type === 'OK' && id === answer.id))[2]).toBe(true)
    expect(await client.query('after', { kinds: [4] })).toHaveLength(1)
  })
}
