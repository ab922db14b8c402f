import type { Sandbox } from '../../../sandbox/sandbox'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { verifyEvent } from 'nostr-tools/pure'
import { beforeAll, expect, test } from 'vitest'
import { decodePublic } from '../../../src/domain/protocol/public-events'
import { sandbox, temporaryFolder } from './stage'

// The relay has checked ids and signatures; the test checks them once more.
const listings = (from: Sandbox) => from.relay.find({ kinds: [0, 30017, 30018] }) as unknown as readonly NostrEvent[]
const decoded = (from: Sandbox) => listings(from).map(event => decodePublic(event, { loopbackImages: true }))

let stage: Sandbox
beforeAll(async () => {
  stage = await sandbox({ market: true })
})

test('every listing is signed and decodes without an error', () => {
  for (const event of listings(stage))
    expect(verifyEvent({ ...event, tags: event.tags.map(tag => [...tag]) })).toBe(true)
  expect(decoded(stage).filter(result => !result.ok)).toEqual([])
})

test('in NIP-15 three merchants, six stalls, sixty goods in sat, EUR and USD, and each special case', () => {
  const found = decoded(stage).flatMap(result => (result.ok ? [result.value] : []))
  const stalls = found.flatMap(entry => (entry.type === 'stall' ? [entry.stall] : []))
  const products = found.flatMap(entry => (entry.type === 'product' ? [entry.product] : []))
  expect(new Set(stalls.map(stall => stall.author)).size).toBe(3)
  expect(stalls).toHaveLength(6)
  expect(products).toHaveLength(60)
  // Five merchants, and two who wrote reviews.
  expect(found.filter(entry => entry.type === 'profile')).toHaveLength(7)
  expect(new Set(products.map(product => product.price?.currency))).toEqual(new Set(['SAT', 'EUR', 'USD']))
  expect(stalls.every(stall => stall.zones.length >= 2)).toBe(true)
  const bodies = listings(stage).filter(event => event.kind === 30018).map(event => JSON.parse(event.content) as { readonly name: string, readonly quantity: number | null, readonly images: readonly string[], readonly shipping: readonly unknown[] })
  expect(bodies.filter(body => body.quantity === 0)).toHaveLength(1)
  expect(bodies.some(body => body.quantity === null)).toBe(true)
  expect(bodies.some(body => body.name.length > 120)).toBe(true)
  expect(bodies.filter(body => body.images.length === 0)).toHaveLength(1)
  expect(bodies.some(body => body.shipping.length > 0)).toBe(true)
  expect(listings(stage).some(event => event.tags.some(([, value]) => value === 'Digital'))).toBe(true)
})

test('every picture it names is there, and no two goods of a stall look the same', async () => {
  const bodies = stage.relay.find({ kinds: [30018] }).map(event => JSON.parse(event.content) as { readonly stall_id: string, readonly images: readonly string[] })
  const seen = new Map<string, string>()
  for (const { stall_id: stall, images } of bodies) {
    for (const url of images) {
      const answer = await fetch(url)
      const text = await answer.text()
      expect([url, answer.headers.get('content-type'), text.slice(0, 4)]).toEqual([url, 'image/svg+xml', '<svg'])
      expect(text).not.toMatch(/NaN|undefined/)
      expect(seen.get(`${stall} ${text}`)).toBeUndefined()
      seen.set(`${stall} ${text}`, url)
    }
  }
  expect(seen.size).toBe(59)
  expect((await fetch(`${stage.walletUrl}/images/nothing-amber-1.svg`)).ok).toBe(false)
})

test('seeded once: a restart keeps the very same listings, and pictures follow the wallet to another port', async () => {
  const data = temporaryFolder()
  const first = await sandbox({ market: true, data })
  const ids = listings(first).map(event => event.id)
  const walletPort = Number(new URL(first.walletUrl).port)
  const relayPort = Number(new URL(first.relayUrl).port)
  await first.stop()
  const second = await sandbox({ market: true, data, walletPort, relayPort })
  expect(listings(second).map(event => event.id)).toEqual(ids)
  await second.stop()
  const third = await sandbox({ market: true, data, relayPort })
  const products = third.relay.find({ kinds: [30018] })
  expect(products).toHaveLength(60)
  const images = products.flatMap(event => (JSON.parse(event.content) as { readonly images: readonly string[] }).images)
  expect(images.every(image => image.startsWith(third.walletUrl))).toBe(true)
  await third.stop()
  const file = path.join(data, 'relay.jsonl')
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"torn`)
  expect(listings(await sandbox({ market: true, data }))).toHaveLength(73)
})
