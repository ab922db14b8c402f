import type { FulfilmentWord, StatusMessage } from '../order/types'
import type { TaggedMessage } from './event'
import type { Answer } from './gamma-envelope'
import type { TagReader } from './gamma-tags'
import * as v from 'valibot'
import { isPubkey } from '../brand'
import { limits } from '../limits'
import { err } from '../result'
import { kinds } from './event'
import { decodeChat } from './gamma-chat'
import { base, fine, refused } from './gamma-envelope'
import { decodeReceipt } from './gamma-receipt'
import { amount, contactOf, isContradictory, items, itemTags, optionOf, payments, paymentTags, secondsOf, shownWords, tagReader, trackingFields, trackingOf } from './gamma-tags'
import { orderId, schemaError, text } from './fields'
import { withoutUnseen } from './shown-text'

/**
 * Messages in tags: kinds 14, 16 and 17 of the Gamma market spec (gamma.md §4), in gift wraps or signed in the open as
 * Plebeian does it (§5), and Shopstr's kind 14 (§6). Whose word counts is the fold's business.
 */
export function decodeGamma(opened: TaggedMessage): Answer {
  const tags = tagReader(opened.tags)
  if (opened.plaintext.length > limits.messageContent)
    return refused('limit', 'content')
  if (isContradictory(tags))
    return refused('schema', 'said twice')
  switch (opened.kind) {
    case kinds.chat: return decodeChat(opened, tags)
    case kinds.order: return decodeOrderKind(opened, tags)
    case kinds.receipt: return decodeReceipt(opened, tags)
    default: return refused('unsupported', String(opened.kind))
  }
}

function decodeOrderKind(opened: TaggedMessage, tags: TagReader): Answer {
  const type = tags.one('type')
  // NIP-18: a generic repost has the same kind.
  if (type === undefined && tags.one('order') === undefined)
    return refused('repost')
  switch (type) {
    case '1': return decodeOrder(opened, tags)
    case '2': return decodeRequest(opened, tags)
    case '3': return decodeStatus(opened, tags, STATUS)
    case '4': return decodeStatus(opened, tags, SHIPPING)
    default: return refused('unsupported', `type ${(type ?? '').slice(0, 8)}`)
  }
}

const OrderTags = v.object({ order: orderId, amount: v.optional(amount), items: v.pipe(items, v.minLength(1)), shipping: text(limits.name), name: shownWords, address: shownWords, email: shownWords, phone: shownWords, note: shownWords })

function decodeOrder(opened: TaggedMessage, tags: TagReader): Answer {
  const [order, sum, shipping, name, address, email, phone] = ['order', 'amount', 'shipping', 'name', 'address', 'email', 'phone'].map(tags.one)
  // In the open the content is a fixed sentence of the shopper's client, no word of a person.
  const note = opened.transport === 'public' ? '' : opened.plaintext
  const read = v.safeParse(OrderTags, { order, amount: sum, items: itemTags(tags), shipping, name, address, email, phone, note })
  if (!read.success)
    return err(schemaError(read.issues))
  const body = read.output
  if (body.items.some(item => item.author !== opened.receiver))
    return refused('schema', 'item of another merchant')
  return fine({
    ...base(opened), type: 'order', orderId: body.order, items: body.items.map(({ line }) => line), zoneId: body.shipping,
    name: body.name, address: body.address, contact: contactOf({ nostr: '', email: body.email, phone: body.phone }), shopperMessage: body.note,
    ...(body.amount !== undefined && { amount: body.amount }),
  })
}

const RequestTags = v.object({ order: orderId, amount: v.optional(amount), payments, note: shownWords })

function decodeRequest(opened: TaggedMessage, tags: TagReader): Answer {
  const read = v.safeParse(RequestTags, { order: tags.one('order'), amount: tags.one('amount'), payments: paymentTags(tags), note: opened.plaintext })
  if (!read.success)
    return err(schemaError(read.issues))
  const { order, amount: sum, payments: ways, note } = read.output
  const named = tags.one('recipient')
  const recipient = isPubkey(named) ? named : undefined
  const msat = sum?.msat ?? null
  const options = ways.map(optionOf)
  if (opened.author === opened.receiver) {
    // Plebeian's shopper to itself: what it means to pay, and to whom (gamma.md §8.4).
    const address = options.find(option => option.type === 'lnurl')?.link
    return fine({ ...base(opened), type: 'plan', orderId: order, msat, recipient: recipient ?? '', ...(address !== undefined && { lightningAddress: address }) })
  }
  const deadline = secondsOf(tags.one('expiration'))
  return fine({ ...base(opened), type: 'payment-request', orderId: order, options, text: note, msat, ...(recipient !== undefined && { recipient }), ...(deadline !== null && { deadline }) })
}

type Said = Pick<StatusMessage, 'seen' | 'saidPaid' | 'shipped' | 'word' | 'cancelled'>
const word = (said: FulfilmentWord): Said => ({ word: said })
/** `processing` stands in both lists, other words do not (gamma.md §4). */
const STATUS: ReadonlyMap<string, Said> = new Map([
  ['pending', { seen: true }], ['confirmed', { saidPaid: true, word: 'accepted' }], ['processing', word('processing')], ['completed', word('completed')], ['cancelled', { cancelled: true }],
])
const SHIPPING: ReadonlyMap<string, Said> = new Map([['processing', word('processing')], ['shipped', { shipped: true }], ['delivered', word('delivered')], ['exception', word('exception')]])

const StatusTags = v.object({ order: orderId, status: v.pipe(v.string(), v.maxLength(64, 'limit')), note: shownWords, ...trackingFields })

function decodeStatus(opened: TaggedMessage, tags: TagReader, words: ReadonlyMap<string, Said>): Answer {
  const [order, status, tracking, carrier, eta] = ['order', 'status', 'tracking', 'carrier', 'eta'].map(tags.one)
  const read = v.safeParse(StatusTags, { order, status, tracking, carrier, eta, note: opened.plaintext })
  if (!read.success)
    return err(schemaError(read.issues))
  const body = read.output
  const said = words.get(body.status)
  // No word of ours: it changes nothing, and is shown as it came (gamma.md §4).
  if (said === undefined) {
    const shown = [withoutUnseen(body.status), body.note].filter(part => part.trim() !== '')
    return shown.length === 0 ? refused('unsupported', 'status') : fine({ ...base(opened), type: 'chat', orderId: body.order, text: [...new Set(shown)].join('\n') })
  }
  // A client's repetition of the status is nobody's sentence.
  const note = body.note === body.status ? '' : body.note
  return fine({ ...base(opened), type: 'status', orderId: body.order, text: note, ...said, ...trackingOf({ tracking: body.tracking, carrier: body.carrier, eta: body.eta }) })
}
