import { beforeEach, expect, test } from 'vitest'
import type { Product } from '../../../src/domain/catalog/types'
import type { OrderKey } from '../../../src/domain/brand'
import { autoInvoice } from '../../../src/flows/autoInvoice'
import { placeOrder } from '../../../src/flows/placeOrder'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, deskOf, flowPerson, productOfMerchant, shelfWith, type FlowPerson } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'

const soap = productOfMerchant('soap', { stock: null })
const OLD: Record<string, Product> = {
  'is missing': productOfMerchant('mug'),
  'is sold out': { ...soap, stock: 0 },
  'is not for sale': { ...soap, active: false },
}
let merchant: FlowPerson
let ledger: LedgerBackend
let key: OrderKey

beforeEach(async () => {
  const hub = createHub()
  const clock = manualClock()
  ledger = new LedgerBackend(() => clock.now())
  merchant = flowPerson('merchant', hub, clock)
  const shopper = flowPerson('shopper', hub, clock)
  const placed = await placeOrder(shopper.deps, checkoutOf(shelfWith(soap), soap))
  if (!placed.ok)
    throw new Error(placed.error.code)
  key = placed.value
  await shopper.post()
  await merchant.fetch()
})

test.each(Object.keys(OLD))('while relays owe listings, one that %s is no reason to refuse', async (what) => {
  const shelf = shelfWith(...Object.entries(OLD).flatMap(([name, product]) => name === what ? [product] : []))
  const counter = await deskOf(merchant, () => shelf, ledger)
  expect(await autoInvoice({ ...counter, shelfComplete: () => false }, { key })).toEqual({ ok: true, value: { type: 'wait' } })
  expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'refused' } })
})

test('a price is asked only by listings that a relay has shown; then also with another relay away', async () => {
  const counter = { ...await deskOf(merchant, () => shelfWith(soap), ledger), shelfComplete: () => false }
  for (const old of [soap.address, soap.stallAddress])
    expect(await autoInvoice({ ...counter, isCurrent: listing => listing !== old }, { key })).toEqual({ ok: true, value: { type: 'wait' } })
  expect(await autoInvoice(counter, { key })).toMatchObject({ value: { type: 'asked' } })
})
