import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { implicitStall } from '../../../src/domain/catalog/implicit-stall'
import type { Product, Stall } from '../../../src/domain/catalog/types'
import { newDevice } from '../../support/memory-services'
import { gammaProduct, optionRef, shippingOption } from '../../support/gamma-listings'
import { people } from '../../support/order-messages'
import { linkOf, openShop, type Shop } from './stage'

const post = shippingOption('post', ['5', 'EUR'], [['service', 'standard']], { n: 50 })
const way = ['shipping_option', optionRef('post')] as const
const seat = gammaProduct('seat', [['title', 'Saddle'], ['price', '80', 'EUR'], ['type', 'variable', 'physical'], ['image', 'https://p.example/seat.png'], way], { n: 60 })
const made = (id: string, colour: string, width: string, price: string, stock: string, n: number): Product =>
  gammaProduct(id, [['title', `Saddle ${colour}`], ['price', price, 'EUR'], ['type', 'variation', 'physical'], ['a', seat.address], ['spec', 'Colour', colour], ['spec', 'Width', width], ['stock', stock], ['image', `https://p.example/${id}.png`], way], { n })
const honeyNarrow = made('honey-narrow', 'Honey', 'Narrow', '80', '5', 61)
const honeyWide = made('honey-wide', 'Honey', 'Wide', '94', '2', 62)
const nightNarrow = made('night-narrow', 'Night', 'Narrow', '89', '3', 63)
const nightWide = made('night-wide', 'Night', 'Wide', '99', '0', 64)
const saddles = [seat, honeyNarrow, honeyWide, nightNarrow, nightWide]
const shirt = gammaProduct('shirt', [['title', 'Shirt'], ['price', '20', 'EUR'], ['type', 'simple', 'physical'], ['quantity', '4'], ['size', 'S', '0'], ['size', 'M', '3'], ['size', 'L', '3'], way], { n: 70 })

function stallWith(products: readonly Product[]): Stall {
  const stall = implicitStall({ author: people.merchant, profile: { name: 'Clay & Co', about: '' }, shop: null, shippingOptions: [post], collections: [], products })
  if (stall === null)
    throw new TypeError('no stall')
  return stall
}

let shop: Shop
let device = newDevice()
beforeEach(() => { device = newDevice() })
afterEach(() => shop.close())
const find = (name: string) => shop.wrapper.find(`[data-test=${name}]`)
const all = (name: string) => shop.wrapper.findAll(`[data-test=${name}]`)
const open = async (products: readonly Product[], path: string): Promise<void> => {
  shop = await openShop({ products, stalls: [stallWith(products)], path, device })
}
const option = (name: string) => {
  const found = all('choice').find(one => one.find('.name').text() === name)
  if (found === undefined)
    throw new TypeError(`no ${name}`)
  return found
}
async function choose(name: string): Promise<void> {
  await option(name).find('input').trigger('change')
  await flushPromises()
}
async function add(): Promise<void> {
  await find('add-to-cart').trigger('click')
  await flushPromises()
}
const pageOf = (product: Product): string => `/p/${linkOf(product.address)}`
const firstPicture = (): string | undefined => shop.wrapper.find('.gallery img').attributes('src')

describe('variations of one product', () => {
  test('are one card in the market, at the least that they cost', async () => {
    await open(saddles, '/')
    expect(all('product-card')).toHaveLength(1)
    expect(find('product-card').text()).toMatch(/from .*80/)
    await shop.go(`/?stock=in`)
    expect(all('product-card')).toHaveLength(1)
    await shop.arrive({ products: [honeyNarrow, honeyWide, nightNarrow].map(one => ({ ...one, stock: 0 })) })
    expect(all('product-card')).toHaveLength(0)
    await shop.go('/')
    expect(find('product-card').text()).toContain('Sold out')
  })

  test('price, stock and picture follow the choice at once, and the address keeps it', async () => {
    await open(saddles, pageOf(seat))
    expect(all('choice-group').map(group => group.find('legend').text())).toEqual(['Colour', 'Width'])
    expect(find('price').text()).toMatch(/from .*80/)
    await choose('Honey')
    await choose('Wide')
    expect(find('price').text()).toContain('94')
    expect(find('stock').text()).toBe('2 in stock')
    expect(firstPicture()).toContain('honey-wide.png')
    const kept = shop.router.currentRoute.value.fullPath
    shop.close()
    await open(saddles, kept)
    expect(find('price').text()).toContain('94')
    expect((option('Wide').find('input').element as HTMLInputElement).checked).toBe(true)
  })

  test('what is sold out stays in its place, says so, and cannot be chosen; the first choice can always be changed', async () => {
    await open(saddles, pageOf(seat))
    await choose('Honey')
    await choose('Wide')
    await choose('Night')
    expect(option('Wide').text()).toContain('Sold out')
    expect(option('Wide').find('input').attributes('disabled')).toBeDefined()
    expect(find('stock').text()).toContain('Choose Width')
    await choose('Narrow')
    expect(find('stock').text()).toBe('3 in stock')
  })

  test('without a choice the button asks for it in words, marks what is missing, and adds nothing', async () => {
    await open(saddles, pageOf(seat))
    await add()
    expect(find('ask').text()).toBe('Please choose Colour and Width first.')
    expect(document.activeElement?.getAttribute('type')).toBe('radio')
    expect(shop.cart.count).toBe(0)
    await choose('Honey')
    await choose('Narrow')
    expect(find('ask').exists()).toBe(false)
    await add()
    expect(shop.cart.carts[0]?.lines).toMatchObject([{ product: honeyNarrow.address, quantity: 1 }])
  })

  test('a link to one of them opens the product with that choice; one that is gone is said', async () => {
    await open(saddles, pageOf(nightNarrow))
    expect(shop.wrapper.find('h1').text()).toBe('Saddle')
    expect(find('price').text()).toContain('89')
    await shop.arrive({ gone: [nightNarrow.address, nightWide.address] })
    expect(find('lost').text()).toContain('no longer offered')
    expect(find('add-to-cart').exists()).toBe(true)
    await add()
    expect(shop.cart.count).toBe(0)
  })

  test('stand for themselves as long as their product is not here', async () => {
    await open([honeyNarrow, nightNarrow], '/')
    expect(all('product-card')).toHaveLength(2)
  })
})

describe('sizes within one listing', () => {
  test('each is a line of the cart with its name, counted by its own stock and together by the product\'s', async () => {
    await open([shirt], pageOf(shirt))
    expect(option('S').text()).toContain('Sold out')
    await choose('M')
    await add()
    await add()
    await add()
    expect(shop.cart.count).toBe(3)
    await choose('L')
    await add()
    expect(shop.cart.count).toBe(4)
    // Three of L are there, but the shirt has only four in all.
    await add()
    expect(shop.cart.count).toBe(4)
    await shop.go('/cart')
    expect(all('line-choice').map(one => one.text())).toEqual(['size M', 'size L'])
    expect(all('cart-line').map(one => one.find('h3 a').attributes('href'))).toEqual([expect.stringContaining('size=M'), expect.stringContaining('size=L')])
  })

  test('the lines outlive a reload, can be removed one by one, and a size that is gone is said beside its line', async () => {
    await open([shirt], pageOf(shirt))
    await choose('M')
    await add()
    await choose('L')
    await add()
    shop.close()
    await open([shirt], '/cart')
    expect(all('line-choice').map(one => one.text())).toEqual(['size M', 'size L'])
    const withoutM = gammaProduct('shirt', [['title', 'Shirt'], ['price', '20', 'EUR'], ['type', 'simple', 'physical'], ['size', 'L', '3'], way], { n: 71 })
    await shop.arrive({ products: [withoutM] })
    expect(all('change').map(one => one.text())).toEqual(['No longer for sale'])
    await all('remove')[0]?.trigger('click')
    await flushPromises()
    expect(all('line-choice').map(one => one.text())).toEqual(['size L'])
    expect(find('checkout').exists()).toBe(true)
  })
})
