import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { RelayUrl } from '../../../src/domain/brand'
import { readRelayInfo, type RelayInfo } from '../../../src/domain/protocol/relay-info'
import { createRelayPool } from '../../../src/nostr/relay-pool'
import { MOST_CONNECTIONS } from '../../../src/nostr/relay/relay-bound'
import { fetchRelayInfo } from '../../../src/nostr/relay/relay-document'
import type { SocketLike } from '../../../src/nostr/relay/relay-line'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import { openNodeSocket } from '../../support/real-sockets'
import { pause, person, relayUrl, signed, until } from '../../support/signed'
import { stage } from './stage'

const { scripted, ends } = stage()
const me = person()
const silent: RelayInfo = { name: '', paymentRequired: false, authRequired: false, restrictedWrites: false, minPow: 0, refusesBackDated: false, maxMessageLength: null, maxSubscriptions: null, maxLimit: null, negentropy: false }

/** A pool to whom every relay says this of itself. */
function poolWith(said: Partial<RelayInfo>, openSocket = openNodeSocket) {
  const pool = createRelayPool({ verifier: createVerifier(), clock: systemClock, openSocket, fetchInfo: async () => ({ ...silent, ...said }) })
  ends.push(() => pool.close())
  return pool
}

const isKnown = (pool: ReturnType<typeof poolWith>): boolean => (pool.statuses()[0]?.info ?? null) !== null

async function served(body: string, status = 200): Promise<{ readonly url: RelayUrl, readonly asked: readonly (string | undefined)[] }> {
  const asked: (string | undefined)[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.headers.accept)
    response.writeHead(status, { connection: 'close', location: 'http://127.0.0.1:9/' }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => { server.close() })
  return { url: relayUrl(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`), asked }
}

test('NIP-11: what a relay says of itself is read field by field; one strange field spoils no other', async () => {
  const { url, asked } = await served(JSON.stringify({ name: 'Corner', supported_nips: [1, '11', 77], limitation: { max_subscriptions: 20, max_limit: 'many', max_message_length: 65_536, auth_required: true, payment_required: 1, created_at_lower_limit: 3_600 } }))
  expect(await fetchRelayInfo(url)).toEqual({ ...silent, name: 'Corner', negentropy: true, maxSubscriptions: 20, maxMessageLength: 65_536, authRequired: true, refusesBackDated: true })
  expect(asked).toEqual(['application/nostr+json'])
})

test.each([['no JSON', '<html>', 200], ['not found', '{}', 404], ['sent elsewhere', '{}', 302], ['without an end', `{"name":"${'x'.repeat(100_000)}"}`, 200], ['a list', '[]', 200]])('NIP-11: a document that is %s counts as none', async (_, body, status) => {
  expect(await fetchRelayInfo((await served(body, status)).url)).toBeNull()
})

test('limits under which nothing could be said are not believed', () => {
  expect(readRelayInfo({ limitation: { max_subscriptions: 1, max_message_length: 10, max_limit: 0, min_pow_difficulty: -3 } })).toEqual(silent)
  expect(readRelayInfo({ name: 5, limitation: 'none', supported_nips: 77 })).toEqual(silent)
  expect(readRelayInfo('text')).toBeNull()
})

test('no more questions are open at a time than the relay answers; the others wait and are answered too', async () => {
  const open = new Set<unknown>()
  let most = 0
  const relay = await scripted({ frame: ([type, id], say) => {
    if (type === 'CLOSE')
      open.delete(id)
    if (type !== 'REQ')
      return
    open.add(id)
    most = Math.max(most, open.size)
    setTimeout(() => say('EOSE', id), 20)
  } })
  const pool = poolWith({ maxSubscriptions: 3 })
  const life = new AbortController()
  ends.push(() => life.abort())
  let live = 0
  pool.subscribe({ relays: [relay.url], filters: [{ kinds: [1] }], signal: life.signal, onEvents: () => undefined, onStored: () => { live++ } })
  await until(() => live === 1 && isKnown(pool), 'the relay is known')
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => pool.fetchAll({ relays: [relay.url], filters: [{ kinds: [n + 2] }], signal: new AbortController().signal, onEvents: () => undefined })))
  expect(answers.every(({ complete }) => complete.length === 1)).toBe(true)
  expect(most).toBe(3)
})

test('no page is larger than the relay gives, and nothing longer than it takes is sent', async () => {
  const relay = await scripted({ frame: ([type, id], say) => type === 'REQ' ? say('EOSE', id) : type === 'EVENT' ? say('OK', (id as { id: string }).id, true, '') : undefined })
  const pool = poolWith({ maxLimit: 100, maxMessageLength: 4_096 })
  const { signal } = new AbortController()
  await pool.publish(signed({}, me), [relay.url])
  await until(() => isKnown(pool), 'known')
  await pool.fetchAll({ relays: [relay.url], filters: [{ kinds: [30_018] }], signal, onEvents: () => undefined })
  expect(relay.heard.find(([type]) => type === 'REQ')?.[2]).toMatchObject({ limit: 100 })
  const long = signed({ content: 'ä'.repeat(3_000) }, me)
  expect(await pool.publish(long, [relay.url])).toEqual([{ url: relay.url, outcome: 'refused', text: 'restricted: too long for this relay' }])
  expect(JSON.stringify(relay.heard)).not.toContain(long.id)
})

test('T20: whoever names relays to us opens only so many connections, and those of no more use make room', async () => {
  let now = 0
  let most = 0
  let opened = 0
  const openSocket = (): SocketLike => {
    opened++
    most = Math.max(most, ++now)
    const socket: SocketLike = {
      onopen: null, onmessage: null, onerror: null, onclose: null,
      send(text) {
        const [type, event] = JSON.parse(text) as [string, { id: string }]
        if (type === 'EVENT')
          setTimeout(() => socket.onmessage?.({ data: JSON.stringify(['OK', event.id, true, '']) } as never), 5)
      },
      close: () => { now-- },
    }
    setTimeout(() => socket.onopen?.({} as never), 5)
    return socket
  }
  const pool = poolWith({}, openSocket)
  const urls = Array.from({ length: 60 }, (_, n) => relayUrl(`wss://r${n}.example`))
  const answers = await pool.publish(signed({}, me), urls)
  expect(answers.filter(({ outcome }) => outcome === 'stored')).toHaveLength(60)
  expect(opened).toBe(60)
  expect(most).toBeLessThanOrEqual(MOST_CONNECTIONS)
  await pause(10)
}, 30_000)
