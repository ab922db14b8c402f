import type { Sandbox } from '../../../sandbox/sandbox'
import type { Product } from '../../../src/domain/catalog/types'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { verifyEvent } from 'nostr-tools/pure'
import { beforeAll, expect, test } from 'vitest'
import { publicKeyOf } from '../../../sandbox/sandbox'
import { axesOf } from '../../../src/domain/catalog/variations'
import { joinTwins } from '../../../src/domain/catalog/twins'
import { decodePublic } from '../../../src/domain/protocol/public-events'
import { readInboxRelays } from '../../../src/domain/protocol/relay-list'
import { sandbox, temporaryFolder } from './stage'

const LISTINGS = [0, 30017, 30018, 30402, 30405, 30406, 31555]
const listings = (from: Sandbox) => from.relay.find({ kinds: LISTINGS }) as unknown as readonly NostrEvent[]
const found = (from: Sandbox) => listings(from).flatMap((event) => {
  const decoded = decodePublic(event, { loopbackImages: true })
  return decoded.ok ? [decoded.value] : []
})
const productsOf = (from: Sandbox): readonly Product[] => found(from).flatMap(entry => (entry.type === 'product' ? [entry.product] : []))

let stage: Sandbox
beforeAll(async () => {
  stage = await sandbox({ market: true })
})

test('every listing is signed and decodes without one refusal', () => {
  for (const event of listings(stage))
    expect(verifyEvent({ ...event, tags: event.tags.map(tag => [...tag]) })).toBe(true)
  expect(listings(stage).map(event => decodePublic(event, { loopbackImages: true })).filter(result => !result.ok)).toEqual([])
})

test('two merchants in NIP-15, two in Gamma, one in both; joined, eighty-one listings', () => {
  const products = productsOf(stage)
  const dialects = (name: Parameters<typeof publicKeyOf>[0]) => [...new Set(products.filter(product => product.author === publicKeyOf(name)).map(({ dialect }) => dialect))].sort()
  expect((['amina', 'bruno', 'chiyo', 'dario', 'esma'] as const).map(dialects)).toEqual([['nip15'], ['nip15'], ['gamma', 'nip15'], ['gamma'], ['gamma']])
  const joined = joinTwins(products)
  expect(joined).toHaveLength(81)
  const chiyo = joined.filter(({ shown }) => shown.author === publicKeyOf('chiyo'))
  expect(chiyo).toHaveLength(20)
  for (const { shown, other } of chiyo) {
    // NIP-15 leads: what stories say of stalls and zones holds.
    expect(shown.dialect).toBe('nip15')
    expect(other).toMatchObject({ dialect: 'gamma', name: shown.name, price: shown.price, stock: shown.stock, images: shown.images, specs: shown.specs })
    expect([...(other?.zoneExtras.values() ?? [])].sort((a, b) => a.minor - b.minor)).toEqual([...shown.zoneExtras.values()].sort((a, b) => a.minor - b.minor))
  }
})

test('every special case of Gamma is there, and every reference leads somewhere', () => {
  const all = found(stage)
  const gamma = productsOf(stage).filter(product => product.dialect === 'gamma')
  const options = all.flatMap(entry => (entry.type === 'shipping-option' ? [entry.option] : []))
  const collections = all.flatMap(entry => (entry.type === 'collection' ? [entry.collection] : []))
  const reviews = all.flatMap(entry => (entry.type === 'review' ? [entry.review] : []))
  expect([options.length, collections.length, reviews.length]).toEqual([4 + 6, 2, 3])
  expect(new Set(options.map(({ service }) => service))).toEqual(new Set(['standard', 'pickup', 'digital']))
  expect(gamma.filter(({ nip99 }) => nip99?.goods === 'digital')).toHaveLength(2)
  expect(gamma.filter(({ nip99 }) => nip99?.format === 'variation').map(({ nip99 }) => nip99?.parent)).toEqual(Array.from({ length: 4 }, () => gamma.find(({ nip99 }) => nip99?.format === 'variable')?.address))
  expect(new Set(gamma.map(({ price }) => price?.currency))).toEqual(new Set(['SAT', 'EUR', 'USD']))
  expect(gamma.filter(({ stock }) => stock === 0)).toHaveLength(2)
  // Two properties tell the variations apart, and one of them is sold out.
  const variations = gamma.filter(({ nip99 }) => nip99?.format === 'variation')
  expect(axesOf(variations).map(({ name }) => name)).toEqual(['Colour', 'Width'])
  expect(variations.filter(({ stock }) => stock === 0)).toHaveLength(1)
  const known = new Set<string>([...gamma, ...options, ...collections].map(({ address }) => address))
  const named = [...gamma.flatMap(({ nip99 }) => [...nip99?.shippingOptions.map(({ ref }) => ref) ?? [], ...nip99?.collections ?? []]), ...collections.flatMap(({ products, shippingOptions }) => [...products, ...shippingOptions]), ...reviews.map(({ product }) => product)]
  expect(named.filter(address => !known.has(address))).toEqual([])
})

test('every picture is there, and no two goods of a merchant look the same', async () => {
  const seen = new Set<string>()
  for (const { author, images } of productsOf(stage).filter(product => [publicKeyOf('dario'), publicKeyOf('esma')].includes(product.author))) {
    const text = await (await fetch(images[0] ?? '')).text()
    expect(text.slice(0, 4)).toBe('<svg')
    expect(text).not.toMatch(/NaN|undefined/)
    seen.add(`${author} ${text}`)
  }
  expect(seen.size).toBe(21)
})

test('the Gamma merchants have inbox relays, the others none', () => {
  const inboxes = stage.relay.find({ kinds: [10050] })
  expect(inboxes.map(event => event.pubkey).sort()).toEqual([publicKeyOf('dario'), publicKeyOf('esma')].sort())
  expect(readInboxRelays(inboxes[0] as unknown as NostrEvent)).toEqual([expect.stringContaining(new URL(stage.relayUrl).host)])
  expect(stage.relay.find({ kinds: [10002] })).toHaveLength(5)
})

test('a folder of before gets what is new, and keeps what its people did', async () => {
  const data = temporaryFolder()
  const file = path.join(data, 'relay.jsonl')
  const first = await sandbox({ market: true, data, bots: false })
  await first.stop()
  const lines = readFileSync(file, 'utf8').split('\n').filter(line => line !== '')
  const events = lines.map(line => JSON.parse(line) as NostrEvent)
  const people = new Set(['amina', 'bruno', 'chiyo'].map(name => publicKeyOf(name as 'amina')))
  const isOld = (event: NostrEvent) => people.has(event.pubkey) && [0, 10002, 30017, 30018].includes(event.kind)
  // One of chiyo's was taken down since.
  const old = events.filter(event => isOld(event) && !event.tags.some(([, value]) => value === 'mori-tea-gyokuro-40-g'))
  writeFileSync(file, `${old.map(event => JSON.stringify(event)).join('\n')}\n`)
  const second = await sandbox({ market: true, data })
  expect(joinTwins(productsOf(second))).toHaveLength(80)
  expect(second.relay.find({ '#d': ['mori-tea-gyokuro-40-g'] })).toEqual([])
  const ids = listings(second).map(event => event.id).sort()
  const walletPort = Number(new URL(second.walletUrl).port)
  const relayPort = Number(new URL(second.relayUrl).port)
  await second.stop()
  const third = await sandbox({ market: true, data, walletPort, relayPort })
  expect(listings(third).map(event => event.id).sort()).toEqual(ids)
  await third.stop()
  // Other ports: pictures and inbox relays follow, and twins stay one.
  const fourth = await sandbox({ market: true, data })
  expect(productsOf(fourth).flatMap(({ images }) => images).filter(url => !url.startsWith(fourth.walletUrl))).toEqual([])
  expect(fourth.relay.find({ kinds: [10050] }).flatMap(event => event.tags.map(([, url = '']) => url))).toEqual([fourth.relayUrl, fourth.relayUrl])
  expect(joinTwins(productsOf(fourth))).toHaveLength(80)
  expect(joinTwins(productsOf(fourth)).filter(({ other, shown }) => other !== null && shown.dialect !== 'nip15')).toEqual([])
}, 30_000)
