/** One page on real stores, over a device and a relay in memory. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, type Pinia } from 'pinia'
import { QLayout, QPageContainer, Quasar } from 'quasar'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { quasarOptions } from '../../../src/app/quasar'
import { systemClock } from '../../../src/nostr/system-clock'
import type { InvoiceSource } from '../../../src/ports/invoices'
import type { Services } from '../../../src/ports/services'
import { useAccountStore } from '../../../src/stores/account'
import { servicesKey } from '../../../src/stores/services'
import { useSettingsStore } from '../../../src/stores/settings'
import { createHub, type Hub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'

export interface Stage {
  readonly wrapper: VueWrapper
  readonly router: Router
  readonly device: Device
  /** For stores that the stage does not name. */
  readonly pinia: Pinia
  readonly account: ReturnType<typeof useAccountStore>
  readonly settings: ReturnType<typeof useSettingsStore>
  close(): void
}

export interface StageOptions {
  readonly sandbox?: boolean
  readonly device?: Device
  readonly hub?: Hub
  /** The page's route, where its path has parts that are read. */
  readonly route?: string
  readonly source?: Partial<InvoiceSource>
  readonly connectExtension?: NonNullable<Parameters<typeof memoryServices>[0]['connectExtension']>
  readonly personas?: NonNullable<Services['sandboxPersonas']>
  /** Before the page is mounted. */
  readonly before?: (stores: Pick<Stage, 'account' | 'settings'>) => Promise<unknown>
}

/** @param path where the page stands, with its query; everywhere else is a blank page. */
export async function openPage(page: Component, path: string, { sandbox = false, device = newDevice(), hub = createHub(), route, source, personas, connectExtension, before }: StageOptions = {}): Promise<Stage> {
  const memory = memoryServices({ clock: systemClock, hub, device, sandbox, ...connectExtension && { connectExtension } })
  const services: Services = {
    ...memory,
    openInvoiceSource: settings => ({ ...memory.openInvoiceSource(settings), ...source }),
    ...(personas !== undefined && { sandboxPersonas: personas }),
  }
  const blank = defineComponent({ render: () => h('p', 'elsewhere') })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: route ?? path.replace(/\?.*/, ''), component: page }, { path: '/:rest(.*)*', component: blank }] })
  let stores: Pick<Stage, 'account' | 'settings'> | undefined
  const App = defineComponent({
    setup() {
      stores = { account: useAccountStore(), settings: useSettingsStore() }
      return () => h(QLayout, () => h(QPageContainer, () => h(RouterView)))
    },
  })
  await router.push('/nowhere')
  const pinia = createPinia()
  const wrapper = mount(App, { attachTo: document.body, global: { plugins: [pinia, router, [Quasar, quasarOptions]], provide: { [servicesKey]: services } } })
  if (stores === undefined)
    throw new TypeError('not mounted')
  await stores.account.resume()
  await before?.(stores)
  await router.push(path)
  await settle()
  return { wrapper, router, device, pinia, ...stores, close: () => wrapper.unmount() }
}

/** Key stretching and sealing take a few turns of the event loop. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await flushPromises()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Everything that rests on the device, as one text. */
export function atRest(device: Device): string {
  return [device.store, device.tab].map(store => Array.from({ length: store.length }, (_, index) => `${store.key(index)}=${store.getItem(store.key(index) ?? '')}`).join('\n')).join('\n')
}
