import type { EventId, Pubkey } from '../../src/domain/brand'
import type { OrderMessage } from '../../src/domain/order/types'
import { isEventId, isPubkey, toSeconds } from '../../src/domain/brand'

const hex = (seed: number): string => seed.toString(16).padStart(64, '0')

function idOf(seed: number): EventId {
  const id = hex(seed)
  if (!isEventId(id))
    throw new TypeError('not an id')
  return id
}

function keyOf(seed: number): Pubkey {
  const key = hex(seed)
  if (!isPubkey(key))
    throw new TypeError('not a key')
  return key
}

/** Order, refusal of a first try, status paid, status shipped: four messages an order, between a thousand shoppers and one merchant. */
export function messagesOfOrders(orders: number): readonly OrderMessage[] {
  const merchant = keyOf(1)
  return Array.from({ length: orders }, (_, index) => {
    const shopper = keyOf(10 + index % 1000)
    const orderId = `order-${index}`
    const at = 1_790_000_000 + index * 10
    const said = (step: number) => ({ id: idOf(1_000_000 + index * 4 + step), author: merchant, receiver: shopper, sentAt: toSeconds(at + step), transport: 'nip04' as const, dialect: 'nip15' as const, orderId })
    return [
      { ...said(0), author: shopper, receiver: merchant, type: 'order' as const, items: [{ productId: `p${index % 50}`, quantity: 1 }], zoneId: 'z', name: '', address: 'x', contact: {}, shopperMessage: '' },
      { ...said(1), type: 'refusal' as const, text: '' },
      { ...said(2), type: 'status' as const, saidPaid: true as const, shipped: false, text: '' },
      { ...said(3), type: 'status' as const, shipped: true, text: '' },
    ]
  }).flat()
}
