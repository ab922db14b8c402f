import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import type { Order } from '../../../src/domain/order/types'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { encodeGammaStatus } from '../../../src/domain/protocol/gamma-encode'
import { dryRun, restore } from '../../../src/flows/restoreOrders'
import { differences, differenceText } from '../../support/compare-orders'
import { deviceOf, type Device } from '../../support/device'
import { flowPerson } from '../../support/flow-people'
import { createHub, HUB } from '../../support/memory-hub'
import { manualClock } from '../../support/manual-clock'
import { T0 } from '../../support/order-messages'
import { hostileEvents, merchantKey, sent, shopperKey, strangerKey, WIRE_ID, WIRE_KEY, wireHistory, type WireHistory } from '../../support/wire-histories'

/** Each run signs, wraps and opens some dozens of events. */
const runs = { numRuns: 12 }
const now = () => toSeconds(T0 + 500)
const never = new AbortController().signal
const sides = [['shopper', shopperKey], ['merchant', merchantKey]] as const

const concerns = ({ pubkey }: { readonly pubkey: string }, { tags, pubkey: author }: NostrEvent): boolean => author === pubkey || tags.some(tag => tag[0] === 'p' && tag[1] === pubkey)

/** One batch after the other, of the sizes given. */
async function takeInBatches(device: Device, events: readonly NostrEvent[], sizes: readonly number[]): Promise<void> {
  for (let start = 0, turn = 0; start < events.length; turn += 1) {
    const size = 1 + (sizes[turn % Math.max(1, sizes.length)] ?? 0)
    await device.take(events.slice(start, start + size))
    start += size
  }
}

async function foldOf(person: typeof shopperKey, events: readonly NostrEvent[]): Promise<Order | undefined> {
  const device = deviceOf(person, now)
  await device.take(events.filter(event => concerns(person, event)))
  return device.order(WIRE_KEY)
}

const same = (before: Order | undefined, after: Order | undefined): void => expect(differenceText(differences(before, after))).toBe('')

const mixed = wireHistory().chain(history => fc.tuple(fc.constant(history), shuffled(history.events), hostileEvents(history.placedBy), fc.array(fc.nat(6), { minLength: 1, maxLength: 4 })))
function shuffled(events: readonly NostrEvent[]): fc.Arbitrary<readonly NostrEvent[]> {
  const byId = new Map(events.map(event => [event.id, event]))
  return fc.tuple(fc.shuffledSubarray([...byId.values()], { minLength: byId.size }), fc.shuffledSubarray([...byId.values()], { maxLength: Math.min(4, byId.size) }), fc.nat()).map(([all, again, place]) => all.toSpliced(place % all.length, 0, ...again))
}

describe('one order over two dialects', () => {
  test('T2: in any sequence, with any repeats, in any batches; the list, the acts and the first screen read the same, and so do both sides', async () => {
    await fc.assert(fc.asyncProperty(mixed, async ([{ events }, other, , sizes]) => {
      const orders: (Order | undefined)[] = []
      for (const [, person] of sides) {
        const whole = await foldOf(person, events)
        const device = deviceOf(person, now)
        await takeInBatches(device, other.filter(event => concerns(person, event)), sizes)
        const order = await device.order(WIRE_KEY)
        expect(order?.key).toBe(WIRE_KEY)
        same(whole, order)
        same(order, await device.read(WIRE_KEY))
        same(order, await device.remembered(WIRE_KEY))
        orders.push(order)
      }
      // What follows from a preimage that a shopper shows is each side's own: to the merchant it proves nothing (T8).
      expect(differenceText(differences(orders[0], orders[1], ['problems']))).toBe('')
    }), runs)
  })

  test('T3: nothing that others say, and nothing said in another\'s name, changes what either party sees; it is counted', async () => {
    await fc.assert(fc.asyncProperty(mixed, async ([{ events }, other, hostile, sizes]) => {
      for (const [, person] of sides) {
        const whole = await foldOf(person, events)
        const device = deviceOf(person, now)
        const theirs = hostile.filter(event => concerns(person, event))
        await takeInBatches(device, [...theirs, ...other.filter(event => concerns(person, event))], sizes)
        same(whole, await device.order(WIRE_KEY))
        same(whole, await device.read(WIRE_KEY))
        same(whole, await device.remembered(WIRE_KEY))
        // Each is noted as refused, or kept as a word of its own author in a thread that is his.
        const ids = new Set(theirs.map(({ id }) => id))
        expect(await device.journal.has([...ids])).toEqual(ids)
        const spoilt = new Set((await device.journal.spoilt()).map(({ id }) => id))
        for (const event of theirs) {
          if (event.pubkey !== strangerKey.pubkey && event.kind !== 1059)
            expect(spoilt).toContain(event.id)
        }
      }
    }), runs)
  })

  test('T4: what comes before its order waits, and counts as if it had always been there', async () => {
    await fc.assert(fc.asyncProperty(wireHistory(6), async ({ events, placedBy }) => {
      for (const [, person] of sides) {
        const device = deviceOf(person, now)
        const mine = events.filter(event => concerns(person, event))
        await device.take(mine.slice(4))
        await device.take(mine.slice(0, 4))
        expect((await device.order(WIRE_KEY))?.placedBy).toBe(placedBy)
        same(await foldOf(person, events), await device.order(WIRE_KEY))
      }
    }), { numRuns: 6 })
  })

  test('T5: an empty device finds from relays what the full one has, field by field, one order alone as well', async () => {
    await fc.assert(fc.asyncProperty(mixed, async ([{ events }, other, hostile]) => {
      const hub = createHub()
      hub.kept.push(...new Map([...hostile, ...other].map(event => [event.id, event])).values())
      for (const [who, person] of sides) {
        const emptied = flowPerson(who, hub, manualClock(T0 + 500))
        const deps = { ...emptied.deps, mail: emptied.mail, relays: [HUB], statuses: hub.relays.statuses, shelf: () => null }
        const found = await dryRun(deps, { order: WIRE_KEY }, { signal: never })
        expect(found.ok && found.value.report.items.map(({ key, outcome }) => [key, outcome])).toEqual([[WIRE_KEY, 'new']])
        const done = found.ok ? await restore(deps, found.value, 'all', { signal: never }) : null
        expect(done).toMatchObject({ restored: [WIRE_KEY], failed: [], left: [] })
        const again = deviceOf(person, now, emptied.journal)
        const whole = await foldOf(person, events)
        same(whole, await again.order(WIRE_KEY))
        same(whole, await again.read(WIRE_KEY))
      }
    }), { numRuns: 8 })
  }, 60_000)
})

describe('T3: a second order message with the same id', () => {
  test('by the shopper himself it is noted, and nothing of the order moves', async () => {
    await fc.assert(fc.asyncProperty(wireHistory(5), async ({ events }: WireHistory) => {
      const second = sent('nip15', JSON.stringify({ type: 0, id: WIRE_ID, items: [{ product_id: 'mug', quantity: 9 }], address: 'elsewhere' }), { from: shopperKey, to: merchantKey, at: 2 })
      for (const [, person] of sides) {
        const [before, after] = [await foldOf(person, events), await foldOf(person, [...second, ...events])]
        expect(differences(before, after, ['problems', 'timeline', 'messageCount'])).toEqual([])
        expect(after?.problems).toContain('rewritten')
        expect(after?.timeline.filter(({ what }) => what === 'rewritten')).toHaveLength(1)
        expect(after?.messageCount).toBe((before?.messageCount ?? 0) + 1)
      }
    }), { numRuns: 6 })
  })
})

test('each hostile insertion is refused for its own reason', async () => {
  const { wrapped } = await import('../../support/wraps')
  const word = encodeGammaStatus({ orderId: WIRE_ID, to: shopperKey.pubkey, status: 'cancelled', text: '' })
  const device = deviceOf(shopperKey, now)
  await device.take([
    wrapped(word, { from: merchantKey, to: shopperKey, sealer: strangerKey }),
    wrapped(word, { from: merchantKey, to: shopperKey, spoilRumor: rumor => ({ ...rumor, content: 'x' }) }),
    ...sent('open', { kind: 16, tags: [['p', shopperKey.pubkey], ['e', 'f'.repeat(64)]], content: '' }, { from: merchantKey, to: shopperKey, at: 0 }),
  ])
  expect(device.refused).toEqual(['seal-author', 'rumor-id', 'repost'])
  expect(await device.journal.spoilt()).toHaveLength(3)
  expect(await device.messages()).toEqual([])
})
