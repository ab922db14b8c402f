import type { Address, Pubkey } from '../brand'
import type { LocalFact, OrderTotals } from '../order/types'
import type { Money, Rate } from '../money/types'
import type { Result } from '../result'
import type { TaggedMessage } from './event'
import type { RumorTemplate } from './gamma-encode'
import type { DecodeError } from './nip15-messages'
import * as v from 'valibot'
import { isEventId, isHex32, isMsat, isSeconds, type EventId, type Hex32, type Msat, type OrderKey, type Seconds } from '../brand'
import { parseAddress } from '../catalog/address'
import { limits } from '../limits'
import { escrowStates, holdSteps, releaseReasons } from '../order/held-money'
import { splitKey } from '../order/keys'
import { err, ok } from '../result'
import { kinds } from './event'
import { schemaError } from './fields'
import { parseJson } from './json'

/**
 * What a device knows of its own account (orders.md §5.11) in a gift wrap to ourselves, so that an empty device finds it
 * again (T5, decision 0014). Nobody else is sent one, and one of anybody else says nothing here.
 */
export const NOTE_MARK = 'souk:facts'

/** A payment under way is a matter of the device and the wallet where it was begun. */
export const isNoted = ({ type }: LocalFact): boolean => type !== 'paying' && type !== 'paying-failed'

/** The facts of one moment, of one order, in one rumor. */
export function encodeOwnNote(me: Pubkey, facts: readonly LocalFact[]): RumorTemplate {
  const bodies = facts.map(({ author: _author, receiver: _receiver, transport: _transport, dialect: _dialect, ...body }) => body)
  return { kind: kinds.appData, tags: [['d', NOTE_MARK], ['p', me]], content: JSON.stringify({ v: 1, facts: bodies }) }
}

const short = v.pipe(v.string(), v.maxLength(limits.name, 'limit'))
const long = v.pipe(v.string(), v.maxLength(limits.orderText, 'limit'))
const eventId = v.custom<EventId>(isEventId)
const hash = v.custom<Hex32>(isHex32)
const seconds = v.custom<Seconds>(isSeconds)
const msat = v.custom<Msat>(isMsat)
const address = v.custom<Address>(value => typeof value === 'string' && value.length <= limits.name && parseAddress(value) !== null)
const key = v.custom<OrderKey>(value => typeof value === 'string' && value.length <= 130 + limits.orderId && splitKey(value) !== undefined)
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const count = v.pipe(whole, v.maxValue(limits.quantity))
const money = v.object({ currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)), minor: whole }) satisfies v.GenericSchema<Money>
const rate = v.object({ currency: short, btcPrice: v.pipe(v.string(), v.regex(/^\d{1,15}(\.\d{1,15})?$/)), source: short, at: seconds, doubt: v.exactOptional(v.picklist(['one-source', 'sources-disagree'])) }) satisfies v.GenericSchema<Rate>
const totals = v.object({ goods: money, shipping: money, total: money, totalMsat: v.nullable(msat), rate: v.nullable(rate) }) satisfies v.GenericSchema<OrderTotals>
const line = v.object({ product: address, productId: short, quantity: count, name: short, variant: v.exactOptional(short), image: long, unitPrice: money, shippingExtra: money, listing: eventId, subtotal: money })
const envelope = { id: eventId, sentAt: seconds, order: key }

const Fact = v.variant('type', [
  v.object({ ...envelope, type: v.literal('snapshot'), side: v.picklist(['shopper', 'merchant']), stall: address, stallName: short, zone: v.nullable(v.object({ id: short, name: short, cost: money })), lines: v.pipe(v.array(line), v.maxLength(limits.orderItems, 'limit')), totals }),
  v.object({ ...envelope, type: v.literal('invoice-issued'), attempt: count, paymentHash: hash, bolt11: long, asked: msat, expiresAt: seconds, totals, zoneId: short, wallet: v.exactOptional(short), verify: v.exactOptional(v.nullable(v.pipe(long, v.url()))), byHand: v.exactOptional(v.literal(true)) }),
  v.object({ ...envelope, type: v.literal('wallet-settled'), paymentHash: hash, msat, settledAt: seconds }),
  v.object({ ...envelope, type: v.literal('wallet-paid'), paymentHash: hash, preimage: short, msat }),
  v.object({ ...envelope, type: v.literal('hold'), paymentHash: hash, step: v.picklist(holdSteps), preimage: v.exactOptional(hash), attempt: v.exactOptional(count), msat: v.exactOptional(msat), releaseAt: v.exactOptional(seconds), heldUntil: v.exactOptional(seconds), reason: v.exactOptional(v.picklist(releaseReasons)) }),
  v.object({ ...envelope, type: v.literal('escrow'), provider: short, ref: short, state: v.picklist(escrowStates), msat: v.nullable(msat), proof: long }),
  v.object({ ...envelope, type: v.literal('pinned'), orderMessage: eventId }),
  v.object({ ...envelope, type: v.literal('stock-taken'), product: address, quantity: count, listingAt: seconds, short: v.exactOptional(v.literal(true)) }),
  v.object({ ...envelope, type: v.literal('note'), text: long }),
  v.object({ ...envelope, type: v.literal('archived'), archived: v.boolean() }),
  v.object({ ...envelope, type: v.literal('accept-unattributed'), message: eventId, takenBack: v.exactOptional(v.literal(true)) }),
  v.object({ ...envelope, type: v.literal('refund-pay'), refund: short, state: v.picklist(['begun', 'failed', 'unknown', 'paid']), paymentHash: v.nullable(hash), bolt11: long, msat, via: v.picklist(['nwc', 'webln', 'hand']), preimage: short, fee: v.nullable(msat), reason: long }),
  v.object({ ...envelope, type: v.literal('self-made'), paymentHash: hash, bolt11: long, msat, address: short, host: short, verify: v.nullable(v.pipe(short, v.url())) }),
])
const Note = v.object({ v: v.literal(1), facts: v.pipe(v.array(Fact), v.maxLength(20, 'limit')) })

/** Whether it is one of ours to ourselves: an ordinary message is none. */
export const isOwnNote = ({ kind, tags }: Pick<TaggedMessage, 'kind' | 'tags'>): boolean =>
  kind === kinds.appData && tags.some(([name, value]) => name === 'd' && value === NOTE_MARK)

/** `unsupported`: of somebody else, or written by a newer Souk. */
export function decodeOwnNote({ author, receiver, transport, plaintext }: TaggedMessage): Result<readonly LocalFact[], DecodeError> {
  // Its seal says who wrote it; that it was to ourselves says that nobody else was meant to believe it.
  if (author !== receiver || transport !== 'nip59')
    return err({ code: 'unsupported', detail: 'note of another' })
  const json = parseJson(plaintext)
  if (!json.ok)
    return err({ code: json.error.code === 'limit' ? 'limit' : 'schema', detail: json.error.detail })
  const note = v.safeParse(Note, json.value)
  if (!note.success)
    return err(schemaError(note.issues))
  return ok(note.output.facts.map(fact => ({ ...fact, author, receiver, transport: 'local', dialect: 'nip15' })))
}
