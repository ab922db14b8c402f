import { afterEach, beforeEach, expect, test } from 'vitest'
import { useBookStock } from '../../../src/composables/useBookStock'
import { useHeldOrders } from '../../../src/composables/useHeldOrders'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import type { Hex32, Seconds } from '../../../src/domain/brand'
import { err, ok } from '../../../src/domain/result'
import { systemClock } from '../../../src/nostr/system-clock'
import { useDeskHealthStore } from '../../../src/stores/desk-health'
import { useSettingsStore } from '../../../src/stores/settings'
import { listed } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { makeInvoice } from '../../support/order-invoices'
import { soon } from '../../support/page'
import { openDesk, pause, placeAt, soapAt, type DeskOptions, type DeskPage } from './desk-helpers'

const soap = soapAt(3_600)
let hub: Hub
let desk: DeskPage
let later: number
beforeEach(() => {
  hub = createHub()
  later = 0
})
afterEach(() => desk.page.close())

async function open(options: Partial<DeskOptions> = {}, product = soap, change: NonNullable<DeskOptions['change']> = () => ({})): Promise<ReturnType<typeof useHeldOrders>> {
  desk = await openDesk({ hub, ...options, change: services => ({ ...change(services), clock: { ...systemClock, now: () => systemClock.now() + later as Seconds } }) })
  desk.bring([product])
  desk.progress({ phase: 'live', complete: [HUB] })
  return desk.page.run(useHeldOrders).value
}
const settings = () => desk.page.use(useSettingsStore)
const minuteNow = (): number => new Date().getHours() * 60 + new Date().getMinutes()

test('above the bound an order waits with its reason; when the bound goes, it is answered', async () => {
  const held = await open()
  await settings().setAnswerRules({ maxSat: 1, hours: null })
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => desk.order(key) !== undefined && held.reasonOf({ key }) === 'amount', 'held for its amount')
  expect([held.count.value, held.isToInvoice({ key })]).toEqual([1, true])
  await pause(300)
  expect(desk.order(key)?.issued).toEqual([])
  await settings().setAnswerRules({ maxSat: null, hours: null })
  await soon(() => desk.order(key)?.request, 'the invoice')
  expect([held.count.value, held.reasonOf({ key })]).toEqual([0, null])
}, 15_000)

test('orders of the quiet hours are answered by themselves when these are over', async () => {
  const held = await open()
  const from = (minuteNow() + 120) % 1_440
  await settings().setAnswerRules({ maxSat: null, hours: { from, to: (from + 60) % 1_440 } })
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => desk.order(key) !== undefined && held.reasonOf({ key }) === 'hours', 'held for the hour')
  await pause(300)
  expect(desk.order(key)?.request).toBeNull()
  later = 130 * 60
  await soon(() => desk.order(key)?.request, 'the invoice, in the morning')
}, 15_000)

test('a wallet that refuses is the reason, until it does not', async () => {
  let refuses = true
  const held = await open({}, soap, services => ({ openInvoiceSource: (wallet) => {
    const source = services.openInvoiceSource(wallet)
    return { ...source, create: request => refuses ? Promise.resolve(err({ code: 'source_refused', detail: 'no liquidity' })) : source.create(request) }
  } }))
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => held.reasonOf({ key }) === 'wallet-refused', 'the reason')
  refuses = false
  await desk.page.run(() => useMerchantOrder(key)).value.makeInvoice()
  await soon(() => desk.order(key)?.request, 'the invoice')
  expect(held.reasonOf({ key })).toBeNull()
}, 15_000)

/** A wallet whose right to hold payments was taken away; `may` gives it back. */
const withoutHolds = (may: () => boolean): NonNullable<DeskOptions['change']> => services => ({ openInvoiceSource: (wallet) => {
  const source = services.openInvoiceSource(wallet)
  return {
    ...source,
    capabilities: async () => ok({ network: 'regtest', lookup: true, push: true, canSpend: false, alias: '', ...may() && { hold: true } }),
    create: request => request.hold === undefined || may() ? source.create(request) : Promise.resolve(err({ code: 'source_unauthorized', detail: 'not granted' })),
  }
} })

test('T11: a wallet that cannot reserve any more: the order waits and says why; no ordinary invoice goes out until the merchant wants it', async () => {
  const held = await open({ autoInvoice: true }, soapAt(3_600, { stock: 1 }), withoutHolds(() => false))
  settings().reserve = 'few'
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => held.reasonOf({ key }) === 'cannot-reserve', 'the reason')
  expect(held.isToInvoice({ key })).toBe(true)
  const health = desk.page.use(useDeskHealthStore)
  expect(health.answering).toMatchObject({ code: 'cannot-reserve', order: key })
  await pause(300)
  expect(desk.order(key)).toMatchObject({ request: null, issued: [] })
  settings().reserve = 'off'
  const order = await soon(() => desk.order(key)?.request && desk.order(key), 'the ordinary invoice, at once')
  expect(order.request?.reserve).toBeUndefined()
  expect([held.reasonOf({ key }), health.answering]).toEqual([null, null])
}, 15_000)

test('T11: another wallet that can reserve goes on with the orders that wait for it', async () => {
  let may = false
  const held = await open({ autoInvoice: true }, soapAt(3_600, { stock: 1 }), withoutHolds(() => may))
  settings().reserve = 'few'
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => held.reasonOf({ key }) === 'cannot-reserve', 'the reason')
  may = true
  await settings().addWallet({ kind: 'lnbits', url: 'https://lnbits.example.com', invoiceKey: 'f'.repeat(32) })
  await settings().chooseWallet(settings().wallets.at(-1)?.id ?? '')
  await soon(() => desk.order(key)?.request, 'the invoice of the other wallet')
  expect(desk.order(key)?.request?.reserve).toBe(true)
  expect(desk.page.use(useDeskHealthStore).answering).toBeNull()
}, 15_000)

test('by hand the merchant may send an ordinary invoice for one order, and the others are reserved as before', async () => {
  await open({ autoInvoice: false }, soapAt(3_600, { stock: 1 }), withoutHolds(() => false))
  settings().reserve = 'all'
  const key = await placeAt(hub, soap, 'order-1')
  await soon(() => desk.order(key), 'the order')
  const acts = desk.page.run(() => useMerchantOrder(key)).value
  expect(await acts.makeInvoice()).toEqual({ ok: false, error: { code: 'cannot-reserve' } })
  expect(await acts.makeInvoice({ ordinary: true })).toMatchObject({ ok: true })
  const order = await soon(() => desk.order(key)?.request && desk.order(key), 'the invoice')
  expect([order.request?.reserve, settings().reserve]).toEqual([undefined, 'all'])
}, 15_000)

test('rules belong to the account, and rest there', async () => {
  await open({ autoInvoice: false })
  await settings().setAnswerRules({ maxSat: 50_000, hours: { from: 480, to: 1_200 } })
  expect(settings().answerRules).toEqual({ maxSat: 50_000, hours: { from: 480, to: 1_200 } })
}, 15_000)

test('switched off, and without pieces, each has its own reason', async () => {
  const held = await open({ autoInvoice: false }, soapAt(3_600, { stock: 1 }))
  const first = await placeAt(hub, soap, 'order-1')
  const second = await placeAt(hub, soap, 'order-2')
  await soon(() => held.count.value === 2, 'both')
  expect(new Set([first, second].map(key => held.reasonOf({ key })))).toEqual(new Set(['off', 'stock']))
}, 15_000)

test('T11: paid too late for the last piece: a refund is due, and that is said', async () => {
  const { product, event } = listed(soapAt(3_600, { stock: 1 }))
  hub.kept.push(event)
  const held = await open({ autoInvoice: false }, product)
  const keys = [await placeAt(hub, soap, 'order-1'), await placeAt(hub, soap, 'order-2')]
  await soon(() => keys.every(key => desk.order(key)), 'both')
  desk.progress({ phase: 'live', complete: [] })
  for (const key of keys)
    await desk.page.run(() => useMerchantOrder(key)).value.markPaid('cash')
  desk.progress({ phase: 'live', complete: [HUB] })
  await soon(() => keys.every(key => desk.order(key)?.payment === 'said'), 'both paid')
  const oversold = () => keys.filter((key) => {
    const order = desk.order(key)
    return order !== undefined && held.isOversold(order)
  })
  await soon(() => oversold().length === 1, 'one of them is oversold')
  await desk.page.run(useBookStock).value.bookNow()
  // The new listing counts both: what is owed is still known.
  await soon(() => keys.every(key => Object.keys(desk.order(key)?.stockTaken ?? {}).length > 0), 'both are booked')
  expect(oversold()).toHaveLength(1)
}, 15_000)

test('T8: a pasted invoice that the connected wallet does not know is no trouble with the wallet', async () => {
  const held = await open({ autoInvoice: false }, soap, services => ({ openInvoiceSource: wallet => ({ ...services.openInvoiceSource(wallet), lookup: async () => ({ status: 'unknown', reason: 'not found' }) }) }))
  const key = await placeAt(hub, soap, 'order-1')
  const order = await soon(() => desk.order(key), 'the order')
  const msat = held.totalOf(order)
  const { bolt11, paymentHash } = makeInvoice({ preimage: 'a1'.repeat(32), msat, createdAt: systemClock.now(), prefix: 'lnbcrt' })
  const acts = desk.page.run(() => useMerchantOrder(key)).value
  expect(await acts.askByHand({ pasted: bolt11, confirmed: null })).toMatchObject({ ok: true })
  await soon(() => desk.order(key)?.request, 'the request')
  expect(desk.order(key)?.issued).toMatchObject([{ paymentHash, byHand: true }])
  expect(acts.isHashUsed(paymentHash as Hex32)).toBe(true)
  await pause(300)
  expect(desk.page.use(useDeskHealthStore).lookingUp).toBeNull()
  expect(await acts.settleNow()).toEqual({ ok: false, error: { code: 'not-in-wallet' } })
}, 15_000)
