import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useBookStock } from '../../../src/composables/useBookStock'
import { useDesk } from '../../../src/composables/useDesk'
import type { OrderKey } from '../../../src/domain/brand'
import { err } from '../../../src/domain/result'
import type { InvoiceSource } from '../../../src/ports/invoices'
import { useCatalogStore } from '../../../src/stores/catalog'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { soon } from '../../support/page'
import { openDesk, placeAt, soapAt, type DeskPage } from './desk-helpers'

const soap = soapAt(3_600)
let hub: Hub
let desk: DeskPage
let reported: unknown[]
beforeEach(() => {
  hub = createHub()
  reported = []
  vi.stubGlobal('reportError', (thrown: unknown) => reported.push(thrown))
})
afterEach(() => {
  desk.page.close()
  vi.unstubAllGlobals()
})

/** A desk with all its listings, and a wallet of which single acts are another's. */
async function open(change: (source: InvoiceSource) => Partial<InvoiceSource>): Promise<void> {
  desk = await openDesk({ hub, change: services => ({ openInvoiceSource: (settings) => {
    const source = services.openInvoiceSource(settings)
    return { ...source, ...change(source) }
  } }) })
  desk.bring([soap])
  desk.progress({ phase: 'live', complete: [HUB] })
}
const asked = (key: OrderKey) => soon(() => desk.order(key)?.request, `an invoice for ${key.slice(-7)}`, 4_000)

test('an order that comes while another one is being answered is answered after it', async () => {
  let release = (): void => undefined
  const held = new Promise<void>((go) => { release = go })
  let creations = 0
  await open(source => ({ create: async (request) => {
    creations += 1
    if (request.orderId !== 'order-1')
      return source.create(request)
    await held
    return err({ code: 'source_refused', detail: 'not now' })
  } }))
  const first = await placeAt(hub, soap, 'order-1')
  await soon(() => creations === 1, 'the first is being answered')
  const second = await placeAt(hub, soap, 'order-2')
  await soon(() => desk.order(second), 'the second')
  await new Promise(resolve => setTimeout(resolve, 100))
  release()
  await asked(second)
  expect(desk.order(first)?.issued).toEqual([])
})

test('a bug in answering one order keeps no other waiting, and is reported', async () => {
  const bug = new TypeError('a bug')
  await open(source => ({ create: async (request) => {
    if (request.orderId === 'order-1')
      throw bug
    return source.create(request)
  } }))
  await placeAt(hub, soap, 'order-1')
  await soon(() => reported.length > 0, 'the report')
  await asked(await placeAt(hub, soap, 'order-2'))
  expect(reported).toEqual([bug])
})

test('a look at an invoice that broke off does not keep the next one from looking', async () => {
  let broken = false
  await open(source => ({ lookup: async (hash) => {
    if (broken)
      throw new TypeError('a bug')
    return source.lookup(hash)
  } }))
  const key = await placeAt(hub, soap, 'order-1')
  await asked(key)
  const hash = desk.order(key)?.issued[0]?.paymentHash
  if (hash === undefined)
    throw new TypeError('nothing issued')
  const { settle } = desk.page.run(useDesk).value
  broken = true
  await expect(settle(key, hash)).rejects.toThrow('a bug')
  broken = false
  expect(await settle(key, hash)).toMatchObject({ ok: true, value: { state: { status: 'pending' } } })
})

test('a booking that broke off does not keep the next one from running', async () => {
  await open(() => ({}))
  const stock = desk.page.run(useBookStock).value
  await stock.bookNow()
  const catalog = desk.page.use(useCatalogStore)
  const { products } = catalog
  let broken = true
  const spy = vi.spyOn(catalog, 'products', 'get').mockImplementation(() => {
    if (broken)
      throw new TypeError('a bug')
    return products
  })
  await expect(stock.bookNow()).rejects.toThrow('a bug')
  broken = false
  await expect(stock.bookNow()).resolves.toBeUndefined()
  spy.mockRestore()
})
