import type { Event } from 'nostr-tools/core'
import type { DemoStall, Good } from './goods'
import type { PaidHow } from './prepaid'
import type { Picture } from './pictures'
import { createHash } from 'node:crypto'
import { finalizeEvent } from 'nostr-tools/pure'
import { PEOPLE, STALLS } from './goods'

export type MerchantName = keyof typeof PEOPLE

/** Keys of the demo people: made from their names, worthless on purpose. */
export const secretOf = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(`souk sandbox ${name}`).digest())

const slug = (name: string): string => name.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40)
const wire = (currency: string): string => (currency === 'SAT' ? 'sat' : currency)

/** Every listing of the demo market as signed events, oldest first, in NIP-15's words as nostrmarket writes them. */
export function marketEvents(walletUrl: string, relayUrl: string, at: number): readonly Event[] {
  const events: Event[] = []
  for (const name of new Set(STALLS.map(stall => stall.merchant)))
    events.push(...profileEvents(name, PEOPLE[name], relayUrl, at - 7200))
  for (const stall of STALLS)
    events.push(stallEvent(stall, at - 7000))
  // Interleaved, so that the newest goods on the first screen are of every stall.
  const rows = STALLS.flatMap((stall, column) => stall.goods.map((good, row) => ({ stall, good, row, column })))
  rows.sort((a, b) => b.row - a.row || b.column - a.column)
  rows.forEach(({ stall, good }, index) => events.push(productEvent(stall, good, walletUrl, at - 6000 + index * 60)))
  return events
}

/** Who somebody is, and where they read. */
export function profileEvents(name: MerchantName, { name: shown, about, lud16, preference }: { readonly name: string, readonly about: string } & PaidHow, relayUrl: string, at: number): readonly Event[] {
  return [
    finalizeEvent({ kind: 0, created_at: at, tags: preference === undefined ? [] : [['payment_preference', preference]], content: JSON.stringify({ name: shown, about, lud16 }) }, secretOf(name)),
    finalizeEvent({ kind: 10002, created_at: at, tags: [['r', relayUrl]], content: '' }, secretOf(name)),
  ]
}

function stallEvent({ id, merchant, name, text, currency, zones }: DemoStall, at: number): Event {
  const shipping = zones.map(zone => ({ ...zone, currency: wire(currency), regions: zone.countries }))
  return finalizeEvent({ kind: 30017, created_at: at, tags: [['d', id]], content: JSON.stringify({ id, name, description: text, currency: wire(currency), shipping }) }, secretOf(merchant))
}

function productEvent(stall: DemoStall, good: Good, walletUrl: string, at: number): Event {
  const id = idOf(stall, good)
  const content = {
    id,
    stall_id: stall.id,
    name: good.name,
    description: good.text,
    images: picturesOf(stall, good, walletUrl),
    currency: wire(stall.currency),
    price: good.price,
    quantity: good.stock,
    active: true,
    shipping: Object.entries(good.extra ?? {}).map(([zone, cost]) => ({ id: zone, cost })),
    ...(good.specs === undefined ? {} : { specs: good.specs }),
  }
  return finalizeEvent({ kind: 30018, created_at: at, tags: [['d', id], ...good.tags.map(tag => ['t', tag])], content: JSON.stringify(content) }, secretOf(stall.merchant))
}

/** The demo pictures that belong to a product today, by its id. */
export function demoPictures(productId: string, walletUrl: string): readonly string[] | undefined {
  for (const stall of STALLS) {
    const good = stall.goods.find(entry => idOf(stall, entry) === productId)
    if (good !== undefined)
      return picturesOf(stall, good, walletUrl)
  }
  return undefined
}

export const idOf = (stall: DemoStall, good: Good): string => `${stall.id}-${slug(good.name)}`
const picturesOf = (stall: DemoStall, good: Good, walletUrl: string): readonly string[] =>
  good.picture === null ? [] : [pictureUrl(good.picture, idOf(stall, good), walletUrl)]

export const pictureUrl = (picture: Picture, productId: string, walletUrl: string): string => `${walletUrl}/images/${picture}-${pictureSeed(productId)}.svg`
const pictureSeed = (id: string): number => createHash('sha256').update(id).digest().readUInt16BE(0)
