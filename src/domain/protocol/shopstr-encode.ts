import type { Pubkey } from '../brand'
import type { OrderLine } from '../order/types'
import type { Result } from '../result'
import type { EncodeError, GammaOrderDraft, GammaReceiptDraft, GammaShippingDraft, RumorTemplate } from './gamma-encode'
import { err, ok } from '../result'
import { kinds } from './event'
import { filled, isSat, itemTagsOf, trackingTagsOf } from './gamma-encode'

/**
 * Shopstr shows a tag only where it has exactly two elements, and knows no kind but 14 (gamma.md §6). Ours come from the
 * real key, and name it in `b`, so that another client of ours can tell them from what a stranger claims (§8.5).
 */
const say = (to: Pubkey, subject: string, orderId: string, rest: RumorTemplate['tags'], content: string): RumorTemplate =>
  ({ kind: kinds.chat, tags: [['p', to], ['subject', subject], ['order', orderId], ...rest], content })

const oneLine = (text: string): string => text.split('\n').map(line => line.trim()).filter(line => line !== '').join(', ')

export type ShopstrOrderDraft = Omit<GammaOrderDraft, 'shipping'> & { readonly shopper: Pubkey }

/**
 * An order as Shopstr reads it. A choice stands in tags of its own, which say nothing of whose line they are: with one among
 * the lines each has its message, as Shopstr itself sends them (§6), and the sum stands in the first.
 */
export const encodeShopstrOrders = (draft: ShopstrOrderDraft): readonly Result<RumorTemplate, EncodeError>[] =>
  draft.items.some(({ variant }) => variant !== undefined) ? draft.items.map((line, place) => encodeShopstrOrder({ ...draft, items: [line] }, place === 0)) : [encodeShopstrOrder(draft)]

/** `order-info`: the order itself, before anything is paid. */
export function encodeShopstrOrder({ orderId, shopper, merchant, items, sat, name, address, contact, shopperMessage }: ShopstrOrderDraft, withSum = true): Result<RumorTemplate, EncodeError> {
  const lines = linesOf(items, merchant)
  if (lines === null || lines.length === 0)
    return err({ code: 'other-merchant' })
  if (!isSat(sat))
    return err({ code: 'amount' })
  const where = oneLine(name === '' || address.startsWith(name) ? address : `${name}\n${address}`)
  return ok(say(merchant, 'order-info', orderId, [['b', shopper], ['type', '1'], ...(withSum ? [['amount', String(sat)]] : []), ...filled('contact', contact.email ?? contact.phone), ...filled('address', where), ...lines], shopperMessage))
}

/** Of several lines only the goods are named: each choice would be read as that of all of them. */
function linesOf(items: readonly OrderLine[], merchant: Pubkey): RumorTemplate['tags'] | null {
  const lines = itemTagsOf(items, merchant)
  const [only, ...others] = items
  return lines === null || others.length > 0 ? lines : [...choiceTags(only?.variant ?? ''), ...lines]
}

/** `size M, volume 1 l` → a tag each, as Shopstr has them. A name may hold a comma: only before the name of an axis it parts. */
const choiceTags = (variant: string): RumorTemplate['tags'] =>
  variant.split(/, (?=(?:size|volume|weight|bulk) )/).flatMap((part) => {
    const [, axis, value] = /^(size|volume|weight|bulk) ([\s\S]+)$/.exec(part) ?? []
    return axis === undefined || value === undefined ? [] : [[axis, value]]
  })

export type ShopstrReceiptDraft = GammaReceiptDraft & { readonly shopper: Pubkey, readonly items: readonly OrderLine[] }

/** `order-payment`: "I have paid", the opposite of what type 2 is elsewhere. */
export function encodeShopstrReceipt({ orderId, shopper, merchant, sat, invoice, preimage, items, text, other }: ShopstrReceiptDraft): Result<RumorTemplate, EncodeError> {
  const lines = linesOf(items, merchant)
  if (lines === null)
    return err({ code: 'other-merchant' })
  return isSat(sat)
    ? ok(say(merchant, 'order-payment', orderId, [['b', shopper], ['type', '2'], ['amount', String(sat)], ['payment', other?.medium ?? 'lightning', other?.reference ?? invoice, preimage], ...lines], text))
    : err({ code: 'amount' })
}

type FromMerchant = Pick<GammaShippingDraft, 'orderId' | 'shopper' | 'text'> & { readonly merchant: Pubkey, readonly items: readonly OrderLine[] }

/** `shipping-info`: shipped, in the only word that Shopstr has for it. */
export function encodeShopstrShipped({ orderId, shopper, merchant, items, tracking, text }: FromMerchant & Pick<GammaShippingDraft, 'tracking'>): Result<RumorTemplate, EncodeError> {
  const lines = linesOf(items, merchant)
  return lines === null ? err({ code: 'other-merchant' }) : ok(say(shopper, 'shipping-info', orderId, [['type', '4'], ['status', 'shipped'], ...trackingTagsOf(tracking), ...lines], text))
}

/** `order-completed`. */
export function encodeShopstrCompleted({ orderId, shopper, merchant, items, text }: FromMerchant): Result<RumorTemplate, EncodeError> {
  const lines = linesOf(items, merchant)
  return lines === null ? err({ code: 'other-merchant' }) : ok(say(shopper, 'order-completed', orderId, [['type', '3'], ['status', 'completed'], ...lines], text))
}

/** Everything else, an invoice too, is words: Shopstr lists them as inquiries. */
export const encodeShopstrChat = ({ to, text }: { readonly to: Pubkey, readonly text: string }): RumorTemplate =>
  ({ kind: kinds.chat, tags: [['p', to], ['subject', 'listing-inquiry']], content: text })
