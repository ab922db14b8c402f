import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { stockVerdict } from '../../../src/domain/order/stock'
import type { NostrEvent } from '../../../src/domain/protocol/event'
import { decodeProduct } from '../../../src/domain/protocol/nip15-listings'
import { bookStock, type BookStockDeps } from '../../../src/flows/bookStock'
import { markPaid } from '../../../src/flows/order-words'
import { placeOrder } from '../../../src/flows/placeOrder'
import { composeListing } from '../../../src/flows/publishListing'
import { checkoutOf, flowPerson, pubkeyOf, secrets, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub, HUB } from '../../support/memory-hub'
import { T0 } from '../../support/order-messages'
import { signed } from '../../support/signed'

const me = { secret: secrets.merchant, pubkey: pubkeyOf('merchant') }
/** As another client wrote it: unknown fields and tags, a picture we do not show, a text that we clean. */
const FOREIGN_TAGS = [['alt', 'a mug'], ['d', 'mug'], ['t', 'Cups'], ['shipping_note', 'fragile', ''], ['t', 'Blue']]
const foreign = (quantity: number): string => `{"name":"Mug\u200B", "stall_id":"sat","id":"mug","images":["http://insecure.example/1.png"],\n "quantity": ${quantity}, "currency":"sat","price":10.0,"warranty":{"years":12345678901234567890},"2":true}`
const listing = (quantity: number, at = T0 - 1_000): NostrEvent => signed({ kind: 30_018, created_at: at, tags: FOREIGN_TAGS, content: foreign(quantity) }, me)

let hub: ReturnType<typeof createHub>
let clock: ReturnType<typeof manualClock>
let merchant: FlowPerson
let shopper: FlowPerson
let shelf: ReturnType<typeof shelfWith>
let signings: number
let original: NostrEvent

function read(event: NostrEvent): Product {
  const product = decodeProduct(event)
  if (!product.ok)
    throw new TypeError(product.error.code)
  return product.value
}
const mug = (): Product => [...shelf.products.values()].find(({ id }) => id === 'mug') ?? read(original)
const listings = (): readonly NostrEvent[] => hub.kept.filter(({ kind }) => kind === 30_018)

beforeEach(() => {
  hub = createHub()
  clock = manualClock()
  merchant = flowPerson('merchant', hub, clock)
  shopper = flowPerson('shopper', hub, clock)
  original = listing(3)
  hub.kept.push(original)
  shelf = shelfWith(read(original))
  signings = 0
})

/** An order of one mug, which the merchant calls paid. */
async function paid(orderId = 'order-1'): Promise<OrderKey> {
  const placed = await placeOrder(shopper.deps, checkoutOf(shelf, mug(), { orderId }))
  if (!placed.ok)
    throw new Error(placed.error.code)
  await shopper.post()
  await merchant.fetch()
  expect(await markPaid(merchant.deps, placed.value, 'Thank you')).toMatchObject({ ok: true })
  return placed.value
}

async function deps(): Promise<BookStockDeps> {
  const orders = await merchant.orders()
  const { signer } = merchant.deps
  return {
    ...merchant.deps,
    signer: { ...signer, sign: (event) => {
      signings += 1
      return signer.sign(event)
    } },
    relays: hub.relays,
    shelf: () => shelf,
    orders: () => orders.values(),
    relaysFor: () => [HUB],
  }
}

describe('a listing of another client', () => {
  test('keeps everything that we do not know: only the quantity is another', async () => {
    await paid()
    expect(await bookStock(await deps())).toMatchObject({ published: [{ id: 'mug', stock: 2 }], failed: null })
    const [, next] = listings()
    expect(next?.content).toBe(foreign(2))
    expect(next?.tags).toEqual(FOREIGN_TAGS)
    expect(next?.created_at).toBeGreaterThan(original.created_at)
  })

  test('any JSON and any tags survive', async () => {
    const tags = fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 4 }).filter(([name]) => name !== 'd'), { maxLength: 6 })
    await fc.assert(fc.asyncProperty(tags, tags, fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.nat(9), async (before, after, body, left) => {
      const event: NostrEvent = { ...original, tags: [...before, ['d', 'mug'], ...after, ['d', 'other']], content: JSON.stringify({ ...body, quantity: 9 }) }
      const relays: BookStockDeps['relays'] = { ...hub.relays, fetchAll: async ({ onEvents }) => {
        onEvents([event], HUB)
        return { complete: [HUB], incomplete: [] }
      } }
      const made = await composeListing({ ...await deps(), relays }, mug(), { stock: left, sizes: new Map() }, clock.now())
      expect(made).toMatchObject({ ok: true, value: { kind: 30_018, tags: event.tags, created_at: clock.now() } })
      expect(made.ok && JSON.parse(made.value.content)).toEqual(JSON.parse(JSON.stringify({ ...body, quantity: left })))
    }), { numRuns: 60 })
  })

  test.each([
    ['no relay shows it', () => hub.kept.splice(hub.kept.indexOf(original), 1)],
    ['a relay has a newer one', () => hub.kept.push(listing(9, T0 + 5_000))],
    ['a relay shows an older one only', () => hub.kept.splice(hub.kept.indexOf(original), 1, listing(9, T0 - 5_000))],
  ])('is not published when %s', async (_, change) => {
    const key = await paid()
    change()
    const before = listings().length
    expect(await bookStock(await deps())).toEqual({ published: [], failed: { code: 'no-original' } })
    expect(listings()).toHaveLength(before)
    expect(signings).toBe(0)
    // Nor is anything kept of it: it was never tried.
    expect((await merchant.orders()).get(key)?.stockTaken).toEqual({})
  })
})

test('T11: sold pieces leave the listing once, also after it was not published at first', async () => {
  const key = await paid()
  hub.setAnswer('refused')
  expect(await bookStock(await deps())).toEqual({ published: [], failed: { code: 'no-relay' } })
  hub.setAnswer('stored')
  await clock.advance(5)
  const booked = await bookStock(await deps())
  expect(booked).toMatchObject({ published: [{ id: 'mug', stock: 2 }], failed: null })
  shelf = shelfWith(...booked.published)
  expect(await bookStock(await deps())).toEqual({ published: [], failed: null })
  expect(stockVerdict(shelf.products, (await merchant.orders()).values(), clock.now()).orders.get(key)).toBe('kept')
  expect(listings()).toHaveLength(2)
})

describe('what no relay takes', () => {
  const factsOf = async (key: OrderKey) => {
    const kept = await merchant.journal.messagesOf(key)
    return kept.ok ? kept.value.filter(({ type }) => type === 'stock-taken') : []
  }
  async function refusedTimes(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      expect(await bookStock(await deps())).toMatchObject({ failed: { code: 'no-relay' } })
      await clock.advance(30)
    }
  }

  test('leaves one fact in its order, however often it is tried', async () => {
    const key = await paid()
    hub.setAnswer('refused')
    await refusedTimes(20)
    expect(await factsOf(key)).toHaveLength(1)
    hub.setAnswer('stored')
    expect(await bookStock(await deps())).toMatchObject({ published: [{ stock: 2 }] })
    expect(await factsOf(key)).toMatchObject([{ listingAt: listings().at(-1)?.created_at }])
  })

  test('and one in each when more orders are paid meanwhile: the version that counts them all is a newer one', async () => {
    const first = await paid()
    hub.setAnswer('refused')
    await refusedTimes(2)
    hub.setAnswer('stored')
    const second = await paid('order-2')
    hub.setAnswer('refused')
    await refusedTimes(3)
    const facts = [...await factsOf(first), ...await factsOf(second)]
    expect(facts).toHaveLength(2)
    hub.setAnswer('stored')
    const { published } = await bookStock(await deps())
    expect(published).toMatchObject([{ stock: 1 }])
    shelf = shelfWith(...published)
    expect(await bookStock(await deps())).toEqual({ published: [], failed: null })
    const words = stockVerdict(shelf.products, (await merchant.orders()).values(), clock.now()).orders
    expect([words.get(first), words.get(second)]).toEqual(['kept', 'kept'])
  })

  test('a page that shows less than the journal knows adds nothing', async () => {
    const key = await paid()
    hub.setAnswer('refused')
    const before = await deps()
    for (let time = 0; time < 3; time += 1) {
      await bookStock(before)
      await clock.advance(30)
    }
    expect(await factsOf(key)).toHaveLength(1)
  })

  test('what the person declined to sign leaves nothing', async () => {
    const key = await paid()
    const declining = { ...await deps(), signer: { pubkey: me.pubkey, sign: async () => ({ ok: false, error: { code: 'declined' } }) as const } }
    expect(await bookStock(declining)).toEqual({ published: [], failed: { code: 'declined' } })
    expect(await factsOf(key)).toEqual([])
  })

  test('a listing that changed while the person was asked is not overwritten', async () => {
    const key = await paid()
    const slow = await deps()
    const { signer } = slow
    const changed = { ...slow, signer: { ...signer, sign: (event: Parameters<typeof signer.sign>[0]) => {
      shelf = shelfWith(read(listing(9, T0 + 20_000)))
      return signer.sign(event)
    } } }
    expect(await bookStock(changed)).toMatchObject({ failed: { code: 'no-original' } })
    expect(await factsOf(key)).toEqual([])
    expect(listings()).toEqual([original])
  })
})
