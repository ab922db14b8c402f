import type { Pubkey, Seconds } from '../brand'
import type { OrderLine, OrderTerms, PaymentOption, StatusMessage } from '../order/types'
import type { Result } from '../result'
import type { UnsignedEvent } from './event'
import { parseAddress } from '../catalog/address'
import { err, ok } from '../result'
import { kinds } from './event'

/** An unsigned message but for who and when; `toRumor` adds them. */
export type RumorTemplate = Omit<UnsignedEvent, 'created_at'>
/** What we would not send: goods or shipping of another merchant, or an amount that is no whole number of sat. */
export type EncodeError = { readonly code: 'other-merchant' | 'amount' }

type Tag = readonly string[]
type Subject = 'order-info' | 'order-payment' | 'shipping-info' | 'order-receipt'
export const filled = (name: string, value: string | undefined): readonly Tag[] => value === undefined || value === '' ? [] : [[name, value]]
export const isSat = (sat: number): boolean => Number.isSafeInteger(sat) && sat >= 0

/** Tags are exact tuples: Plebeian's coming reader refuses a message with one element or one tag too many (gamma.md §5, §8.5). */
const head = (to: Pubkey, subject: Subject, type: '1' | '2' | '3' | '4' | null, orderId: string): readonly Tag[] =>
  [['p', to], ['subject', subject], ...(type === null ? [] : [['type', type]]), ['order', orderId]]

export interface GammaOrderDraft extends Omit<OrderTerms, 'zoneId'> {
  readonly orderId: string
  readonly merchant: Pubkey
  /** Address of the merchant's shipping option; '' = none. */
  readonly shipping: string
  readonly sat: number
}

/** Products by their addresses; null where one of them is not that merchant's. */
export function itemTagsOf(items: readonly OrderLine[], merchant: Pubkey): readonly Tag[] | null {
  const tags = items.flatMap(({ product, quantity }) => product !== undefined && parseAddress(product)?.author === merchant ? [['item', product, String(quantity)]] : [])
  return tags.length === items.length ? tags : null
}

/** Gamma has no tag for a name: it stands on the first line of the address. */
const withName = (name: string, address: string): string => name === '' || address === '' || address.startsWith(name) ? address : `${name}\n${address}`

/** 16, type 1. */
export function encodeGammaOrder({ orderId, merchant, items, shipping, sat, name, address, contact, shopperMessage }: GammaOrderDraft): Result<RumorTemplate, EncodeError> {
  const lines = itemTagsOf(items, merchant)
  if (lines === null || lines.length === 0 || (shipping !== '' && parseAddress(shipping)?.author !== merchant))
    return err({ code: 'other-merchant' })
  if (!isSat(sat))
    return err({ code: 'amount' })
  const tags = [...head(merchant, 'order-info', '1', orderId), ['amount', String(sat)], ...lines, ...filled('shipping', shipping), ...filled('address', withName(name, address)), ...filled('email', contact.email), ...filled('phone', contact.phone)]
  return ok({ kind: kinds.order, tags, content: shopperMessage })
}

const MEDIA: Readonly<Partial<Record<PaymentOption['type'], string>>> = { ln: 'lightning', lnurl: 'lightning', btc: 'bitcoin' }

export interface GammaRequestDraft { readonly orderId: string, readonly shopper: Pubkey, readonly sat: number, readonly options: readonly PaymentOption[], readonly deadline?: Seconds, readonly text: string }

/** 16, type 2. Other ways than lightning and bitcoin are told in words: a reader refuses media it does not know. */
export function encodeGammaRequest({ orderId, shopper, sat, options, deadline, text }: GammaRequestDraft): Result<RumorTemplate, EncodeError> {
  if (!isSat(sat))
    return err({ code: 'amount' })
  const ways = options.flatMap(({ type, link }) => MEDIA[type] === undefined ? [] : [['payment', MEDIA[type], link]])
  const inWords = options.filter(({ type }) => MEDIA[type] === undefined).map(({ label, link }) => `${label}: ${link}`)
  const tags = [...head(shopper, 'order-payment', '2', orderId), ['amount', String(sat)], ...ways, ...filled('expiration', deadline?.toString())]
  return ok({ kind: kinds.order, tags, content: [text, ...inWords].filter(line => line !== '').join('\n') })
}

export type GammaStatus = 'pending' | 'confirmed' | 'processing' | 'completed' | 'cancelled'
/** 16, type 3. The shopper says `cancelled`, and to Plebeian's sellers `completed`, which is "received". */
export const encodeGammaStatus = (draft: { readonly orderId: string, readonly to: Pubkey, readonly status: GammaStatus, readonly text: string }): RumorTemplate =>
  ({ kind: kinds.order, tags: [...head(draft.to, 'order-info', '3', draft.orderId), ['status', draft.status]], content: draft.text })

export type GammaShipping = 'processing' | 'shipped' | 'delivered' | 'exception'
export interface GammaShippingDraft { readonly orderId: string, readonly shopper: Pubkey, readonly status: GammaShipping, readonly tracking: NonNullable<StatusMessage['tracking']>, readonly text: string }

export const trackingTagsOf = ({ number, url, carrier, eta }: GammaShippingDraft['tracking']): readonly Tag[] =>
  [...filled('tracking', number === undefined || number === '' ? url : number), ...filled('carrier', carrier), ...filled('eta', eta)]

/** 16, type 4: where the parcel is. */
export const encodeGammaShipping = ({ orderId, shopper, status, tracking, text }: GammaShippingDraft): RumorTemplate =>
  ({ kind: kinds.order, tags: [...head(shopper, 'shipping-info', '4', orderId), ['status', status], ...trackingTagsOf(tracking)], content: text })

export interface GammaReceiptDraft { readonly orderId: string, readonly merchant: Pubkey, readonly sat: number, readonly invoice: string, readonly preimage: string, readonly text: string, readonly other?: { readonly medium: string, readonly reference: string } }

/** 17: paid, by that invoice. */
export const encodeGammaReceipt = ({ orderId, merchant, sat, invoice, preimage, text, other }: GammaReceiptDraft): Result<RumorTemplate, EncodeError> =>
  isSat(sat)
    ? ok({ kind: kinds.receipt, tags: [...head(merchant, 'order-receipt', null, orderId), ['payment', other?.medium ?? 'lightning', other?.reference ?? invoice, preimage], ['amount', String(sat)]], content: text })
    : err({ code: 'amount' })

/** 14: words, about an order or about nothing in particular. */
export const encodeGammaChat = ({ to, orderId, text }: { readonly to: Pubkey, readonly orderId?: string, readonly text: string }): RumorTemplate =>
  ({ kind: kinds.chat, tags: [['p', to], ...filled('subject', orderId)], content: text })
