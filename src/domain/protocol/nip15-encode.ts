import type { EventId, Msat, Pubkey } from '../brand'
import type { Product } from '../catalog/types'
import type { OrderTerms, PaymentOption } from '../order/types'
import type { ExtraStatus } from './souk-extra'
import type { UnsignedEvent } from './event'
import type { Seconds } from '../brand'
import { moneyText } from '../money/fiat'
import { kinds } from './event'
import { wireOption } from './payment-option'

/**
 * What we write, byte-compatible with nostrmarket and nostr-market-app (nip15.md §13): empty fields are left out rather than
 * null, `contact` is always there, both booleans of a status always.
 */
export interface OrderDraft extends OrderTerms { readonly orderId: string, readonly shopper: Pubkey }

const filled = <K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } =>
  (value === undefined || value === '' ? {} : { [key]: value } as { readonly [P in K]?: string })

/** Type 0. nostrmarket drops `name`, so a delivery name is repeated on the first line of the address. */
export function encodeOrder({ orderId, shopper, items, zoneId, name, address, contact, shopperMessage }: OrderDraft): string {
  const where = name === '' || address.startsWith(name) || address === '' ? address : `${name}\n${address}`
  return JSON.stringify({
    type: 0,
    id: orderId,
    ...filled('name', name),
    ...filled('address', where),
    ...filled('message', shopperMessage),
    contact: { nostr: contact.nostr ?? shopper, ...filled('phone', contact.phone), ...filled('email', contact.email) },
    items: items.map(({ productId, quantity }) => ({ product_id: productId, quantity })),
    ...filled('shipping_id', zoneId),
  })
}

const ours = (extra: Readonly<Record<string, unknown>>) => (Object.keys(extra).length === 0 ? {} : { souk: extra })

export interface RequestDraft {
  readonly orderId: string
  readonly text: string
  readonly options: readonly PaymentOption[]
  readonly pin?: EventId
  readonly zoneId?: string
  readonly reserve?: boolean
  /** How much is asked, where no invoice says so; absent without one: a refusal. */
  readonly msat?: Msat
}

/**
 * Type 1. nostr-market-app throws on options without an `ln` one: the first is `ln`, or there are none and the text says
 * what there is instead; our own clients read it from the `souk` key.
 */
export function encodeRequest({ orderId, text, options, pin, zoneId, msat, reserve }: RequestDraft): string {
  const first = options.find(option => option.type === 'ln')
  const sent = first === undefined ? [] : [first, ...options.filter(option => option !== first)]
  return JSON.stringify({
    type: 1,
    id: orderId,
    message: first === undefined ? inWords(text, options) : text,
    payment_options: sent.map(wireOption),
    ...ours({ ...(pin === undefined ? {} : { pin }), ...(zoneId === undefined ? {} : { zoneId }), ...(reserve === true && { reserve }), ...(msat === undefined || first !== undefined ? {} : { msat, options: options.map(wireOption) }) }),
  })
}

const inWords = (text: string, options: readonly PaymentOption[]): string =>
  [text, ...options.map(({ label, link }) => `${label}: ${link}`)].filter(line => line !== '').join('\n')

/** Type 1 without options: the merchant cannot or will not take the order. */
export const encodeRefusal = (draft: Omit<RequestDraft, 'options' | 'zoneId' | 'msat'>): string => encodeRequest({ ...draft, options: [] })

export interface StatusDraft { readonly orderId: string, readonly text: string, readonly paid: boolean, readonly shipped: boolean, readonly pin?: EventId, readonly tracking?: ExtraStatus['tracking'] }

/** Type 2: what NIP-15 knows, paid and shipped. Tracking is for our own peers; the text holds it for people. */
export function encodeStatus({ orderId, text, paid, shipped, pin, tracking }: StatusDraft): string {
  return JSON.stringify({ type: 2, id: orderId, message: text, paid, shipped, ...ours({ ...(pin === undefined ? {} : { pin }), ...(tracking === undefined ? {} : { tracking }) }) })
}

/** Everything NIP-15 has no words for, a receipt too: a sentence for people, and a last line for our own clients. */
export const encodeWord = (orderId: string, text: string, status: ExtraStatus & { readonly preimage?: string, readonly claimed?: true, readonly invoice?: string }): string =>
  `${text}\n${JSON.stringify({ souk: { order: orderId, ...status } })}`

const number = (money: Parameters<typeof moneyText>[0]): number => Number(moneyText(money))
const wireCurrency = (code: string): string => (code === 'SAT' ? 'sat' : code)

/** What an unlimited stock is on the wire: nostr-market-app makes 0 of null (nip15.md §3). */
export const UNLIMITED_ON_WIRE = 1_000_000

/** Kind 30018. `price` must be known: nothing unreadable is published again. */
export function encodeProduct(product: Omit<Product, 'address' | 'author' | 'eventId' | 'publishedAt' | 'dialect' | 'stallAddress'>, at: Seconds): UnsignedEvent {
  const { id, stallId, name, description, images, currency, price, stock, active, categories, specs, zoneExtras } = product
  const content = JSON.stringify({
    id,
    stall_id: stallId,
    name,
    description,
    images,
    currency: wireCurrency(currency),
    price: price === null ? null : number(price),
    quantity: stock ?? UNLIMITED_ON_WIRE,
    active,
    shipping: [...zoneExtras].map(([zone, cost]) => ({ id: zone, cost: number(cost) })),
    ...(specs.length === 0 ? {} : { specs }),
    ...ours(stock === null ? { unlimited: true } : {}),
  })
  return { kind: kinds.product, created_at: at, tags: [['d', id], ...categories.map(category => ['t', category])], content }
}
