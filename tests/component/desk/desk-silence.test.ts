import { nsecEncode } from 'nostr-tools/nip19'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runSession } from '../../../src/composables/session'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { useDeskPayment } from '../../../src/composables/useDeskPayment'
import { useMerchantOrder } from '../../../src/composables/useMerchantOrder'
import type { OrderKey, Seconds } from '../../../src/domain/brand'
import type { Product } from '../../../src/domain/catalog/types'
import { walletId, type WalletSettings } from '../../../src/domain/wallet/merchant-wallets'
import { systemClock } from '../../../src/nostr/system-clock'
import type { InvoiceSource } from '../../../src/ports/invoices'
import type { Services } from '../../../src/ports/services'
import type { Signer } from '../../../src/ports/signer'
import { useAccountStore } from '../../../src/stores/account'
import { useDeskHealthStore } from '../../../src/stores/desk-health'
import { useOrdersStore } from '../../../src/stores/orders'
import { useSettingsStore } from '../../../src/stores/settings'
import { LedgerBackend } from '../../../sandbox/lightning/ledger'
import { satStall, secrets } from '../../support/flow-people'
import { createHub, HUB, type Hub } from '../../support/memory-hub'
import { ledgerSource, memoryServices, newDevice, type Device } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'
import { pause, placeAt, soapAt, WALLET } from './desk-helpers'

const soap = soapAt(3_600, { stock: 40 })
const till: WalletSettings = { kind: 'lnbits', url: 'https://ln.example', invoiceKey: '1'.repeat(32) }

let hub: Hub
let device: Device
let ledger: LedgerBackend
let page: Page
/** Wallets that do not answer. */
let away: Set<string>
/** Invoices that no wallet remembers. */
let lost: Set<string>
let listeners: Set<Parameters<InvoiceSource['subscribe']>[0]>
let lookups: number
let signings: number
/** Whatever a person would have been asked for, but for reading. */
let asks: number
/** What the market lists. */
let listed: Product
let declines: boolean

/** As it comes from an extension, or from this page itself. */
function watched(signer: Signer, kind: Signer['kind']): Signer {
  const { sign, nip04Encrypt } = signer
  return Object.assign(signer, { kind, nip04Encrypt: (...what: Parameters<Signer['nip04Encrypt']>) => {
    asks += 1
    return nip04Encrypt.call(signer, ...what)
  }, sign: async (event: Parameters<Signer['sign']>[0]) => {
    asks += 1
    if (event.kind !== 4)
      return sign.call(signer, event)
    signings += 1
    return declines ? { ok: false, error: { code: 'declined' } } : sign.call(signer, event)
  } })
}

function services(kind: Signer['kind'] = 'local'): Services {
  const memory = memoryServices({ clock: systemClock, hub, ledger, device })
  const sources = new Map<string, InvoiceSource>()
  const open = (settings: WalletSettings): InvoiceSource => {
    const own = ledgerSource(ledger)
    const id = walletId(settings)
    return {
      ...own,
      kind: settings.kind,
      async lookup(hash) {
        lookups += 1
        return away.has(id) || lost.has(hash) ? { status: 'unknown', reason: 'away' } : own.lookup(hash)
      },
      subscribe(listener) {
        listeners.add(listener)
        return () => { listeners.delete(listener) }
      },
    }
  }
  return {
    ...memory,
    catalog: { open: ({ onBatch, onProgress }) => {
      onBatch({ products: [listed], stalls: [satStall], profiles: [], reviews: [], paymentDetails: [], gone: [], seen: [listed, satStall].map(({ address }) => ({ address, relays: [HUB] })), from: 'relay' })
      onProgress?.({ phase: 'live', received: 1, refused: 0, complete: [HUB] })
    } },
    openInvoiceSource: (settings) => {
      const source = sources.get(walletId(settings)) ?? open(settings)
      sources.set(walletId(settings), source)
      return source
    },
    accounts: { ...memory.accounts, resume: async () => {
      const account = await memory.accounts.resume()
      return account === null ? null : { ...account, signer: watched(account.signer, kind) }
    } },
  }
}

beforeEach(async () => {
  hub = createHub()
  device = newDevice()
  ledger = new LedgerBackend(() => systemClock.now())
  away = new Set()
  lost = new Set()
  listeners = new Set()
  lookups = signings = asks = 0
  listed = soap
  declines = false
  page = openPage(services())
  await page.use(useAccountStore).keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
  await page.use(useSettingsStore).setMerchantWallet(WALLET)
  page.use(useSettingsStore).autoInvoice = true
  await start()
})
afterEach(() => page.close())

async function start(): Promise<void> {
  page.run(useCatalogFeed)
  page.run(runSession)
  await soon(() => page.use(useOrdersStore).loaded, 'the orders')
}
/** The same tab, loaded anew. */
async function reload(kind: Signer['kind']): Promise<void> {
  page.close()
  page = openPage(services(kind))
  await page.use(useAccountStore).resume()
  await start()
}
const order = (key: OrderKey) => page.use(useOrdersStore).get(key)
async function asked(id: string) {
  const key = await placeAt(hub, soap, id)
  const issued = await soon(() => order(key)?.issued[0], `an invoice for ${id}`, 4_000)
  await soon(() => order(key)?.request, 'the request')
  const state = page.run(() => useDeskPayment(() => order(key) ?? (() => { throw new TypeError('no order') })())).value
  return { key, issued, type: () => state.value.type }
}
/** Everything that is open is looked up now. */
const look = (): void => [...listeners].forEach(listener => listener({ type: 'gap' }))

test('every order whose invoice was made by a wallet that does not answer says so, and all of them when it answers again', async () => {
  const old = [await asked('order-1'), await asked('order-2'), await asked('order-3')]
  await page.use(useSettingsStore).addWallet(till, 'Till')
  await page.use(useSettingsStore).chooseWallet(walletId(till))
  const other = await asked('order-4')
  expect(other.issued.wallet).toBe(walletId(till))
  away.add(walletId(WALLET))
  look()
  await soon(() => old.every(({ type }) => type() === 'could-not-check'), 'all of the silent wallet')
  await pause(100)
  expect(other.type()).toBe('waiting')
  away.clear()
  look()
  await soon(() => old.every(({ type }) => type() === 'waiting'), 'none')
}, 20_000)

test('one invoice that its wallet has lost is no silence of the wallet: only that order says so', async () => {
  const orders = [await asked('order-1'), await asked('order-2'), await asked('order-3')]
  const [first, ...others] = orders
  lost.add(first?.issued.paymentHash ?? '')
  look()
  await soon(() => first?.type() === 'could-not-check', 'the lost one')
  look()
  await pause(200)
  expect(others.map(({ type }) => type())).toEqual(['waiting', 'waiting'])
  expect(first?.type()).toBe('could-not-check')
}, 20_000)

test('T9: a page that loads asks no signer that asks a person, and finds what was paid all the same; it is told when somebody is there', async () => {
  const { key, issued } = await asked('order-1')
  page.close()
  await ledger.pay(issued.bolt11)
  await reload('nip07')
  await soon(() => order(key)?.payment === 'proved', 'the payment')
  await pause(400)
  expect([asks, order(key)?.payments.some(({ strength }) => strength === 'said')]).toEqual([0, false])
  // The wallet has answered: nothing is wrong with the desk.
  expect([page.use(useDeskHealthStore).lookingUp, page.use(useDeskHealthStore).silence.invoices.size]).toEqual([null, 0])
  page.use(useAccountStore).tapped()
  await soon(() => order(key)?.payments.some(({ strength }) => strength === 'said'), 'the word')
  expect(signings).toBe(1)
}, 20_000)

test.each(['taken', 'released'] as const)('T11: what is reserved is %s after a reload without a signature; the words go out when somebody is there', async (end) => {
  page.use(useSettingsStore).reserve = 'all'
  const { key, issued } = await asked('order-1')
  page.close()
  if (end === 'released')
    listed = { ...soap, stock: 0, publishedAt: soap.publishedAt + 60 as Seconds }
  let paid: Awaited<ReturnType<LedgerBackend['pay']>> | undefined
  void ledger.pay(issued.bolt11).then((result) => { paid = result })
  await reload('nip07')
  await soon(() => order(key)?.holds[0]?.state === end, end)
  await soon(() => paid, 'the end of it')
  await pause(400)
  expect([asks, paid?.paid]).toEqual([0, end === 'taken'])
  page.use(useAccountStore).tapped()
  await soon(() => end === 'taken' ? order(key)?.payments.some(({ strength }) => strength === 'said') : order(key)?.refusal, 'the words')
}, 20_000)

test('an old order that nobody asks about any more says that it expired, however silent its wallet is', async () => {
  const { key, type } = await asked('order-1')
  const DAYS = 61 * 24 * 3_600
  const old = page.run(() => useDeskPayment(() => {
    const young = order(key)
    if (young?.request === null || young?.request === undefined)
      throw new TypeError('no order')
    const before = <T extends { readonly expiresAt: Seconds | null }>(one: T): T => ({ ...one, expiresAt: (one.expiresAt ?? 0) - DAYS as Seconds })
    return { ...young, request: before(young.request), requests: young.requests.map(before), issued: young.issued.map(before) }
  })).value
  away.add(walletId(WALLET))
  look()
  await soon(() => type() === 'could-not-check', 'the silence')
  expect(old.value.type).toBe('expired')
}, 20_000)

test('after a no the signer is not asked again by itself; the person\'s own look asks', async () => {
  const { key, issued } = await asked('order-1')
  await reload('nip07')
  declines = true
  page.use(useAccountStore).tapped()
  await ledger.pay(issued.bolt11)
  look()
  await soon(() => signings === 1, 'the question')
  await soon(() => order(key)?.payments.some(({ by }) => by === 'own-wallet'), 'the wallet\'s word')
  const before = lookups
  for (let times = 0; times < 5; times += 1) {
    look()
    await pause(100)
  }
  expect([signings, lookups]).toEqual([1, before])
  declines = false
  expect(await page.run(() => useMerchantOrder(key)).value.settleNow()).toMatchObject({ ok: true })
  await soon(() => order(key)?.payments.some(({ strength }) => strength === 'said'), 'the word')
  expect(signings).toBe(2)
}, 20_000)
