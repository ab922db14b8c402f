import { decrypt, encrypt } from 'nostr-tools/nip04'
import { v2 as nip44 } from 'nostr-tools/nip44'
import { afterEach, expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { readBunker } from '../../../src/domain/protocol/nip46-uri'
import { createRemoteSigners } from '../../../src/nostr/signers/nip46-pairing'
import { systemClock } from '../../../src/nostr/system-clock'
import { createVerifier } from '../../../src/nostr/verifier'
import type { SignerPresence } from '../../../src/ports/signer'
import { manualClock } from '../../support/manual-clock'
import { createHub, HUB } from '../../support/memory-hub'
import { nip46Signer, startNip46Signer, type SignerManners } from '../../support/nip46-signer'
import { nowSeconds, pause, person, signed, until } from '../../support/signed'
import { stage } from './stage'

const other = person(5)
const verifier = createVerifier()
const site = { name: 'Souk', url: 'https://souk.example' }
const draft = { kind: 4, created_at: toSeconds(1_793_610_000), tags: [['p', other.pubkey]], content: 'hello' }
const failed = (code: string) => ({ ok: false, error: { code } })
const real = stage()
const ends: (() => void)[] = []
afterEach(() => ends.splice(0).forEach(end => end()))

function pairing() {
  const life = new AbortController()
  const links: string[] = []
  return { life, links, pairing: { signal: life.signal, onLink: (url: string) => links.push(url) } }
}

/** A hub, a signer at it, and our side; nothing said yet. */
function open(manners: Partial<SignerManners> = {}, secret = 'open-sesame') {
  const hub = createHub()
  const clock = manualClock(nowSeconds())
  const signer = nip46Signer(hub.relays, [HUB], { secret, manners, user: person(3) })
  const remotes = createRemoteSigners({ port: hub.relays, clock, verifier, site })
  const pair = async (text = signer.bunker, by = pairing().pairing) => {
    const bunker = readBunker(text)
    if (!bunker.ok)
      throw new Error(bunker.error.code)
    const paired = await remotes.pair(bunker.value, by)
    if (paired.ok)
      ends.push(() => paired.value.close())
    return paired
  }
  ends.push(() => signer.close())
  return { hub, clock, signer, remotes, pair }
}
async function paired(manners: Partial<SignerManners> = {}) {
  const all = open()
  const own = await all.pair()
  if (!own.ok)
    throw new Error(own.error.code)
  Object.assign(all.signer.manners, manners)
  return { ...all, own: own.value }
}
/** Lets time go by in steps, so that what follows from one pause can begin the next. */
async function passing<T>(clock: ReturnType<typeof manualClock>, work: Promise<T>, seconds = 400): Promise<T> {
  let over = false
  void work.finally(() => { over = true })
  for (let gone = 0; !over && gone < seconds; gone += 2)
    await clock.advance(2)
  return work
}

test('a bunker address: paired, signs and opens; the account is not the signer\'s own key; leave is asked once', async () => {
  const { own, signer } = await paired()
  expect(own).toMatchObject({ kind: 'nip46', pubkey: signer.user.pubkey })
  expect(own.pubkey).not.toBe(signer.remote)
  expect(await own.sign(draft)).toMatchObject({ ok: true, value: { ...draft, pubkey: signer.user.pubkey } })
  const sealed = await own.nip04Encrypt(other.pubkey, 'hello')
  expect(sealed.ok && decrypt(other.secret, own.pubkey, sealed.value)).toBe('hello')
  expect(await own.nip04Decrypt(other.pubkey, encrypt(other.secret, own.pubkey, 'back'))).toEqual({ ok: true, value: 'back' })
  const wrapped = await own.nip44Encrypt(other.pubkey, 'hi')
  expect(wrapped.ok && await own.nip44Decrypt(other.pubkey, wrapped.value)).toEqual({ ok: true, value: 'hi' })
  expect(signer.asks('connect')).toBe(1)
  expect(signer.asked[0]?.params).toEqual([signer.remote, 'open-sesame', expect.stringContaining('sign_event:4,'), JSON.stringify(site)])
  expect(own.presence.current()).toEqual({ state: 'ready' })
})

test('a secret echoed is as good as ack, none is needed, anything else is refused', async () => {
  expect((await open({ greets: 'secret' }).pair()).ok).toBe(true)
  expect((await open({}, '').pair()).ok).toBe(true)
  expect(await open({ greets: 'welcome' }).pair()).toEqual(failed('bad-answer'))
  expect(await open({ greets: '' }, '').pair()).toEqual(failed('bad-answer'))
  const { pair, signer } = open()
  expect(await pair(signer.bunker.replace('open-sesame', 'wrong'))).toEqual(failed('declined'))
})

test('a bunker that never answers: said after its time, and trying again is the same client to it', async () => {
  const { clock, pair, signer } = open({ hangs: true })
  expect(await passing(clock, pair())).toEqual(failed('no-answer'))
  signer.manners.hangs = false
  expect((await pair()).ok).toBe(true)
  expect(new Set(signer.asked.map(({ client }) => client)).size).toBe(1)
})

test('no relay of the bunker can be reached: the same; and cancelling ends the wait', async () => {
  const { hub, clock, pair } = open()
  hub.setOpen(false)
  expect(await passing(clock, pair())).toEqual(failed('no-answer'))
  const { life, pairing: by } = pairing()
  const waiting = pair(undefined, by)
  await pause(20)
  life.abort()
  expect(await passing(clock, waiting, 10)).toEqual(failed('cancelled'))
})

test('a code to scan: the first who knows its secret is the signer, nobody else', async () => {
  const { hub, signer, remotes } = open()
  const { uri, paired: waiting } = await remotes.offer([HUB], pairing().pairing)
  await pause(10)
  const stranger = nip46Signer(hub.relays, [HUB], { manners: { answersCode: 'not the secret' } })
  stranger.scan(uri)
  await pause(20)
  const acker = nip46Signer(hub.relays, [HUB], { manners: { answersCode: 'ack' } })
  acker.scan(uri)
  await pause(20)
  signer.scan(uri)
  const own = await waiting
  if (!own.ok)
    throw new Error(own.error.code)
  ends.push(() => own.value.close(), stranger.close, acker.close)
  expect(own.value.connection().remote).toBe(signer.remote)
  expect((await own.value.sign(draft)).ok).toBe(true)
})

test('a code that nobody scans: cancelled, or over after its time', async () => {
  const { clock, remotes } = open()
  const { life, pairing: by } = pairing()
  const cancelled = await remotes.offer([HUB], by)
  life.abort()
  expect(await cancelled.paired).toEqual(failed('cancelled'))
  expect(await passing(clock, (await remotes.offer([HUB], pairing().pairing)).paired, 700)).toEqual(failed('no-answer'))
})

test('a signer that wants its owner on a page first: the link is handed on, and its time is longer', async () => {
  const { clock, pair, signer } = open({ authUrl: 'https://signer.example/allow' })
  const { links, pairing: by } = pairing()
  const waiting = pair(undefined, by)
  await until(() => links.length === 1, 'link')
  for (let gone = 0; gone < 120; gone += 10)
    await clock.advance(10)
  signer.approve()
  expect((await waiting).ok).toBe(true)
  expect(links).toEqual(['https://signer.example/allow'])
})

test('T22: an answer that is not exactly what was asked for is refused', async () => {
  const honest = signed(draft, person(3))
  const forged: readonly [string, (event: object) => unknown][] = [
    ['another content', () => signed({ ...draft, content: 'pay me' }, person(3))],
    ['one more tag', () => signed({ ...draft, tags: [...draft.tags, ['client', 'x']] }, person(3))],
    ['another time', () => signed({ ...draft, created_at: draft.created_at + 1 }, person(3))],
    ['a signature that fails', event => ({ ...event, sig: honest.sig.replace(/.$/, last => last === '0' ? '1' : '0') })],
    ['content changed after signing', event => ({ ...event, content: 'pay me' })],
    ['no event', () => 'signed!'], ['nothing', () => null],
  ]
  const { own, signer } = await paired()
  for (const [name, tampers] of forged) {
    signer.manners.tampers = tampers
    expect(await own.sign(draft), name).toEqual(failed('bad-answer'))
  }
  signer.manners.tampers = null
  signer.manners.signsAs = person(9)
  expect(await own.sign(draft)).toEqual(failed('wrong-account'))
})

test('answers by anybody else, to other questions, or twice, change nothing', async () => {
  const { hub, own, signer } = await paired({ twice: true })
  const stranger = nip46Signer(hub.relays, [HUB])
  ends.push(stranger.close)
  signer.manners.lateMs = 30
  const asking = own.sign(draft)
  await until(() => signer.asks('sign_event') === 1, 'asked')
  const [asked] = signer.asked.slice(-1)
  const { client } = asked ?? { client: '' }
  const content = nip44.encrypt(JSON.stringify({ id: asked?.id, result: JSON.stringify(signed(draft, stranger.user)) }), nip44.utils.getConversationKey(stranger.user.secret, client))
  await hub.relays.publish(signed({ kind: 24_133, tags: [['p', client]], content }, stranger.user), [HUB])
  expect(await asking).toMatchObject({ ok: true, value: { pubkey: signer.user.pubkey } })
  await pause(50)
  expect(await own.sign(draft)).toMatchObject({ ok: true })
})

test('answers in NIP-04, as old signers give them, are read', async () => {
  const { own } = await paired({ cipher: 'nip04' })
  expect((await own.sign(draft)).ok).toBe(true)
})

test('a no is a no, garbled messages are none, and the account changed in the signer has its name', async () => {
  const { own, signer } = await paired({ denies: { words: 'User rejected' } })
  expect(await own.sign(draft)).toEqual(failed('declined'))
  expect(await own.nip04Decrypt(other.pubkey, 'x')).toEqual(failed('declined'))
  signer.manners.denies = { words: 'unsupported method' }
  expect(await own.nip44Encrypt(other.pubkey, 'x')).toEqual(failed('unsupported'))
  expect(own.can.nip44).toBe(false)
  signer.manners.denies = null
  expect(await own.nip04Decrypt(other.pubkey, 'garbage')).toEqual(failed('decrypt'))
  expect(own.presence.current()).toEqual({ state: 'ready' })
})

test('a signer that hangs: visible while it lasts, said after its time, tried again when asked', async () => {
  const { clock, own, signer } = await paired({ hangs: true })
  const seen: SignerPresence['state'][] = []
  own.presence.onChange(({ state }) => seen.push(state))
  const asking = own.sign(draft)
  await until(() => own.presence.current().state === 'waiting', 'waiting')
  expect(await passing(clock, asking)).toEqual(failed('unavailable'))
  expect(own.presence.current()).toMatchObject({ state: 'silent' })
  const before = signer.asks('nip04_decrypt')
  // A thousand messages do not wait for it one by one, and do not reach it.
  expect(await Promise.all(Array.from({ length: 1_000 }, () => own.nip04Decrypt(other.pubkey, 'x')))).toContainEqual(failed('unavailable'))
  expect(signer.asks('nip04_decrypt')).toBe(before)
  signer.manners.hangs = false
  own.presence.retry()
  await until(() => own.presence.current().state === 'ready', 'ready again')
  expect((await own.sign(draft)).ok).toBe(true)
  expect(seen.slice(0, 2)).toEqual(['waiting', 'silent'])
})

test('a silent signer that is asked to sign gets a sign of life first, and is found again by itself', async () => {
  const { clock, own, signer } = await paired({ hangs: true })
  await passing(clock, own.sign(draft))
  const asked = signer.asks('sign_event')
  expect(await passing(clock, own.sign(draft))).toEqual(failed('unavailable'))
  expect(signer.asks('sign_event')).toBe(asked)
  signer.manners.hangs = false
  for (let gone = 0; own.presence.current().state === 'silent' && gone < 1_200; gone += 5)
    await clock.advance(5)
  expect(own.presence.current()).toEqual({ state: 'ready' })
})

test('its owner does not look at one question: the others go on, and it does not count as silent', async () => {
  const { clock, own } = await paired({ hangs: ['sign_event'] })
  const asking = own.sign(draft)
  await pause(20)
  expect((await own.nip04Encrypt(other.pubkey, 'x')).ok).toBe(true)
  expect(await passing(clock, asking)).toEqual(failed('unavailable'))
  expect(own.presence.current()).toEqual({ state: 'ready' })
})

test('few at once; reading a thousand messages does not hold up what somebody does', async () => {
  const { own, signer } = await paired({ hangs: ['nip04_decrypt'] })
  for (let n = 0; n < 50; n++)
    void own.nip04Decrypt(other.pubkey, 'x')
  await pause(50)
  expect(signer.asks('nip04_decrypt')).toBeLessThanOrEqual(4)
  expect((await own.sign(draft)).ok).toBe(true)
})

test('reopened after a reload: nothing is said until something is to be signed; then without asking leave again', async () => {
  const { hub, own, signer, remotes } = await paired()
  const connection = own.connection()
  own.close()
  expect(hub.listening()).toBe(1)
  const before = signer.asked.length
  const again = await remotes.reopen(connection)
  ends.push(() => again.close())
  await pause(30)
  expect([signer.asked.length, hub.listening()]).toEqual([before, 1])
  expect((await again.sign(draft)).ok).toBe(true)
  expect(signer.asked.slice(before).map(({ method }) => method)).toEqual(['sign_event'])
})

test('a request that no relay took is sent again until one does, and is one request', async () => {
  const { hub, clock, own, signer } = await paired()
  hub.setOpen(false)
  const asking = own.sign(draft)
  await clock.advance(2)
  await pause(20)
  expect(signer.asks('sign_event')).toBe(0)
  hub.setOpen(true)
  expect(await passing(clock, asking, 30)).toMatchObject({ ok: true })
  await clock.advance(40)
  expect(signer.asks('sign_event')).toBe(1)
})

test('closed: nothing is asked any more; left: the signer is told', async () => {
  const { own, signer } = await paired()
  own.leave()
  await until(() => signer.asks('logout') === 1, 'told')
  expect(await own.sign(draft)).toEqual(failed('locked'))
  expect(await own.nip44Decrypt(other.pubkey, 'x')).toEqual(failed('locked'))
})

test('over a real relay and real sockets; where the signer moves to, it is followed', async () => {
  const { url } = await real.honest()
  const second = await real.honest()
  const signer = await startNip46Signer({ relayUrl: url, secret: 'abc', manners: { movesTo: [url, second.url] } })
  ends.push(signer.close)
  const pool = real.pool()
  const remotes = createRemoteSigners({ port: pool, clock: systemClock, verifier, site })
  const bunker = readBunker(signer.bunker)
  const own = bunker.ok ? await remotes.pair(bunker.value, pairing().pairing) : null
  if (!own?.ok)
    throw new Error('not paired')
  ends.push(() => own.value.close())
  expect(own.value.connection().relays).toEqual([url, second.url])
  expect((await own.value.sign(draft)).ok).toBe(true)
})
