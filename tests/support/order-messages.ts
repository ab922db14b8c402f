/** Builders of order messages, for tables and generators. Times are seconds after `T0`. */
import { isEventId, isHex32, isPubkey, toMsat, toSeconds, type EventId, type Hex32, type OrderKey, type Pubkey } from '../../src/domain/brand'
import { orderKey } from '../../src/domain/order/keys'
import type { ChatMessage, LocalFact, PlacedMessage, PlanMessage, ReceiptMessage, RefusalMessage, RequestMessage, StatusMessage, UnattributedMessage } from '../../src/domain/order/types'
import { makeInvoice, type TestInvoice } from './order-invoices'

export const T0 = 1_793_610_000

export function pubkey(text: string): Pubkey {
  if (!isPubkey(text))
    throw new TypeError('no pubkey')
  return text
}
export function hex32(text: string): Hex32 {
  if (!isHex32(text))
    throw new TypeError('no hash')
  return text
}
/** A message id from a number: its place among equal times is its size. */
export function idOf(number: number): EventId {
  const text = number.toString(16).padStart(64, '0')
  if (!isEventId(text))
    throw new TypeError('no id')
  return text
}

export const people = {
  shopper: pubkey('5'.repeat(64)),
  merchant: pubkey('a'.repeat(64)),
  shopper2: pubkey('6'.repeat(64)),
  merchant2: pubkey('b'.repeat(64)),
  stranger: pubkey('f'.repeat(64)),
  throwAway: pubkey('e'.repeat(64)),
} as const

export const ORDER_ID = 'order-1'
export const KEY: OrderKey = orderKey(people.shopper, people.merchant, ORDER_ID)

/** Asked amounts differ; the first two are of the usual reissue. */
export const invoices: readonly TestInvoice[] = [30_000, 33_000, 30_000, 77_000].map((msat, i) =>
  makeInvoice({ preimage: `${i + 1}`.repeat(64), msat, createdAt: T0 + i }))

export function invoiceAt(index: number): TestInvoice {
  const invoice = invoices[index % invoices.length]
  if (invoice === undefined)
    throw new RangeError('no invoice')
  return invoice
}

export interface Stamp { readonly n: number, readonly at: number, readonly orderId?: string, readonly shopper?: Pubkey, readonly merchant?: Pubkey, readonly dialect?: PlacedMessage['dialect'] }

const wire = ({ n, at, orderId = ORDER_ID, dialect = 'nip15' }: Stamp, author: Pubkey, receiver: Pubkey) =>
  ({ id: idOf(n), author, receiver, sentAt: toSeconds(T0 + at), transport: dialect === 'nip15' ? 'nip04' as const : 'nip59' as const, dialect, orderId })
const byShopper = (stamp: Stamp) => wire(stamp, stamp.shopper ?? people.shopper, stamp.merchant ?? people.merchant)
const byMerchant = (stamp: Stamp) => wire(stamp, stamp.merchant ?? people.merchant, stamp.shopper ?? people.shopper)

export const placed = (stamp: Stamp, fields: Partial<PlacedMessage> = {}): PlacedMessage =>
  ({ ...byShopper(stamp), type: 'order', items: [{ productId: 'mug', quantity: 1 }], zoneId: 'zone-1', name: '', address: '', contact: {}, shopperMessage: '', ...fields })
export const request = (stamp: Stamp, invoice: TestInvoice | string, fields: Partial<RequestMessage> = {}): RequestMessage =>
  ({ ...byMerchant(stamp), type: 'payment-request', options: [{ type: 'ln', label: 'ln', link: typeof invoice === 'string' ? invoice : invoice.bolt11 }], text: 'please', ...fields })
export const refusal = (stamp: Stamp, fields: Partial<RefusalMessage> = {}): RefusalMessage =>
  ({ ...byMerchant(stamp), type: 'refusal', text: 'sold out', ...fields })

export type StatusFields = Partial<Omit<StatusMessage, 'type' | 'id' | 'sentAt'>>
export const merchantSays = (stamp: Stamp, fields: StatusFields): StatusMessage => ({ ...byMerchant(stamp), type: 'status', text: '', ...fields })
export const shopperSays = (stamp: Stamp, fields: StatusFields): StatusMessage => ({ ...byShopper(stamp), type: 'status', text: '', ...fields })
export const receipt = (stamp: Stamp, invoice: TestInvoice, preimage: string = invoice.preimage): ReceiptMessage =>
  ({ ...byShopper(stamp), type: 'receipt', preimage, invoice: invoice.bolt11, msat: null })
export const chat = (stamp: Stamp, by: 'shopper' | 'merchant', text: string): ChatMessage =>
  ({ ...(by === 'shopper' ? byShopper(stamp) : byMerchant(stamp)), type: 'chat', text })
export const plan = (stamp: Stamp, fields: Partial<PlanMessage> = {}): PlanMessage =>
  ({ ...byShopper(stamp), receiver: stamp.shopper ?? people.shopper, type: 'plan', msat: null, recipient: people.merchant, ...fields })
export const unattributed = (stamp: Stamp, fields: Partial<UnattributedMessage> = {}): UnattributedMessage =>
  ({ ...wire({ dialect: 'shopstr', ...stamp }, people.throwAway, stamp.shopper ?? people.shopper), type: 'unattributed', subject: 'shipping-info', text: '', ...fields })

/** What a local fact says, without its envelope. */
export type FactBody = LocalFact extends infer Fact ? Fact extends LocalFact ? Omit<Fact, 'id' | 'author' | 'receiver' | 'sentAt' | 'transport' | 'dialect' | 'order'> : never : never
export function local(stamp: Stamp, author: Pubkey, body: FactBody, order: OrderKey = KEY): LocalFact {
  const { id, sentAt } = wire(stamp, author, author)
  return { id, author, receiver: author, sentAt, transport: 'local', dialect: 'nip15', order, ...body }
}
export const settled = (stamp: Stamp, invoice: TestInvoice, msat: number = invoice.msat ?? 0): LocalFact =>
  local(stamp, people.merchant, { type: 'wallet-settled', paymentHash: hex32(invoice.paymentHash), msat: toMsat(msat), settledAt: toSeconds(T0 + stamp.at) })
/** The merchant's own attempt to give the fourth invoice's amount back. */
export const refundPaid = (stamp: Stamp, refund: string, fields: Partial<Extract<LocalFact, { type: 'refund-pay' }>> = {}): LocalFact => ({
  ...local(stamp, people.merchant, {
    type: 'refund-pay', refund, state: 'paid', paymentHash: hex32(invoiceAt(3).paymentHash), bolt11: invoiceAt(3).bolt11, msat: toMsat(77_000), via: 'nwc', preimage: invoiceAt(3).preimage, fee: null, reason: '',
  }), ...fields,
}) as LocalFact
export const walletPaid = (stamp: Stamp, invoice: TestInvoice): LocalFact =>
  local(stamp, people.shopper, { type: 'wallet-paid', paymentHash: hex32(invoice.paymentHash), preimage: invoice.preimage, msat: toMsat(invoice.msat ?? 0) })
