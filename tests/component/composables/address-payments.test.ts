import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, expect, test } from 'vitest'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { usePayment } from '../../../src/composables/usePayment'
import { toMsat, type Hex32, type OrderKey } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { factId, localFact } from '../../../src/flows/local-fact'
import { systemClock } from '../../../src/nostr/system-clock'
import type { PayAddress } from '../../../src/ports/pay-address'
import { useAccountStore } from '../../../src/stores/account'
import { useOrdersStore } from '../../../src/stores/orders'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { listed, productOfMerchant, pubkeyOf, satStall, secrets } from '../../support/flow-people'
import { orderAsGuest } from '../../support/guest-order'
import { createHub } from '../../support/memory-hub'
import { memoryServices, newDevice } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'

const { product: soap } = listed({ ...productOfMerchant('soap', { stock: 4 }), publishedAt: Math.floor(Date.now() / 1000) - 3_600 as Product['publishedAt'] })
const shelf = { products: [soap], stalls: [satStall] }
const pages: Page[] = []
afterEach(() => {
  pages.forEach(page => page.close())
  pages.length = 0
})

test('T8, T9: what an address only says was paid is told to the merchant by itself, and no device of the shopper\'s offers to pay it again', async () => {
  const [hub, ledger] = [createHub(), new LedgerBackend(() => systemClock.now())]
  /** Says that it is settled, and shows nothing. */
  const payAddress: PayAddress = { invoice: () => Promise.reject(new TypeError('not asked for')), verify: async () => ({ status: 'settled', preimage: null }) }
  const silent: PayAddress = { ...payAddress, verify: async () => ({ status: 'unknown', reason: 'no answer' }) }
  const open = async (address: PayAddress): Promise<Page> => {
    const page = openPage(memoryServices({ clock: systemClock, hub, ledger, device: newDevice(), shelf, payAddress: address }))
    page.run(useCatalogFeed)
    pages.push(page)
    await page.use(useAccountStore).keepKey(nsecEncode(secrets.shopper), 'correct horse', 'Sam', true)
    return page
  }
  const orderOn = (page: Page, key: OrderKey) => page.use(useOrdersStore).get(key)

  const shop = await open(payAddress)
  const key = await orderAsGuest(shop, soap, satStall)
  const { bolt11, paymentHash } = await ledger.invoice(10_000_000, 'the shop', 600)
  const hash = paymentHash as Hex32
  const fact = localFact({ id: factId('self-made', key, hash), me: pubkeyOf('shopper'), order: key, at: systemClock.now() }, { type: 'self-made', paymentHash: hash, bolt11, msat: toMsat(10_000_000), address: 'ann@wool.example', host: 'wool.example', verify: 'https://wool.example/verify/1' })
  await shop.use(useAccountStore).journal?.append(fact, [])
  const receipts = async () => {
    const kept = await shop.use(useAccountStore).journal?.messagesOf(key)
    return kept?.ok ? kept.value.filter(({ type }) => type === 'receipt') : []
  }
  await soon(() => orderOn(shop, key)?.payment === 'claimed', 'the address\'s word', 15_000)
  await soon(() => orderOn(shop, key)?.messageCount === 2, 'the receipt', 15_000)
  expect(await receipts()).toMatchObject([{ preimage: '', invoice: bolt11 }])

  const other = await open(silent)
  other.run(runSession)
  await soon(() => orderOn(other, key)?.payments.some(({ by, paymentHash }) => by === 'own-wallet' && paymentHash === hash), 'the same on another device', 15_000)
  expect(other.run(() => usePayment(key)).value.state.value).toMatchObject({ type: 'paid', strength: 'claimed' })
}, 60_000)
