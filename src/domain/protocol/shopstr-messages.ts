import type { Pubkey } from '../brand'
import type { OrderLine } from '../order/types'
import type { TaggedMessage } from './event'
import type { Answer } from './gamma-envelope'
import type { TagReader } from './gamma-tags'
import * as v from 'valibot'
import { isPubkey } from '../brand'
import { choiceAxes, choiceText } from '../catalog/choice'
import { limits } from '../limits'
import { err } from '../result'
import { orderId, schemaError, words } from './fields'
import { base, fine } from './gamma-envelope'
import { receiptOf } from './gamma-receipt'
import { amount, contactOf, items, itemTags, otherPaymentOf, payments, paymentTags, preimageOf, shownWords, trackingFields, trackingOf } from './gamma-tags'

const SUBJECTS = ['order-info', 'order-payment', 'order-receipt', 'shipping-info', 'order-completed', 'return-request', 'address-change'] as const
type Subject = typeof SUBJECTS[number]
/** What Shopstr says of an order, all of it as kind 14 (gamma.md §6). */
export const isShopstrSubject = (subject: string): subject is Subject => SUBJECTS.some(known => known === subject)

const ShopTags = v.object({
  order: orderId, amount: v.optional(amount), items, payments,
  status: words(64), address: shownWords, pickup: shownWords, contact: words(limits.name), note: shownWords,
  ...trackingFields,
})
type ShopTags = v.InferOutput<typeof ShopTags>

interface Read { readonly opened: TaggedMessage, readonly subject: Subject, readonly body: ShopTags, readonly lines: readonly OrderLine[], readonly claims: Pubkey | null, readonly itemOf: Pubkey | null }

/**
 * Shopstr signs what it says of orders with a key made for that very message: such words change no fact (gamma.md §8.1).
 * They count where the author is whom they themselves name: the shopper in `b`, or the merchant of the product.
 */
export function decodeShopstr(opened: TaggedMessage, tags: TagReader, subject: Subject): Answer {
  const [order, sum, status, address, pickup, contact, tracking, carrier, eta] = ['order', 'amount', 'status', 'address', 'pickup', 'contact', 'tracking', 'carrier', 'eta'].map(tags.one)
  const parsed = v.safeParse(ShopTags, { order, amount: sum, items: itemTags(tags), payments: paymentTags(tags), status, address, pickup, contact, tracking, carrier, eta, note: opened.plaintext })
  if (!parsed.success)
    return err(schemaError(parsed.issues))
  const body = parsed.output
  const claimed = tags.one('b')
  const owners = new Set(body.items.map(item => item.author))
  const [itemOf = null] = owners.size === 1 ? owners : []
  const variant = variantOf(tags)
  const lines = body.items.map(({ line }) => ({ ...line, ...(variant !== '' && { variant }) }))
  const read: Read = { opened, subject, body, lines, claims: isPubkey(claimed) ? claimed : null, itemOf }
  if (subject === 'order-info' && itemOf === opened.receiver)
    return fine(placed(read))
  return opened.author === read.claims || opened.author === itemOf ? attributed(read) : fine(unattributed(read))
}

/** Size and sort of what was chosen, as `choiceText` has it: without them the merchant cannot fill the order. */
function variantOf(tags: TagReader): string {
  return choiceText(Object.fromEntries(choiceAxes.flatMap((axis) => {
    const value = v.safeParse(words(limits.name), tags.one(axis))
    return value.success && value.output !== '' ? [[axis, value.output]] : []
  })))
}

const shopBase = (opened: TaggedMessage, order: string) => ({ ...base(opened), dialect: 'shopstr' as const, orderId: order })

/** A sale: by a throw-away key its author is the shopper of the thread, and whom it names is whom to answer. */
function placed({ opened, body, lines, claims }: Read) {
  const { contact, address, pickup, note } = body
  const reach = /^[^\s@]+@[^\s@]+$/.test(contact) ? { email: contact, phone: '' } : { email: '', phone: contact }
  return {
    ...shopBase(opened, body.order), type: 'order' as const, items: lines, zoneId: '', name: '', address: address || pickup, shopperMessage: note,
    contact: contactOf({ nostr: claims ?? '', ...reach }),
    ...(body.amount !== undefined && { amount: body.amount }),
    ...(claims !== opened.author && { throwAway: { claims, ...(address === '' && pickup !== '' && { pickup: true as const }) } }),
  }
}

function attributed({ opened, subject, body, claims }: Read): Answer {
  const shop = shopBase(opened, body.order)
  const [paid] = body.payments
  if (subject === 'order-payment' && paid !== undefined && opened.author === claims)
    return fine({ ...receiptOf(opened, body.order, paid, body.amount?.msat ?? null), ...shop })
  if (subject === 'shipping-info' && body.status === 'shipped')
    return fine({ ...shop, type: 'status', shipped: true, text: body.note, ...trackingOf(trackingIn(body)) })
  if (subject === 'order-completed')
    return fine({ ...shop, type: 'status', word: 'completed', text: body.note })
  return fine({ ...shop, type: 'chat', text: body.note || body.address })
}

const trackingIn = ({ tracking, carrier, eta }: ShopTags) => ({ tracking, carrier, eta })

function unattributed({ opened, subject, body, claims, itemOf }: Read) {
  const [paid] = body.payments
  return {
    ...shopBase(opened, body.order), type: 'unattributed' as const, subject, text: body.note || body.address,
    ...trackingOf(trackingIn(body)),
    ...(body.status !== '' && { status: body.status }),
    ...(claims !== null && { claims }),
    ...(itemOf !== null && { itemOf }),
    ...(paid !== undefined && { payment: { ...otherPaymentOf(paid), preimage: preimageOf(paid), msat: body.amount?.msat ?? null } }),
  }
}
