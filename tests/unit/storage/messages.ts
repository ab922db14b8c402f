import type { EventId, OrderKey, Pubkey, Seconds } from '../../../src/domain/brand'
import type { OrderMessage, PlacedMessage } from '../../../src/domain/order/types'
import type { Delivery } from '../../../src/ports/journal'

export const SHOPPER = '11'.repeat(32) as Pubkey
export const MERCHANT = '22'.repeat(32) as Pubkey
export const STRANGER = '33'.repeat(32) as Pubkey
export const id = (n: number): EventId => n.toString(16).padStart(64, '0') as EventId
export const orderKey = (orderId: string): OrderKey => `${SHOPPER}:${MERCHANT}:${orderId}` as OrderKey

export const ADDRESS = 'Hidden Lane 7, 12345 Secretville'
export const PHONE = '+49 170 5556677'

export const placed = (n: number, orderId = 'order-1', sentAt = 1000 + n): PlacedMessage => ({
  type: 'order', id: id(n), author: SHOPPER, receiver: MERCHANT, sentAt: sentAt as Seconds, transport: 'nip04', dialect: 'nip15', orderId,
  items: [{ productId: 'p1', quantity: 2 }], zoneId: 'z', name: 'Jane Doe', address: ADDRESS, contact: { phone: PHONE }, shopperMessage: 'ring twice',
})

export const answered = (n: number, orderId = 'order-1', author = MERCHANT): OrderMessage => ({
  type: 'status', id: id(n), author, receiver: SHOPPER, sentAt: 1000 + n as Seconds, transport: 'nip04', dialect: 'nip15', orderId, text: 'thank you', saidPaid: true,
})

export const delivery = (message: OrderMessage, orderId = 'order-1', change: Partial<Delivery> = {}): Delivery => ({
  id: `${message.id}:${message.receiver}`, message: message.id, account: SHOPPER, to: message.receiver, order: orderKey(orderId), transport: 'nip04',
  plaintext: `{"address":"${ADDRESS}"}`, event: null, relays: [], queuedAt: 1000 as Seconds, attempts: 0, lastTriedAt: null, answers: [], deliveredAt: null, stopped: null,
  ...change,
})
