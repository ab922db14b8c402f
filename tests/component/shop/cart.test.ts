import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { candle, candles, files, holder, linkOf, openShop, sheet, soldOut, type Shop } from './stage'

let shop: Shop
afterEach(() => shop.close())
const text = (selector: string): string => shop.wrapper.find(selector).text()
const newer = <T extends { readonly publishedAt: number }>(listing: T, change: Partial<T>): T => ({ ...listing, ...change, publishedAt: toSeconds(listing.publishedAt + 60) })

describe('a product', () => {
  test('is added with one tap: the page names the stall, offers the cart, and stays', async () => {
    shop = await openShop({ path: `/p/${linkOf(candle.address)}` })
    await shop.wrapper.find('[data-test=add-to-cart]').trigger('click')
    expect(text('[data-test=added]')).toContain('Slow Light')
    expect(text('[data-test=added]')).toContain('View cart')
    expect(shop.router.currentRoute.value.path).toContain('/p/')
    expect(shop.cart.count).toBe(1)
  })

  test('never goes beyond the stock, however often it is tapped', async () => {
    shop = await openShop({ path: `/p/${linkOf(candle.address)}` })
    for (let tap = 0; tap < 9; tap++)
      await shop.wrapper.find('[data-test=add-to-cart]').trigger('click')
    expect(shop.cart.count).toBe(5)
    expect(shop.wrapper.find('[data-test=add-to-cart]').attributes()).toHaveProperty('disabled')
  })

  test('that is sold out has no way into the cart, also when it sells out while somebody looks', async () => {
    shop = await openShop({ path: `/p/${linkOf(soldOut.address)}` })
    expect(text('[data-test=stock]')).toContain('Sold out')
    expect(shop.wrapper.find('[data-test=add-to-cart]').exists()).toBe(false)
    await shop.go(`/p/${linkOf(candle.address)}`)
    expect(shop.wrapper.find('[data-test=add-to-cart]').exists()).toBe(true)
    await shop.arrive({ products: [newer(candle, { stock: 0 })] })
    expect(shop.wrapper.find('[data-test=add-to-cart]').exists()).toBe(false)
  })

  test('says where it goes, for how much, and who sells it', async () => {
    shop = await openShop({ path: `/p/${linkOf(candle.address)}` })
    expect(text('[data-test=delivery]')).toContain('Austria, Germany, France')
    expect(text('[data-test=delivery]')).toMatch(/5\.90.*11\.40/)
    expect(text('[data-test=stall-card]')).toContain('Slow Light')
  })

  test('T18: whatever stands in a listing is shown as text', async () => {
    const evil = newer(candle, { name: '<img src=x onerror="window.bad=1">\u202Eevil', description: '<script>window.bad=1</script>' })
    shop = await openShop({ path: `/p/${linkOf(candle.address)}`, products: [evil] })
    expect(shop.wrapper.find('img[src="x"]').exists()).toBe(false)
    expect(shop.wrapper.find('h1').text()).toBe('<img src=x onerror="window.bad=1">evil')
    expect(shop.wrapper.find('script').exists()).toBe(false)
  })
})

describe('the cart', () => {
  async function filled(): Promise<void> {
    shop = await openShop({ path: '/cart' })
    shop.cart.add(candle, candles, 2)
    shop.cart.add(holder, candles, 1)
    shop.cart.add(sheet, files, 1)
    await flushPromises()
  }

  test('is one order per stall, each with its own total and checkout', async () => {
    await filled()
    const groups = shop.wrapper.findAll('[data-test=cart-group]')
    expect(groups).toHaveLength(2)
    // 2 × 12.50 + 30.00; cheapest delivery 5.90.
    expect(groups[0]?.find('[data-test=cart-totals]').text()).toMatch(/55\.00.*5\.90.*60\.90/)
    // A digital delivery costs nothing.
    expect(groups[1]?.find('[data-test=cart-totals]').text()).toMatch(/4\.00.*free.*4\.00/)
    expect(groups.map(group => group.find('[data-test=checkout]').attributes('href'))).toEqual([`/checkout/${linkOf(candles.address)}`, `/checkout/${linkOf(files.address)}`].map(path => expect.stringContaining(path.slice(0, 40))))
    expect(text('[data-test=separate]')).toContain('its own order')
  })

  test('stops at the stock', async () => {
    await filled()
    const more = shop.wrapper.find('[data-test=cart-line] [data-test=more]')
    for (let tap = 0; tap < 9; tap++)
      await more.trigger('click')
    expect(shop.cart.carts[0]?.lines[0]?.quantity).toBe(5)
    expect(more.attributes()).toHaveProperty('disabled')
  })

  test('a removed line comes back with undo', async () => {
    await filled()
    await shop.wrapper.find('[data-test=remove]').trigger('click')
    expect(shop.wrapper.findAll('[data-test=cart-line]')).toHaveLength(2)
    const undo = () => [...document.querySelectorAll<HTMLElement>('.q-notification .q-btn')].find(button => button.textContent?.trim() === 'Undo')
    await vi.waitFor(() => expect(undo()).toBeDefined())
    undo()?.click()
    await vi.waitFor(() => expect(shop.wrapper.findAll('[data-test=cart-line]')).toHaveLength(3))
    expect(shop.cart.carts[0]?.lines[0]?.quantity).toBe(2)
  })

  test('says old and new when a price changed, and lets nobody check out before that is seen', async () => {
    await filled()
    await shop.arrive({ products: [newer(candle, { price: { currency: 'EUR', minor: 1400 } })] })
    const group = shop.wrapper.find('[data-test=cart-group]')
    expect(group.find('[data-test=change]').text()).toMatch(/12\.50 → .*14\.00/)
    expect(group.find('[data-test=checkout]').exists()).toBe(false)
    await group.find('[data-test=accept]').trigger('click')
    expect(group.find('[data-test=change]').exists()).toBe(false)
    expect(group.find('[data-test=cart-totals]').text()).toContain('58.00')
    expect(group.find('[data-test=checkout]').exists()).toBe(true)
  })

  test('says how many are left, and what is gone', async () => {
    await filled()
    await shop.arrive({ products: [newer(candle, { stock: 1 })], gone: [holder.address] })
    expect(shop.wrapper.findAll('[data-test=change]').map(change => change.text())).toEqual(['Only 1 left, you have 2', 'No longer for sale'])
  })

  test('outlives a reload', async () => {
    await filled()
    const { device } = shop
    shop.close()
    shop = await openShop({ path: '/cart', device })
    expect(shop.wrapper.findAll('[data-test=cart-line]')).toHaveLength(3)
  })
})
