import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSeconds, type Address } from '../../../../src/domain/brand'
import type { Nip99, OwnShippingType, Variants } from '../../../../src/domain/catalog/nip99-types'
import type { Money } from '../../../../src/domain/money/types'
import { COUNTRIES } from '../../../../src/domain/catalog/country-table'
import { kinds, type UnsignedEvent } from '../../../../src/domain/protocol/event'
import { encodeCollection, encodeGammaProduct, encodeShippingOption, type CollectionDraft, type GammaProductDraft, type ShippingOptionDraft } from '../../../../src/domain/protocol/gamma-listing-encode'
import { currency, moneyIn, signedAs, wireId } from '../../../support/arbitraries'
import { listingOf } from '../../../support/gamma-listings'
import { idOf, people, T0 } from '../../../support/order-messages'

const AT = toSeconds(T0)
const read = (event: UnsignedEvent) => listingOf(signedAs(event, idOf(1)))

/** Text as a person types it: something to see, nothing at the ends. */
const word = fc.stringMatching(/^[a-zß-ü0-9%&"'<>][a-zß-ü0-9 %&"'<>]{0,20}[a-zß-ü0-9]$/)
const maybe = fc.oneof(fc.constant(''), word)
const words = (most: number) => fc.uniqueArray(word, { maxLength: most })
const ref = (kind: number) => wireId.map(id => `${kind}:${people.merchant}:${id}` as Address)
const refs = (kind: number) => fc.uniqueArray(ref(kind), { maxLength: 3 })
const money = currency.chain(moneyIn)

const variantsIn = (code: string): fc.Arbitrary<Variants> => {
  const priced = fc.array(fc.record({ name: word, price: moneyIn(code) }), { maxLength: 3 })
  return fc.record({
    sizes: fc.array(fc.record({ name: word, stock: fc.option(fc.nat(99)) }), { maxLength: 3 }),
    volumes: priced,
    weights: priced,
    bulk: fc.array(fc.record({ units: fc.integer({ min: 1, max: 999 }), price: moneyIn(code) }), { maxLength: 2 }),
  })
}

const TYPES: readonly OwnShippingType[] = ['N/A', 'Free', 'Pickup', 'Free/Pickup', 'Added Cost', 'Added Cost/Pickup']
const ownShippingIn = (code: string) => fc.option(fc.tuple(fc.constantFrom(...TYPES), moneyIn(code)).map(([type, cost]) => ({ type, cost: type.startsWith('Added Cost') ? cost : { ...cost, minor: 0 } })))
const measure = fc.option(fc.record({ value: fc.nat(5_000).map(String), unit: fc.constantFrom('g', 'kg', 'oz') }))

const nip99In = (code: string): fc.Arbitrary<Nip99> => fc.record({
  summary: maybe, format: fc.constantFrom('simple', 'variable', 'variation'), goods: fc.constantFrom('physical', 'digital'), visibility: fc.constantFrom('on-sale', 'hidden', 'pre-order'),
  status: fc.constantFrom('active', 'sold'), draft: fc.boolean(), frequency: fc.option(fc.constantFrom('D', 'W', 'M', 'Y')), parent: fc.option(ref(30_402)), collections: refs(30_405),
  shippingOptions: fc.uniqueArray(fc.record({ ref: fc.oneof(ref(30_406), ref(30_405)), extra: moneyIn(code) }), { maxLength: 3, selector: one => one.ref }),
  ownShipping: ownShippingIn(code), weight: measure, dimensions: fc.option(fc.record({ value: fc.constantFrom('1x2x3', '10.5x3x2'), unit: fc.constantFrom('cm', 'in') })),
  location: maybe, geohash: fc.constantFrom('', 'u4pruyd'), variants: variantsIn(code), requiredInfo: maybe, pickupLocations: words(2), condition: maybe, restrictions: maybe,
  validUntil: fc.option(fc.nat(2 ** 31).map(toSeconds)), migratedFrom: fc.option(fc.nat(99).map(idOf)), sensitive: fc.boolean(),
}).map(fields => ({
  ...fields,
  client: '',
  namesShipping: fields.shippingOptions.length > 0 || fields.ownShipping !== null,
  parent: fields.format === 'variation' ? fields.parent : null,
  // One tag for two things: a listing has a mass or variants by weight (gamma.md §1).
  weight: fields.variants.weights.length > 0 ? null : fields.weight,
}))

const product: fc.Arbitrary<GammaProductDraft & { readonly nip99: Nip99, readonly price: Money }> = currency.chain(code => fc.record({
  id: wireId, name: word, description: word, images: fc.uniqueArray(fc.nat(99).map(n => `https://img.example.com/${n}.webp`), { maxLength: 12 }), price: moneyIn(code), stock: fc.option(fc.nat(500)),
  categories: words(3).map(list => list.filter(entry => entry !== 'shopstr')), specs: fc.array(fc.tuple(word, word), { maxLength: 3 }), nip99: nip99In(code),
}))

const option: fc.Arbitrary<ShippingOptionDraft> = fc.record({
  id: wireId, title: word, description: maybe, cost: money, regions: words(2), service: fc.constantFrom('standard', 'express', 'overnight', 'pickup', 'digital'), carrier: maybe, pickup: maybe,
  countries: fc.oneof(fc.constant('worldwide' as const), fc.uniqueArray(fc.constantFrom(...COUNTRIES.map(({ alpha2 }) => alpha2)), { minLength: 1, maxLength: 5 })),
  duration: fc.option(fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom('H', 'D', 'W')).map(([min, more, unit]) => ({ min, max: min + more, unit }))),
}).map(one => ({ ...one, pickup: one.service === 'pickup' ? one.pickup : '' }))

const collection: fc.Arbitrary<CollectionDraft> = fc.record({ id: wireId, title: word, summary: maybe, description: maybe, image: fc.constantFrom('', 'https://img.example.com/c.webp'), products: refs(30_402), shippingOptions: refs(30_406) })

describe('listings that we write for Gamma\'s peers are read back whole', () => {
  test('products', () => {
    fc.assert(fc.property(product, (one) => {
      const { price, ...rest } = one
      expect(read(encodeGammaProduct(one, AT))).toMatchObject({ type: 'product', product: { ...rest, price, currency: price.currency, author: people.merchant, publishedAt: AT, stallId: '', active: !one.nip99.draft && one.nip99.visibility !== 'hidden' } })
    }), { numRuns: 300 })
  })
  test('shipping options', () => {
    fc.assert(fc.property(option, one => void expect(read(encodeShippingOption(one, AT))).toMatchObject({ type: 'shipping-option', option: { ...one, addedBy: [] } })))
  })
  test('collections', () => {
    fc.assert(fc.property(collection, one => void expect(read(encodeCollection(one, AT))).toMatchObject({ type: 'collection', collection: one })))
  })
})

describe('what peers read of them', () => {
  const valuesOf = ({ tags }: UnsignedEvent, name: string) => tags.filter(tag => tag[0] === name)

  test('one of each tag they take once, nothing empty, and never the default that makes goods digital', () => {
    fc.assert(fc.property(product, (one) => {
      const event = encodeGammaProduct(one, AT)
      expect(event.kind).toBe(one.nip99.draft ? kinds.gammaDraft : kinds.gammaProduct)
      for (const name of ['d', 'title', 'price', 'type', 'visibility', 'status'])
        expect(valuesOf(event, name)).toHaveLength(1)
      expect(valuesOf(event, 'type')).toEqual([['type', one.nip99.format, one.nip99.goods]])
      // Shopstr reads `shipping` of exactly four elements, and prices as decimals.
      expect(valuesOf(event, 'shipping').every(tag => tag.length === 4)).toBe(true)
      expect(valuesOf(event, 'price')[0]?.[1]).toMatch(/^\d+(?:\.\d+)?$/)
      expect(['SATS', 'EUR', 'JPY', 'KWD']).toContain(valuesOf(event, 'price')[0]?.[2])
      expect(event.tags.filter(([name]) => name !== 'image').flat()).not.toContain('')
    }))
  })
  test('all countries in one tag, none for the whole world', () => {
    fc.assert(fc.property(option, (one) => {
      const countries = valuesOf(encodeShippingOption(one, AT), 'country')
      expect(countries).toEqual(one.countries === 'worldwide' ? [] : [['country', ...one.countries]])
    }))
  })
})
