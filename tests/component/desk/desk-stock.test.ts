import { afterEach, beforeEach, expect, test } from 'vitest'
import { useBookStock } from '../../../src/composables/useBookStock'
import { useDeskHealth } from '../../../src/composables/useDeskHealth'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import type { OrderKey, Seconds } from '../../../src/domain/brand'
import { systemClock } from '../../../src/nostr/system-clock'
import type { Signer } from '../../../src/ports/signer'
import { useAccountStore } from '../../../src/stores/account'
import { useOrdersStore } from '../../../src/stores/orders'
import { listed } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { soon } from '../../support/page'
import { AWAY, openDesk, placeAt, soapAt, type DeskOptions, type DeskPage } from './desk-helpers'

let hub: Hub
let desk: DeskPage
let later: number
let signings: number
let tries: number
let declines: boolean

beforeEach(() => {
  hub = createHub()
  later = signings = tries = 0
  declines = false
})
afterEach(() => desk.page.close())

/** A desk that does not answer by itself, with one paid piece of soap that is still listed. */
async function open(options: Partial<DeskOptions> = {}): Promise<{ readonly key: OrderKey, readonly stock: ReturnType<typeof useBookStock> }> {
  desk = await openDesk({ hub, autoInvoice: false, ...options, change: services => ({
    clock: { ...systemClock, now: () => systemClock.now() + later as Seconds },
    relays: { ...services.relays, fetchAll: (asked) => {
      tries += asked.filters.some(({ kinds }) => kinds?.includes(30_018)) ? 1 : 0
      return services.relays.fetchAll(asked)
    } },
  }) })
  const signer = desk.page.use(useAccountStore).signer as Signer
  const { sign } = signer
  Object.assign(signer, { sign: async (event: Parameters<Signer['sign']>[0]) => {
    if (event.kind !== 30_018)
      return sign.call(signer, event)
    signings += 1
    return declines ? { ok: false, error: { code: 'declined' } } : sign.call(signer, event)
  } })
  const { product: soap, event } = listed(soapAt(3_600))
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => desk.order(key), 'the order')
  hub.kept.push(event)
  desk.bring([soap])
  const stock = desk.page.run(useBookStock).value
  return { key, stock }
}
const payByHand = async (key: OrderKey): Promise<void> => {
  await desk.page.run(() => useMerchantOrder(key)).value.markPaid('')
  await soon(() => desk.order(key)?.payment === 'said', 'paid')
}
const facts = (key: OrderKey) => Object.keys(desk.page.use(useOrdersStore).get(key)?.stockTaken ?? {})
const published = () => hub.kept.filter(({ kind }) => kind === 30_018).length - 1

test('relays that refuse the listing: after ever longer pauses, and signed once', async () => {
  const { key, stock } = await open()
  desk.progress({ phase: 'live', complete: [HUB] })
  hub.setAnswer('refused')
  await payByHand(key)
  await soon(() => tries > 0 && signings > 0, 'the first try')
  await stock.book()
  const first = tries
  for (let time = 0; time < 10; time += 1)
    await stock.book()
  expect(tries).toBe(first)
  let heard = 0
  for (let minutes = 0; minutes < 120; minutes += 1) {
    later += 60
    await stock.book()
    heard = tries - first
  }
  expect(heard).toBeLessThan(12)
  expect(heard).toBeGreaterThan(3)
  expect(signings).toBe(1)
  expect(facts(key)).toHaveLength(1)
  expect(desk.page.run(useDeskHealth).value.stockStuck.value).toBe(true)
  hub.setAnswer('stored')
  await stock.bookNow()
  expect(published()).toBe(1)
  expect(desk.page.run(useDeskHealth).value.problem.value).toBeNull()
}, 20_000)

test('declined in the signer: not asked again before the person acts', async () => {
  const { key, stock } = await open()
  desk.progress({ phase: 'live', complete: [HUB] })
  declines = true
  await payByHand(key)
  await soon(() => desk.page.run(useDeskHealth).value.problem.value, 'a word at the desk')
  later += 100_000
  await stock.book()
  await stock.book()
  expect(signings).toBe(1)
  expect(facts(key)).toEqual([])
  declines = false
  await stock.bookNow()
  expect([signings, published()]).toEqual([2, 1])
}, 20_000)

test('while no relay is open, or one of them owes listings, nothing is tried', async () => {
  const { key, stock } = await open({ relays: [HUB, AWAY] })
  desk.progress({ phase: 'live', complete: [HUB] })
  await payByHand(key)
  await stock.bookNow()
  expect([tries, signings]).toEqual([0, 0])
  desk.progress({ phase: 'live', complete: [HUB, AWAY] })
  hub.setOpen(false)
  await stock.bookNow()
  expect([tries, signings, facts(key).length]).toEqual([0, 0, 0])
  hub.setOpen(true)
  await stock.book()
  expect([signings, published()]).toEqual([1, 1])
}, 20_000)
