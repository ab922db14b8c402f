import type { OpenedMessage } from './event'
import type { Contact, OrderLine, WireMessage } from '../order/types'
import type { Result } from '../result'
import * as v from 'valibot'
import { limits } from '../limits'
import { err, ok } from '../result'
import { orderId, requiredText, schemaError, text, words } from './fields'
import { field, isRecord, parseJson } from './json'
import { readOption, withoutOptions } from './payment-option'
import { withoutUnseen } from './shown-text'
import { readExtra } from './souk-extra'

/** `repost`: of a kind that carries orders, but none of ours: a NIP-18 repost, a NIP-25 reaction. */
export type DecodeError = { readonly code: 'schema' | 'limit' | 'quantity' | 'unsupported' | 'repost', readonly detail: string }

/** Why a message is plain chat: not JSON at all, no object, or a `type` that is none of ours. */
export type ChatReason = 'not-json' | 'no-object' | 'no-type' | 'type-not-number' | 'unknown-type'

export interface Decoded { readonly message: WireMessage, readonly chatReason: ChatReason | null }

/** Peers send integers, integer texts, and what a cleared number field leaves (nip15.md §7). */
const Quantity = v.pipe(
  v.union([v.number('quantity'), v.pipe(v.string('quantity'), v.regex(/^\d{1,7}$/, 'quantity'), v.transform(Number))], 'quantity'),
  v.integer('quantity'), v.minValue(1, 'quantity'), v.maxValue(limits.quantity, 'quantity'),
)

const OrderBody = v.object({
  id: orderId,
  items: v.pipe(v.array(v.object({ product_id: requiredText(limits.name), quantity: Quantity })), v.minLength(1), v.maxLength(limits.orderItems, 'limit')),
  shipping_id: text(limits.name),
  name: words(limits.orderText),
  address: words(limits.orderText),
  message: words(limits.orderText),
  contact: v.nullish(v.object({ nostr: words(limits.name), phone: words(limits.name), email: words(limits.name) })),
})

const RequestBody = v.object({
  id: orderId,
  message: words(limits.orderText),
  payment_options: v.nullish(v.pipe(v.array(v.object({ type: v.pipe(v.string(), v.maxLength(64, 'limit')), link: v.pipe(v.string(), v.maxLength(limits.orderText, 'limit')) })), v.maxLength(limits.paymentOptions, 'limit'))),
})

const StatusBody = v.object({
  id: orderId,
  message: words(limits.orderText),
  paid: v.nullish(v.boolean()),
  shipped: v.nullish(v.boolean()),
})

/**
 * The JSON of a NIP-15 private message: order (0), payment request or refusal (1), status (2), else plain chat.
 * Authorship is the fold's business: the author is the shopper of a type 0, the merchant of 1 and 2.
 */
export function decodeNip15(opened: OpenedMessage): Result<Decoded, DecodeError> {
  const json = parseJson(opened.plaintext, limits.messageContent)
  if (!json.ok)
    return json.error.code === 'limit' ? err({ code: 'limit', detail: json.error.detail }) : chat(opened, 'not-json')
  if (!isRecord(json.value))
    return chat(opened, 'no-object')
  const type = field(json.value, 'type')
  if (typeof type !== 'number')
    return chat(opened, type === undefined ? 'no-type' : 'type-not-number')
  switch (type) {
    case 0: return decodeOrder(opened, json.value)
    case 1: return decodeRequest(opened, json.value)
    case 2: return decodeStatus(opened, json.value)
    default: return chat(opened, 'unknown-type')
  }
}

const base = ({ id, author, receiver, sentAt, transport }: OpenedMessage) => ({ id, author, receiver, sentAt, transport, dialect: 'nip15' as const })
const fine = (message: WireMessage): Result<Decoded, DecodeError> => ok({ message, chatReason: null })

function chat(opened: OpenedMessage, chatReason: ChatReason): Result<Decoded, DecodeError> {
  const { rest, orderId: about, status, preimage, invoice, claimed } = readExtra.ofChat(opened.plaintext)
  if ((preimage !== null || claimed) && about !== null)
    return fine({ ...base(opened), type: 'receipt', orderId: about, preimage: preimage ?? '', invoice: invoice ?? '', msat: null })
  if (status !== null && about !== null)
    return fine({ ...base(opened), type: 'status', orderId: about, text: withoutUnseen(rest), ...status })
  if (about !== null && rest.length <= limits.orderText)
    return ok({ message: { ...base(opened), type: 'chat', orderId: about, text: rest }, chatReason })
  if (opened.plaintext.length > limits.orderText)
    return err({ code: 'limit', detail: 'text' })
  return ok({ message: { ...base(opened), type: 'chat', text: withoutUnseen(opened.plaintext) }, chatReason })
}

function decodeOrder(opened: OpenedMessage, body: Readonly<Record<string, unknown>>): Result<Decoded, DecodeError> {
  const read = v.safeParse(OrderBody, body)
  if (!read.success)
    return err(schemaError(read.issues))
  const { id, items, shipping_id: zoneId, name, address, message, contact } = read.output
  const lines: readonly OrderLine[] = items.map(item => ({ productId: item.product_id, quantity: item.quantity }))
  return fine({ ...base(opened), type: 'order', orderId: id, items: lines, zoneId, name, address, shopperMessage: message, contact: readContact(contact) })
}

function readContact(contact: { readonly nostr: string, readonly phone: string, readonly email: string } | null | undefined): Contact {
  const { nostr = '', phone = '', email = '' } = contact ?? {}
  return { ...(nostr === '' ? {} : { nostr }), ...(phone === '' ? {} : { phone }), ...(email === '' ? {} : { email }) }
}

function decodeRequest(opened: OpenedMessage, body: Readonly<Record<string, unknown>>): Result<Decoded, DecodeError> {
  const read = v.safeParse(RequestBody, body)
  if (!read.success)
    return err(schemaError(read.issues))
  const { id, message } = read.output
  const options = read.output.payment_options ?? []
  const { pin, zoneId, options: told, msat, reserve } = readExtra.ofBody(body)
  const pinned = pin === null ? {} : { pin }
  const zone = zoneId === null ? {} : { zoneId }
  if (options.length === 0 && told !== null)
    return fine({ ...base(opened), type: 'payment-request', orderId: id, options: told.map(readOption), text: withoutOptions(message, told), ...pinned, ...zone, ...(msat === null ? {} : { msat }) })
  if (options.length === 0)
    return fine({ ...base(opened), type: 'refusal', orderId: id, text: message, ...pinned })
  return fine({ ...base(opened), type: 'payment-request', orderId: id, options: options.map(readOption), text: message, ...pinned, ...zone, ...(reserve && { reserve }) })
}

function decodeStatus(opened: OpenedMessage, body: Readonly<Record<string, unknown>>): Result<Decoded, DecodeError> {
  const read = v.safeParse(StatusBody, body)
  if (!read.success)
    return err(schemaError(read.issues))
  const { id, message, paid, shipped } = read.output
  const { pin, status } = readExtra.ofBody(body)
  return fine({
    ...base(opened),
    type: 'status',
    orderId: id,
    text: message,
    // `paid: false` takes nothing back (nip15.md §9).
    ...(paid === true ? { saidPaid: true as const } : {}),
    ...(typeof shipped === 'boolean' ? { shipped } : {}),
    ...(pin === null ? {} : { pin }),
    ...status,
  })
}
