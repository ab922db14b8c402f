import { afterEach, expect, test } from 'vitest'
import type { RelayUrl } from '../../../src/domain/brand'
import type { Filter, NostrEvent } from '../../../src/domain/protocol/event'
import type { Relays } from '../../../src/ports/relays'
import type { Person } from '../../support/signed'
import { nowSeconds, person, signed, until } from '../../support/signed'

/** A world of two relays: one that anybody reads, one that shows private messages, in silence, only to those it knows. */
export interface RelayStage {
  readonly relays: Relays
  /** Holds these events already, from elsewhere. At most 50 an answer. */
  readonly open: { readonly url: RelayUrl, load(events: readonly NostrEvent[]): void, stop(): Promise<void>, start(): Promise<void> }
  readonly guarded: { readonly url: RelayUrl, load(events: readonly NostrEvent[]): void }
  readonly dead: RelayUrl
  close(): Promise<void>
}

export function relaysContract(stageOf: () => Promise<RelayStage>): void {
  const ended: (() => unknown)[] = []
  afterEach(async () => {
    for (const end of ended.splice(0).reverse())
      await end()
  })
  const me = person()
  const other = person()

  async function stage(): Promise<RelayStage> {
    const made = await stageOf()
    ended.push(() => made.close())
    return made
  }

  function listen(relays: Relays, urls: readonly RelayUrl[], filters: readonly Filter[] = [{ kinds: [1] }]) {
    const got: NostrEvent[] = []
    const stored: { url: RelayUrl, complete: boolean }[] = []
    const closed: string[] = []
    const life = new AbortController()
    ended.push(() => life.abort())
    relays.subscribe({
      relays: urls,
      filters,
      signal: life.signal,
      onEvents: events => got.push(...events),
      onStored: (url, complete) => stored.push({ url, complete }),
      onClosed: (_, reason) => closed.push(reason),
    })
    return { got, stored, closed, life }
  }

  const authenticateAs = (relays: Relays, who: Person, allowed: (url: RelayUrl) => boolean) =>
    relays.authenticate({ pubkey: who.pubkey, allowed, sign: async event => signed(event, who) })

  test('shows what is stored, says when that was all, and goes on live', async () => {
    const { relays, open } = await stage()
    const before = signed({ content: 'before' }, me)
    open.load([before])
    const { got, stored } = listen(relays, [open.url])
    await until(() => stored.length === 1, 'end of stored events')
    expect(got.map(event => event.content)).toEqual(['before'])
    expect(stored).toEqual([{ url: open.url, complete: true }])
    const after = signed({ content: 'after' }, me)
    const answers = await relays.publish(after, [open.url])
    expect(answers).toEqual([{ url: open.url, outcome: 'stored', text: expect.any(String) as string }])
    await until(() => got.length === 2, 'the live event')
    expect(got[1]).toEqual(after)
  })

  test('an ended subscription hears nothing more', async () => {
    const { relays, open } = await stage()
    const first = listen(relays, [open.url])
    const second = listen(relays, [open.url])
    await until(() => first.stored.length + second.stored.length === 2, 'both stored')
    first.life.abort()
    await relays.publish(signed({ content: 'late' }, me), [open.url])
    await until(() => second.got.length === 1, 'the other one hears it')
    expect(first.got).toEqual([])
  })

  test('hands over only what matches the filter, each id once', async () => {
    const { relays, open, guarded } = await stage()
    const wanted = signed({ kind: 30_018, tags: [['d', 'x']], content: 'wanted' }, me)
    open.load([wanted, signed({ kind: 30_018, tags: [['d', 'x']], content: 'of another' }, other)])
    guarded.load([wanted])
    const { got, stored } = listen(relays, [open.url, guarded.url], [{ kinds: [30_018], authors: [me.pubkey] }])
    await until(() => stored.length === 2, 'both relays')
    expect(got).toEqual([wanted])
  })

  test('publish: every relay answers for itself; a dead one is unreachable', async () => {
    const { relays, open, dead } = await stage()
    const heard: string[] = []
    const answers = await relays.publish(signed({}, me), [open.url, dead], answer => heard.push(answer.outcome))
    expect(answers.map(({ url, outcome }) => ({ url, outcome }))).toEqual([{ url: open.url, outcome: 'stored' }, { url: dead, outcome: 'unreachable' }])
    expect(heard.toSorted()).toEqual(['stored', 'unreachable'])
  })

  test('publish: what a relay has already counts as stored; a broken event is invalid', async () => {
    const { relays, open } = await stage()
    const event = signed({}, me)
    await relays.publish(event, [open.url])
    expect((await relays.publish(event, [open.url]))[0]?.outcome).toBe('stored')
    const broken = { ...signed({ content: 'broken' }, me), content: 'changed' }
    expect((await relays.publish(broken, [open.url]))[0]?.outcome).toBe('invalid')
  })

  test('fetchAll pages past the cap, events of one second included, and says which relays were complete', async () => {
    const { relays, open, dead } = await stage()
    const start = nowSeconds() - 1_000
    const events = Array.from({ length: 180 }, (_, at) => signed({ kind: 30_018, created_at: start + Math.floor(at / 7), tags: [['d', `p${at}`]], content: '{}' }, me))
    open.load(events)
    const got: NostrEvent[] = []
    const answer = await relays.fetchAll({ relays: [open.url, dead], filters: [{ kinds: [30_018] }], signal: new AbortController().signal, onEvents: more => got.push(...more) })
    expect(answer).toEqual({ complete: [open.url], incomplete: [dead] })
    expect(got.map(event => event.id).toSorted()).toEqual(events.map(event => event.id).toSorted())
    expect(got[0]?.created_at).toBe(Math.max(...events.map(event => event.created_at)))
  })

  test('fetchAll pages each filter by itself: a full one does not cut off the other', async () => {
    const { relays, open } = await stage()
    const start = nowSeconds() - 10_000
    const many = Array.from({ length: 120 }, (_, at) => signed({ kind: 30_018, created_at: start + at, tags: [['d', `p${at}`]], content: '{}' }, me))
    const old = signed({ kind: 30_017, created_at: start - 5_000, tags: [['d', 'stall']], content: '{}' }, me)
    open.load([...many, old])
    const got: NostrEvent[] = []
    await relays.fetchAll({ relays: [open.url], filters: [{ kinds: [30_018] }, { kinds: [30_017] }], signal: new AbortController().signal, onEvents: more => got.push(...more) })
    expect(got).toHaveLength(121)
  })

  test('T21: a relay that was stopped is asked again when it is back, and says so in its status', async () => {
    const { relays, open } = await stage()
    const { got, stored } = listen(relays, [open.url])
    await until(() => stored.length === 1, 'stored')
    await open.stop()
    await until(() => relays.statuses()[0]?.state === 'waiting', 'noticed')
    expect(relays.statuses()[0]?.retryAt).not.toBeNull()
    await open.start()
    const missed = signed({ content: 'missed' }, me)
    open.load([missed])
    relays.retryNow()
    await until(() => got.some(event => event.id === missed.id), 'what was missed')
    await until(() => relays.statuses()[0]?.state === 'open', 'shown as open')
    expect(relays.statuses()[0]).toMatchObject({ url: open.url, retryAt: null })
  })

  test('T23: private messages of a guarded relay come after AUTH where it is allowed, and the relay is called mute where not', async () => {
    const { relays, guarded } = await stage()
    const letter = signed({ kind: 4, tags: [['p', me.pubkey]], content: 'x?iv=y' }, other)
    guarded.load([letter])
    const { got, stored, closed } = listen(relays, [guarded.url], [{ 'kinds': [4], '#p': [me.pubkey] }])
    await until(() => stored.length === 1, 'the silent answer')
    expect(got).toEqual([])
    expect(stored[0]?.complete).toBe(false)
    expect(closed).toEqual(['auth-needed'])
    await until(() => relays.statuses()[0]?.auth === 'needed', 'shown as needed')

    authenticateAs(relays, me, () => false)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(got).toEqual([])
    expect(relays.statuses()[0]?.auth).toBe('needed')

    authenticateAs(relays, me, url => url === guarded.url)
    await until(() => got.length === 1, 'the letter')
    expect(got).toEqual([letter])
    await until(() => relays.statuses()[0]?.auth === 'done', 'shown as done')
  })

  test('T23: no relay is told who we are while nothing private is asked of it', async () => {
    const { relays, guarded } = await stage()
    let asked = 0
    relays.authenticate({ pubkey: me.pubkey, allowed: () => true, sign: async (event) => {
      asked++
      return signed(event, me)
    } })
    const { stored } = listen(relays, [guarded.url])
    await until(() => stored.length === 1, 'stored')
    expect(asked).toBe(0)
  })
}
