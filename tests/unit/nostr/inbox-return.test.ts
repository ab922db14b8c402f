import { nip77 } from 'nostr-tools'
import { matchFilter } from 'nostr-tools/filter'
import { describe, expect, test } from 'vitest'
import type { EventId } from '../../../src/domain/brand'
import { toSeconds } from '../../../src/domain/brand'
import type { NostrEvent, OpenedMessage } from '../../../src/domain/protocol/event'
import { toRumor } from '../../../src/domain/protocol/gift-wrap'
import { createMail } from '../../../src/nostr/mail'
import { wrapRumor } from '../../../src/nostr/nip59'
import { createRelayPool } from '../../../src/nostr/relay-pool'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import type { InboxProgress } from '../../../src/ports/mail'
import type { KnownEvent, Relays } from '../../../src/ports/relays'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { openNodeSocket } from '../../support/real-sockets'
import type { Say } from '../../support/scripted-relay'
import { person, relayUrl, until } from '../../support/signed'
import { stage } from './stage'

const { scripted, ends } = stage()
const me = person(3)
const merchant = person(5)
const DAY = 24 * 3_600
const NOW = systemClock.now()

/** As peers make them: said then, and the wrap bears a time up to two days before. @param back 0…1 of these two days */
async function wrap(text: string, saidAt: number, back: number): Promise<NostrEvent> {
  const signer = createLocalSigner(new Uint8Array(merchant.secret), 'local')
  const made = await wrapRumor(toRumor({ kind: 14, tags: [['p', me.pubkey]], content: text }, merchant.pubkey, toSeconds(saidAt)), me.pubkey, signer, toSeconds(saidAt), () => back)
  if (!made.ok)
    throw new Error(made.error.code)
  return made.value
}
const wraps = (texts: readonly string[], at: (n: number) => readonly [number, number]) => Promise.all(texts.map((text, n) => wrap(text, ...at(n))))

interface Given { readonly port: Relays, readonly url: ReturnType<typeof relayUrl>, readonly since: number, readonly had?: readonly NostrEvent[] }

function openInbox({ port, url, since, had = [] }: Given) {
  const got: OpenedMessage[] = []
  const told: InboxProgress[] = []
  const life = new AbortController()
  ends.push(() => life.abort())
  createMail({ relays: port, clock: systemClock, verifier: createVerifier() }).openInbox({
    signer: createLocalSigner(new Uint8Array(me.secret), 'local'), relays: [url], since: toSeconds(since), signal: life.signal,
    known: async (ids: readonly EventId[]) => new Set(ids.filter(id => had.some(event => event.id === id))),
    held: async (): Promise<readonly KnownEvent[]> => had.map(({ id, created_at: at }) => ({ id, at })),
    onSpoilt: () => undefined,
    onMessages: messages => got.push(...messages),
    onProgress: progress => told.push(progress),
  })
  return { got, texts: () => got.map(({ plaintext }) => plaintext).sort(), read: () => until(() => told.at(-1)?.caughtUp === true, 'the inbox is read', 20_000) }
}

describe('a week offline', () => {
  test('nothing is missed: wraps made on any of these days, bearing times of up to two days before, past the relay\'s cap', async () => {
    const url = relayUrl('wss://one.example')
    const relay = new MemoryRelay(url, false, 10)
    const left = NOW - 7 * DAY
    const names = Array.from({ length: 60 }, (_, n) => `m${String(n).padStart(2, '0')}`)
    // The first were written the moment after we left, and bear times from long before it.
    relay.load(await wraps(names, n => [left + 1 + Math.floor(n * (7 * DAY - 100) / 60), n % 3 === 0 ? 1 : n % 3 === 1 ? 0.5 : 0]))
    const inbox = openInbox({ port: createMemoryRelays([relay]), url, since: left })
    await inbox.read()
    expect(inbox.texts()).toEqual(names)
  })

  test('a relay that got one two days late still has it read', async () => {
    const url = relayUrl('wss://one.example')
    const relay = new MemoryRelay(url)
    relay.load([await wrap('tardy', NOW - 8 * DAY, 1)])
    const inbox = openInbox({ port: createMemoryRelays([relay]), url, since: NOW - 7 * DAY })
    await inbox.read()
    expect(inbox.texts()).toEqual(['tardy'])
  })
})

describe('a return to a relay that can compare (NIP-77)', () => {
  type Manner = 'compares' | 'NEG-ERR' | 'NOTICE' | 'garbage'

  async function world(manner: Manner) {
    const old = await wraps(Array.from({ length: 80 }, (_, n) => `old${n}`), n => [NOW - 3 * DAY - n * 600, n / 80])
    const fresh = await wraps(['new one', 'very late'], n => [n === 0 ? NOW - 600 : NOW - 200 * DAY, 0.7])
    const stored = [...old, ...fresh]
    let sent = 0
    const talks = new Map<unknown, InstanceType<typeof nip77.Negentropy>>()
    function answer([type, id, filter, message]: readonly unknown[], say: Say): void {
      if (type === 'REQ') {
        const found = stored.filter(event => matchFilter(filter as Parameters<typeof matchFilter>[0], { ...event, tags: event.tags.map(tag => [...tag]) }))
        sent += found.length
        found.forEach(event => say('EVENT', id, event))
        return say('EOSE', id)
      }
      if (!String(type).startsWith('NEG-') || type === 'NEG-CLOSE')
        return
      if (manner === 'NEG-ERR')
        return say('NEG-ERR', id, 'blocked: too many')
      if (manner === 'NOTICE')
        return say('NOTICE', 'ERROR: bad msg: unknown cmd')
      if (manner === 'garbage')
        return say('NEG-MSG', id, '61ffff')
      if (type === 'NEG-OPEN') {
        const items = new nip77.NegentropyStorageVector()
        stored.forEach(event => items.insert(event.created_at, event.id))
        items.seal()
        talks.set(id, new nip77.Negentropy(items))
      }
      const said = talks.get(id)?.reconcile(String(type === 'NEG-OPEN' ? message : filter))
      if (said !== undefined && said !== null)
        say('NEG-MSG', id, said)
    }
    const relay = await scripted({ frame: answer })
    const pool = createRelayPool({ verifier: createVerifier(), clock: systemClock, openSocket: openNodeSocket, fetchInfo: async () => ({ name: '', paymentRequired: false, authRequired: false, restrictedWrites: false, minPow: 0, refusesBackDated: false, maxMessageLength: null, maxSubscriptions: null, maxLimit: null, negentropy: true }) })
    ends.push(() => pool.close())
    return { old, relay, port: { ...pool, authenticate: () => undefined }, sent: () => sent }
  }

  test('costs what changed, and finds what no time would have found', async () => {
    const { old, relay, port, sent } = await world('compares')
    const inbox = openInbox({ port, url: relay.url, since: NOW - DAY, had: old })
    await inbox.read()
    expect(inbox.texts()).toEqual(['new one', 'very late'])
    // The live question brings what is dated now; nothing that is here comes again.
    expect(sent()).toBeLessThanOrEqual(4)
    expect(relay.heard.some(([type]) => type === 'NEG-CLOSE')).toBe(true)
  })

  test.each(['NEG-ERR', 'NOTICE', 'garbage'] as const)('%s: it is read by time as ever', async (manner) => {
    const { old, relay, port } = await world(manner)
    const inbox = openInbox({ port, url: relay.url, since: NOW - DAY, had: old })
    await inbox.read()
    expect(inbox.texts()).toEqual(['new one'])
  })
})
