/** The shop's pages on real stores, over a device, a relay and rates in memory. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { Quasar, QLayout, QPage, QPageContainer } from 'quasar'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { quasarOptions } from '../../../src/app/quasar'
import { toSeconds, type Address } from '../../../src/domain/brand'
import { toNaddr } from '../../../src/domain/catalog/naddr'
import type { Product, ShippingZone, Stall } from '../../../src/domain/catalog/types'
import { ok } from '../../../src/domain/result'
import CartPage from '../../../src/pages/shopper/CartPage.vue'
import CheckoutPage from '../../../src/pages/shopper/CheckoutPage.vue'
import MarketPage from '../../../src/pages/shopper/MarketPage.vue'
import ProductPage from '../../../src/pages/shopper/ProductPage.vue'
import StallPage from '../../../src/pages/shopper/StallPage.vue'
import type { CatalogBatch } from '../../../src/ports/catalog-feed'
import { useAccountStore } from '../../../src/stores/account'
import { useCartStore } from '../../../src/stores/cart'
import { useCatalogStore } from '../../../src/stores/catalog'
import { servicesKey, useServices } from '../../../src/stores/services'
import { createHub, type Hub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { product, stall } from '../../support/shelf'
import type { Rates } from '../../../src/ports/rates'
import { systemClock } from '../../../src/nostr/system-clock'

const eur = (minor: number) => ({ currency: 'EUR', minor })
const zone = (id: string, name: string, cost: number, countries: readonly string[]): ShippingZone => ({ id, name, cost: eur(cost), countries })

/** Candles in euro: two deliveries, one of them dearer per piece. Files: one digital delivery. */
export const candles: Stall = { ...stall('candles', 'EUR', []), name: 'Slow Light', zones: [zone('at', 'Austria', 590, ['Austria']), zone('eu', 'Europe', 990, ['Germany', 'France'])] }
export const files: Stall = { ...stall('files', 'EUR', []), name: 'Ink & Reed', zones: [zone('mail', 'Digital download', 0, [])] }
export const candle = product('candle', { stall: 'candles', currency: 'EUR', minor: 1250, name: 'Beeswax candle', stock: 5, categories: ['Candles'], zoneExtras: new Map([['eu', eur(150)]]) })
export const holder = product('holder', { stall: 'candles', currency: 'EUR', minor: 3000, name: 'Brass holder', stock: null, categories: ['Home'] })
export const soldOut = product('gone', { stall: 'candles', currency: 'EUR', minor: 900, name: 'Tea light', stock: 0, categories: ['Candles'] })
export const sheet = product('sheet', { stall: 'files', currency: 'EUR', minor: 400, name: 'Pattern sheet', stock: null, categories: ['Files'] })

export const linkOf = (address: Address): string => toNaddr(address)

const widths = (): void => {
  // happy-dom lays nothing out; a grid of width 0 shows nothing.
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 900 })
}

export interface Shop {
  readonly wrapper: VueWrapper
  readonly router: Router
  readonly hub: Hub
  readonly device: Device
  readonly cart: ReturnType<typeof useCartStore>
  readonly catalog: ReturnType<typeof useCatalogStore>
  /** A newer version of a listing arrives. */
  arrive(change: Partial<CatalogBatch>): Promise<void>
  go(path: string): Promise<void>
  close(): void
}

const usualRates: Rates = { rate: async currency => ok({ currency, btcPrice: '80000', source: 'median of 3', at: toSeconds(Math.floor(Date.now() / 1000)) }) }

export async function openShop({ path = '/', device = newDevice(), hub = createHub(), products = [candle, holder, soldOut, sheet], stalls = [candles, files], rates = usualRates }: { readonly path?: string, readonly device?: Device, readonly hub?: Hub, readonly products?: readonly Product[], readonly stalls?: readonly Stall[], readonly rates?: Rates } = {}): Promise<Shop> {
  widths()
  const shelf = { products, stalls }
  const services = memoryServices({ clock: systemClock, hub, device, shelf, rates })
  const blank = defineComponent({ render: () => h(QPage, () => 'elsewhere') })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: MarketPage }, { path: '/p/:naddr', component: ProductPage }, { path: '/s/:naddr', component: StallPage }, { path: '/cart', component: CartPage },
      { path: '/checkout/:naddr', component: CheckoutPage }, { path: '/:rest(.*)*', component: blank },
    ],
  })
  let cart: ReturnType<typeof useCartStore> | undefined
  let catalog: ReturnType<typeof useCatalogStore> | undefined
  const life = new AbortController()
  const App = defineComponent({
    setup() {
      void useAccountStore().resume()
      cart = useCartStore()
      catalog = useCatalogStore()
      const feed = useServices().catalog
      feed.open({ relays: [], signal: life.signal, onBatch: catalog.absorb, onProgress: catalog.setProgress })
      return () => h(QLayout, () => h(QPageContainer, { id: 'content' }, () => h(RouterView)))
    },
  })
  await router.push(path)
  const wrapper = mount(App, { attachTo: document.body, global: { plugins: [createPinia(), router, [Quasar, quasarOptions]], provide: { [servicesKey as symbol]: services } } })
  await flushPromises()
  if (cart === undefined || catalog === undefined)
    throw new TypeError('not mounted')
  return {
    wrapper, router, hub, device, cart, catalog,
    async arrive(change) {
      services.feed(change)
      await new Promise(resolve => setTimeout(resolve, 200))
      await flushPromises()
    },
    async go(to) {
      await router.push(to)
      await flushPromises()
    },
    close() {
      life.abort()
      wrapper.unmount()
    },
  }
}
