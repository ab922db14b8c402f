import { describe, expect, test } from 'vitest'
import type { RelayUrl } from '../../../src/domain/brand'
import { deliver, type DeliverDeps } from '../../../src/flows/deliver'
import { reachOf } from '../../../src/flows/reach'
import { send } from '../../../src/flows/send'
import { createMail } from '../../../src/nostr/mail'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import type { Delivery } from '../../../src/ports/journal'
import type { Relays } from '../../../src/ports/relays'
import { createMemoryJournal } from '../../../src/storage/memory'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { nowSeconds, person, relayUrl, signed } from '../../support/signed'

const shopper = person(3)
const merchant = person(5)
const OURS = relayUrl('wss://ours.example')
const THEIRS = relayUrl('wss://inbox.theirs.example')
const FAR = relayUrl('wss://far.theirs.example')

function world(lists: readonly { readonly at: RelayUrl, readonly kind: number, readonly tags: string[][] }[]) {
  const relays = [OURS, THEIRS, FAR].map(url => new MemoryRelay(url))
  const at = (url: RelayUrl): MemoryRelay => {
    const found = relays.find(relay => relay.url === url)
    if (found === undefined)
      throw new TypeError('no such relay')
    return found
  }
  for (const { at: url, kind, tags } of lists)
    at(url).load([signed({ kind, created_at: nowSeconds() - 1_000, tags }, merchant)])
  const port = createMemoryRelays(relays)
  const clock = systemClock
  const journal = createMemoryJournal({ now: clock.now })
  const signer = createLocalSigner(new Uint8Array(shopper.secret), 'local')
  const deps: DeliverDeps = { journal, signer, clock, relays: port, mail: createMail({ relays: port, clock, verifier: createVerifier() }), relaysFor: () => [OURS], reach: reachOf({ relays: port, clock, own: () => [OURS] }), seenOn: () => [], mayAsk: true }
  const wraps = (url: RelayUrl) => at(url).held().filter(({ kind, tags }) => kind === 1059 && tags.some(tag => tag[1] === merchant.pubkey))

  /** One message; its way to the merchant is what counts. */
  async function say(): Promise<Delivery> {
    const said = await send(deps, { to: merchant.pubkey, order: null, letter: { transport: 'nip59', template: { kind: 14, tags: [['p', merchant.pubkey]], content: 'is it blue?' } } })
    if (!said.ok)
      throw new Error(said.error.code)
    return waiting()
  }
  async function waiting(): Promise<Delivery> {
    const found = (await journal.undelivered()).find(({ to }) => to === merchant.pubkey)
    if (found === undefined)
      throw new TypeError('nothing waits')
    return found
  }
  return { at, deps, port, journal, say, wraps, waiting }
}
const inboxList = { kind: 10050, tags: [['relay', THEIRS]] }

describe('a gift wrap', () => {
  test('goes to the inbox relays of its reader and nowhere else', async () => {
    const { deps, say, wraps } = world([{ at: OURS, ...inboxList }])
    expect(await deliver(deps, await say())).toEqual({ ok: true, value: 'delivered' })
    expect([wraps(THEIRS).length, wraps(OURS).length]).toEqual([1, 0])
  })

  test('finds them where the reader publishes, though our own relays know only where that is', async () => {
    const { deps, say, wraps } = world([{ at: OURS, kind: 10002, tags: [['r', FAR, 'write']] }, { at: FAR, ...inboxList }])
    expect(await deliver(deps, await say())).toEqual({ ok: true, value: 'delivered' })
    expect([wraps(THEIRS).length, wraps(OURS).length, wraps(FAR).length]).toEqual([1, 0, 0])
  })

  test('without any goes to their read relays and ours, and that it went to public relays is kept', async () => {
    const { deps, say, wraps, journal } = world([{ at: OURS, kind: 10002, tags: [['r', FAR, 'read']] }])
    const seen: Delivery[] = []
    const spying = { ...deps, journal: { ...journal, saveDelivery: (delivery: Delivery) => {
      seen.push(delivery)
      return journal.saveDelivery(delivery)
    } } }
    expect(await deliver(spying, await say())).toEqual({ ok: true, value: 'delivered' })
    expect([wraps(FAR).length, wraps(OURS).length]).toEqual([1, 1])
    expect(seen.at(-1)).toMatchObject({ via: 'public' })
  })

  test('T1: waits for an inbox relay that is away; after three attempts it takes the public way', async () => {
    const { at, deps, say, wraps, waiting } = world([{ at: OURS, ...inboxList }])
    at(THEIRS).setOnline(false)
    await say()
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await deliver(deps, await waiting())).toEqual({ ok: true, value: 'waiting' })
      expect(wraps(OURS)).toEqual([])
    }
    expect(await waiting()).toMatchObject({ via: 'inbox', stopped: null })
    // Not counted as delivered: ours is a relay that they may never ask.
    expect(await deliver(deps, await waiting())).toEqual({ ok: true, value: 'waiting' })
    expect(wraps(OURS)).toHaveLength(1)
    at(THEIRS).setOnline(true)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(await deliver(deps, await waiting())).toEqual({ ok: true, value: 'delivered' })
    expect(wraps(THEIRS)).toHaveLength(1)
  })

  test('T23: while no relay says where they read, public relays are not shown that somebody writes to them; after three attempts they are', async () => {
    const { deps, say, wraps, waiting } = world([{ at: OURS, ...inboxList }])
    const hanging = { ...deps, reach: reachOf({ relays: { fetchAll: () => new Promise(() => undefined) }, clock: { sleep: async () => undefined }, own: () => [OURS] }) }
    await say()
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await deliver(hanging, await waiting())).toEqual({ ok: true, value: 'waiting' })
      expect(wraps(OURS)).toEqual([])
    }
    await deliver(hanging, await waiting())
    expect(wraps(OURS)).toHaveLength(1)
  })

  test('T23: a dead relay among ours does not make those who answer unheard', async () => {
    const { deps, port, say, wraps } = world([{ at: OURS, ...inboxList }])
    const fetchAll: Relays['fetchAll'] = options => options.relays.includes(FAR) ? new Promise(() => undefined) : port.fetchAll(options)
    const slow = { ...deps, reach: reachOf({ relays: { fetchAll }, clock: { sleep: async () => new Promise(resolve => setTimeout(resolve, 100)) }, own: () => [OURS, FAR] }) }
    expect(await deliver(slow, await say())).toEqual({ ok: true, value: 'delivered' })
    expect([wraps(THEIRS).length, wraps(OURS).length]).toEqual([1, 0])
  })

  test('T23: an inbox relay that wants to know who we are gets no answer; the next attempt takes the public way', async () => {
    const { at, deps, say, wraps, waiting } = world([{ at: OURS, ...inboxList }])
    at(THEIRS).answerWith('auth-needed', 'auth-required: who are you')
    expect(await deliver(deps, await say())).toEqual({ ok: true, value: 'waiting' })
    await deliver(deps, await waiting())
    expect(wraps(OURS)).toHaveLength(1)
  })

  test('T20: nobody sends us to our own machine', async () => {
    const { deps, say, waiting } = world([{ at: OURS, kind: 10050, tags: [['relay', 'ws://127.0.0.1:8080']] }])
    await deliver(deps, await say())
    const left = await deps.journal.undelivered()
    expect(JSON.stringify(left)).not.toContain('127.0.0.1')
    expect(left.some(({ to }) => to === merchant.pubkey) ? await waiting() : null).toBeNull()
  })
})
