import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { holdBack } from '../../../src/pages/shopper/market/held-list'
import { toSeconds } from '../../../src/domain/brand'
import { createHub } from '../../support/memory-hub'
import { candle, candles, holder, linkOf, openShop, sheet, soldOut, type Shop } from './stage'

let shop: Shop
const find = (name: string) => shop.wrapper.find(`[data-test=${name}]`)
const cards = (): readonly string[] => shop.wrapper.findAll('[data-test=product-card] h2').map(card => card.text())
const settle = async (): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve, 300))
  await flushPromises()
}

describe('the market', () => {
  afterEach(() => shop.close())

  test('shows name, price in both units, stall and stock of each product', async () => {
    shop = await openShop()
    expect(cards()).toHaveLength(4)
    const card = shop.wrapper.findAll('[data-test=product-card]').find(one => one.text().includes('Beeswax candle'))
    expect(card?.text()).toMatch(/12\.50/)
    await vi.waitFor(() => expect(card?.text()).toContain('15,625 sat'))
    expect(card?.text()).toContain('Slow Light')
    expect(shop.wrapper.findAll('[data-test=product-card]').find(one => one.text().includes('Tea light'))?.text()).toContain('Sold out')
  })

  test('a search stands in the address and as a chip that takes it back', async () => {
    shop = await openShop()
    await find('search').setValue('brass')
    await settle()
    expect(cards()).toEqual(['Brass holder'])
    expect(shop.router.currentRoute.value.query).toEqual({ q: 'brass' })
    await find('active-filter').trigger('click')
    await settle()
    expect(cards()).toHaveLength(4)
  })

  test('filters of a link are in force', async () => {
    shop = await openShop({ path: `/?category=Candles&stock=in&stall=${linkOf(candles.address)}` })
    await settle()
    expect(cards()).toEqual(['Beeswax candle'])
    expect(shop.wrapper.findAll('[data-test=active-filter]')).toHaveLength(3)
  })

  test('nothing found: says which filter to drop, and one click brings goods back', async () => {
    shop = await openShop({ path: '/?q=brass&category=Candles' })
    await settle()
    expect(find('no-matches').text()).toContain('Without Candles: 1 product')
    await shop.wrapper.findAll('[data-test=drop]').find(one => one.text().includes('Candles'))?.trigger('click')
    await settle()
    expect(cards()).toEqual(['Brass holder'])
  })

  test('categories carry how many there are', async () => {
    shop = await openShop()
    expect(shop.wrapper.findAll('[data-test=category]').map(chip => chip.text())).toEqual(['Candles 2', 'Files 1', 'Home 1'])
  })

  test('no relay and no goods: says so, and offers to try again', async () => {
    const hub = createHub()
    hub.setOpen(false)
    shop = await openShop({ hub, products: [] })
    expect(shop.wrapper.text()).toContain('The market cannot be reached')
  })
})

describe('whoever reads further down', () => {
  test('keeps everything where it is: newer goods wait, older ones come at the end, new versions take their place', () => {
    const cheaper = { ...holder, price: { currency: 'EUR', minor: 100 }, publishedAt: toSeconds(holder.publishedAt + 1) }
    const held = holdBack([candle, holder], [soldOut, candle, cheaper, sheet])
    expect(held.shown).toEqual([candle, cheaper, sheet])
    expect(held.waiting).toBe(1)
  })
})
