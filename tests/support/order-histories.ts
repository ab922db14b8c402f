/** Generated histories of one order, and of everything that must not touch it. */
import fc from 'fast-check'
import { toMsat, toSeconds, type Address } from '../../src/domain/brand'
import { orderKey } from '../../src/domain/order/keys'
import { escrowStates, type HoldFact } from '../../src/domain/order/held-money'
import type { RefundStep } from '../../src/domain/order/refund-types'
import type { FulfilmentWord, OrderMessage, StatusMessage } from '../../src/domain/order/types'
import { chat, hex32, idOf, invoiceAt, local, merchantSays, ORDER_ID, people, placed, plan, receipt, refundPaid, refusal, request, settled, shopperSays, T0, unattributed, walletPaid, type Stamp, type StatusFields } from './order-messages'

const words: readonly FulfilmentWord[] = ['accepted', 'processing', 'ready_to_ship', 'in_transit', 'out_for_delivery', 'delivered', 'completed', 'exception']

/** Few seconds, so that ties happen; some before the order, some absurd. */
const at = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: -3, max: 12 }) }, { weight: 1, arbitrary: fc.constantFrom(-T0, 400_000_000, 2 ** 32 - T0) })
/** Either party may have a second app that speaks the other dialect. */
const stamp = (n: number) => fc.tuple(at, fc.constantFrom('nip15' as const, 'gamma' as const, 'plebeian' as const)).map(([at, dialect]): Stamp => ({ n, at, dialect }))
const nip15Stamp = (n: number) => at.map((at): Stamp => ({ n, at }))

const refundName = fc.constantFrom('one', 'two')
const statusFields: fc.Arbitrary<StatusFields> = fc.record({
  saidPaid: fc.constant(true as const),
  takesBackPaid: fc.constant(true as const),
  excess: fc.tuple(fc.constantFrom('twice' as const, 'late' as const), fc.nat(3), fc.constantFrom(0, 30_000, 33_000)).map(([what, i, msat]) => ({ what, hash: hex32(invoiceAt(i).paymentHash), msat: toMsat(msat) })),
  shipped: fc.boolean(),
  word: fc.constantFrom(...words),
  cancelled: fc.constant(true as const),
  keepsOrder: fc.nat(12).map(idOf),
  dispute: fc.constantFrom('opened', 'withdrawn', 'resolved'),
  refund: fc.record({ msat: fc.constantFrom(1, 30_000, 63_000).map(toMsat), proof: fc.constantFrom('', invoiceAt(3).preimage), id: refundName }, { requiredKeys: ['msat', 'proof'] }),
  refundStep: fc.oneof<fc.Arbitrary<RefundStep>[]>(
    fc.tuple(refundName, fc.constantFrom(10_000, 77_000)).map(([id, msat]) => ({ step: 'ask', id, msat: toMsat(msat) })),
    refundName.map(id => ({ step: 'ask', id, msat: toMsat(5_000), rest: 'kept' })),
    fc.constant({ step: 'none' }),
  ),
  tracking: fc.record({ carrier: fc.string(), number: fc.string(), url: fc.string(), eta: fc.string() }, { requiredKeys: [] }),
  text: fc.string(),
}, { requiredKeys: [] })

const holdStep: fc.Arbitrary<Omit<HoldFact, 'type' | 'paymentHash'>> = fc.constantFrom(
  { step: 'prepared', preimage: hex32('1'.repeat(64)), attempt: 1 }, { step: 'held', msat: toMsat(30_000), releaseAt: toSeconds(T0 + 600) },
  { step: 'taking' }, { step: 'releasing', reason: 'sold-out' }, { step: 'released', reason: 'sold-out' }, { step: 'released', reason: 'by-wallet' },
)

const orderFields = fc.record({
  items: fc.constantFrom(...[1, 2].map(quantity => [{ productId: 'mug', quantity }])),
  zoneId: fc.constantFrom('zone-1', 'zone-2'),
  name: fc.constantFrom('', 'Ida', 'Bo'),
  address: fc.constantFrom('', 'Bern'),
  contact: fc.record({ email: fc.constantFrom('a@example.com', 'b@example.com'), phone: fc.constant('1') }, { requiredKeys: [] }),
}, { requiredKeys: [] })

/** Any one message that may lie in the thread of `KEY`, by either party and of every type. */
export const anyMessage = (n: number): fc.Arbitrary<OrderMessage> => fc.oneof(
  fc.tuple(stamp(n), orderFields).map(([s, fields]) => placed(s, fields)),
  fc.tuple(stamp(n), fc.nat(3), fc.option(fc.nat(3)), fc.option(fc.constantFrom('zone-1', 'zone-2'))).map(([s, i, pin, zoneId]) =>
    request(s, invoiceAt(i), { ...(pin !== null && { pin: idOf(pin) }), ...(zoneId !== null && { zoneId }) })),
  stamp(n).map(s => request(s, 'lnbc1damaged')),
  stamp(n).map(s => refusal(s)),
  // Gamma: a request by either side, one with an amount of its own, and an order named by its order message.
  fc.tuple(stamp(n), fc.nat(3), fc.constantFrom(undefined, 30_000, 1)).map(([s, i, msat]) => request({ ...s, dialect: 'gamma' }, invoiceAt(i), msat === undefined ? {} : { msat: toMsat(msat) })),
  fc.tuple(stamp(n), fc.nat(3)).map(([s, i]): OrderMessage => ({ ...request({ ...s, dialect: 'gamma' }, invoiceAt(i)), author: people.shopper, receiver: people.merchant })),
  fc.tuple(stamp(n), fc.nat(3), statusFields).map(([s, i, fields]) => merchantSays({ ...s, dialect: 'plebeian', orderId: idOf(i) }, fields)),
  fc.tuple(stamp(n), fc.nat(3), fc.constantFrom<StatusFields>({ cancelled: true }, { word: 'completed' })).map(([s, i, fields]) => shopperSays({ ...s, dialect: 'plebeian', orderId: idOf(i) }, fields)),
  fc.tuple(stamp(n), statusFields).map(([s, fields]) => merchantSays(s, fields)),
  fc.tuple(stamp(n), statusFields).map(([s, fields]) => merchantSays(s, fields)),
  fc.tuple(stamp(n), fc.constantFrom<StatusFields>({ cancelled: true }, { word: 'completed' }, { word: 'delivered' }, { dispute: 'opened' }, { dispute: 'withdrawn' })).map(([s, fields]) => shopperSays(s, fields)),
  fc.tuple(stamp(n), refundName, fc.constantFrom(invoiceAt(3).bolt11, 'ida@wool.example')).map(([s, id, to]) => shopperSays(s, { refundStep: { step: 'to', id, to } })),
  fc.tuple(stamp(n), refundName).map(([s, id]) => shopperSays(s, { refundStep: { step: 'got', id } })),
  stamp(n).map(s => chat(s, 'shopper', `here: ${invoiceAt(3).bolt11} thanks`)),
  fc.tuple(stamp(n), refundName, fc.constantFrom('begun', 'failed', 'unknown', 'paid')).map(([s, refund, state]) => refundPaid(s, refund, { state })),
  fc.tuple(stamp(n), fc.nat(3), fc.boolean()).map(([s, i, good]) => receipt(s, invoiceAt(i), good ? invoiceAt(i).preimage : 'd'.repeat(64))),
  fc.tuple(stamp(n), fc.constantFrom('shopper' as const, 'merchant' as const), fc.string()).map(([s, by, text]) => chat(s, by, text)),
  stamp(n).map(s => plan(s)),
  fc.tuple(nip15Stamp(n), fc.constantFrom('shipping-info', 'order-completed', 'hello')).map(([s, subject]) => unattributed(s, { subject })),
  fc.tuple(stamp(n), fc.nat(3), fc.constantFrom(1, 30_000, 33_000)).map(([s, i, msat]) => settled(s, invoiceAt(i), msat)),
  fc.tuple(stamp(n), fc.nat(3)).map(([s, i]) => walletPaid(s, invoiceAt(i))),
  fc.tuple(stamp(n), fc.nat(3)).map(([s, i]) => local(s, people.shopper, { type: 'paying', paymentHash: hex32(invoiceAt(i).paymentHash), via: 'nwc' })),
  fc.tuple(stamp(n), fc.nat(3)).map(([s, i]) => local(s, people.shopper, { type: 'paying-failed', paymentHash: hex32(invoiceAt(i).paymentHash), reason: 'no route' })),
  fc.tuple(stamp(n), fc.nat(3)).map(([s, i]) => local(s, people.merchant, { type: 'pinned', orderMessage: idOf(i) })),
  fc.tuple(stamp(n), fc.nat(9)).map(([s, i]) => local(s, people.merchant, { type: 'stock-taken', product: `30018:${people.merchant}:mug` as Address, quantity: 1, listingAt: toSeconds(T0 + i) })),
  fc.tuple(stamp(n), fc.nat(12)).map(([s, i]) => local(s, people.shopper, { type: 'accept-unattributed', message: idOf(i) })),
  fc.tuple(stamp(n), fc.nat(3), holdStep).map(([s, i, step]) => local(s, people.merchant, { type: 'hold', paymentHash: hex32(invoiceAt(i).paymentHash), ...step })),
  fc.tuple(stamp(n), fc.nat(3), fc.constantFrom('asked' as const, 'held' as const, 'released' as const)).map(([s, i, state]) => merchantSays(s, { hold: { state, hash: hex32(invoiceAt(i).paymentHash) }, text: 'reserved' })),
  fc.tuple(stamp(n), fc.constantFrom('shopper' as const, 'merchant' as const), fc.constantFrom(...escrowStates), fc.constantFrom('lock-1', 'lock-2')).map(([s, by, state, ref]) =>
    local(s, people[by], { type: 'escrow', provider: 'escrow.example', ref, state, msat: toMsat(30_000), proof: '' })),
  fc.tuple(stamp(n), fc.string()).map(([s, text]) => local(s, people.merchant, { type: 'note', text })),
  fc.tuple(stamp(n), fc.boolean()).map(([s, archived]) => local(s, people.shopper, { type: 'archived', archived })),
)

/** An order message first, then up to `size` others in any sequence; each has its own id. */
export const history = (size = 12): fc.Arbitrary<readonly OrderMessage[]> =>
  fc.nat(size).chain(count => fc.tuple(
    fc.tuple(fc.integer({ min: -2, max: 2 }), fc.constantFrom('nip15' as const, 'gamma' as const, 'plebeian' as const), orderFields).map(([at, dialect, fields]): OrderMessage => placed({ n: 0, at, dialect }, fields)),
    ...Array.from({ length: count }, (_, i) => anyMessage(i + 1)),
  ))

/** The same set in another sequence, some of it more than once. */
export const shuffledWithRepeats = (messages: readonly OrderMessage[]): fc.Arbitrary<readonly OrderMessage[]> =>
  fc.tuple(
    fc.shuffledSubarray([...messages], { minLength: messages.length }),
    fc.shuffledSubarray([...messages]),
    fc.array(fc.nat(), { minLength: messages.length, maxLength: messages.length }),
  ).map(([sequence, repeats, places]) => repeats.reduce((all, message, i) => all.toSpliced((places[i] ?? 0) % (all.length + 1), 0, message), sequence))

/** By people who are not of this order, or by its people in roles they do not hold in it. */
export const hostileMessage = (n: number): fc.Arbitrary<OrderMessage> => {
  const strangers = fc.constantFrom(
    { merchant: people.stranger }, { shopper: people.stranger }, { merchant: people.merchant2 }, { shopper: people.shopper2 },
    { shopper: people.merchant, merchant: people.shopper }, { orderId: `${ORDER_ID}0` }, { orderId: '__proto__' },
  )
  const status: fc.Arbitrary<StatusMessage> = fc.tuple(nip15Stamp(n), strangers, statusFields).map(([s, who, fields]) => merchantSays({ ...s, ...who }, { saidPaid: true, ...fields }))
  const otherKey = orderKey(people.shopper2, people.merchant, ORDER_ID)
  return fc.oneof(
    status,
    // A hold in the shopper's mouth, and of a stranger.
    fc.tuple(nip15Stamp(n), fc.nat(3), fc.constantFrom(people.shopper, people.stranger), holdStep).map(([s, i, author, step]) => local(s, author, { type: 'hold', paymentHash: hex32(invoiceAt(i).paymentHash), ...step })),
    fc.tuple(nip15Stamp(n), fc.nat(3)).map(([s, i]) => shopperSays(s, { hold: { state: 'held', hash: hex32(invoiceAt(i).paymentHash) } })),
    // Of money that goes back, only the merchant's facts are the merchant's, and only the shopper says where it goes.
    fc.tuple(nip15Stamp(n), refundName).map(([s, refund]): OrderMessage => ({ ...refundPaid(s, refund), author: people.shopper })),
    fc.tuple(nip15Stamp(n), strangers, refundName).map(([s, who, id]) => shopperSays({ ...s, ...who }, { refundStep: { step: 'to', id, to: 'thief@example.org' } })),
    fc.tuple(nip15Stamp(n), refundName).map(([s, id]) => merchantSays(s, { refundStep: { step: 'to', id, to: 'thief@example.org' } })),
    // What only a merchant says, in the shopper's mouth.
    fc.tuple(nip15Stamp(n), statusFields).map(([s, fields]) => shopperSays(s, { ...fields, saidPaid: true })),
    fc.tuple(nip15Stamp(n), strangers, fc.nat(3)).map(([s, who, i]) => request({ ...s, ...who }, invoiceAt(i))),
    fc.tuple(nip15Stamp(n), fc.nat(3)).map(([s, i]): OrderMessage => ({ ...request(s, invoiceAt(i)), author: people.shopper, receiver: people.merchant })),
    fc.tuple(nip15Stamp(n), strangers, fc.nat(3)).map(([s, who, i]) => receipt({ ...s, ...who }, invoiceAt(i))),
    fc.tuple(nip15Stamp(n), strangers).map(([s, who]) => refusal({ ...s, ...who })),
    fc.tuple(nip15Stamp(n), strangers.filter(who => !('shopper' in who && 'merchant' in who))).map(([s, who]) => placed({ ...s, ...who })),
    // A local fact by somebody else, by the wrong side, or of another order.
    fc.tuple(nip15Stamp(n), fc.nat(3)).map(([s, i]): OrderMessage => ({ ...settled(s, invoiceAt(i)), author: people.stranger })),
    fc.tuple(nip15Stamp(n), fc.nat(3)).map(([s, i]): OrderMessage => ({ ...settled(s, invoiceAt(i)), author: people.shopper })),
    fc.tuple(nip15Stamp(n), fc.nat(3)).map(([s, i]): OrderMessage => ({ ...settled(s, invoiceAt(i)), transport: 'nip04' })),
    fc.tuple(nip15Stamp(n), fc.nat(3)).map(([s, i]) => local(s, people.merchant, { type: 'wallet-settled', paymentHash: hex32(invoiceAt(i).paymentHash), msat: toMsat(1), settledAt: toSeconds(T0) }, otherKey)),
  )
}

export const hostileMessages: fc.Arbitrary<readonly OrderMessage[]> =
  fc.nat(8).chain(count => fc.tuple(...Array.from({ length: count }, (_, i) => hostileMessage(1_000 + i))))
