import { describe, expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { orderKey } from '../../../src/domain/order/keys'
import { deliver, dueIn, type DeliverDeps } from '../../../src/flows/deliver'
import { revived } from '../../../src/flows/revive'
import { placeOrder } from '../../../src/flows/placeOrder'
import { fuse } from '../../support/crashing'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub, HUB } from '../../support/memory-hub'
import { relayUrl } from '../../support/signed'

const mug = productOfMerchant('mug', { stock: 3 })
const shelf = shelfWith(mug)
const KEY = orderKey(pubkeyOf('shopper'), pubkeyOf('merchant'), 'order-1')

/** Place, then one round of the outbox, as one program. */
async function program(shopper: ReturnType<typeof flowPerson>, at: number, when: 'before' | 'after'): Promise<number> {
  const line = fuse(at, when)
  const deps = { ...shopper.deps, journal: line.wrap(shopper.journal), mail: line.wrap(shopper.deps.mail), relays: line.wrap(shopper.deps.relays) }
  await line.run(async () => {
    const placed = await placeOrder(deps, checkoutOf(shelf, mug))
    if (!placed.ok)
      throw new Error(placed.error.code)
    for (const delivery of await deps.journal.undelivered())
      await deliver(deps, delivery)
  })
  return line.used()
}

describe('T1: closing the tab between any two steps ends with exactly one order at the merchant', async () => {
  const steps = await program(flowPerson('shopper', createHub(), manualClock()), 0, 'before')
  const places = Array.from({ length: steps }, (_, index) => index + 1).flatMap(at => [[at, 'before'], [at, 'after']] as const)

  test('the program has steps to crash at', () => expect(steps).toBeGreaterThan(5))

  test.each(places)('crashed at step %i, %s it', async (at, when) => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    const merchant = flowPerson('merchant', hub, clock)
    await program(shopper, at, when)
    // Opened again, half an hour later: the cart is still there unless it was cleared, and the outbox goes on.
    await clock.advance(1_800)
    await program(shopper, 0, 'before')
    await shopper.post()
    await merchant.fetch()

    const orders = await merchant.orders()
    expect([...orders.keys()]).toEqual([KEY])
    expect(orders.get(KEY)?.problems).toEqual([])
    const own = (await shopper.orders()).get(KEY)
    expect(own).toMatchObject({ problems: [], snapshot: { totals: { totalMsat: 15_000 } } })
    expect(await shopper.journal.undelivered()).toEqual([])
  })
})

test('T1: a second tap is the same order', async () => {
  const shopper = flowPerson('shopper', createHub(), manualClock())
  const both = await Promise.all([placeOrder(shopper.deps, checkoutOf(shelf, mug)), placeOrder(shopper.deps, checkoutOf(shelf, mug))])
  const third = await placeOrder(shopper.deps, checkoutOf(shelf, mug))
  expect([...both, third].every(placed => placed.ok && placed.value === KEY)).toBe(true)
  const orders = await shopper.orders()
  expect(orders.size).toBe(1)
  expect(orders.get(KEY)?.problems).toEqual([])
})

describe('an order that cannot be placed says why, and leaves nothing behind', () => {
  const cheap = productOfMerchant('mug', { stock: 3, minor: 12_000 })
  const few = productOfMerchant('mug', { stock: 1 })
  const off = productOfMerchant('mug', { active: false })
  test.each([
    ['gone', shelfWith(), 1, 'zone-1'],
    ['price-changed', shelfWith(cheap), 1, 'zone-1'],
    ['over-stock', shelfWith(few), 2, 'zone-1'],
    ['not-for-sale', shelfWith(off), 1, 'zone-1'],
    ['no-zone', shelf, 1, 'elsewhere'],
    ['no-zone', shelf, 1, null],
  ] as const)('%s', async (code, now, quantity, zoneId) => {
    const shopper = flowPerson('shopper', createHub(), manualClock())
    const checkout = { ...checkoutOf(shelf, mug, { quantity, zoneId }), products: now.products }
    expect(await placeOrder(shopper.deps, checkout)).toMatchObject({ ok: false, error: { code } })
    expect((await shopper.orders()).size).toBe(0)
    expect(await shopper.journal.undelivered()).toEqual([])
  })

  test('an empty cart, an own stall, no relay at all', async () => {
    const shopper = flowPerson('shopper', createHub(), manualClock())
    const checkout = checkoutOf(shelf, mug)
    expect(await placeOrder(shopper.deps, { ...checkout, cart: { ...checkout.cart, lines: [] } })).toMatchObject({ ok: false, error: { code: 'empty-cart' } })
    expect(await placeOrder({ ...shopper.deps, relaysFor: () => [] }, checkout)).toMatchObject({ ok: false, error: { code: 'no-relay' } })
    expect(await placeOrder(flowPerson('merchant', createHub(), manualClock()).deps, checkout)).toMatchObject({ ok: false, error: { code: 'own-stall' } })
  })
})

describe('the outbox', () => {
  test('T1: an order placed offline goes out when a relay is there, signed anew so that peers see it', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    const merchant = flowPerson('merchant', hub, clock)
    hub.setOpen(false)
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    await shopper.post()
    const [waiting] = await shopper.journal.undelivered()
    expect(waiting).toMatchObject({ attempts: 1, deliveredAt: null, answers: [{ url: HUB, outcome: 'unreachable' }] })

    await clock.advance(400)
    hub.setOpen(true)
    await shopper.post()
    expect(await shopper.journal.undelivered()).toEqual([])
    expect(hub.kept).toHaveLength(1)
    expect(hub.kept[0]?.created_at).toBe(clock.now())
    await merchant.fetch()
    expect((await merchant.orders()).get(KEY)).toMatchObject({ resends: 0, problems: [] })
    // The message it replaced is gone here as well: one order, placed when it went out.
    expect((await shopper.orders()).get(KEY)).toMatchObject({ resends: 0, placedBy: hub.kept[0]?.id, problems: [] })
  })

  test('a relay that took the first words, and whose answer was lost, makes no second order', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    const merchant = flowPerson('merchant', hub, clock)
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    const [queued] = await shopper.journal.undelivered()
    if (queued === undefined || queued.event === null)
      throw new TypeError('nothing queued')
    await hub.relays.publish(queued.event, [HUB])
    await clock.advance(400)
    await shopper.post()
    await merchant.fetch()
    await shopper.fetch()
    expect(hub.kept).toHaveLength(2)
    expect((await merchant.orders()).get(KEY)).toMatchObject({ resends: 1, problems: [] })
    expect((await shopper.orders()).get(KEY)).toMatchObject({ resends: 1, problems: [] })
  })

  test('T13: two tabs that sign anew at once leave one message', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    await clock.advance(400)
    const [queued] = await shopper.journal.undelivered()
    if (queued === undefined)
      throw new TypeError('nothing queued')
    const outcomes = await Promise.all([deliver(shopper.deps, queued), deliver(shopper.deps, queued)])
    expect(outcomes.map(outcome => outcome.ok ? outcome.value : outcome.error.code).sort()).toEqual(['delivered', 'gone'])
    expect(hub.kept).toHaveLength(1)
  })

  test('blocked everywhere: it stops, and says what the relay said', async () => {
    const hub = createHub()
    const shopper = flowPerson('shopper', hub, manualClock())
    hub.setAnswer('refused', 'blocked: not on the list')
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    const [queued] = await shopper.journal.undelivered()
    if (queued === undefined)
      throw new TypeError('nothing queued')
    expect(await deliver(shopper.deps, queued)).toEqual({ ok: true, value: 'stopped' })
    expect(await shopper.journal.undelivered()).toEqual([])
    expect(await shopper.journal.deliveriesOf(KEY)).toMatchObject([{ stopped: 'blocked: not on the list', deliveredAt: null }])
  })

  test('what grew old goes out as it is, while a page that was loaded may ask no signer', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    hub.setOpen(false)
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    await shopper.post()
    const placedAt = clock.now()
    await clock.advance(400)
    hub.setOpen(true)
    let asked = 0
    const signer = { ...shopper.deps.signer, sign: async (...event: Parameters<typeof shopper.deps.signer.sign>) => { asked += 1; return shopper.deps.signer.sign(...event) } }
    for (const waiting of await shopper.journal.undelivered())
      await deliver({ ...shopper.deps, signer, mayAsk: false }, waiting)
    expect(asked).toBe(0)
    expect(hub.kept).toMatchObject([{ created_at: placedAt }])
  })

  test('what was blocked everywhere goes out after all when the person says so, signed anew', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    hub.setAnswer('invalid', 'invalid: created_at too early')
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    await shopper.post()
    await clock.advance(30)
    hub.setAnswer('stored', '')
    await shopper.post()
    expect(hub.kept).toEqual([])
    for (const stopped of await shopper.journal.deliveriesOf(KEY))
      await shopper.journal.saveDelivery(revived(stopped))
    await shopper.post()
    expect(hub.kept).toMatchObject([{ created_at: clock.now() }])
    expect((await shopper.orders()).get(KEY)).toMatchObject({ resends: 0, placedBy: hub.kept[0]?.id, problems: [] })
  })

  test('T1: taken by our own relay alone, while those of the other side are away, it is not called sent, and goes on', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    const theirs = relayUrl('wss://inbox.example')
    let reachable = false
    const relays: DeliverDeps['relays'] = {
      statuses: () => hub.relays.statuses(),
      async publish(event, urls, onAnswer) {
        const here = await hub.relays.publish(event, urls.filter(url => url !== theirs), onAnswer)
        const there = urls.includes(theirs) ? [{ url: theirs, outcome: reachable ? 'stored' as const : 'unreachable' as const, text: '' }] : []
        there.forEach(answer => onAnswer?.(answer))
        return [...here, ...there]
      },
    }
    const deps: DeliverDeps = { ...shopper.deps, relays, reach: async () => ({ inbox: [], read: [theirs] }) }
    const [, queued] = [await placeOrder(shopper.deps, checkoutOf(shelf, mug)), (await shopper.journal.undelivered())[0]]
    if (queued === undefined)
      throw new TypeError('nothing queued')
    expect(await deliver(deps, queued)).toEqual({ ok: true, value: 'waiting' })
    await clock.advance(1_000)
    const [still] = await shopper.journal.undelivered()
    expect(still).toMatchObject({ answers: [{ url: HUB, outcome: 'stored' }, { url: theirs, outcome: 'unreachable' }] })
    reachable = true
    expect(await deliver(deps, still ?? queued)).toEqual({ ok: true, value: 'delivered' })
    // Nobody was asked to sign anew for it, and our relay holds it once.
    expect(hub.kept.map(({ id }) => id)).toEqual([queued.event?.id])
  })

  test('a relay that wants AUTH first is no refusal: it waits', async () => {
    const hub = createHub()
    const shopper = flowPerson('shopper', hub, manualClock())
    hub.setAnswer('auth-needed', 'auth-required: who are you')
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    await shopper.post()
    expect(await shopper.journal.undelivered()).toMatchObject([{ stopped: null, answers: [{ outcome: 'auth-needed' }] }])
  })

  test('a signer that declines to sign anew sends the old words', async () => {
    const hub = createHub()
    const clock = manualClock()
    const shopper = flowPerson('shopper', hub, clock)
    await placeOrder(shopper.deps, checkoutOf(shelf, mug))
    await clock.advance(1_000)
    const [queued] = await shopper.journal.undelivered()
    if (queued === undefined)
      throw new TypeError('nothing queued')
    const declining = { ...shopper.deps, mail: { compose: async () => ({ ok: false, error: { code: 'declined' } }) as const } }
    expect(await deliver(declining, queued)).toEqual({ ok: true, value: 'delivered' })
    expect(hub.kept.map(({ id }) => id)).toEqual([queued.event?.id])
  })

  test('pauses grow to five minutes, with jitter', () => {
    const at = (attempts: number, lastTriedAt: number | null, chance: number) => dueIn({ attempts, lastTriedAt: lastTriedAt === null ? null : toSeconds(lastTriedAt) }, 1_000, chance)
    expect([at(0, null, 0), at(1, 1_000, 0), at(2, 1_000, 0), at(3, 1_000, 1), at(20, 1_000, 0), at(20, 1_000, 1), at(5, 0, 0)]).toEqual([0, 2, 4, 10, 300, 375, 0])
  })
})
