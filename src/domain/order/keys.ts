import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { base32 } from '@scure/base'
import { isPubkey, type EventId, type OrderKey, type Pubkey, type Seconds } from '../brand'
import { assertNever } from '../result'
import { utcDay } from '../utc'
import type { OrderMessage, Role, StatusMessage } from './types'

/** Names both parties, so that a stranger who learns an id cannot name the order (orders.md §5.2). */
export const orderKey = (shopper: Pubkey, merchant: Pubkey, id: string): OrderKey =>
  `${shopper}:${merchant}:${id}` as OrderKey

export interface KeyParts { readonly shopper: Pubkey, readonly merchant: Pubkey, readonly id: string }

/** The id may hold colons; the public keys have one length. undefined = not a key. */
export function splitKey(key: string): KeyParts | undefined {
  const [shopper, merchant, id] = [key.slice(0, 64), key.slice(65, 129), key.slice(130)]
  if (key[64] !== ':' || key[129] !== ':' || id === '' || !isPubkey(shopper) || !isPubkey(merchant))
    return undefined
  return { shopper, merchant, id }
}

/** The thread in which the same two people stand the other way round. */
export function mirrorKey(key: OrderKey): OrderKey | undefined {
  const parts = splitKey(key)
  return parts && orderKey(parts.merchant, parts.shopper, parts.id)
}

const MERCHANT_WORDS: ReadonlySet<string> = new Set(['accepted', 'processing', 'ready_to_ship', 'in_transit', 'out_for_delivery', 'exception'])

/** As whom a status may be said: one word that is the merchant's alone makes the whole message his. */
function statusRoles(message: StatusMessage): readonly Role[] {
  const merchantOnly = message.saidPaid !== undefined || message.takesBackPaid !== undefined || message.shipped !== undefined
    || message.refund !== undefined || message.refundStep?.step === 'ask' || message.refundStep?.step === 'none' || message.tracking !== undefined || message.dispute === 'resolved' || message.pin !== undefined
    || (message.word !== undefined && MERCHANT_WORDS.has(message.word))
  if (!merchantOnly && message.refundStep !== undefined)
    return ['shopper']
  const either = message.cancelled !== undefined || message.dispute !== undefined || message.word !== undefined
  return !merchantOnly && either ? ['shopper', 'merchant'] : ['merchant']
}

/** Whose role in an order its author would have to hold. Empty: the message names no order, or no party. */
export function possibleRoles(message: OrderMessage): readonly Role[] {
  switch (message.type) {
    case 'order':
    case 'receipt':
    case 'plan':
      return ['shopper']
    case 'payment-request':
      // In Gamma the shopper's client may write it too: then it is a plan (see `asPlan`).
      return message.dialect === 'nip15' ? ['merchant'] : ['merchant', 'shopper']
    case 'refusal':
      return ['merchant']
    case 'status':
      return statusRoles(message)
    case 'chat':
      return message.orderId === undefined ? [] : ['shopper', 'merchant']
    case 'unattributed':
      return []
    case 'snapshot':
    case 'note':
    case 'archived':
    case 'accept-unattributed':
    case 'escrow':
      return ['shopper', 'merchant']
    case 'invoice-issued':
    case 'wallet-settled':
    case 'hold':
    case 'pinned':
    case 'stock-taken':
    case 'refund-pay':
      return ['merchant']
    case 'self-made':
    case 'wallet-paid':
    case 'paying':
    case 'paying-failed':
      return ['shopper']
    default:
      return assertNever(message)
  }
}

/**
 * The threads a message may belong to: two where either party may say it, none where it names no
 * order or comes from neither (see `looseKey`). A local fact names its thread itself.
 */
export function candidateKeys(message: OrderMessage): readonly OrderKey[] {
  if ('order' in message) {
    const parts = splitKey(message.order)
    const allowed = parts !== undefined && message.transport === 'local'
      && possibleRoles(message).some(role => parts[role] === message.author)
    return allowed ? [message.order] : []
  }
  const { orderId } = message
  if (orderId === undefined || looseKey(message) !== undefined)
    return []
  const keys = possibleRoles(message).map(role => role === 'shopper'
    ? orderKey(message.author, message.receiver, orderId)
    : orderKey(message.receiver, message.author, orderId))
  return keys[0] === keys[1] ? keys.slice(0, 1) : keys
}

/**
 * For what joins an order by its id alone, for display only: a throw-away key's words to one of us,
 * and a plan the shopper addressed to itself. `party:id`, the party being the one of us it went to.
 */
export function looseKey(message: OrderMessage): string | undefined {
  if (message.type === 'unattributed' || (message.type === 'plan' && message.author === message.receiver))
    return `${message.receiver}:${message.orderId}`
  return undefined
}

/** Whether such a message is about this thread: what a throw-away key says of somebody else's product is not. */
export function joinsLoosely(message: OrderMessage, { shopper, merchant, id }: KeyParts): boolean {
  const loose = looseKey(message)
  if (message.type !== 'unattributed')
    return loose === `${shopper}:${id}`
  return (loose === `${shopper}:${id}` || loose === `${merchant}:${id}`) && (message.itemOf ?? merchant) === merchant
}

/** Plebeian names an order by the id of its order message where it has lost the other (gamma.md §5): the thread that such a name makes. */
export const aliasOf = ({ shopper, merchant }: Omit<KeyParts, 'id'>, orderMessage: EventId): OrderKey => orderKey(shopper, merchant, orderMessage)

/** `ORD-2026-XXXXXX`: short, the same on both sides, not unique by right (orders.md §2). */
export const orderNumber = (key: OrderKey, placedAt: Seconds): string =>
  `ORD-${utcDay(placedAt).year}-${base32.encode(sha256(utf8ToBytes(key))).slice(0, 6).toUpperCase()}`
