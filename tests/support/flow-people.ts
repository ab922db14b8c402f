/** A shopper and a merchant on one relay in memory, without any screen: what flows need, and what they leave behind. */
import { createVerifier } from '../../src/nostr/verifier'
import { getPublicKey } from 'nostr-tools/pure'
import type { Hex32, OrderKey, Pubkey, Seconds } from '../../src/domain/brand'
import { addToCart, emptyCart } from '../../src/domain/cart/cart'
import type { StallCart } from '../../src/domain/cart/types'
import type { Product, Stall } from '../../src/domain/catalog/types'
import { foldThreads } from './folded'
import { paymentHashOwners } from '../../src/domain/order/hash-owners'
import type { Shelf } from '../../src/domain/order/pricing'
import type { Order } from '../../src/domain/order/types'
import type { NostrEvent } from '../../src/domain/protocol/event'
import { encodeProduct } from '../../src/domain/protocol/nip15-encode'
import { err, ok } from '../../src/domain/result'
import type { AutoInvoiceDeps } from '../../src/flows/autoInvoice'
import { deliver, type DeliverDeps } from '../../src/flows/deliver'
import { keepMessages } from '../../src/flows/keepMessages'
import type { Checkout } from '../../src/flows/placeOrder'
import { createMail } from '../../src/nostr/mail'
import { createLocalSigner } from '../../src/nostr/signers/local'
import type { Clock } from '../../src/ports/clock'
import type { Journal } from '../../src/ports/journal'
import { createMemoryJournal } from '../../src/storage/memory'
import type { LedgerBackend } from '../../sandbox/lightning/ledger'
import { HUB, type Hub } from './memory-hub'
import { ledgerSource } from './memory-services'
import { pubkey } from './order-messages'
import { signed } from './signed'
import { product as plainProduct, stall as plainStall } from './shelf'

export const secrets = { shopper: new Uint8Array(32).fill(5), shopper2: new Uint8Array(32).fill(6), merchant: new Uint8Array(32).fill(9) } as const
export type Who = keyof typeof secrets
export const pubkeyOf = (who: Who): Pubkey => pubkey(getPublicKey(secrets[who]))

const ofMerchant = <T extends { readonly address: string }>(listing: T): T => JSON.parse(JSON.stringify(listing).replaceAll('a'.repeat(64), pubkeyOf('merchant'))) as T

/** The merchant's own shelf, as `shelf.ts` has it for a made-up key. */
export const stallOfMerchant = (id: string, currency: string, zones: Parameters<typeof plainStall>[2]): Stall => ofMerchant(plainStall(id, currency, zones))
export function productOfMerchant(id: string, fields: Parameters<typeof plainProduct>[1] = {}): Product {
  const made = plainProduct(id, fields)
  return { ...ofMerchant({ ...made, zoneExtras: undefined }), zoneExtras: made.zoneExtras }
}
export const satStall = stallOfMerchant('sat', 'SAT', [{ id: 'zone-1', cost: { currency: 'SAT', minor: 5_000 } }, { id: 'zone-2', cost: { currency: 'SAT', minor: 9_000 } }])
export const euroStall = stallOfMerchant('euro', 'EUR', [{ id: 'zone-1', cost: { currency: 'EUR', minor: 490 } }])
export const shelfWith = (...products: readonly Product[]): Shelf => ({
  products: new Map(products.map(one => [one.address, one])),
  stalls: new Map([satStall, euroStall].map(one => [one.address, one])),
})

export function flowPerson(who: Who, hub: Pick<Hub, 'relays'>, clock: Clock, journal: Journal = createMemoryJournal({ now: clock.now })) {
  const signer = createLocalSigner(secrets[who].slice())
  const mail = createMail({ relays: hub.relays, clock, verifier: createVerifier() })
  const deps: DeliverDeps = { journal, signer, mail, clock, relays: hub.relays, relaysFor: () => [HUB], reach: async () => ({ inbox: [], read: [] }), seenOn: () => [], mayAsk: true }
  const life = new AbortController()
  return {
    deps,
    mail,
    journal,
    async orders(): Promise<ReadonlyMap<OrderKey, Order>> {
      const messages = await new Promise<Parameters<typeof foldThreads>[0]>((resolve) => {
        const all: Parameters<typeof foldThreads>[0] extends Iterable<infer M> ? M[] : never = []
        const end = journal.follow(entries => all.push(...entries.map(({ message }) => message)), () => {
          queueMicrotask(() => end())
          resolve(all)
        })
      })
      return foldThreads(messages, { viewer: signer.pubkey }).orders
    },
    /** Everything the relay has for this person, opened and kept. @param since when this device was last up to date */
    async fetch(since: Seconds | null = null): Promise<void> {
      await new Promise<void>((resolve) => {
        const round = new AbortController()
        const keeping: Promise<unknown>[] = []
        mail.openInbox({
          signer, relays: [HUB], since, known: ids => journal.has(ids), signal: round.signal,
          onSpoilt: (id, reason) => { keeping.push(journal.noteCarriers([{ id, at: clock.now(), spoilt: reason }])) },
          onMessages: (opened) => { keeping.push(keepMessages({ journal, clock }, opened)) },
          onProgress: ({ caughtUp }) => {
            if (!caughtUp)
              return
            round.abort()
            void Promise.all(keeping).then(() => resolve())
          },
        })
      })
    },
    /** One round of the outbox. */
    async post(): Promise<void> {
      for (const delivery of await journal.undelivered())
        await deliver(deps, delivery)
    },
    end: () => life.abort(),
  }
}
export type FlowPerson = ReturnType<typeof flowPerson>

/** One piece, or more, of a product of the merchant's. */
export function checkoutOf(shelf: Shelf, product: Product, { quantity = 1, orderId = 'order-1', zoneId = 'zone-1' as string | null } = {}): Checkout {
  const stall = shelf.stalls.get(product.stallAddress)
  const cart = stall === undefined ? undefined : addToCart(emptyCart(stall), product, quantity, product.publishedAt)
  if (stall === undefined || cart?.ok !== true)
    throw new TypeError('not for sale')
  const filled: StallCart = { ...cart.value, zoneId, orderId }
  return { cart: filled, orderId, stall, products: shelf.products, rate: null, name: 'Sam', address: '1 Lake Road', contact: { email: 'sam@example.org' }, shopperMessage: '' }
}

/** The merchant's desk: a ledger for a wallet. */
export async function deskOf(merchant: FlowPerson, shelf: () => Shelf, ledger: LedgerBackend): Promise<AutoInvoiceDeps & { readonly source: ReturnType<typeof ledgerSource>, refresh(): Promise<void> }> {
  let known = await merchant.orders()
  return {
    ...merchant.deps,
    source: ledgerSource(ledger),
    former: null,
    rates: { rate: async currency => currency === 'EUR' ? ok({ currency, btcPrice: '50000', source: 'test', at: merchant.deps.clock.now() }) : err({ code: 'no-rate', detail: currency }) },
    shelf,
    ownerOf: (hash: Hex32) => paymentHashOwners(known.values()).get(hash),
    orders: () => known.values(),
    shelfComplete: () => true,
    isCurrent: () => true,
    refusalWords: ({ code }) => `refused: ${code}`,
    words: (order, { totals }, reissued) => ({ description: order.number, text: `${totals.total.minor} ${totals.total.currency}${reissued ? ' again' : ''}` }),
    async refresh() { known = await merchant.orders() },
  }
}

/** A product of the merchant's with the event that says so, as a relay has it. */
export function listed(product: Product): { readonly product: Product, readonly event: NostrEvent } {
  const { kind, created_at, tags, content } = encodeProduct(product, product.publishedAt)
  const event = signed({ kind, created_at, tags: tags.map(tag => [...tag]), content }, { secret: secrets.merchant, pubkey: pubkeyOf('merchant') })
  return { product: { ...product, eventId: event.id }, event }
}
