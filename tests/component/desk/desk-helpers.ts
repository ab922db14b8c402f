/** A merchant's page whose catalogue is in the test's hands, and a shopper without a page. */
import { nsecEncode } from 'nostr-tools/nip19'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import type { OrderKey } from '../../../src/domain/brand'
import type { Product, Stall } from '../../../src/domain/catalog/types'
import type { Order } from '../../../src/domain/order/types'
import { placeOrder } from '../../../src/flows/placeOrder'
import { systemClock } from '../../../src/nostr/system-clock'
import type { CatalogProgress } from '../../../src/ports/catalog-feed'
import type { Services } from '../../../src/ports/services'
import { useAccountStore } from '../../../src/stores/account'
import { useInboxStore } from '../../../src/stores/inbox'
import { useOrdersStore } from '../../../src/stores/orders'
import { useSettingsStore } from '../../../src/stores/settings'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { checkoutOf, flowPerson, productOfMerchant, satStall, secrets, shelfWith } from '../../support/flow-people'
import { HUB, type Hub } from '../../support/memory-hub'
import { memoryServices } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'
import { relayUrl } from '../../support/signed'

export const AWAY = relayUrl('wss://away.example')
export const WALLET = { kind: 'nwc', uri: 'unused: the ledger stands for it' } as const
export const soapAt = (secondsAgo: number, fields: Parameters<typeof productOfMerchant>[1] = {}): Product =>
  ({ ...productOfMerchant('soap', { stock: 4, ...fields }), publishedAt: systemClock.now() - secondsAgo as Product['publishedAt'] })

export interface DeskPage {
  readonly page: Page
  readonly ledger: LedgerBackend
  /** What the market brings, as seen on that relay. */
  bring(products: readonly Product[], stalls?: readonly Stall[]): void
  progress(next: Pick<CatalogProgress, 'phase' | 'complete'>): void
  order(key: OrderKey): Order | undefined
}

export interface DeskOptions {
  readonly hub: Hub
  readonly relays?: Services['config']['relays']
  readonly autoInvoice?: boolean
  readonly change?: (services: Services) => Partial<Services>
}

export async function openDesk({ hub, relays = [HUB], autoInvoice = true, change = () => ({}) }: DeskOptions): Promise<DeskPage> {
  const ledger = new LedgerBackend(() => systemClock.now())
  let feed: Parameters<Services['catalog']['open']>[0] | undefined
  const memory = memoryServices({ clock: systemClock, hub, ledger })
  const services: Services = { ...memory, config: { ...memory.config, relays }, catalog: { open: (options) => { feed = options } } }
  const page = openPage({ ...services, ...change(services) })
  page.run(useCatalogFeed)
  await page.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  const settings = page.use(useSettingsStore)
  await settings.setMerchantWallet(WALLET)
  settings.autoInvoice = autoInvoice
  page.run(runSession)
  await soon(() => page.use(useInboxStore).progress.caughtUp && page.use(useOrdersStore).loaded, 'the inbox')
  return {
    page,
    ledger,
    bring: (products, stalls = [satStall]) => feed?.onBatch({ products, stalls, profiles: [], reviews: [], paymentDetails: [], gone: [], seen: [...products, ...stalls].map(({ address }) => ({ address, relays: [HUB] })), from: 'relay' }),
    progress: next => feed?.onProgress?.({ received: 0, refused: 0, ...next }),
    order: key => page.use(useOrdersStore).get(key),
  }
}

/** An order of one piece, which is at the relay afterwards. */
export async function placeAt(hub: Hub, product: Product, orderId: string): Promise<OrderKey> {
  const shopper = flowPerson('shopper', hub, systemClock)
  const placed = await placeOrder(shopper.deps, checkoutOf(shelfWith(product), product, { orderId }))
  if (!placed.ok)
    throw new Error(placed.error.code)
  await shopper.post()
  return placed.value
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
