/** A model of the peer nostrmarket: what it does with a private message it gets (nip15.md §7, read from its source). */
import { isRecord } from '../../src/domain/protocol/json'

export type PeerDoes = 'payment-request' | 'refusal' | 'silence' | 'plain-text' | 'stored'

/** The merchant's own shop as that server knows it. */
export interface PeerShop {
  readonly products: ReadonlyMap<string, { readonly stallId: string, readonly quantity: number | null }>
  readonly zones: ReadonlySet<string>
}

interface PeerOrder { readonly id: string, readonly zone: string, readonly items: readonly { readonly id: string, readonly quantity: number }[] }

/** @param usedIds order ids it has seen, of good orders and bad ones */
export function peerVerdict(plaintext: string, shop: PeerShop, usedIds: ReadonlySet<string> = new Set()): PeerDoes {
  const body = parsed(plaintext)
  if (!isRecord(body) || typeof body['type'] !== 'number' || ![0, 1, 2].includes(body['type']))
    return 'plain-text'
  if (body['type'] !== 0)
    return 'stored'
  const order = readOrder(body)
  if (order === null || usedIds.has(order.id))
    return 'silence'
  return isGood(order, shop) ? 'payment-request' : 'refusal'
}

/** The id under which it remembers an order message, whatever it answered. */
export function peerOrderId(plaintext: string): string | null {
  const body = parsed(plaintext)
  return isRecord(body) && body['type'] === 0 ? readOrder(body)?.id ?? null : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    // No JSON: a person's words, to that peer.
    return null
  }
}

/** pydantic 1: what has no default must be there, numbers and texts are coerced; null = it throws, and nobody answers. */
function readOrder(body: Readonly<Record<string, unknown>>): PeerOrder | null {
  const id = coercedText(body['id'])
  const zone = coercedText(body['shipping_id'])
  const lines: readonly unknown[] | null = Array.isArray(body['items']) ? body['items'] : null
  if (id === null || zone === null || lines === null || lines.length === 0 || !optionalsHold(body))
    return null
  const items = lines.map((line) => {
    const product = isRecord(line) ? coercedText(line['product_id']) : null
    const quantity = isRecord(line) ? coercedInteger(line['quantity']) : null
    return product === null || quantity === null ? null : { id: product, quantity }
  })
  return items.every(item => item !== null) ? { id, zone, items } : null
}

function optionalsHold({ address, contact }: Readonly<Record<string, unknown>>): boolean {
  const isOptional = (value: unknown): boolean => value === undefined || value === null || coercedText(value) !== null
  if (!isOptional(address))
    return false
  return contact === undefined || contact === null || (isRecord(contact) && [contact['nostr'], contact['phone'], contact['email']].every(isOptional))
}

const coercedText = (value: unknown): string | null => typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

function coercedInteger(value: unknown): number | null {
  if (typeof value === 'number')
    return Number.isFinite(value) ? Math.trunc(value) : null
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : null
}

function isGood({ items, zone }: PeerOrder, { products, zones }: PeerShop): boolean {
  const stalls = new Set(items.map(item => products.get(item.id)?.stallId))
  return items.every(({ quantity }) => quantity > 0)
    && items.every(({ id, quantity }) => {
      const product = products.get(id)
      return product !== undefined && quantity <= (product.quantity ?? 0)
    })
    && stalls.size === 1 && zones.has(zone)
}
