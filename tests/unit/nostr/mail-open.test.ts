import { afterEach, describe, expect, test, vi } from 'vitest'
import { encrypt } from 'nostr-tools/nip04'
import { toSeconds } from '../../../src/domain/brand'
import type { NostrEvent, OpenedMessage } from '../../../src/domain/protocol/event'
import { encodeGammaChat } from '../../../src/domain/protocol/gamma-encode'
import { createMail } from '../../../src/nostr/mail'
import { hostOpener } from '../../../src/nostr/mail/open-host'
import type { OpenWorker } from '../../../src/nostr/mail/open-in-workers'
import { openInWorkers } from '../../../src/nostr/mail/open-in-workers'
import type { ToOpener } from '../../../src/nostr/mail/open-messages'
import { createPile } from '../../../src/nostr/mail/pile'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import { localSignerWithWorkers } from '../../../src/nostr/signers/local-with-workers'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import { openSignatureCheck } from '../../../src/nostr/verify'
import type { InboxProgress, MayAsk } from '../../../src/ports/mail'
import type { Signer } from '../../../src/ports/signer'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { pause, person, relayUrl, signed, until } from '../../support/signed'
import { cipher, wrapped } from '../../support/wraps'

const [shopper, merchant, stranger] = [person(3), person(5), person(7)]
const ONE = relayUrl('wss://one.example')
const NOW = systemClock.now()
const ended: (() => void)[] = []
afterEach(() => ended.splice(0).forEach(end => end()))

const letter = (from = merchant, text = 'hello', at = NOW - 60): NostrEvent => signed({ kind: 4, created_at: at, tags: [['p', shopper.pubkey]], content: encrypt(from.secret, shopper.pubkey, text) }, from)
const wrap = (text: string, at = NOW - 60): NostrEvent => wrapped(encodeGammaChat({ to: shopper.pubkey, text }), { from: merchant, to: shopper, at: toSeconds(at) })
/** A wrap around a seal around any text at all. */
const wrapOf = (inner: string): NostrEvent => {
  const once = person()
  const seal = signed({ kind: 13, created_at: NOW - 500, content: cipher(merchant, shopper, inner) }, merchant)
  return signed({ kind: 1059, created_at: NOW - 400, tags: [['p', shopper.pubkey]], content: cipher(once, shopper, JSON.stringify(seal)) }, once)
}

/** The worker's own code behind a line that copies, as a thread has it. */
function workerHere(manners: { hangs?: boolean } = {}) {
  const heard: ToOpener[] = []
  const worker: OpenWorker & { ended: boolean } = {
    ended: false, onmessage: null, onerror: null,
    terminate() { worker.ended = true },
    postMessage(message, transfer) {
      const copy = structuredClone(message, transfer ? { transfer } : {})
      heard.push(copy)
      if (!manners.hangs)
        queueMicrotask(() => host(copy))
    },
  }
  const host = hostOpener({ check: openSignatureCheck(), end: () => { worker.ended = true }, post: answer => worker.onmessage?.({ data: structuredClone(answer) } as MessageEvent) })
  return { worker, heard }
}

function openInbox(events: readonly NostrEvent[], { signer = createLocalSigner(new Uint8Array(shopper.secret)), mayAsk }: { readonly signer?: Signer, readonly mayAsk?: MayAsk } = {}) {
  const relay = new MemoryRelay(ONE)
  relay.load(events)
  const port = createMemoryRelays([relay])
  const got: OpenedMessage[] = []
  const batches: number[] = []
  const spoilt = new Map<string, string>()
  let last: InboxProgress | undefined
  const life = new AbortController()
  ended.push(() => life.abort())
  const inbox = createMail({ relays: port, clock: systemClock, verifier: createVerifier() }).openInbox({
    signer, relays: [ONE], since: null, known: async ids => new Set(ids.filter(id => spoilt.has(id))), signal: life.signal, ...mayAsk && { mayAsk },
    onMessages(messages) {
      got.push(...messages)
      batches.push(messages.length)
    },
    onSpoilt: (id, reason) => spoilt.set(id, reason),
    onProgress: (progress) => { last = progress },
  })
  return { inbox, port, got, batches, spoilt, last: () => last, read: () => until(() => last?.caughtUp === true, 'the inbox is read', 20_000) }
}

type Said = 'yes' | 'declined' | 'unavailable'
/** An extension or remote signer that counts how often somebody is asked. */
function askingSigner(answer: () => Said = () => 'yes', thinkMs = 0) {
  const real = createLocalSigner(new Uint8Array(shopper.secret))
  const seen = { asked: 0, texts: [] as string[] }
  const ask = async (from: Parameters<Signer['nip04Decrypt']>[0], text: string, open: Signer['nip04Decrypt']) => {
    seen.texts.push(text)
    seen.asked++
    const said = answer()
    if (thinkMs > 0)
      await pause(thinkMs)
    return said === 'yes' ? open(from, text) : { ok: false as const, error: { code: said } }
  }
  const signer: Signer = { ...real, kind: 'nip07', nip04Decrypt: (from, text) => ask(from, text, real.nip04Decrypt), nip44Decrypt: (from, text) => ask(from, text, real.nip44Decrypt) }
  return { signer, seen }
}

describe('a key that is here: letters are opened in a worker', () => {
  test('T16: the key goes over once, letters in batches, all are opened; closing wipes it there and ends the worker', async () => {
    const { worker, heard } = workerHere()
    const signer = localSignerWithWorkers(new Uint8Array(shopper.secret), 'local', { start: () => worker, count: 1 })
    expect(heard).toEqual([])
    const events = [...Array.from({ length: 60 }, (_, n) => wrap(`wrap ${n}`, NOW - n)), ...Array.from({ length: 20 }, (_, n) => letter(merchant, `letter ${n}`, NOW - 9_000 - n))]
    const { got, read, batches } = openInbox(events, { signer })
    await read()
    expect(new Set(got.map(({ plaintext }) => plaintext)).size).toBe(80)
    expect(heard.filter(({ type }) => type === 'key')).toHaveLength(1)
    expect(heard.filter(({ type }) => type === 'open').length).toBeLessThan(12)
    expect(batches.length).toBeLessThan(12)
    signer.close()
    expect(heard.at(-1)).toEqual({ type: 'forget' })
    await until(() => worker.ended, 'the worker has ended')
    expect(await signer.letters?.openLetters([letter()])).toEqual([{ ok: false, error: { code: 'locked' } }])
  }, 40_000)

  test('what it opens, and what it refuses, is the same as in this thread', async () => {
    const forged = wrapped(encodeGammaChat({ to: shopper.pubkey, text: 'x' }), { from: merchant, to: shopper, sealer: stranger })
    const events = [wrap('good'), forged, letter(), signed({ kind: 1059, tags: [['p', shopper.pubkey]], content: 'rubbish' }, stranger)]
    const here = openInbox(events)
    const there = openInbox(events, { signer: localSignerWithWorkers(new Uint8Array(shopper.secret), 'local', { start: () => workerHere().worker, count: 1 }) })
    await Promise.all([here.read(), there.read()])
    expect(there.got.toSorted((a, b) => a.id < b.id ? -1 : 1)).toEqual(here.got.toSorted((a, b) => a.id < b.id ? -1 : 1))
    expect(there.spoilt).toEqual(here.spoilt)
    expect([...there.spoilt.values()].sort()).toEqual(['decrypt', 'seal-author'])
  })

  test('T21: a worker that does not answer, or cannot start, costs time and no message', async () => {
    const dumb = workerHere({ hangs: true })
    const letters = openInWorkers({ start: () => dumb.worker, count: 1, secret: new Uint8Array(shopper.secret), deadAfterMs: 30 })
    expect(await letters.openLetters([letter()])).toBeNull()
    expect(dumb.worker.ended).toBe(true)
    const signer: Signer = { ...createLocalSigner(new Uint8Array(shopper.secret)), letters }
    const { got, read } = openInbox([letter(merchant, 'still read')], { signer })
    await read()
    expect(got.map(({ plaintext }) => plaintext)).toEqual(['still read'])
  })

  test('T20: more than memory has room for is left at the relay until there is room, newest first', () => {
    const pile = createPile(2_000)
    const parts = [letter(merchant, 'x'.repeat(900), NOW - 3), letter(merchant, 'y'.repeat(900), NOW - 1)].map(event => ({ event, scheme: 'nip04' as const, open: vi.fn() }))
    expect(parts.map(pile.add)).toEqual([true, false])
    expect(pile.takeNewest(5)).toHaveLength(1)
    expect(parts.map(pile.add)).toEqual([true, false])
  })
})

describe('T20: bad input is bounded, counted, and not tried again', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  test.each<[string, () => NostrEvent, string]>([
    ['a rumor of JSON nested too deep to parse', () => wrapOf(deep), 'limit'],
    ['a rumor whose content is nested JSON is a text of that length, and is not parsed as a rumor', () => wrapOf(JSON.stringify({ a: deep.slice(0, 20_000) })), 'rumor-shape'],
    ['a wrap of 5 MB', () => signed({ kind: 1059, tags: [['p', shopper.pubkey]], content: 'A'.repeat(250_000) }, stranger), 'decrypt'],
  ])('%s', async (_, make, reason) => {
    const { got, spoilt, read, inbox } = openInbox([make(), wrap('honest')])
    await read()
    expect(got.map(({ plaintext }) => plaintext)).toEqual(['honest'])
    expect([...spoilt.values()]).toEqual([reason])
    // Known now: it costs nothing when it comes again.
    const before = spoilt.size
    inbox.fetchAgain([])
    await read()
    expect(spoilt.size).toBe(before)
  })
})

describe('a signer that asks a person', () => {
  test('a page that loads asks nobody; one tap opens all, newest first, with progress', async () => {
    const { signer, seen } = askingSigner(() => 'yes', 10)
    const events = Array.from({ length: 40 }, (_, n) => letter(merchant, `${n}`, NOW - 1_000 - n))
    const { inbox, got, last, read } = openInbox(events, { signer, mayAsk: 'no' })
    await read()
    expect(seen.asked).toBe(0)
    expect(last()).toMatchObject({ unopened: 40, held: 'not-asked', opening: null })
    const steps: (InboxProgress['opening'])[] = []
    inbox.openWaiting()
    await until(() => {
      steps.push(last()?.opening ?? null)
      return got.length === 40 && last()?.unopened === 0 && last()?.opening === null
    }, 'opened')
    expect(steps.some(step => step !== null && step.of === 40)).toBe(true)
    const order = seen.texts.map(text => events.findIndex(({ content }) => content === text))
    expect(order.filter((n, at) => Math.abs(n - at) > 4)).toEqual([])
  })

  test('paused it asks for no more; going on opens the rest, each once', async () => {
    const { signer, seen } = askingSigner(() => 'yes', 8)
    const { inbox, got, last } = openInbox(Array.from({ length: 60 }, (_, n) => letter(merchant, `${n}`, NOW - n)), { signer, mayAsk: 'no' })
    await until(() => last()?.unopened === 60, 'all wait')
    inbox.openWaiting()
    await until(() => seen.asked > 8, 'some are asked for')
    inbox.pauseOpening()
    const asked = seen.asked
    await until(() => last()?.held === 'paused' && last()?.caughtUp === true, 'paused')
    expect(seen.asked).toBe(asked)
    expect(got.length + (last()?.unopened ?? 0)).toBe(60)
    inbox.openWaiting()
    await until(() => got.length === 60 && last()?.held === null, 'the rest')
    expect(new Set(got.map(({ id }) => id)).size).toBe(60)
    expect(seen.asked).toBe(60)
  })

  test('T20: a thousand wraps by a stranger raise no storm of questions; what is from those we wrote to still opens by itself', async () => {
    const { signer, seen } = askingSigner()
    const flood = Array.from({ length: 1_000 }, (_, n) => {
      const once = person()
      return signed({ kind: 1059, created_at: NOW - 60 - n, tags: [['p', shopper.pubkey]], content: 'A'.repeat(400) }, once)
    })
    const sent = signed({ kind: 4, created_at: NOW - 9_000, tags: [['p', merchant.pubkey]], content: encrypt(shopper.secret, merchant.pubkey, 'my order') }, shopper)
    const { got, last, read } = openInbox([...flood, sent, letter(merchant, 'the answer', NOW - 8_000)], { signer, mayAsk: 'some' })
    await read()
    expect(seen.asked).toBeLessThanOrEqual(34)
    expect(got.map(({ plaintext }) => plaintext).sort()).toEqual(['my order', 'the answer'])
    expect(last()?.unopened).toBeGreaterThanOrEqual(970)
  }, 60_000)

  test('T20: rubbish in a row stops what a person asked for, and says why', async () => {
    const { signer, seen } = askingSigner()
    const rubbish = Array.from({ length: 80 }, (_, n) => signed({ kind: 4, created_at: NOW - n, tags: [['p', shopper.pubkey]], content: `${'A'.repeat(64)}?iv=${'A'.repeat(22)}==` }, stranger))
    const { inbox, last, spoilt } = openInbox([...rubbish, letter(merchant, 'below it', NOW - 5_000)], { signer, mayAsk: 'no' })
    await until(() => last()?.unopened === 81, 'all wait')
    inbox.openWaiting()
    await until(() => last()?.held === 'fruitless', 'stopped')
    expect(seen.asked).toBeLessThanOrEqual(29)
    await until(() => spoilt.size + (last()?.unopened ?? 0) === 81, 'none lost')
  })

  test('a signer that never answers stops after four; the rest waits, and one sign of life goes on with it', async () => {
    let away = true
    const { signer, seen } = askingSigner(() => away ? 'unavailable' : 'yes')
    const { inbox, got, last } = openInbox(Array.from({ length: 30 }, (_, n) => letter(merchant, `${n}`, NOW - n)), { signer, mayAsk: 'all' })
    await until(() => last()?.held === 'silent' && last()?.caughtUp === true, 'stopped')
    expect(seen.asked).toBeLessThanOrEqual(7)
    expect(last()?.unopened).toBe(30)
    away = false
    inbox.askAgain()
    await until(() => got.length === 30 && last()?.unopened === 0, 'opened')
  })

  test('after a no the same button asks again, and a no again asks nobody for the rest', async () => {
    let answer: 'declined' | 'yes' = 'declined'
    const { signer, seen } = askingSigner(() => answer)
    const { inbox, port, got, last, read } = openInbox(Array.from({ length: 12 }, (_, n) => letter(merchant, `${n}`, NOW - 10_000 - n)), { signer })
    await read()
    await port.publish(letter(merchant, 'live'), [ONE])
    await until(() => last()?.unopened === 13, 'counted')
    expect(seen.asked).toBeLessThanOrEqual(4)
    const before = seen.asked
    inbox.openWaiting()
    await until(() => seen.asked > before && last()?.unopened === 13 && last()?.held === 'declined', 'declined again')
    expect(seen.asked).toBeLessThanOrEqual(before + 4)
    answer = 'yes'
    inbox.openWaiting()
    await until(() => got.length === 13 && last()?.unopened === 0, 'opened')
  })
})
