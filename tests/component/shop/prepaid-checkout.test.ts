import { afterEach, expect, test } from 'vitest'
import { toSeconds } from '../../../src/domain/brand'
import { implicitStall } from '../../../src/domain/catalog/implicit-stall'
import type { Profile } from '../../../src/domain/catalog/types'
import { gammaProduct, optionRef, shippingOption } from '../../support/gamma-listings'
import { people } from '../../support/order-messages'
import { linkOf, openShop, type Shop } from './stage'

const { merchant } = people
const post = shippingOption('post', ['5', 'EUR'], [['country', 'AT'], ['service', 'standard']], { n: 50 })
const bowl = gammaProduct('bowl', [['title', 'Bowl'], ['type', 'simple', 'physical'], ['shipping_option', optionRef('post')]], { n: 60 })
const profile = (lud16: string, paymentPreference: Profile['paymentPreference'] = 'lud16'): Profile =>
  ({ pubkey: merchant, name: 'Clay & Co', about: '', picture: '', nip05: '', lud16, paymentPreference, at: toSeconds(1_793_610_000) })

let shop: Shop
afterEach(() => shop.close())
const how = () => shop.wrapper.find('[data-test=pay-how]').text()

test('checkout says before placing who is paid at once, by which address, and that nothing is paid before the order', async () => {
  const stall = implicitStall({ author: merchant, profile: { name: 'Clay & Co', about: '' }, shop: null, shippingOptions: [post], collections: [], products: [bowl] })
  if (stall === null)
    throw new TypeError('no stall')
  shop = await openShop({ path: '/cart', products: [bowl], stalls: [stall] })
  shop.cart.add(bowl, stall, 1)
  await shop.go(`/checkout/${linkOf(stall.address)}`)
  expect(how()).toContain('The merchant sends an invoice')
  await shop.arrive({ profiles: [profile('clay@pots.example')] })
  expect(how()).toContain('Clay & Co sends no invoice')
  expect(how()).toContain('clay@pots.example')
  expect(how()).toContain('Nothing is paid before.')
  // An address alone promises nothing: this merchant asks.
  await shop.arrive({ profiles: [profile('clay@pots.example', 'manual')] })
  expect(how()).toContain('The merchant sends an invoice')
})
