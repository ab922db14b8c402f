import { toMsat, toSeconds, type Address, type EventId, type OrderKey, type Pubkey } from '../../../src/domain/brand'
import type { LineSnapshot, Order } from '../../../src/domain/order/types'

const hex = (digit: string): string => digit.repeat(64)
export const shopper = hex('a') as Pubkey
export const merchant = hex('b') as Pubkey

const line = (name: string): LineSnapshot => ({
  product: `30018:${merchant}:${name}` as Address,
  productId: name,
  quantity: 1,
  name,
  image: '',
  unitPrice: { currency: 'SAT', minor: 21_000 },
  shippingExtra: { currency: 'SAT', minor: 0 },
  listing: hex('c') as EventId,
  subtotal: { currency: 'SAT', minor: 21_000 },
})

/** An order as the fold would give it, with what a test is about laid over it. */
export function anOrder(part: Partial<Order> = {}, goods: readonly string[] = ['Olive oil'], stallName = 'Green Grocer'): Order {
  const id = part.id ?? 'order-1'
  const key = `${part.shopper ?? shopper}:${merchant}:${id}` as OrderKey
  const sat = (minor: number) => ({ currency: 'SAT', minor })
  return {
    key, id, number: `ORD-2026-${id.toUpperCase().slice(-6)}`, dialect: 'nip15', shopper, merchant, placedBy: hex('d') as EventId,
    placedAt: toSeconds(1_000), updatedAt: toSeconds(1_000), items: goods.map(name => ({ productId: name, quantity: 1 })), zoneId: 'eu', name: 'Mara Lind', address: 'Lindenweg 4',
    contact: {}, shopperMessage: '', holds: [], escrow: null,
    snapshot: {
      id: hex('e') as EventId, author: shopper, receiver: shopper, sentAt: toSeconds(1_000), transport: 'local', dialect: 'nip15', order: key, type: 'snapshot', side: 'shopper',
      stall: `30017:${merchant}:s` as Address, stallName, zone: null, lines: goods.map(line),
      totals: { goods: sat(21_000), shipping: sat(0), total: sat(21_000), totalMsat: toMsat(21_000), rate: null },
    },
    requests: [], request: null, refusal: null, issued: [], payments: [], payment: 'unpaid', paidMsat: null, paying: null, payingVia: '', payingSince: null,
    status: 'payment_pending', shipped: false, shippedAt: null, deliveredBy: null, exception: false, fulfilment: {}, stockTaken: {}, tracking: null, statusText: '', cancelledBy: null, cancelRequestedBy: null,
    refunds: [], refundedMsat: toMsat(0), refundDeclined: null, refundAddress: '', dispute: null, plans: 0, unattributed: 0, resends: 0, messageCount: 1, chat: [], note: '', archived: false,
    timeline: [{ at: toSeconds(1_000), what: 'placed', status: 'payment_pending', by: 'shopper', text: '', message: hex('d') as EventId, verified: false }], problems: [],
    heardIn: {}, inTheOpen: false, throwAway: null,
    ...part,
  }
}
