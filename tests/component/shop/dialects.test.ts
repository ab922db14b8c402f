import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { implicitStall, stallAddressOf } from '../../../src/domain/catalog/implicit-stall'
import { resolveShipping } from '../../../src/domain/catalog/shipping'
import type { Collection, ShippingOption } from '../../../src/domain/catalog/nip99-types'
import type { Product, Stall } from '../../../src/domain/catalog/types'
import { kinds } from '../../../src/domain/protocol/event'
import { collection, eventOf, gammaProduct, listingOf, optionRef, shippingOption, type Made } from '../../support/gamma-listings'
import { people } from '../../support/order-messages'
import { product } from '../../support/shelf'
import { candle, candles, files, linkOf, openShop, type Shop } from './stage'

const { merchant, shopper } = people
const address = stallAddressOf(merchant)
let shop: Shop
afterEach(() => shop.close())
const find = (name: string) => shop.wrapper.find(`[data-test=${name}]`)
const all = (name: string) => shop.wrapper.findAll(`[data-test=${name}]`)
const cards = (): readonly string[] => shop.wrapper.findAll('[data-test=product-card] h2').map(card => card.text())

const post = shippingOption('post', ['5', 'EUR'], [['country', 'AT', 'DE'], ['service', 'standard']], { n: 50 })
const courier = shippingOption('courier', ['9', 'EUR'], [['country', 'DEU'], ['service', 'express'], ['price-weight', '2', 'kg']], { n: 51 })
const pickup = shippingOption('shop', ['0', 'EUR'], [['service', 'pickup'], ['pickup-address', 'Gasse 1, Innsbruck']], { n: 52 })
const physical = ['type', 'simple', 'physical'] as const
const by = (...ids: readonly string[]) => ids.map(id => ['shipping_option', optionRef(id)])
const bowl = gammaProduct('bowl', [['title', 'Bowl'], physical, ...by('post')], { n: 60 })
const vase = gammaProduct('vase', [['title', 'Vase'], physical, ...by('courier')], { n: 61 })

function stallWith(products: readonly Product[], shippingOptions: readonly ShippingOption[] = [post, courier, pickup], collections: readonly Collection[] = [], name = 'Clay & Co'): Stall {
  const stall = implicitStall({ author: merchant, profile: { name, about: '' }, shop: null, shippingOptions, collections, products })
  if (stall === null)
    throw new TypeError('no stall')
  return stall
}

async function open(products: readonly Product[], more: { readonly path?: string, readonly stalls?: readonly Stall[] } = {}): Promise<void> {
  shop = await openShop({ products, stalls: [stallWith(products)], ...more })
}
const look = (one: Product) => open([one], { path: `/p/${linkOf(one.address)}` })

describe('the market of both dialects', () => {
  test('shows NIP-99 goods with their merchant\'s name beside those of NIP-15', async () => {
    await open([bowl, candle], { stalls: [stallWith([bowl]), candles] })
    expect([...cards()].toSorted()).toEqual(['Beeswax candle', 'Bowl'])
    expect(all('product-card').find(card => card.text().includes('Bowl'))?.text()).toContain('Clay & Co')
  })

  test('a thing listed in both dialects is there once, and both of its links lead somewhere', async () => {
    const old = product('product-in-two-dialects', { stall: 'candles', currency: 'EUR', minor: 900, name: 'Bowl' })
    const twin = gammaProduct('product-in-two-dialects', [['title', 'Bowl'], physical, ...by('post')], { n: 62, at: old.publishedAt + 60 })
    await open([old, twin], { stalls: [stallWith([twin]), candles] })
    expect(cards()).toEqual(['Bowl'])
    expect(shop.catalog.twinOf(old.address)?.address).toBe(twin.address)
    for (const one of [old, twin]) {
      await shop.go(`/p/${linkOf(one.address)}`)
      expect(shop.wrapper.find('h1').text()).toBe('Bowl')
    }
    // When one is deleted the other stands for itself.
    await shop.arrive({ gone: [twin.address] })
    await shop.go('/')
    expect(cards()).toEqual(['Bowl'])
    expect(shop.catalog.twinOf(old.address)).toBeNull()
  })

  test('what runs out leaves by itself, and its twin takes its place', async () => {
    const soon = Math.floor(Date.now() / 1000) + 2
    const flower = gammaProduct('flower', [['title', 'Flower'], physical, ...by('post'), ['valid_until', String(soon)]], { n: 63 })
    const old = product('product-in-two-dialects', { stall: 'candles', currency: 'EUR', minor: 900, name: 'Jar' })
    const twin = gammaProduct('product-in-two-dialects', [['title', 'Jar'], physical, ...by('post'), ['valid_until', String(soon)], ['price', '7', 'EUR']], { n: 64, at: old.publishedAt + 60 })
    await open([bowl, flower, old, twin], { stalls: [stallWith([bowl, flower, twin]), candles] })
    expect([...cards()].toSorted()).toEqual(['Bowl', 'Flower', 'Jar'])
    await vi.waitFor(() => expect([...cards()].toSorted()).toEqual(['Bowl', 'Jar']), 5_000)
    expect(all('product-card').find(card => card.text().includes('Jar'))?.text()).toContain('9.00')
  })

  test('the stall of a merchant without one has a page, and a piece of the key for a name until there is one', async () => {
    await open([bowl, vase], { stalls: [stallWith([bowl, vase], [post], [], '')], path: `/s/${linkOf(address)}` })
    expect(shop.wrapper.find('h1').text()).toBe(`${merchant.slice(0, 8)}…`)
    expect([...cards()].toSorted()).toEqual(['Bowl', 'Vase'])
    await shop.arrive({ stalls: [stallWith([bowl, vase])] })
    expect(shop.wrapper.find('h1').text()).toBe('Clay & Co')
  })
})

describe('collections and twins', () => {
  test('a stall\'s collections narrow its goods, say what they are about, and stand in the address', async () => {
    const home = collection('home', [['a', bowl.address]], { n: 80, content: 'For the table.' })
    await open([bowl, vase], { stalls: [stallWith([bowl, vase], [post, courier], [home, collection('empty', [], { n: 81 })])], path: `/s/${linkOf(address)}` })
    expect(all('collection').map(one => one.text())).toEqual(['home 1'])
    await find('collection').trigger('click')
    await flushPromises()
    expect(cards()).toEqual(['Bowl'])
    expect(find('collection-about').text()).toBe('For the table.')
    expect(shop.router.currentRoute.value.query).toEqual({ collection: 'home' })
    await find('collection').trigger('click')
    await flushPromises()
    expect(cards()).toHaveLength(2)
  })

  test('the filter of a stall finds what its merchant\'s other dialect leads with', async () => {
    const old = product('product-in-two-dialects', { stall: 'candles', currency: 'EUR', minor: 900, name: 'Bowl' })
    const twin = gammaProduct('product-in-two-dialects', [['title', 'Bowl'], physical, ...by('post')], { n: 62, at: old.publishedAt + 60 })
    for (const stall of [candles.address, address]) {
      await open([old, twin], { stalls: [stallWith([twin]), candles], path: `/?stall=${linkOf(stall)}` })
      expect(cards()).toEqual(['Bowl'])
      shop.close()
    }
    await open([old], { stalls: [candles] })
  })
})

describe('a product\'s page', () => {
  test('shows what only NIP-99 says', async () => {
    await look(gammaProduct('all', [
      ['title', 'Honey'], physical, ...by('post', 'courier', 'shop'), ['summary', 'Dark and mild.'], ['price', '9', 'EUR', 'M'], ['visibility', 'pre-order'], ['spec', 'Bees', 'Carniolan'],
      ['weight', '500', 'g'], ['dim', '10x10x12', 'cm'], ['condition', 'New'], ['restrictions', 'Adults'], ['location', 'Tyrol'], ['required', 'Your allergies'],
    ], { n: 65, content: 'From the valley.' }))
    expect(find('summary').text()).toBe('Dark and mild.')
    expect(find('period').text()).toBe('per month')
    expect(find('pre-order').exists()).toBe(true)
    expect(find('facts').text()).toMatch(/Bees.*Carniolan.*Condition.*New.*Weight.*500 g.*10 × 10 × 12 cm.*Tyrol.*Adults.*Your allergies/)
    const delivery = find('delivery').text()
    expect(delivery).toContain('Austria, Germany')
    expect(delivery).toContain('from €9.00')
    expect(delivery).toContain('Pick up at Gasse 1, Innsbruck')
  })

  test('folds sensitive pictures and words away, on the card too, until somebody wants them', async () => {
    const nude = gammaProduct('nude', [['title', 'Drawing'], physical, ...by('post'), ['image', 'https://img.example/nude.png'], ['content-warning', 'nsfw']], { n: 66, content: 'Of a person.' })
    await look(nude)
    expect(shop.wrapper.find('img').exists()).toBe(false)
    expect(shop.wrapper.text()).not.toContain('Of a person.')
    await find('show-sensitive').trigger('click')
    expect(shop.wrapper.find('img').attributes('src')).toContain('nude.png')
    expect(shop.wrapper.text()).toContain('Of a person.')
    await shop.go('/')
    expect(shop.wrapper.find('img').exists()).toBe(false)
    expect(find('product-card').text()).toContain('Sensitive')
  })

  test('what comes in sizes is not sold before one is chosen, and says so', async () => {
    const shirt = gammaProduct('shirt', [['title', 'Shirt'], physical, ...by('post'), ['size', 'M', '3'], ['size', 'L', '1']], { n: 67 })
    await look(shirt)
    await find('add-to-cart').trigger('click')
    expect(find('ask').text()).toContain('choose Size')
    expect(shop.cart.count).toBe(0)
    expect(shop.cart.add(shirt, stallWith([shirt]), 1)).toMatchObject({ ok: false, error: { code: 'choice' } })
  })

  test('what cannot be sent yet has no way into the cart, and has one when its delivery comes', async () => {
    await open([bowl], { stalls: [stallWith([bowl], [])], path: `/p/${linkOf(bowl.address)}` })
    expect(find('add-to-cart').exists()).toBe(false)
    expect(find('delivery').text()).toContain('have not arrived')
    await shop.arrive({ stalls: [stallWith([bowl], [post])] })
    expect(find('add-to-cart').exists()).toBe(true)
    await shop.arrive({ stalls: [stallWith([bowl], [])] })
    expect(find('add-to-cart').exists()).toBe(false)
  })

  test('has the score of all its reviews, and says what they are worth', async () => {
    const review = (author: typeof shopper, thumb: string, made: Made, ...ratings: readonly (readonly string[])[]) => {
      const listing = listingOf(eventOf(kinds.review, [['d', `a:${bowl.address}`], ['rating', thumb, 'thumb'], ...ratings], { by: author, ...made }))
      if (listing.type !== 'review')
        throw new TypeError('no review')
      return listing.review
    }
    await look(bowl)
    expect(find('reviews').exists()).toBe(false)
    await shop.arrive({ reviews: [review(shopper, '1', { n: 70, content: 'Holds <b>soup</b>.' }, ['rating', '0.5', 'quality']), review('e'.repeat(64) as typeof shopper, '1', { n: 71 })] })
    // Half thumb, half mean: 0.75 and 1.
    expect(find('score').text()).toBe('88 % of 2 reviews')
    expect(find('reviews').text()).toContain('Holds <b>soup</b>.')
    expect(find('reviews').text()).toContain('none proves a purchase')
  })
})

describe('ordering from a merchant without a stall', () => {
  async function checkout(products: readonly Product[], quantity = 1): Promise<void> {
    await open(products, { path: '/cart' })
    products.forEach(one => shop.cart.add(one, stallWith(products), quantity))
    await flushPromises()
  }

  test('only deliveries that take all of the cart are offered, at what they cost', async () => {
    const both = gammaProduct('both', [['title', 'Cup'], physical, ['shipping_option', optionRef('post'), '2'], ...by('courier')], { n: 68 })
    await checkout([bowl, both], 2)
    // 4 × 9; the parcel 5 and 2 for each cup.
    expect(find('cart-totals').text()).toMatch(/36\.00.*9\.00.*45\.00/)
    await shop.go(`/checkout/${linkOf(address)}`)
    expect(all('zone').map(zone => zone.text())).toEqual([expect.stringMatching(/post.*Austria, Germany.*9\.00/)])
    expect(find('total').text()).toContain('45.00')
  })

  test('what no delivery takes together says so, and cannot be checked out', async () => {
    await checkout([bowl, vase])
    expect(find('apart').text()).toContain('one by one')
    expect(find('checkout').exists()).toBe(false)
    await shop.go(`/checkout/${linkOf(address)}`)
    expect(shop.wrapper.text()).toContain('These cannot be sent together')
    expect(find('place-order').attributes()).toHaveProperty('disabled')
  })

  test('goods of two programs that read no order together say so, and which are which; one kind alone can be ordered', async () => {
    const [file, plan] = [gammaProduct('file', [['title', 'Pattern']], { n: 69 }), gammaProduct('plan', [['title', 'Plan'], ['t', 'shopstr']], { n: 70 })]
    await checkout([file, plan])
    expect(find('read-apart').text()).toContain('ordered apart')
    await shop.go(`/checkout/${linkOf(address)}`)
    expect(find('blocked').text()).toMatch(/These must be ordered apart.*Together: Pattern.*Together: Plan/s)
    expect(find('place-order').attributes()).toHaveProperty('disabled')
    shop.cart.remove(address, plan.address)
    await flushPromises()
    expect(find('blocked').exists()).toBe(false)
    expect(find('place-order').attributes('disabled')).toBeUndefined()
  })

  test('a delivery that is too weak for the parcel is disabled, and says why', async () => {
    const letter = shippingOption('letter', ['2', 'EUR'], [['service', 'standard'], ['weight-max', '1', 'kg']], { n: 53 })
    const brick = gammaProduct('brick', [['title', 'Brick'], physical, ['weight', '700', 'g'], ...by('letter', 'post')], { n: 68 })
    await open([brick], { stalls: [stallWith([brick], [letter, post])], path: `/checkout/${linkOf(address)}` })
    shop.cart.add(brick, stallWith([brick], [letter, post]), 1)
    await flushPromises()
    expect(find('unfit').exists()).toBe(false)
    shop.cart.setQuantity(address, brick.address, 2)
    await flushPromises()
    expect(find('unfit').text()).toBe('These are too heavy for it')
    expect(all('zone').map(zone => zone.find('input').attributes('disabled') !== undefined)).toEqual([true, false])
    // The one that is left needs no choosing.
    expect(find('total').text()).toContain('23')
  })

  test('digital goods go along, and alone ask for no address', async () => {
    const file = gammaProduct('file', [['title', 'Pattern']], { n: 69 })
    await checkout([file, bowl])
    await shop.go(`/checkout/${linkOf(address)}`)
    expect(all('zone')).toHaveLength(1)
    expect(shop.wrapper.find('#checkout-address').exists()).toBe(true)
    shop.cart.remove(address, bowl.address)
    await flushPromises()
    expect(all('zone').map(zone => zone.text())).toEqual(['Nothing to sendfree'])
    expect(find('no-address').exists()).toBe(true)
  })

  test('a delivery that the merchant adds to is "from"', async () => {
    await checkout([vase])
    expect(find('cart-totals').text()).toContain('from')
    await shop.go(`/checkout/${linkOf(address)}`)
    expect(find('zone').text()).toContain('from €9.00')
    expect(find('at-least').exists()).toBe(true)
  })

  test('Shopstr\'s own delivery has a name of ours, and its cost is per piece', async () => {
    const soap = resolveShipping(gammaProduct('soap', [['title', 'Soap'], ['shipping', 'Added Cost', '3', 'EUR']], { n: 72 }))
    await checkout([soap], 2)
    await shop.go(`/checkout/${linkOf(address)}`)
    expect(find('zone').text()).toMatch(/^Delivery.*6\.00$/)
  })

  test('when the delivery is deleted meanwhile nothing is ordered without one', async () => {
    await checkout([bowl])
    await shop.go(`/checkout/${linkOf(address)}`)
    await shop.arrive({ stalls: [stallWith([bowl], [])] })
    expect(find('place-order').attributes()).toHaveProperty('disabled')
    expect(shop.device.journals.size).toBe(0)
  })
})

test('NIP-15 stalls and their goods are as they were', async () => {
  await open([candle, bowl], { stalls: [candles, files, stallWith([bowl])], path: `/s/${linkOf(candles.address)}` })
  expect(cards()).toEqual(['Beeswax candle'])
  expect(shop.wrapper.text()).toContain('Austria, Europe')
})
