import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../../src/domain/brand'
import { cartTotals } from '../../../../src/domain/cart/totals'
import { implicitStall, isImplicit, stallAddressOf, type MerchantListings } from '../../../../src/domain/catalog/implicit-stall'
import { fromNaddr, toNaddr } from '../../../../src/domain/catalog/naddr'
import { parseAddress } from '../../../../src/domain/catalog/address'
import { isDigitalZone, needsAddress, stallOf, zoneServes } from '../../../../src/domain/catalog/product'
import { ownZones, resolveShipping, zonesFor } from '../../../../src/domain/catalog/shipping'
import type { Product, Stall } from '../../../../src/domain/catalog/types'
import { product as anyProduct } from '../../../support/arbitraries'
import { collection, collectionRef, gammaProduct, optionRef, shippingOption } from '../../../support/gamma-listings'
import { people } from '../../../support/order-messages'
import { stalls as nip15Stalls } from '../../../support/shelf'

const post = shippingOption('post', ['4.90', 'EUR'], [['country', 'DEU', 'at', 'Czech Republic']], { n: 20 })
const courier = shippingOption('courier', ['12', 'EUR'], [['service', 'express']], { n: 21 })
const shop = shippingOption('shop', ['0', 'EUR'], [['service', 'pickup'], ['pickup-street', '1 Elm'], ['pickup-city', 'Reno']], { n: 22 })

const mug = gammaProduct('mug', [['type', 'simple', 'physical'], ['shipping_option', optionRef('post'), '1.20'], ['shipping_option', optionRef('courier')]], { n: 1 })
const plate = gammaProduct('plate', [['type', 'simple', 'physical'], ['price', '20', 'EUR'], ['shipping_option', optionRef('post'), '3']], { n: 2 })
const song = gammaProduct('song', [['price', '2', 'EUR']], { n: 3 })

const listings: MerchantListings = { author: people.merchant, profile: { name: 'Mina', about: 'Pots' }, shop: null, shippingOptions: [post, courier, shop], collections: [], products: [mug, plate, song] }
function stallWith(changes: Partial<MerchantListings> = {}): Stall {
  const stall = implicitStall({ ...listings, ...changes })
  if (stall === null)
    throw new TypeError('no stall')
  return stall
}
const idsOf = (products: readonly Product[], stall = stallWith()) => zonesFor(products, stall).map(({ id }) => id)

function totalOf(wanted: readonly (readonly [Product, number])[], zoneId: string, stall = stallWith()) {
  const zone = stall.zones.find(({ id }) => id === zoneId) ?? null
  if (zone === null)
    return 'no such zone'
  const totals = cartTotals({ cart: { lines: wanted.map(([{ address }, quantity]) => ({ product: address, quantity })) }, products: new Map(wanted.map(([one]) => [one.address, one])), currency: stall.currency, zone, rates: new Map() })
  return totals.ok ? totals.value.total : totals.error
}

describe('a merchant without a stall is one', () => {
  test('at the address of the own profile, which its products name and no listing can have', () => {
    const stall = stallWith()
    expect(stall).toMatchObject({ address: `0:${people.merchant}:`, name: 'Mina', description: 'Pots', currency: 'EUR' })
    expect(parseAddress(stall.address)).toEqual({ kind: 0, author: people.merchant, id: '' })
    expect([isImplicit(stall), isImplicit({ ...stall, address: stallAddressOf(people.stranger) })]).toEqual([true, false])
    expect(stallOf(mug, new Map([[stall.address, stall]]))).toBe(stall)
    expect(fromNaddr(toNaddr(stall.address))).toMatchObject({ ok: true, value: { address: stall.address } })
  })
  test('only of what its author published, and none of nothing', () => {
    const foreign = shippingOption('cheap', ['0', 'EUR'], [], { by: people.stranger })
    expect(stallWith({ shippingOptions: [post, foreign] }).zones.map(({ id }) => id)).toEqual([post.address, ownZones.nothing])
    expect(implicitStall({ ...listings, author: people.stranger, shippingOptions: [], collections: [], products: [mug] })).toBeNull()
    expect(implicitStall({ ...listings, shippingOptions: [], products: fc.sample(anyProduct, 3) })).toBeNull()
  })
  test('whatever the sequence in which its listings came', () => {
    fc.assert(fc.property(fc.shuffledSubarray([post, courier, shop], { minLength: 3 }), fc.shuffledSubarray([mug, plate, song], { minLength: 3 }), (shippingOptions, products) => {
      expect(stallWith({ shippingOptions, products })).toEqual(stallWith())
    }))
  })
  test('with the shop\'s own name before the person\'s, and the currency of most products', () => {
    const dear = gammaProduct('dear', [['price', '5', 'USD']])
    expect(stallWith({ shop: { name: 'Pots & co', about: '' }, products: [dear, mug, plate] })).toMatchObject({ name: 'Pots & co', description: 'Pots', currency: 'EUR' })
    expect(stallWith({ products: [dear] }).currency).toBe('USD')
  })
})

describe('shipping options are its zones', () => {
  test('with countries as people read them', () => {
    expect(stallWith().zones.find(({ id }) => id === post.address)).toEqual({ id: post.address, name: 'post', cost: { currency: 'EUR', minor: 490 }, countries: ['Germany', 'Austria', 'Czechia'], service: 'standard' })
    const zone = stallWith().zones.find(({ id }) => id === post.address)
    expect(zone && [zoneServes(zone, 'Germany'), zoneServes(zone, 'DE'), zoneServes(zone, 'France'), zoneServes(zone, '')]).toEqual(['yes', 'yes', 'no', 'unknown'])
    expect(stallWith().zones.filter(one => one.id !== post.address && one.id.startsWith('30406')).map(one => zoneServes(one, 'France'))).toEqual(['yes', 'yes'])
  })
  test('an address is asked where something is sent', () => {
    const [, , pickup, nothing] = [post, courier, shop].map(({ address }) => stallWith().zones.find(({ id }) => id === address) ?? null).concat(stallWith().zones.find(({ id }) => id === ownZones.nothing) ?? null)
    expect(pickup).toMatchObject({ pickup: '1 Elm, Reno' })
    expect([needsAddress(pickup ?? null), needsAddress(nothing ?? null), needsAddress(stallWith().zones[0] ?? null)]).toEqual([false, false, true])
    const dear = stallWith({ shippingOptions: [shippingOption('dear-digital', ['3', 'EUR'], [['service', 'digital']])] }).zones[0]
    expect(dear && isDigitalZone(dear)).toBe(true)
  })
  test('a price by weight makes the cost the least', () => {
    const heavy = shippingOption('heavy', ['5', 'EUR'], [['price-weight', '1', 'kg']])
    expect(stallWith({ shippingOptions: [heavy] }).zones[0]).toMatchObject({ atLeast: true })
  })
})

describe('a product goes by the options that it names', () => {
  test('and several together by what all of them name; what is not sent goes along', () => {
    expect(idsOf([mug])).toEqual([courier.address, post.address])
    expect(idsOf([mug, plate])).toEqual([post.address])
    expect(idsOf([mug, plate, song])).toEqual([post.address])
    expect(idsOf([song])).toEqual([ownZones.nothing])
  })
  test('each piece adds its extra, the option is paid once', () => {
    expect(totalOf([[mug, 2], [plate, 1], [song, 1]], post.address)).toEqual({ currency: 'EUR', minor: 2 * (900 + 120) + (2_000 + 300) + 200 + 490 })
    expect(totalOf([[mug, 2]], courier.address)).toEqual({ currency: 'EUR', minor: 2 * 900 + 1_200 })
  })
  test('an option of another product is refused, never free', () => {
    expect(totalOf([[mug, 1], [plate, 1]], courier.address)).toEqual({ code: 'zone', product: plate.address })
  })
  test('an option that is not there cannot be chosen', () => {
    const bereft = stallWith({ shippingOptions: [courier] })
    expect([idsOf([plate], bereft), idsOf([mug], bereft)]).toEqual([[], [courier.address]])
    expect(totalOf([[plate, 1]], post.address, bereft)).toBe('no such zone')
  })
  test('an extra that cannot be read takes the option out', () => {
    const vague = gammaProduct('vague', [['shipping_option', optionRef('post'), 'some'], ['shipping_option', optionRef('courier'), '-1']])
    expect([vague.zoneIds, idsOf([vague])]).toEqual([[], []])
  })
  test('options of another author are nobody\'s word', () => {
    expect(gammaProduct('mug', [['type', 'simple', 'physical'], ['shipping_option', optionRef('post', people.stranger)]]).zoneIds).toEqual([])
  })
  test('NIP-15 products go by every zone of their stall', () => {
    fc.assert(fc.property(anyProduct, one => nip15Stalls.forEach(stall => expect(zonesFor([one], stall)).toEqual(stall.zones))))
    fc.assert(fc.property(anyProduct, one => void expect(resolveShipping(one)).toBe(one)))
  })
})

describe('through a collection', () => {
  const boxed = gammaProduct('boxed', [['type', 'simple', 'physical'], ['shipping_option', collectionRef('c'), '2'], ['shipping_option', collectionRef('d'), '5'], ['shipping_option', optionRef('shop'), '1']])
  const c = collection('c', [['shipping_option', optionRef('post')], ['shipping_option', 'courier'], ['shipping_option', optionRef('shop')]])
  const d = collection('d', [['shipping_option', optionRef('courier')]])
  const known = (...list: readonly typeof c[]) => new Map(list.map(one => [one.address, one]))
  const extrasOf = (one: Product) => Object.fromEntries((one.zoneIds ?? []).map(id => [id, one.zoneExtras.get(id)?.minor ?? 0]))

  test('all its options apply, with the extra of its name; own words win, and of two the dearer', () => {
    expect(extrasOf(boxed)).toEqual({ [optionRef('shop')]: 100 })
    expect(extrasOf(resolveShipping(boxed, known(c, d)))).toEqual({ [optionRef('shop')]: 100, [optionRef('post')]: 200, [optionRef('courier')]: 500 })
    expect(extrasOf(resolveShipping(resolveShipping(boxed, known(d, c)), known(c)))).toEqual({ [optionRef('shop')]: 100, [optionRef('post')]: 200, [optionRef('courier')]: 200 })
  })
  test('of another author it gives nothing', () => {
    const foreign = { ...c, author: people.stranger }
    expect(extrasOf(resolveShipping(boxed, new Map<Address, typeof c>([[c.address, foreign]])))).toEqual({ [optionRef('shop')]: 100 })
  })
  test('belonging to one gives no shipping by itself', () => {
    const member = gammaProduct('member', [['type', 'simple', 'physical'], ['a', collectionRef('c')]])
    expect(resolveShipping(member, known(c)).zoneIds).toEqual([])
  })
})

describe('Shopstr\'s own delivery', () => {
  const cap = (shipping: readonly string[], more: readonly (readonly string[])[] = []) =>
    gammaProduct('cap', [['price', '18000', 'sats'], ['client', 'Shopstr'], ['shipping', ...shipping], ...more])
  const added = cap(['Added Cost', '2500', 'sats'])
  const free = { ...cap(['Free/Pickup', '0', 'sats']), address: 'free' as Address }

  test('is a zone of the stall that costs what each piece adds', () => {
    const stall = stallWith({ products: [added, free], shippingOptions: [] })
    expect(stall.dialect).toBe('shopstr')
    expect(stall.zones.map(({ id, service }) => [id, service])).toEqual([[ownZones.delivery, 'standard'], [ownZones.pickup, 'pickup']])
    expect(totalOf([[added, 3], [free, 1]], ownZones.delivery, stall)).toEqual({ currency: 'SAT', minor: (4 * 18_000 + 3 * 2_500) * 1_000 })
    expect(totalOf([[free, 1]], ownZones.pickup, stall)).toEqual({ currency: 'SAT', minor: 18_000_000 })
    expect(totalOf([[added, 1]], ownZones.pickup, stall)).toMatchObject({ code: 'zone' })
  })
  test.each([
    [['N/A', '0', 'sats'], [ownZones.nothing]],
    [['Free', '0', 'sats'], [ownZones.delivery]],
    [['Pickup', '0', 'sats'], [ownZones.pickup]],
    [['Added Cost/Pickup', '5', 'sats'], [ownZones.delivery, ownZones.pickup]],
    // Not four elements, not its words, not its money: no way to send it, rather than a free one.
    [['Added Cost', '5'], []],
    [['By owl', '5', 'sats'], []],
    [['Added Cost', '-5', 'sats'], []],
    [['Added Cost', '5', 'EUR'], []],
  ])('%j', (shipping, zones) => {
    expect(cap(shipping).zoneIds).toEqual(zones)
  })
  test('the last valid tag wins', () => {
    expect(cap(['Free', '0', 'sats'], [['shipping', 'Added Cost', '7', 'SAT'], ['shipping', 'Added Cost', 'x', 'sats']]).nip99?.ownShipping).toEqual({ type: 'Added Cost', cost: { currency: 'SAT', minor: 7_000 } })
  })
})
