import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../../src/domain/brand'
import { toAddress } from '../../../../src/domain/catalog/address'
import { browse, categoryCounts, everything } from '../../../../src/domain/catalog/browse'
import { applyDeletion, createLatest, isNewer, offer, type Version } from '../../../../src/domain/catalog/latest'
import { fromNaddr, toNaddr } from '../../../../src/domain/catalog/naddr'
import { needsAddress, stallOf } from '../../../../src/domain/catalog/product'
import { matchScore, searchEntry, searchWords } from '../../../../src/domain/catalog/search'
import type { Product } from '../../../../src/domain/catalog/types'
import { kinds } from '../../../../src/domain/protocol/event'
import { product, productIn, stall, wireId } from '../../../support/arbitraries'
import { idOf, people } from '../../../support/order-messages'

const ADDRESS = toAddress(kinds.product, people.merchant, 'mug')
const NOW = toSeconds(1_000)
const version = (n: number, at: number): Version => ({ address: ADDRESS, author: people.merchant, eventId: idOf(n), publishedAt: toSeconds(at) })

describe('which version counts', () => {
  test('the same one in every sequence of arrival, deletions included', () => {
    const versions = fc.uniqueArray(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 8, selector: ([n]) => n })
    const deletions = fc.array(fc.tuple(fc.nat(30), fc.nat(6), fc.boolean(), fc.boolean()), { maxLength: 4 })
    fc.assert(fc.property(versions, deletions, fc.infiniteStream(fc.nat()), (rows, gone, chance) => {
      const steps = [
        ...rows.map(([n, at]) => (latest: ReturnType<typeof createLatest>) => void offer(latest, version(n, at), NOW)),
        ...gone.map(([n, at, byAddress, own]) => (latest: ReturnType<typeof createLatest>) =>
          void applyDeletion(latest, { author: own ? people.merchant : people.stranger, at: toSeconds(at), eventIds: byAddress ? [] : [idOf(n)], addresses: byAddress ? [ADDRESS] : [] })),
      ]
      const kept = (sequence: typeof steps) => {
        const latest = createLatest()
        for (const step of sequence)
          step(latest)
        return latest.current.get(ADDRESS)?.eventId
      }
      const hidden = (n: number, at: number) => gone.some(([id, until, byAddress, own]) => own && (byAddress ? at <= until : id === n))
      // The newest of all, deleted or not, supersedes the others; deleted, it leaves nothing.
      const newest = rows.map(([n, at]) => version(n, at)).reduce((best, next) => isNewer(next, best) ? next : best)
      const expected = rows.some(([n, at]) => idOf(n) === newest.eventId && hidden(n, at)) ? undefined : newest.eventId
      const shuffled = steps.map(step => [step, chance.next().value ?? 0] as const).sort(([, a], [, b]) => a - b).map(([step]) => step)
      expect(kept(steps)).toBe(expected)
      expect(kept(shuffled)).toBe(expected)
      expect(kept([...shuffled, ...steps])).toBe(expected)
    }))
  })
  test('what a deleted version superseded is taken back when that version comes late', () => {
    const latest = createLatest()
    offer(latest, version(1, 5), NOW)
    applyDeletion(latest, { author: people.merchant, at: toSeconds(20), eventIds: [idOf(2)], addresses: [] })
    expect(offer(latest, version(2, 10), NOW)).toEqual({ take: false, reason: 'deleted', gone: version(1, 5) })
    expect(offer(latest, version(1, 5), NOW)).toMatchObject({ take: false })
  })
  test('of two of one second the smaller id, and none from the future', () => {
    expect(isNewer(version(1, 5), version(2, 5))).toBe(true)
    const latest = createLatest()
    expect(offer(latest, version(1, 1_000 + 901), NOW)).toEqual({ take: false, reason: 'future' })
    expect(offer(latest, version(1, 1_000 + 900), NOW)).toMatchObject({ take: true })
  })
  test('a deleted version does not come back from a relay that never heard', () => {
    const latest = createLatest()
    offer(latest, version(3, 10), NOW)
    const gone = applyDeletion(latest, { author: people.merchant, at: toSeconds(20), eventIds: [], addresses: [ADDRESS] })
    expect(gone.map(({ eventId }) => eventId)).toEqual([idOf(3)])
    expect(offer(latest, version(2, 15), NOW)).toEqual({ take: false, reason: 'deleted', gone: null })
    expect(offer(latest, version(4, 21), NOW)).toMatchObject({ take: true })
  })
})

describe('a stall', () => {
  test('of another author with the same id is not the product\'s', () => {
    fc.assert(fc.property(product, stall, (one, shop) => {
      const foreign = { ...shop, author: people.stranger, address: toAddress(kinds.stall, people.stranger, one.stallId) }
      const own = { ...shop, address: one.stallAddress }
      expect(stallOf(one, new Map([[foreign.address, foreign]]))).toBeNull()
      expect(stallOf(one, new Map([[own.address, own]]))).toBe(own)
    }), { numRuns: 30 })
  })
  test.each([['Free (digital)', 0, false], ['Download', 0, false], ['Digital', 100, true], ['Alps', 0, true]])('zone %j at %i needs an address: %s', (name, cost, needed) => {
    expect(needsAddress({ id: 'z', name, cost: { currency: 'SAT', minor: cost }, countries: [] })).toBe(needed)
  })
})

const named = (name: string, fields: Partial<Product> = {}): Product =>
  ({ ...fc.sample(productIn('SAT'), { numRuns: 1, seed: 1 })[0] as Product, name, description: '', categories: [], active: true, stock: 1, address: toAddress(kinds.product, people.merchant, name), ...fields })

describe('search', () => {
  const list = [named('Café mug', { categories: ['Kitchen'] }), named('Honey', { description: 'for the cafe table' }), named('Coat')]
  const entries = new Map(list.map(one => [one.address, searchEntry(one, 'Bramble & Bee')]))
  const found = (query: string) => browse({ products: list, entries, rates: new Map() }, { ...everything, query }).map(({ name }) => name)
  test('finds words without their accents, name first', () => {
    expect(found('CAFE')).toEqual(['Café mug', 'Honey'])
    expect(found('cafe kitchen')).toEqual(['Café mug'])
    expect(found('bramble coat')).toEqual(['Coat'])
    expect(found('nothing')).toEqual([])
  })
  test('every part of a text finds it', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.nat(), fc.nat(), (name, from, length) => {
      const part = name.slice(from % name.length, from % name.length + 1 + length % 10)
      expect(matchScore(searchEntry(named(name), ''), searchWords(part))).toBeGreaterThan(0)
    }))
  })
  test('what cannot be compared by price stands last, either way', () => {
    const mixed = [named('a', { price: { currency: 'SAT', minor: 5 } }), named('b', { price: null }), named('c', { price: { currency: 'SAT', minor: 9 } })]
    const order = (sort: 'price-up' | 'price-down') => browse({ products: mixed, entries: new Map(), rates: new Map() }, { ...everything, sort }).map(({ name }) => name)
    expect([order('price-up'), order('price-down')]).toEqual([['a', 'c', 'b'], ['c', 'a', 'b']])
  })
  test('categories are counted once per product, whatever their case', () => {
    expect(categoryCounts([named('a', { categories: ['Food', 'food'] }), named('b', { categories: ['FOOD', 'toys'] })])).toEqual([{ name: 'Food', count: 2 }, { name: 'toys', count: 1 }])
  })
})

describe('links', () => {
  test('lead back to what they name', () => {
    fc.assert(fc.property(fc.constantFrom(kinds.stall, kinds.product, kinds.gammaProduct), wireId, (kind, id) => {
      const address = toAddress(kind, people.merchant, id)
      expect(fromNaddr(toNaddr(address))).toEqual({ ok: true, value: { address, relays: [] } })
    }), { numRuns: 40 })
  })
  test('to other things, and damaged ones, lead nowhere', () => {
    for (const [kind, id] of [[30_023, 'x'], [kinds.profile, 'x'], [kinds.market, '']] as const)
      expect(fromNaddr(toNaddr(toAddress(kind, people.merchant, id)))).toEqual({ ok: false, error: { code: 'other-kind' } })
    expect(fromNaddr(`${toNaddr(ADDRESS)}q`)).toEqual({ ok: false, error: { code: 'not-an-address' } })
    fc.assert(fc.property(fc.string(), text => void expect(fromNaddr(text).ok).toBe(false)))
  })
})
