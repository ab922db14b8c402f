import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { err, ok } from '../../../src/domain/result'
import { systemClock } from '../../../src/nostr/system-clock'
import { createHub } from '../../support/memory-hub'
import { candle, candles, files, holder, linkOf, openShop, sheet, type Shop } from './stage'

let shop: Shop
afterEach(() => shop.close())
const find = (name: string) => shop.wrapper.find(`[data-test=${name}]`)
const input = (field: string) => shop.wrapper.find(`#checkout-${field}`)
const path = (): string => shop.router.currentRoute.value.path

async function candlesOf(options: Parameters<typeof openShop>[0] = {}): Promise<void> {
  shop = await openShop({ path: '/cart', ...options })
  shop.cart.add(candle, candles, 2)
  shop.cart.add(holder, candles, 1)
  await shop.go(`/checkout/${linkOf(candles.address)}`)
}
async function choose(zone: number): Promise<void> {
  await shop.wrapper.findAll('[data-test=zone] input')[zone]?.setValue(true)
  await flushPromises()
}
async function place(): Promise<void> {
  await shop.wrapper.find('form').trigger('submit')
  await flushPromises()
}

describe('what it costs', () => {
  test('goods, shipping per piece and the parcel, and the sum in both units', async () => {
    await candlesOf()
    await choose(1)
    expect(shop.wrapper.findAll('[data-test=review-line]')[0]?.text()).toMatch(/2 × .*12\.50/)
    expect(shop.wrapper.find('[data-test=extra]').text()).toMatch(/1\.50 × 2/)
    // 2 × 12.50 + 30.00 = 55.00; 9.90 + 2 × 1.50 = 12.90
    expect(find('goods').text()).toContain('55.00')
    expect(find('shipping').text()).toContain('12.90')
    expect(find('total').text()).toContain('67.90')
    // 67.90 / 80,000 per bitcoin = 84,875 sat
    expect(find('total-sat').text()).toContain('84,875')
    expect(find('rate').text()).toContain('median of 3')
    expect(find('place-order').text()).toContain('67.90')
  })

  test('a rate that one source alone stands for says so, and still prices', async () => {
    await candlesOf({ rates: { rate: async currency => ok({ currency, btcPrice: '80000', source: 'yadio.io', at: systemClock.now(), doubt: 'one-source' }) } })
    await choose(1)
    expect(find('total-sat').text()).toContain('84,875')
    expect(find('rate').text()).toContain('yadio.io (one source only')
  })

  test('where sources disagree nothing is priced by them: an estimate, in so many words, and the order can be placed', async () => {
    await candlesOf({ rates: { rate: async currency => err({ code: 'no-rate', detail: 'sources-disagree', estimate: { currency, btcPrice: '80000', source: 'yadio.io, kraken.com', at: systemClock.now(), doubt: 'sources-disagree' } }) } })
    await choose(1)
    await vi.waitFor(() => expect(find('rates-disagree').text()).toMatch(/about 84,875 sat: only an estimate.*yadio\.io, kraken\.com/))
    expect(find('rate').exists()).toBe(false)
    expect(find('total-sat').exists()).toBe(false)
    expect(find('total').text()).toContain('67.90')
    expect(find('place-order').attributes('disabled')).toBeUndefined()
  })

  test('another delivery is another total, on the button too', async () => {
    await candlesOf()
    await choose(0)
    expect(find('place-order').text()).toContain('60.90')
    await choose(1)
    expect(find('place-order').text()).toContain('67.90')
  })

  test('is seen before anything personal is asked', async () => {
    await candlesOf()
    expect(find('total').text()).toContain('55.00')
    expect(find('totals').text()).toContain('Total without shipping')
  })
})

describe('deliver to', () => {
  test('a delivery that does not go there is disabled, with the reason; the one that does is chosen', async () => {
    await candlesOf()
    await find('country').setValue('Germany')
    await flushPromises()
    const [austria, europe] = shop.wrapper.findAll('[data-test=zone]')
    expect(austria?.find('input').attributes()).toHaveProperty('disabled')
    expect(austria?.text()).toContain('Does not go to Germany')
    expect(europe?.find<HTMLInputElement>('input').element.checked).toBe(true)
  })

  test('digital goods ask for no address and are ordered without one', async () => {
    shop = await openShop({ path: '/cart' })
    shop.cart.add(sheet, files, 1)
    await shop.go(`/checkout/${linkOf(files.address)}`)
    expect(input('address').exists()).toBe(false)
    expect(input('name').exists()).toBe(false)
    expect(find('no-address').exists()).toBe(true)
    await place()
    await vi.waitFor(() => expect(path()).toContain('/orders/'), 5_000)
  })

  test('a field says what is wrong once it was left, not before', async () => {
    await candlesOf()
    await input('email').setValue('nobody')
    expect(shop.wrapper.find('#checkout-email-error').exists()).toBe(false)
    await input('email').trigger('blur')
    expect(shop.wrapper.find('#checkout-email-error').text()).toContain('needs an @')
    expect(input('email').attributes('aria-describedby')).toContain('checkout-email-error')
    await input('email').setValue('somebody@example.org')
    expect(shop.wrapper.find('#checkout-email-error').exists()).toBe(false)
  })

  test('fields name what they are to the browser that fills them in', async () => {
    await candlesOf()
    expect(input('address').attributes('autocomplete')).toBe('shipping street-address')
    expect(input('email').attributes()).toMatchObject({ type: 'email', inputmode: 'email', autocomplete: 'email' })
    expect(input('phone').attributes()).toMatchObject({ type: 'tel', inputmode: 'tel', autocomplete: 'tel' })
  })
})

describe('placing', () => {
  async function complete(): Promise<void> {
    await choose(0)
    await input('name').setValue('Rosa Blum')
    await input('address').setValue('Gasse 1, 6020 Innsbruck')
  }

  test('without what is needed nothing is ordered: a summary takes the focus and what was typed stays', async () => {
    await candlesOf()
    await input('name').setValue('Rosa Blum')
    await place()
    const summary = find('error-summary')
    expect(summary.text()).toContain('2 things are missing')
    expect(summary.text()).toContain('Please choose a delivery.')
    expect(document.activeElement).toBe(summary.element)
    expect(input('name').element).toHaveProperty('value', 'Rosa Blum')
    expect(shop.cart.count).toBe(3)
    expect(path()).toContain('/checkout/')
  })

  test('a guest needs no account; the order page follows and the cart is empty', async () => {
    await candlesOf()
    expect(find('as-guest').exists()).toBe(true)
    expect(find('as-account').exists()).toBe(true)
    await complete()
    await place()
    await vi.waitFor(() => expect(path()).toContain('/orders/'), 5_000)
    expect(shop.cart.count).toBe(0)
    expect(shop.device.journals.size).toBe(1)
  })

  test('T1: pressed three times at once it is one order', async () => {
    await candlesOf()
    await complete()
    const form = shop.wrapper.find('form')
    await Promise.all([form.trigger('submit'), form.trigger('submit'), form.trigger('submit')])
    await vi.waitFor(() => expect(path()).toContain('/orders/'), 5_000)
    const [journal] = shop.device.journals.values()
    expect((await journal?.undelivered())?.filter(({ note }) => note !== true)).toHaveLength(1)
  })

  test('offline it says that the order will wait, and takes it', async () => {
    const hub = createHub()
    hub.setOpen(false)
    await candlesOf({ hub })
    expect(find('offline').text()).toContain('waits on this device')
    await complete()
    await place()
    await vi.waitFor(() => expect(path()).toContain('/orders/'), 5_000)
    const [journal] = shop.device.journals.values()
    expect((await journal?.undelivered())?.filter(({ note }) => note !== true)).toHaveLength(1)
  })

  test('what was typed outlives a reload', async () => {
    await candlesOf()
    await complete()
    const { device } = shop
    const at = path()
    // Sealing what was typed last takes a moment.
    await new Promise((resolve) => { setTimeout(resolve, 200) })
    shop.close()
    shop = await openShop({ path: at, device })
    await vi.waitFor(() => expect(input('address').element).toHaveProperty('value', 'Gasse 1, 6020 Innsbruck'))
    expect(find('place-order').text()).toContain('60.90')
  })

  test('a price that changes meanwhile stops the order, with the way to see it', async () => {
    await candlesOf()
    await complete()
    await shop.arrive({ products: [{ ...candle, price: { currency: 'EUR', minor: 9900 }, publishedAt: toSeconds(candle.publishedAt + 60) }] })
    expect(shop.wrapper.text()).toContain('Something changed since you added it')
    expect(find('place-order').attributes()).toHaveProperty('disabled')
    await place()
    expect(shop.device.journals.size).toBe(0)
    expect(shop.cart.count).toBe(3)
  })
})
