import { expect, test } from 'vitest'
import { implicitStall } from '../../../../src/domain/catalog/implicit-stall'
import { ownZones, resolveShipping } from '../../../../src/domain/catalog/shipping'
import { priceOrder } from '../../../../src/domain/order/pricing'
import { decodePublic } from '../../../../src/domain/protocol/public-events'
import { person, signed } from '../../../support/signed'

const merchant = person(9)
const listing = (tags: string[][], kind = 30_402) => {
  const read = decodePublic(signed({ kind, created_at: 1_700_000_000, tags, content: '' }, merchant))
  if (!read.ok)
    throw new TypeError(read.error.code)
  return read.value
}

test('digital goods of a merchant who posts as well: the order names no way to send, and is taken', () => {
  const option = listing([['d', 'eu'], ['title', 'Europe'], ['price', '5000', 'SATS'], ['service', 'standard']], 30_406)
  const [book, mug] = [
    listing([['d', 'book-as-pdf'], ['title', 'Book'], ['price', '9000', 'SATS'], ['type', 'simple', 'digital']]),
    listing([['d', 'mug-of-clay'], ['title', 'Mug'], ['price', '9000', 'SATS'], ['type', 'simple', 'physical'], ['shipping_option', `30406:${merchant.pubkey}:eu`]]),
  ].map(one => one.type === 'product' ? resolveShipping(one.product) : undefined)
  if (option.type !== 'shipping-option' || book === undefined || mug === undefined)
    throw new TypeError('read as something else')
  const stall = implicitStall({ author: merchant.pubkey, profile: null, shop: null, shippingOptions: [option.option], collections: [], products: [book, mug] })
  if (stall === null)
    throw new TypeError('no stall')
  const shelf = { products: new Map([book, mug].map(one => [one.address, one])), stalls: new Map([[stall.address, stall]]) }
  const price = (product: typeof book) => priceOrder({ merchant: merchant.pubkey, items: [{ productId: product.id, product: product.address, quantity: 1 }], zoneId: '', shelf, rate: null })
  expect(price(book)).toMatchObject({ ok: true, value: { zone: { id: ownZones.nothing }, totals: { totalMsat: 9_000_000 } } })
  // What is sent by post is never sent by no way at all.
  expect(price(mug)).toEqual({ ok: false, error: { code: 'unknown-zone' } })
})
