import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nsecEncode } from 'nostr-tools/nip19'
import { useAccountStore } from '../../../src/stores/account'
import { useCartStore } from '../../../src/stores/cart'
import { useCatalogStore } from '../../../src/stores/catalog'
import { accountKey } from '../../../src/stores/persisted'
import { useSettingsStore } from '../../../src/stores/settings'
import { useCatalogFeed } from '../../../src/composables/useCatalogFeed'
import { productOfMerchant, satStall, secrets } from '../../support/flow-people'
import { manualClock } from '../../support/manual-clock'
import { createHub } from '../../support/memory-hub'
import { memoryServices, newDevice, type Device } from '../../support/memory-services'
import { openPage, soon, type Page } from '../../support/page'

const mug = productOfMerchant('mug', { stock: 5 })
const soap = productOfMerchant('soap')
let device: Device
let pages: Page[] = []
const open = (shelf = [mug, soap]): Page => {
  const page = openPage(memoryServices({ clock: manualClock(), hub: createHub(), device, shelf: { products: shelf, stalls: [satStall] } }))
  page.run(useCatalogFeed)
  pages.push(page)
  return page
}
beforeEach(() => { device = newDevice() })
afterEach(() => {
  pages.forEach(page => page.close())
  pages = []
})

describe('carts', () => {
  test('T13: two tabs put things in one cart, and neither undoes the other', () => {
    const [one, two] = [open(), open()]
    const here = one.use(useCartStore)
    const there = two.use(useCartStore)
    here.add(mug, satStall, 2)
    there.add(soap, satStall, 1)
    here.add(mug, satStall, 1)
    for (const cart of [here, there]) {
      expect(cart.count).toBe(4)
      expect(cart.carts[0]?.lines.map(({ quantity }) => quantity)).toEqual([3, 1])
    }
    there.remove(satStall.address, mug.address)
    expect(here.count).toBe(1)
  })

  test('a reload keeps the cart and the order\'s id; what is removed can be taken back', () => {
    const first = open().use(useCartStore)
    first.add(mug, satStall, 2)
    const id = first.openCheckout(satStall.address)
    const again = open().use(useCartStore)
    expect(again.openCheckout(satStall.address)).toBe(id)
    const undo = again.removeStall(satStall.address)
    expect(again.carts).toEqual([])
    undo()
    expect(again.carts[0]).toMatchObject({ orderId: id, lines: [{ quantity: 2 }] })
  })

  test('no more than the stock gets in, by whatever way, and the person is told how many are left', () => {
    const cart = open().use(useCartStore)
    expect(cart.add(mug, satStall, 6)).toEqual({ ok: false, error: { code: 'over-stock', left: 5 } })
    cart.add(mug, satStall, 5)
    expect(cart.add(mug, satStall, 1)).toEqual({ ok: false, error: { code: 'over-stock', left: 0 } })
    expect(cart.setQuantity(satStall.address, mug.address, 9)).toMatchObject({ ok: false })
    expect(cart.count).toBe(5)
  })

  test('what has changed on the shelf is shown, old and new', () => {
    open().use(useCartStore).add(mug, satStall, 4)
    const page = open([productOfMerchant('mug', { stock: 3, minor: 12_000 })])
    expect(page.use(useCartStore).changesSince(satStall.address)).toMatchObject([
      { type: 'price', from: { minor: 10_000 }, to: { minor: 12_000 } },
      { type: 'stock', wanted: 4, left: 3 },
    ])
  })
})

describe('T12: what cannot be read or written', () => {
  test('a damaged record is set aside, not overwritten, and the shop works on', () => {
    device.store.setItem('souk:carts', '{"v":1,"at":1,"data":[{"stall":"nonsense"}]}')
    const cart = open().use(useCartStore)
    expect(cart.carts).toEqual([])
    cart.add(mug, satStall, 1)
    expect(open().use(useCartStore).count).toBe(1)
    const aside = Array.from({ length: device.store.length }, (_, index) => device.store.key(index)).find(key => key?.startsWith('souk:quarantine:carts'))
    expect(device.store.getItem(aside ?? '')).toContain('nonsense')
  })

  test('a record of a newer version stays as it is; this session is kept in memory, and says so', () => {
    const newer = '{"v":9,"at":1,"data":{"carts":"in another way"}}'
    device.store.setItem('souk:carts', newer)
    const cart = open().use(useCartStore)
    cart.add(mug, satStall, 1)
    cart.add(soap, satStall, 1)
    expect(cart.count).toBe(2)
    expect(cart.storageProblem).toEqual({ code: 'storage-newer' })
    expect(device.store.getItem('souk:carts')).toBe(newer)
  })

  test('a full device: the cart works until the tab closes, and says so', () => {
    const store = device.store
    const full = { ...device, store: { ...store, get length() { return store.length }, setItem: () => { throw new DOMException('full', 'QuotaExceededError') } } }
    const page = openPage(memoryServices({ clock: manualClock(), hub: createHub(), device: full, shelf: { products: [mug], stalls: [satStall] } }))
    pages.push(page)
    const cart = page.use(useCartStore)
    cart.add(mug, satStall, 1)
    cart.add(mug, satStall, 2)
    expect(cart.count).toBe(3)
    expect(cart.storageProblem).toEqual({ code: 'storage-full' })
  })
})

describe('the market', () => {
  test('a product without its stall is kept, and found when the stall comes', () => {
    const page = open([])
    const catalog = page.use(useCatalogStore)
    catalog.absorb({ products: [mug], stalls: [], profiles: [], gone: [], seen: [], from: 'relay' })
    expect(catalog.products.get(mug.address)?.name).toBe(mug.name)
    expect(catalog.productsOf(satStall.address)).toHaveLength(1)
    catalog.absorb({ products: [{ ...mug, active: false }], stalls: [], profiles: [], gone: [], seen: [], from: 'relay' })
    expect(catalog.products.get(mug.address)?.active).toBe(false)
  })
})

describe('settings and who is signed in', () => {
  test('T14: a wallet and saved addresses rest as ciphertext only; another tab and a reload read them', async () => {
    const page = open()
    const account = page.use(useAccountStore)
    const settings = page.use(useSettingsStore)
    await account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
    expect(await settings.setMerchantWallet({ kind: 'lnbits', url: 'https://lnbits.example', invoiceKey: 'deadbeefcafe' })).toMatchObject({ ok: true })
    await settings.saveAddress({ name: 'Sam', address: 'Hidden Street 5', country: '', email: '', phone: '', nostr: '' })
    expect(await settings.setShopperWallet('nonsense')).toMatchObject({ ok: false, error: { code: 'not-a-connection' } })

    const rest = JSON.stringify(Array.from({ length: device.store.length }, (_, index) => device.store.getItem(device.store.key(index) ?? '')))
    for (const secret of ['deadbeefcafe', 'lnbits.example', 'Hidden Street', nsecEncode(secrets.merchant)])
      expect(rest).not.toContain(secret)

    const reloaded = open()
    await reloaded.use(useAccountStore).resume()
    const again = reloaded.use(useSettingsStore)
    await soon(() => again.ready, 'settings read')
    expect(again.merchantWallet).toMatchObject({ invoiceKey: 'deadbeefcafe' })
    expect(again.savedAddresses).toMatchObject([{ address: 'Hidden Street 5' }])

    // Locked: nothing of it is left in the page.
    await reloaded.use(useAccountStore).lock()
    expect({ state: reloaded.use(useAccountStore).state, wallet: again.merchantWallet, addresses: again.savedAddresses }).toEqual({ state: 'locked', wallet: null, addresses: [] })
  })

  test('T12: the one wallet that was kept before there could be several is the list\'s first, and makes the invoices', async () => {
    const page = open()
    const account = page.use(useAccountStore)
    await account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
    if (account.pubkey === null || account.vault === null)
      throw new Error('not open')
    const wallet = { kind: 'lnbits', url: 'https://lnbits.example', invoiceKey: 'deadbeefcafe' } as const
    const settings = page.use(useSettingsStore)
    const { snapshots } = memoryServices({ clock: manualClock(), hub: createHub(), device })
    await snapshots.writeSealed(accountKey(account.pubkey, 'settings'), 1, { merchantWallet: wallet, shopperWalletUri: null, savedAddresses: [] }, account.vault)
    await soon(() => settings.wallets.length > 0, 'settings read')
    expect(settings.wallets).toMatchObject([{ settings: wallet, name: '' }])
    expect(settings.merchantWallet).toEqual(wallet)
    await settings.addWallet({ kind: 'lightning-address', address: 'amina@wool.example' }, 'Address')
    const tab = open()
    await tab.use(useAccountStore).resume()
    const there = tab.use(useSettingsStore)
    await soon(() => there.ready, 'settings read there')
    expect(there.wallets.map(({ name }) => name)).toEqual(['', 'Address'])
    expect(there.issuingWallet?.settings).toEqual(wallet)
  })

  test('T15: signing out without keeping leaves nothing of the account on the device', async () => {
    const page = open()
    const account = page.use(useAccountStore)
    const settings = page.use(useSettingsStore)
    await account.keepKey(nsecEncode(secrets.merchant), 'correct horse', 'Amina', true)
    await settings.setMerchantWallet({ kind: 'lnbits', url: 'https://lnbits.example', invoiceKey: 'deadbeefcafe' })
    const prefix = account.pubkey?.slice(0, 16) ?? 'none'
    await account.signOut({ keepData: false })
    expect({ state: account.state, records: account.records }).toEqual({ state: 'none', records: [] })
    const keys = [device.store, device.tab].flatMap(store => Array.from({ length: store.length }, (_, index) => store.key(index) ?? ''))
    expect(keys.filter(key => key.includes(prefix))).toEqual([])
    expect(JSON.stringify(keys.map(key => device.store.getItem(key)))).not.toContain(prefix)
  })

  test('T23: a relay learns who we are only where the person said so', () => {
    const settings = open().use(useSettingsStore)
    const [given] = settings.relays
    const added = settings.addRelay('wss://relay.example.org')
    expect(added).toMatchObject({ ok: true })
    expect(given !== undefined && settings.authAllowed(given)).toBe(false)
    expect(added.ok && settings.authAllowed(added.value)).toBe(true)
    if (given !== undefined)
      settings.allowAuth(given, true)
    expect(open().use(useSettingsStore).authAllowed(settings.relays[0] ?? added as never)).toBe(true)
  })

  test('a relay address that is none, is known, or is one too many, is refused in one word', () => {
    const settings = open().use(useSettingsStore)
    expect(settings.addRelay('http://example.org')).toEqual({ ok: false, error: { code: 'not-a-relay' } })
    expect(settings.addRelay('WS://127.0.0.1:7777/')).toEqual({ ok: false, error: { code: 'known' } })
    for (let index = 0; index < 9; index += 1)
      settings.addRelay(`wss://relay${index}.example.org`)
    expect(settings.addRelay('wss://more.example.org')).toEqual({ ok: false, error: { code: 'too-many' } })
  })
})
