import type { EventId } from '../brand'
import type { FulfilmentWord, StatusMessage } from '../order/types'
import * as v from 'valibot'
import { excessKinds } from '../order/excess-word'
import { isEventId, isHex32, isMsat, type Hex32, type Msat } from '../brand'
import { limits } from '../limits'
import { orderId, text } from './fields'
import { field, isRecord, parseJson } from './json'
import type { WireOption } from './payment-option'
import { withoutUnseen } from './shown-text'

/**
 * What NIP-15 has no words for travels under the key `souk`, which peers ignore: at top level of a type 1 or 2, or as the last
 * line of a plain text, so that a person on another client still reads the sentence above it.
 */
export type ExtraStatus = Pick<StatusMessage, 'word' | 'cancelled' | 'keepsOrder' | 'saidPaid' | 'takesBackPaid' | 'shipped' | 'dispute' | 'refund' | 'refundStep' | 'tracking' | 'hold' | 'underpaid' | 'excess' | 'rezoned'>

export interface Extra {
  readonly order: string | null
  readonly pin: EventId | null
  readonly zoneId: string | null
  readonly status: ExtraStatus | null
  /** What shows that the shopper paid: NIP-15 has no receipt. */
  readonly preimage: string | null
  /** What is to be paid, where the other side's dialect has no word for asking; beside `claimed`, what is said to be. */
  readonly invoice: string | null
  /** What may be paid by, and how much, where no invoice says so: peers are told in words (nip15.md §8). null: a refusal stays one. */
  readonly options: readonly WireOption[] | null
  readonly msat: Msat | null
  /** The shopper says that it is paid, with nothing to show for it. */
  readonly claimed: boolean
  /** What pays that request is held first. */
  readonly reserve: boolean
}

const WORDS = ['accepted', 'processing', 'ready_to_ship', 'in_transit', 'out_for_delivery', 'delivered', 'completed', 'exception'] as const satisfies readonly FulfilmentWord[]
const short = v.optional(v.pipe(v.string(), v.maxLength(limits.name), v.transform(withoutUnseen)))

const msat = v.custom<Msat>(isMsat)
/** Of one refund among those of an order: whatever its merchant's client calls it. */
const refundId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))

const ExtraBody = v.object({
  order: v.optional(orderId),
  pin: v.optional(v.pipe(v.string(), v.check(value => isEventId(value)))),
  zoneId: short,
  invoice: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9]{1,2500}$/i))),
  options: v.optional(v.pipe(v.array(v.object({ type: v.pipe(v.string(), v.maxLength(64)), link: v.pipe(v.string(), v.maxLength(limits.orderText)) })), v.maxLength(limits.paymentOptions))),
  msat: v.optional(v.custom<Msat>(isMsat)),
  claimed: v.optional(v.literal(true)),
  preimage: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i))),
  word: v.optional(v.picklist(WORDS)),
  cancelled: v.optional(v.literal(true)),
  /** The merchant's no, and the shopper's wish to cancel that it answers. */
  keepsOrder: v.optional(v.custom<EventId>(isEventId)),
  saidPaid: v.optional(v.literal(true)),
  takesBackPaid: v.optional(v.literal(true)),
  shipped: v.optional(v.boolean()),
  dispute: v.optional(v.picklist(['opened', 'withdrawn', 'resolved'])),
  refund: v.optional(v.object({ msat, proof: text(limits.name), id: v.exactOptional(refundId) })),
  refundStep: v.optional(v.variant('step', [
    v.object({ step: v.literal('ask'), id: refundId, msat, why: v.exactOptional(v.pipe(v.string(), v.maxLength(limits.name), v.transform(withoutUnseen))), rest: v.exactOptional(v.literal('kept')) }),
    v.object({ step: v.literal('to'), id: v.union([refundId, v.literal('')]), to: v.pipe(v.string(), v.maxLength(2_500), v.regex(/^[\w.+@:-]{3,}$/)) }),
    v.object({ step: v.literal('got'), id: refundId }),
    v.object({ step: v.literal('none') }),
  ])),
  hold: v.optional(v.object({ state: v.picklist(['asked', 'held', 'released']), hash: v.custom<Hex32>(isHex32) })),
  underpaid: v.optional(v.object({ hash: v.custom<Hex32>(isHex32), msat })),
  excess: v.optional(v.object({ what: v.picklist(excessKinds), hash: v.custom<Hex32>(isHex32), msat })),
  reserve: v.optional(v.literal(true)),
  /** The zone by which it is sent instead, where the request itself has no room for it. */
  rezoned: short,
  tracking: v.optional(v.object({ carrier: short, number: short, url: short, eta: short })),
})

const nothing: Extra = { order: null, pin: null, zoneId: null, status: null, preimage: null, invoice: null, options: null, msat: null, claimed: false, reserve: false }

function read(value: unknown): Extra {
  const parsed = v.safeParse(ExtraBody, value)
  if (!parsed.success)
    return nothing
  const { order, pin, zoneId, invoice, options, msat, claimed, preimage, word, cancelled, keepsOrder, saidPaid, takesBackPaid, shipped, dispute, refund, refundStep, tracking, hold, underpaid, reserve, rezoned } = parsed.output
  const status: ExtraStatus = {
    ...(word === undefined ? {} : { word }),
    ...(cancelled === undefined ? {} : { cancelled }),
    ...(keepsOrder === undefined ? {} : { keepsOrder }),
    ...(saidPaid === undefined ? {} : { saidPaid }),
    ...(takesBackPaid === undefined ? {} : { takesBackPaid }),
    ...(shipped === undefined ? {} : { shipped }),
    ...(dispute === undefined ? {} : { dispute }),
    ...(refund === undefined ? {} : { refund }),
    ...(refundStep === undefined ? {} : { refundStep }),
    ...(tracking === undefined ? {} : { tracking: present(tracking) }),
    ...(hold === undefined ? {} : { hold }),
    ...(rezoned === undefined ? {} : { rezoned }),
    ...(underpaid === undefined ? {} : { underpaid }),
    ...(parsed.output.excess === undefined ? {} : { excess: parsed.output.excess }),
  }
  return {
    order: order ?? null,
    pin: isEventId(pin) ? pin : null,
    zoneId: zoneId ?? null,
    status: Object.keys(status).length === 0 ? null : status,
    preimage: preimage?.toLowerCase() ?? null,
    invoice: invoice ?? null,
    options: options ?? null,
    msat: msat ?? null,
    claimed: claimed ?? false,
    reserve: reserve ?? false,
  }
}

interface Tracked { readonly carrier?: string, readonly number?: string, readonly url?: string, readonly eta?: string }

/** Only the fields that were there: an absent field is not an empty one. */
function present({ carrier, number, url, eta }: { readonly [K in keyof Tracked]: string | undefined }): Tracked {
  return { ...(carrier === undefined ? {} : { carrier }), ...(number === undefined ? {} : { number }), ...(url === undefined ? {} : { url }), ...(eta === undefined ? {} : { eta }) }
}

const LONGEST_TAG = 4_000
const TAIL = /\n(\{"souk":.{2,4000}\})$/s

/** What a payment request says beside its invoice, or without one. */
export interface Asking { readonly invoice?: string, readonly options?: readonly WireOption[], readonly msat?: Msat }

/** In a rumor the same stands in a tag of its own. */
export const soukTag = (order: string, said: ExtraStatus & Asking & { readonly pin?: EventId, readonly zoneId?: string, readonly reserve?: true }): readonly string[] => ['souk', JSON.stringify({ order, ...said })]

export const readExtra = {
  /** Of a rumor's tag. */
  ofTag(text: string | undefined): Extra {
    const json = text === undefined || text.length > LONGEST_TAG ? null : parseJson(text)
    return json?.ok === true ? read(json.value) : nothing
  },
  /** Of a type 1 or 2. */
  ofBody: (body: Readonly<Record<string, unknown>>): Extra => read(field(body, 'souk')),
  /** Of a plain text: the sentence without its last line, and what that line says. */
  ofChat(plaintext: string): { readonly rest: string, readonly orderId: string | null } & Pick<Extra, 'status' | 'preimage' | 'invoice' | 'claimed'> {
    const tail = TAIL.exec(plaintext)?.[1]
    const json = tail === undefined ? null : parseJson(tail)
    if (tail === undefined || json === null || !json.ok || !isRecord(json.value))
      return { rest: plaintext, orderId: null, status: null, preimage: null, invoice: null, claimed: false }
    const extra = read(field(json.value, 'souk'))
    return { rest: plaintext.slice(0, -tail.length - 1), orderId: extra.order, status: extra.status, preimage: extra.preimage, invoice: extra.invoice, claimed: extra.claimed }
  },
}
