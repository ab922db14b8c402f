import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { OrderKey, Seconds } from '../../../src/domain/brand'
import { addToCart, emptyCart } from '../../../src/domain/cart/cart'
import { cancelOrder, markPaid, shipOrder } from '../../../src/flows/order-words'
import { placeOrder, type Checkout } from '../../../src/flows/placeOrder'
import { sendChat } from '../../../src/flows/sendChat'
import { messagesHere } from '../../../src/flows/read-all-mail'
import { differences, differenceText, ONE_DEVICE_ONLY } from '../../support/compare-orders'
import { checkoutOf, flowPerson, productOfMerchant, pubkeyOf, shelfWith, type FlowPerson } from '../../support/flow-people'
import { EU, gammaShelf } from '../../support/gamma-shelf'
import { HUB } from '../../support/memory-hub'
import { createMemoryRelays, MemoryRelay } from '../../support/memory-relays'
import { manualClock } from '../../support/manual-clock'

const DAY = 86_400
const soap = productOfMerchant('soap')
const nip15 = shelfWith(soap)
let relay: MemoryRelay
let clock: ReturnType<typeof manualClock>
let chances: number
let shopper: FlowPerson
/** The merchant at work, and his telephone, which is away. */
let desk: FlowPerson
let phone: FlowPerson
let network: ReturnType<typeof at>

const at = (): { relays: ReturnType<typeof createMemoryRelays> } => ({ relays: createMemoryRelays([relay]) })

beforeEach(() => {
  // Twenty events for one answer: a week is many pages.
  relay = new MemoryRelay(HUB, false, 20)
  chances = 0
  // Seals and wraps are dated back by anything up to two days, the whole two days among it.
  clock = { ...manualClock(), random: () => [0, 0.999_999, 0.5, 0.97][chances++ % 4] ?? 0 }
  shopper = flowPerson('shopper', at(), clock)
  desk = flowPerson('merchant', at(), clock)
  network = at()
  phone = flowPerson('merchant', network, clock)
})

function checkout(n: number): Checkout {
  const orderId = `order-of-day-${n}`
  if (n % 2 === 0)
    return checkoutOf(nip15, soap, { orderId })
  const { stall, mug, shelf } = gammaShelf(clock.now() - 1_000)
  const cart = addToCart(emptyCart(stall), mug, 1, clock.now())
  if (!cart.ok)
    throw new TypeError(cart.error.code)
  return { ...checkoutOf(nip15, soap), cart: { ...cart.value, zoneId: EU, orderId }, orderId, stall, products: shelf.products }
}

async function exchange(...people: readonly FlowPerson[]): Promise<void> {
  for (const one of people)
    await one.post()
  for (const one of people)
    await one.fetch()
  await clock.advance(2)
}

async function order(n: number): Promise<OrderKey> {
  const placed = await placeOrder(shopper.deps, checkout(n))
  if (!placed.ok)
    throw new TypeError(placed.error.code)
  await exchange(shopper, desk)
  return placed.value
}

/** Three times a day somebody orders; what was ordered a day ago is answered, and talked about. */
async function week(): Promise<readonly OrderKey[]> {
  const keys: OrderKey[] = []
  for (let n = 0; n < 21; n += 1) {
    keys.push(await order(n))
    const former = keys[n - 3]
    if (former !== undefined) {
      const act = n % 5 === 0 ? cancelOrder(shopper.deps, former, 'shopper', 'no more') : markPaid(desk.deps, former, 'thank you')
      expect(await act).toMatchObject({ ok: true })
      await exchange(shopper, desk)
      if (n % 5 !== 0)
        expect(await shipOrder(desk.deps, former, { text: 'on its way', carrier: 'Post', number: `RR${n}` })).toMatchObject({ ok: true })
      expect(await sendChat(shopper.deps, former, `thanks ${n}`)).toMatchObject({ ok: true })
      await exchange(shopper, desk)
    }
    await clock.advance(DAY / 3)
  }
  return keys
}

async function same(one: FlowPerson, other: FlowPerson, keys: readonly OrderKey[]): Promise<void> {
  const [before, after] = [await one.orders(), await other.orders()]
  expect([...after.keys()].toSorted()).toEqual([...keys].toSorted())
  for (const key of keys)
    expect(differenceText(differences(before.get(key), after.get(key), ONE_DEVICE_ONLY))).toBe('')
}

describe('T5: a week offline', () => {
  test('the device returns: nothing is missed, nothing comes twice, and only what is new is opened', async () => {
    const first = await order(100)
    await phone.fetch()
    const left: Seconds = clock.now()
    const had = (await messagesHere(phone.journal, new AbortController().signal) ?? []).length
    expect(had).toBe(1)
    const keys = [first, ...await week()]
    // Some wraps bear a time from before the phone went away, though they were written after it.
    expect(relay.held().filter(({ kind, created_at: time }) => kind === 1059 && time < left).length).toBeGreaterThan(5)

    const { signer } = phone.deps
    const opened = { nip04: 0, nip44: 0 }
    const { nip04Decrypt, nip44Decrypt } = signer
    Object.assign(signer, {
      nip04Decrypt: (...args: Parameters<typeof nip04Decrypt>) => { opened.nip04 += 1; return nip04Decrypt(...args) },
      nip44Decrypt: (...args: Parameters<typeof nip44Decrypt>) => { opened.nip44 += 1; return nip44Decrypt(...args) },
    })
    const news: string[] = []
    const end = phone.journal.follow((entries, phase) => phase === 'new' && news.push(...entries.map(({ message }) => message.id)))
    await phone.fetch(left)
    end()
    await same(desk, phone, keys)
    await same(shopper, phone, keys)
    expect(new Set(news).size).toBe(news.length)
    const mine = relay.held().filter(({ kind, tags }) => kind === 1059 && tags[0]?.[1] === pubkeyOf('merchant'))
    expect(opened).toEqual({ nip04: relay.held().filter(({ kind }) => kind === 4).length - had, nip44: 2 * mine.length })

    // Once more, and from the beginning: nothing is new, and nobody is asked to open anything.
    await phone.fetch(clock.now())
    await phone.fetch()
    await same(desk, phone, keys)
    expect(opened.nip44).toBe(2 * mine.length)
    expect(await messagesHere(phone.journal, new AbortController().signal)).toHaveLength(had + news.length)
  }, 60_000)

  test('what was written meanwhile by the device itself goes out when it is back, after what others said', async () => {
    const key = await order(101)
    await phone.fetch()
    const left = clock.now()
    relay.setOnline(false)
    expect(await sendChat(phone.deps, key, 'I am on the train')).toMatchObject({ ok: true })
    await phone.post()
    expect(await phone.journal.undelivered()).not.toHaveLength(0)
    relay.setOnline(true)
    // A telephone that is still away misses what it cannot ask for.
    await vi.waitFor(() => expect(network.relays.statuses().map(({ state }) => state)).toEqual(['open']))
    await clock.advance(7 * DAY)
    expect(await markPaid(desk.deps, key, 'thank you')).toMatchObject({ ok: true })
    await exchange(desk)
    await phone.fetch(left)
    await phone.post()
    expect(await phone.journal.undelivered()).toEqual([])
    await exchange(desk, shopper)
    await same(desk, phone, [key])
    await same(shopper, phone, [key])
    expect((await shopper.orders()).get(key)).toMatchObject({ payment: 'said', chat: [{ by: 'merchant', text: 'I am on the train' }] })
  })
})
