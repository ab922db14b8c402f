import { createVerifier } from '../../../src/nostr/verifier'
import { encrypt } from 'nostr-tools/nip04'
import { afterEach, expect, test } from 'vitest'
import type { EventId, RelayUrl, Seconds } from '../../../src/domain/brand'
import { toSeconds } from '../../../src/domain/brand'
import type { NostrEvent, OpenedMessage } from '../../../src/domain/protocol/event'
import { createMail } from '../../../src/nostr/mail'
import { systemClock } from '../../../src/nostr/system-clock'
import { createLocalSigner } from '../../../src/nostr/signers/local'
import type { InboxProgress } from '../../../src/ports/mail'
import type { Relays } from '../../../src/ports/relays'
import type { Signer } from '../../../src/ports/signer'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import type { Person } from '../../support/signed'
import { pause, person, relayUrl, signed, until } from '../../support/signed'

const shopper = person(3)
const merchant = person(5)
const stranger = person(7)
const ONE = relayUrl('wss://one.example')
const TWO = relayUrl('wss://two.example')
const NOW = systemClock.now()

function world({ guard = false, cap = 50 }: { readonly guard?: false | 'close' | 'silent', readonly cap?: number } = {}) {
  const one = new MemoryRelay(ONE, false, cap)
  const two = new MemoryRelay(TWO, guard, cap)
  return { one, two, connect: () => createMemoryRelays([one, two]) }
}

const ended: (() => void)[] = []
afterEach(() => ended.splice(0).forEach(end => end()))

const signerOf = (who: Person) => createLocalSigner(new Uint8Array(who.secret), 'local')
const letter = (from: Person, to: Person, text: string, at = NOW - 60): NostrEvent =>
  signed({ kind: 4, created_at: at, tags: [['p', to.pubkey]], content: encrypt(from.secret, to.pubkey, text) }, from)

interface Given { readonly relays?: readonly RelayUrl[], readonly since?: Seconds | null, readonly known?: readonly EventId[], readonly signer?: Signer }

function openInbox(port: Relays, who: Person, { relays = [ONE, TWO], since = null, known = [], signer = signerOf(who) }: Given = {}) {
  const got: OpenedMessage[] = []
  const told: InboxProgress[] = []
  const life = new AbortController()
  ended.push(() => life.abort())
  createMail({ relays: port, clock: systemClock, verifier: createVerifier() }).openInbox({
    signer, relays, since, signal: life.signal,
    known: async ids => new Set(ids.filter(id => known.includes(id))),
    onSpoilt: () => undefined,
    onMessages: messages => got.push(...messages),
    onProgress: progress => told.push(progress),
  })
  const last = () => told.at(-1)
  return { got, told, last, life, texts: () => got.map(message => message.plaintext), read: () => until(() => last()?.caughtUp === true, 'the inbox is read') }
}

test('two people talk: each sees what both said, with who said it to whom', async () => {
  const stage = world()
  const [here, there] = [stage.connect(), stage.connect()]
  const ours = openInbox(here, shopper)
  const theirs = openInbox(there, merchant)
  await Promise.all([ours.read(), theirs.read()])
  const before = systemClock.now()
  const order = await createMail({ relays: here, clock: systemClock, verifier: createVerifier() }).compose(signerOf(shopper), merchant.pubkey, { transport: 'nip04', plaintext: 'one jar, please' })
  if (!order.ok)
    throw new Error(order.error.code)
  const [copy] = order.value.copies
  if (copy === undefined || order.value.copies.length !== 1)
    throw new Error('one event was wanted')
  const { event } = copy
  expect(event).toMatchObject({ kind: 4, pubkey: shopper.pubkey, tags: [['p', merchant.pubkey]] })
  expect(event.created_at).toBeGreaterThanOrEqual(before)
  expect(event.content).not.toContain('jar')
  await here.publish(event, [ONE, TWO])
  await until(() => theirs.got.length > 0 && ours.got.length > 0, 'both see the order')
  const { opened } = order.value
  expect(opened).toEqual({ id: event.id, author: shopper.pubkey, receiver: merchant.pubkey, sentAt: event.created_at, transport: 'nip04', plaintext: 'one jar, please' })
  expect(theirs.got).toEqual([opened])
  expect(ours.got).toEqual([opened])
  await there.publish(letter(merchant, shopper, '21 sat'), [TWO])
  await until(() => ours.got.length === 2 && theirs.got.length === 2, 'both see the answer')
  expect(ours.got[1]).toMatchObject({ author: merchant.pubkey, receiver: shopper.pubkey, plaintext: '21 sat' })
})

test('the back-log comes whole past a relay\'s cap, newest first, each message once from however many relays, then live', async () => {
  const stage = world({ cap: 20 })
  const past = Array.from({ length: 90 }, (_, n) => letter(n % 3 === 0 ? shopper : merchant, n % 3 === 0 ? merchant : shopper, `${n}`, NOW - 100_000 - n))
  stage.one.load(past)
  stage.two.load(past.slice(30))
  const inbox = openInbox(stage.connect(), shopper)
  await inbox.read()
  expect(inbox.texts().map(Number).sort((a, b) => a - b)).toEqual(past.map((_, n) => n))
  await stage.connect().publish(letter(merchant, shopper, 'live'), [ONE, TWO])
  await until(() => inbox.got.length === 91, 'the live message')
  await pause(50)
  expect(inbox.texts().filter(text => text === 'live')).toEqual(['live'])
})

test('the signer is asked for the newest first', async () => {
  const stage = world()
  const past = Array.from({ length: 40 }, (_, n) => letter(merchant, shopper, `${n}`, NOW - 100_000 - n))
  stage.one.load(past)
  const real = signerOf(shopper)
  const asked: number[] = []
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE], signer: { ...real, nip04Decrypt: (from, text) => {
    asked.push(past.findIndex(({ content }) => content === text))
    return real.nip04Decrypt(from, text)
  } } })
  await inbox.read()
  expect(inbox.got).toHaveLength(40)
  // Four are in work at one time, and may overtake each other.
  expect(asked.filter((n, at) => Math.abs(n - at) > 4)).toEqual([])
})

test('`caughtUp` is said only after the messages were handed over', async () => {
  const stage = world()
  stage.one.load([letter(merchant, shopper, 'a', NOW - 5000), letter(merchant, shopper, 'b', NOW - 4000)])
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE] })
  await until(() => {
    if (inbox.last()?.caughtUp)
      expect(inbox.got).toHaveLength(2)
    return inbox.last()?.caughtUp === true
  }, 'read')
})

test('what is known costs the signer nothing', async () => {
  const stage = world()
  const [old, fresh] = [letter(merchant, shopper, 'old', NOW - 5000), letter(merchant, shopper, 'fresh', NOW - 4000)]
  stage.one.load([old, fresh])
  const asked: string[] = []
  const real = signerOf(shopper)
  const inbox = openInbox(stage.connect(), shopper, { known: [old.id], signer: { ...real, nip04Decrypt: (from, text) => {
    asked.push(text)
    return real.nip04Decrypt(from, text)
  } } })
  await inbox.read()
  expect(inbox.texts()).toEqual(['fresh'])
  expect(asked).toEqual([fresh.content])
})

test('`since` leaves a day for relays that got a message late', async () => {
  const stage = world()
  stage.one.load([letter(merchant, shopper, 'late', NOW - 200_000 - 80_000), letter(merchant, shopper, 'long ago', NOW - 200_000 - 90_000)])
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE], since: toSeconds(NOW - 200_000) })
  await inbox.read()
  expect(inbox.texts()).toEqual(['late'])
})

test('T22: plain text, garbage and letters of others are counted, and hide nothing', async () => {
  const stage = world()
  const to = (who: Person, content: string, at: number) => signed({ kind: 4, created_at: at, tags: [['p', who.pubkey]], content }, stranger)
  const honest = letter(merchant, shopper, 'honest', NOW - 9000)
  stage.one.load([
    honest, to(shopper, '{"type":0,"id":"x"}', NOW - 100), to(shopper, `AAAA?iv=${'A'.repeat(22)}==`, NOW - 99), to(shopper, '', NOW - 98),
    // Filed under our key too, but not to us, and sealed for somebody else.
    signed({ kind: 4, created_at: NOW - 97, tags: [['p', merchant.pubkey], ['p', shopper.pubkey]], content: honest.content }, stranger),
  ])
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE] })
  await inbox.read()
  expect(inbox.texts()).toEqual(['honest'])
  expect(inbox.last()).toMatchObject({ refused: 4, unopened: 0 })
})

test('after a no the extension is not asked again for the rest, and how many stay shut is said', async () => {
  const stage = world()
  stage.one.load(Array.from({ length: 60 }, (_, n) => letter(merchant, shopper, `${n}`, NOW - 10_000 - n)))
  let asked = 0
  const signer: Signer = { ...signerOf(shopper), kind: 'nip07', nip04Decrypt: async () => {
    asked++
    await pause(5)
    return { ok: false, error: { code: 'declined' } }
  } }
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE], signer })
  await inbox.read()
  expect(asked).toBeLessThanOrEqual(4)
  expect(inbox.last()).toMatchObject({ unopened: 60, refused: 0 })
  await stage.connect().publish(letter(merchant, shopper, 'live'), [ONE])
  await until(() => inbox.last()?.unopened === 61, 'the live one is counted')
  expect(asked).toBeLessThanOrEqual(4)
  const again = openInbox(stage.connect(), shopper, { relays: [ONE] })
  await again.read()
  expect(again.got).toHaveLength(61)
})

test('a slow signer has at most four questions open at one time', async () => {
  const stage = world()
  stage.one.load(Array.from({ length: 30 }, (_, n) => letter(merchant, shopper, `${n}`, NOW - 10_000 - n)))
  const real = signerOf(shopper)
  let open = 0
  let most = 0
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE], signer: { ...real, nip04Decrypt: async (from, text) => {
    most = Math.max(most, ++open)
    await pause(3)
    open--
    return real.nip04Decrypt(from, text)
  } } })
  await inbox.read()
  expect(inbox.got).toHaveLength(30)
  expect(most).toBe(4)
})

test('one message that the signer could not open stops nobody else\'s', async () => {
  const stage = world()
  const [bad, good] = [letter(merchant, shopper, 'bad', NOW - 100), letter(merchant, shopper, 'good', NOW - 5000)]
  stage.one.load([bad, good])
  const real = signerOf(shopper)
  const inbox = openInbox(stage.connect(), shopper, { relays: [ONE], signer: { ...real, nip04Decrypt: async (from, text) =>
    text === bad.content ? { ok: false, error: { code: 'unavailable' } } : real.nip04Decrypt(from, text) } })
  await inbox.read()
  expect(inbox.texts()).toEqual(['good'])
  expect(inbox.last()).toMatchObject({ unopened: 1, refused: 0 })
})

for (const manner of ['close', 'silent'] as const) {
  test(`T23: a relay that hides private messages is named while it does (${manner}), and read once it may know us`, async () => {
    const stage = world({ guard: manner })
    stage.one.load([letter(merchant, shopper, 'open', NOW - 5000)])
    stage.two.load([letter(merchant, shopper, 'hidden', NOW - 4000)])
    const port = stage.connect()
    const inbox = openInbox(port, shopper)
    await inbox.read()
    expect(inbox.texts()).toEqual(['open'])
    expect(inbox.last()?.muteRelays).toEqual([TWO])
    port.authenticate({ pubkey: shopper.pubkey, allowed: url => url === TWO, sign: async event => signed(event, shopper) })
    await until(() => inbox.got.length === 2 && inbox.last()?.muteRelays.length === 0, 'let in', 15_000)
    expect(inbox.texts()[1]).toBe('hidden')
  }, 20_000)
}

test('a relay that asks who we are only after it answered is named then, and no other', async () => {
  const stage = world()
  const port = stage.connect()
  let auth: 'none' | 'needed' | 'refused' = 'none'
  let changed = (): void => undefined
  const statuses = () => port.statuses().map(status => ({ ...status, auth: status.url === ONE ? auth : 'none' as const }))
  const inbox = openInbox({ ...port, statuses, onStatus(listener) {
    changed = () => listener(statuses())
    return () => undefined
  } }, shopper)
  await inbox.read()
  expect(inbox.last()?.muteRelays).toEqual([])
  for (const asks of ['needed', 'refused'] as const) {
    auth = asks
    changed()
    await until(() => inbox.last()?.muteRelays.length === 1, 'named')
    expect(inbox.last()?.muteRelays).toEqual([ONE])
    auth = 'none'
    changed()
    await until(() => inbox.last()?.muteRelays.length === 0, 'no more')
  }
})

test('T21: a dead relay holds nothing up; what came to it meanwhile, old or new, is read when it is back', async () => {
  const stage = world()
  stage.one.load([letter(merchant, shopper, 'here', NOW - 5000)])
  stage.two.setOnline(false)
  const inbox = openInbox(stage.connect(), shopper)
  await inbox.read()
  expect(inbox.texts()).toEqual(['here'])
  stage.two.load([letter(merchant, shopper, 'there', NOW - 400_000), letter(merchant, shopper, 'just now')])
  stage.two.setOnline(true)
  await until(() => inbox.got.length === 3, 'read after its return', 15_000)
  expect(inbox.texts().slice(1).sort()).toEqual(['just now', 'there'])
}, 20_000)

test('T21: a relay that was away for a while is read again from where it stopped', async () => {
  const stage = world()
  const inbox = openInbox(stage.connect(), shopper)
  await inbox.read()
  stage.two.setOnline(false)
  stage.two.load([letter(merchant, shopper, 'missed', NOW - 3000)])
  stage.two.setOnline(true)
  await until(() => inbox.got.length === 1, 'what was missed', 15_000)
}, 20_000)

test('once ended it neither hands over nor reports, and nothing keeps asking', async () => {
  const stage = world()
  const port = stage.connect()
  const inbox = openInbox(port, shopper, { relays: [ONE] })
  await inbox.read()
  inbox.life.abort()
  const reports = inbox.told.length
  await port.publish(letter(merchant, shopper, 'late'), [ONE])
  stage.one.setOnline(false)
  await pause(80)
  expect(inbox.got).toEqual([])
  expect(inbox.told).toHaveLength(reports)
})

test('a signer that says no to sealing or signing is the answer of composing', async () => {
  const stage = world()
  const mail = createMail({ relays: stage.connect(), clock: systemClock, verifier: createVerifier() })
  const declined = { ok: false, error: { code: 'declined' } } as const
  expect(await mail.compose({ ...signerOf(shopper), sign: async () => declined }, merchant.pubkey, { transport: 'nip04', plaintext: 'x' })).toEqual(declined)
  const closed = signerOf(shopper)
  closed.close()
  expect(await mail.compose(closed, merchant.pubkey, { transport: 'nip04', plaintext: 'x' })).toEqual({ ok: false, error: { code: 'locked' } })
})
