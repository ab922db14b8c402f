import { describe, expect, test } from 'vitest'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { limits } from '../../../src/domain/limits'
import { readInboxRelays, readRelayList } from '../../../src/domain/protocol/relay-list'
import type { RelayChoice } from '../../../src/domain/protocol/own-relay-lists'
import { publishOwnLists, readOwnLists, seedOwnLists } from '../../../src/flows/relayLists'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { systemClock } from '../../../src/nostr/system-clock'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { nowSeconds, person, relayUrl, signed } from '../../support/signed'

const me = person(5)
const signer = createLocalSigner(new Uint8Array(me.secret), 'local')
const ONE = relayUrl('wss://one.example')
const TWO = relayUrl('wss://two.example')
const OLD = relayUrl('wss://old.example')
const HOME = relayUrl('ws://127.0.0.1:7000')
const all = { read: true, write: true, inbox: true }
const choices: readonly RelayChoice[] = [{ url: ONE, use: all }, { url: TWO, use: { read: true, write: false, inbox: false } }]

function world() {
  const [one, two, old] = [new MemoryRelay(ONE), new MemoryRelay(TWO), new MemoryRelay(OLD)]
  const relays = createMemoryRelays([one, two, old])
  return { one, two, old, deps: { relays, clock: systemClock } }
}
const listsOf = (relay: MemoryRelay) => Object.fromEntries(relay.held().map((event): [number, NostrEvent] => [event.kind, event]))
const parts = { signer, choices, loopback: false }

describe('a newcomer', () => {
  test('gets both lists published from what is set: others find where to write', async () => {
    const { one, two, deps } = world()
    expect(await seedOwnLists(deps, parts)).toEqual({ ok: true, value: true })
    for (const relay of [one, two]) {
      expect(listsOf(relay)[10002]?.tags).toEqual([['r', ONE], ['r', TWO, 'read']])
      expect(listsOf(relay)[10050]?.tags).toEqual([['relay', ONE]])
    }
  })

  test('who has a list already keeps it, whichever of the two it is', async () => {
    for (const kind of [10002, 10050]) {
      const { one, two, deps } = world()
      const theirs = signed({ kind, created_at: nowSeconds() - 100_000, tags: [[kind === 10002 ? 'r' : 'relay', OLD]] }, me)
      two.load([theirs])
      expect(await seedOwnLists(deps, parts)).toEqual({ ok: true, value: false })
      expect(one.held()).toEqual([])
      expect(two.held()).toEqual([theirs])
    }
  })

  test('nothing is published while no relay said whether there is a list', async () => {
    const { one, two, deps } = world()
    one.setOnline(false)
    two.setOnline(false)
    expect(await seedOwnLists(deps, parts)).toEqual({ ok: false, error: { code: 'not-read' } })
    expect(one.held()).toEqual([])
  })
})

describe('publishing', () => {
  test('replaces what is out there at the relays that had it too, keeps what it does not know, and says nothing twice', async () => {
    const { one, old, deps } = world()
    const before = signed({ kind: 10002, created_at: nowSeconds() + 50, tags: [['r', OLD, 'write'], ['alt', 'mine']], content: 'note' }, me)
    one.load([before])
    old.load([before])
    expect((await readOwnLists(deps, me.pubkey, [ONE, TWO])).published).toEqual({ general: { read: [], write: [OLD] }, inbox: null })
    expect(await publishOwnLists(deps, parts)).toMatchObject({ ok: true, value: { general: { read: [ONE, TWO], write: [ONE] }, inbox: [ONE] } })
    for (const relay of [one, old]) {
      const { 10002: general } = listsOf(relay)
      expect(general).toMatchObject({ content: 'note', tags: [['r', ONE], ['r', TWO, 'read'], ['alt', 'mine']] })
      expect(general?.created_at).toBeGreaterThan(before.created_at)
    }
    const held = one.held()
    expect(await publishOwnLists(deps, parts)).toMatchObject({ ok: true })
    expect(one.held()).toEqual(held)
  })

  test('relays on this very machine are kept out, and alone they are no list', async () => {
    const { one, deps } = world()
    expect(await publishOwnLists(deps, { ...parts, choices: [...choices, { url: HOME, use: all }] })).toMatchObject({ ok: true })
    expect(JSON.stringify(one.held())).not.toContain('127.0.0.1')
    expect(await publishOwnLists(deps, { ...parts, choices: [{ url: HOME, use: all }] })).toEqual({ ok: false, error: { code: 'no-public-relay' } })
    expect(await publishOwnLists(deps, { ...parts, choices: [{ url: ONE, use: { ...all, inbox: false } }] })).toEqual({ ok: false, error: { code: 'no-inbox' } })
  })

  test('a relay that refuses, and a signer that declines, are the answer', async () => {
    const { one, two, deps } = world()
    one.answerWith('refused')
    two.answerWith('refused')
    expect(await publishOwnLists(deps, parts)).toEqual({ ok: false, error: { code: 'no-relay' } })
    const declined = { ok: false, error: { code: 'declined' } } as const
    expect(await publishOwnLists(deps, { ...parts, signer: { pubkey: me.pubkey, sign: async () => declined } })).toEqual(declined)
  })
})

test('T20: of a list of five hundred relays a few are taken, and the rest is ignored', () => {
  const urls = Array.from({ length: 500 }, (_, n) => `wss://r${n}.example`)
  expect(readInboxRelays({ tags: urls.map(url => ['relay', url]) })).toEqual(urls.slice(0, limits.strangerRelays).map(url => `${url}/`))
  const list = readRelayList({ tags: urls.map(url => ['r', url]) })
  expect([list.read.length, list.write.length]).toEqual([limits.strangerRelays, limits.strangerRelays])
})
