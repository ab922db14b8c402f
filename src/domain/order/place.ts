import type { Address, EventId } from '../brand'
import { lineKey } from '../catalog/choice'
import { limits } from '../limits'
import { bySentAtThenId } from './sequence'
import type { Contact, OrderLine, OrderTerms, PlacedMessage } from './types'

/** What the shopper ordered, united from all order messages of one key. */
export interface Placing extends OrderTerms {
  readonly counted: PlacedMessage
  /** Plebeian's own where any copy was signed in the open: its private twin alone looks like any other Gamma order. */
  readonly dialect: PlacedMessage['dialect']
  readonly resends: number
  /** Order messages that say something else: shown, and changing nothing. */
  readonly rewritten: readonly PlacedMessage[]
  /** The merchant answered an order message that is not here. */
  readonly pinMissing: boolean
}

interface Details extends Pick<OrderTerms, 'name' | 'address' | 'shopperMessage'> {
  readonly nostr: string
  readonly phone: string
  readonly email: string
}

/**
 * Which order message counts: the one that the merchant's first answer pinned, else the smallest by
 * (sentAt, id). Equal ones add what it lacks; different ones are `rewritten` (orders.md §5.4).
 * @param pins order messages that the merchant answered, first answer first
 */
export function place(orders: readonly PlacedMessage[], pins: readonly EventId[]): Placing | undefined {
  const sequence = orders.toSorted(bySentAtThenId)
  const pinned = pins.map(pin => sequence.find(order => order.id === pin)).find(order => order !== undefined)
  const counted = pinned ?? sequence[0]
  if (counted === undefined)
    return undefined

  let items = counted.items
  let details = detailsOf(counted)
  let resends = 0
  let { dialect } = counted
  /** Shopstr's client writes one for each line of the cart. */
  const sentences = new Set([counted.shopperMessage])
  const rewritten: PlacedMessage[] = []
  for (const other of sequence) {
    if (other === counted)
      continue
    const lines = mergeLines(counted, items, other)
    const isLine = lines !== items || sentences.has(other.shopperMessage)
    const merged = lines === undefined ? undefined : mergeDetails(details, { ...detailsOf(other), ...(isLine && { shopperMessage: '' }) })
    if (lines === undefined || merged === undefined) {
      rewritten.push(other)
      continue
    }
    if (lines !== items)
      sentences.add(other.shopperMessage)
    if (merged === details && lines === items)
      resends += 1
    items = lines
    details = merged
    dialect = other.dialect === 'plebeian' ? other.dialect : dialect
  }
  const { name, address } = details
  const shopperMessage = inOneText([details.shopperMessage, ...sentences])
  return { counted, dialect, items, zoneId: counted.zoneId, name, address, shopperMessage, contact: contactOf(details), resends, rewritten, pinMissing: pins.length > 0 && pinned === undefined }
}

const keyOf = ({ product, productId, variant }: OrderLine): string => lineKey({ product: product ?? productId as Address, variant })
const coreOf = (order: PlacedMessage): string =>
  JSON.stringify([order.items.map(line => [keyOf(line), line.quantity]).toSorted((a, b) => String(a) < String(b) ? -1 : 1), order.zoneId, order.amount?.msat ?? order.amount?.text ?? null])

/** The lines as they are with `other` taken in; undefined = it contradicts them. */
function mergeLines(counted: PlacedMessage, items: readonly OrderLine[], other: PlacedMessage): readonly OrderLine[] | undefined {
  if (counted.dialect !== 'shopstr' || other.dialect !== 'shopstr')
    return coreOf(counted) === coreOf(other) ? items : undefined
  // Shopstr sends one order message per line, all under one order id.
  const known = new Map(items.map(line => [keyOf(line), line.quantity]))
  if (other.items.some(line => known.has(keyOf(line)) && known.get(keyOf(line)) !== line.quantity))
    return undefined
  const fresh = other.items.filter(line => !known.has(keyOf(line)))
  if (items.length + fresh.length > limits.orderItems)
    return undefined
  return fresh.length === 0 ? items : [...items, ...fresh]
}

/** Each once, as many as fit into what an order may say. */
const inOneText = (sentences: readonly string[]): string =>
  [...new Set(sentences)].filter(sentence => sentence !== '').reduce((text, next) => text === '' ? next : text.length + next.length < limits.orderText ? `${text}\n${next}` : text, '')

const detailsOf = ({ name, address, shopperMessage, contact }: PlacedMessage): Details =>
  ({ name, address, shopperMessage, nostr: contact.nostr ?? '', phone: contact.phone ?? '', email: contact.email ?? '' })

const fields = ['name', 'address', 'shopperMessage', 'nostr', 'phone', 'email'] as const satisfies readonly (keyof Details)[]

/** Per field the value of the first that has one; undefined = a value differs; the same object = nothing new. */
function mergeDetails(known: Details, other: Details): Details | undefined {
  if (fields.some(field => known[field] !== '' && other[field] !== '' && known[field] !== other[field]))
    return undefined
  if (!fields.some(field => known[field] === '' && other[field] !== ''))
    return known
  return {
    name: known.name || other.name,
    address: known.address || other.address,
    shopperMessage: known.shopperMessage || other.shopperMessage,
    nostr: known.nostr || other.nostr,
    phone: known.phone || other.phone,
    email: known.email || other.email,
  }
}

const contactOf = ({ nostr, phone, email }: Details): Contact =>
  ({ ...(nostr !== '' && { nostr }), ...(phone !== '' && { phone }), ...(email !== '' && { email }) })
