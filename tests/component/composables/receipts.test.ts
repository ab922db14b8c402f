import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, expect, test, vi } from 'vitest'
import type { OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { usePayment } from '../../../src/composables/usePayment'
import { systemClock } from '../../../src/nostr/system-clock'
import type { Services } from '../../../src/ports/services'
import { useAccountStore } from '../../../src/stores/account'
import { useOrdersStore } from '../../../src/stores/orders'
import { useSettingsStore } from '../../../src/stores/settings'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { orderAsGuest as placeAsGuest } from '../../support/guest-order'
import { listed, productOfMerchant, satStall, secrets } from '../../support/flow-people'
import { createHub } from '../../support/memory-hub'
import { memoryServices, newDevice } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'

const now = Math.floor(Date.now() / 1000)
const { product: soap } = listed({ ...productOfMerchant('soap', { stock: 4 }), publishedAt: now - 3_600 as Product['publishedAt'] })
const shelf = { products: [soap], stalls: [satStall] }
const WALLET = { kind: 'nwc', uri: 'unused: the ledger stands for it' } as const
const PURSE = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'c'.repeat(64)}`
const hub = createHub()
const ledger = new LedgerBackend(() => systemClock.now())
const pages: Page[] = []
afterEach(() => pages.forEach(page => page.close()))

function open(services: Services): Page {
  const page = openPage(services)
  page.run(useCatalogFeed)
  pages.push(page)
  return page
}
const orderOn = (page: Page, key: OrderKey) => page.use(useOrdersStore).get(key)

const orderAsGuest = (page: Page): Promise<OrderKey> => placeAsGuest(page, soap, satStall)

test('T8: the shopper\'s receipt is sent once, and makes the desk ask its wallet at once where that pushes nothing', async () => {
  // In a hidden page an open invoice is looked up once a minute.
  const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  try {
    const services = memoryServices({ clock: systemClock, hub, ledger, device: newDevice(), shelf })
    let looks = 0
    const desk = open({ ...services, openInvoiceSource: () => {
      const source = services.openInvoiceSource(WALLET)
      return { ...source, subscribe: () => () => undefined, lookup: async (hash) => {
        looks += 1
        return source.lookup(hash)
      } }
    } })
    await desk.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
    await desk.use(useSettingsStore).setMerchantWallet(WALLET)
    desk.use(useSettingsStore).autoInvoice = true
    desk.run(runSession)
    const shop = open(memoryServices({ clock: systemClock, hub, ledger, device: newDevice(), shelf }))
    const key = await orderAsGuest(shop)
    await shop.use(useSettingsStore).setShopperWallet(PURSE)
    const payment = shop.run(() => usePayment(key)).value
    await soon(() => payment.state.value.type === 'ready' && looks === 1, 'an invoice, looked up once')
    await payment.pay()
    await soon(() => orderOn(desk, key)?.payments.some(({ by }) => by === 'own-wallet'), 'the wallet\'s word at the desk')
    expect(orderOn(shop, key)?.payment).toBe('proved')
    const kept = await shop.use(useAccountStore).journal?.messagesOf(key)
    expect(kept?.ok && kept.value.filter(({ type }) => type === 'receipt')).toHaveLength(1)
  }
  finally {
    hidden.mockRestore()
  }
}, 20_000)
