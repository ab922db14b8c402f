import type { Contact, OrderLine, OtherPayment, PaymentOption, PaymentOptionType, StatusMessage } from '../order/types'
import type { Seconds } from '../brand'
import * as v from 'valibot'
import { isMsat, isSeconds } from '../brand'
import { parseAddress, toAddress } from '../catalog/address'
import { readPaymentText } from '../invoice/uri'
import { limits } from '../limits'
import { tokenIn, withoutTokens } from './cashu'
import { words } from './fields'
import { withoutUnseen } from './shown-text'

type Tags = readonly (readonly string[])[]

/** Tags by name, for a schema to read: never flattened onto an object, so that no name is anything but a name. */
export const tagReader = (tags: Tags) => ({
  /** First value, or undefined. */
  one: (name: string): string | undefined => tags.find(tag => tag[0] === name)?.[1],
  all: (name: string): Tags => tags.filter(tag => tag[0] === name),
})
export type TagReader = ReturnType<typeof tagReader>

/** What says which message of which order this is. Said twice and differently, two clients would read two messages. */
const DECIDING = ['order', 'type', 'status', 'amount'] as const
export const isContradictory = (tags: TagReader): boolean => DECIDING.some(name => new Set(tags.all(name).map(tag => tag[1])).size > 1)

/** A person's words, with no money left in them. */
export const shownWords = v.pipe(words(limits.orderText), v.transform(withoutTokens))

/**
 * Whole sat, also as Plebeian's old paths write them, `12.00`; any other fraction may be dollars, and is kept as a text
 * alone (gamma.md §5).
 */
export const amount = v.pipe(v.string(), v.maxLength(64, 'limit'), v.transform((text) => {
  const sat = /^(\d{1,13})(?:\.0+)?$/.exec(text)?.[1]
  const msat = sat === undefined ? null : Number(sat) * 1000
  return { msat: isMsat(msat) ? msat : null, text: withoutUnseen(text) }
}))

/** Unix seconds in text; anything else is nothing. */
export function secondsOf(text: string | undefined): Seconds | null {
  const value = /^\d{1,10}$/.test(text ?? '') ? Number(text) : null
  return isSeconds(value) ? value : null
}

const quantity = v.pipe(v.string('quantity'), v.regex(/^\d{1,7}$/, 'quantity'), v.transform(Number), v.minValue(1, 'quantity'), v.maxValue(limits.quantity, 'quantity'))

/** `item` tags: the address of a product, how many. */
export const items = v.pipe(
  v.array(v.pipe(
    v.object({ ref: v.pipe(v.string(), v.maxLength(limits.name, 'limit'), v.transform(parseAddress), v.check(ref => ref?.kind === 30_402 && ref.id !== '')), quantity }),
    v.transform(({ ref, quantity }) => ref === null ? null : { author: ref.author, line: { productId: ref.id, product: toAddress(ref.kind, ref.author, ref.id), quantity } satisfies OrderLine }),
  )),
  v.maxLength(limits.orderItems, 'limit'),
  v.transform(list => list.filter(item => item !== null)),
)
export const itemTags = (tags: TagReader) => tags.all('item').map(tag => ({ ref: tag[1], quantity: tag[2] }))

/** Only what is there: an absent field is not an empty one. */
export function contactOf(fields: Readonly<Record<keyof Contact, string>>): Contact {
  const { nostr, phone, email } = fields
  return { ...(nostr !== '' && { nostr }), ...(phone !== '' && { phone }), ...(email !== '' && { email }) }
}

const short = v.optional(v.pipe(v.string(), v.maxLength(limits.tagValue, 'limit'), v.transform(withoutUnseen)))
export const trackingFields = { tracking: short, carrier: short, eta: short }

/** Plebeian's sellers put an address of a page where the number belongs. */
export function trackingOf({ tracking, carrier, eta }: { readonly tracking: string | undefined, readonly carrier: string | undefined, readonly eta: string | undefined }): Pick<StatusMessage, 'tracking'> {
  if (tracking === undefined && carrier === undefined && eta === undefined)
    return {}
  const where = tracking === undefined ? {} : /^https?:\/\/\S+$/i.test(tracking) ? { url: tracking } : { number: tracking }
  return { tracking: { ...where, ...(carrier !== undefined && { carrier }), ...(eta !== undefined && { eta }) } }
}

const MEDIA: Readonly<Record<string, PaymentOptionType>> = { bitcoin: 'btc', ecash: 'cashu' }
const mediumOf = (medium: string, link: string): PaymentOptionType => {
  if (medium !== 'lightning')
    return Object.hasOwn(MEDIA, medium) ? MEDIA[medium] ?? 'other' : 'other'
  const read = readPaymentText(link).kind
  return read === 'bolt11' ? 'ln' : read === 'lightning_address' || read === 'lnurl' ? 'lnurl' : 'other'
}

const paymentTag = v.pipe(
  v.object({ medium: v.pipe(v.string(), v.maxLength(64, 'limit'), v.transform(withoutUnseen)), reference: v.optional(v.pipe(v.string(), v.maxLength(limits.orderText, 'limit')), ''), proof: v.optional(v.pipe(v.string(), v.maxLength(limits.orderText, 'limit')), '') }),
)
export type PaymentTag = v.InferOutput<typeof paymentTag>
/** `payment` tags: by what, where to, and what shows that it was done. */
export const payments = v.pipe(v.array(paymentTag), v.maxLength(limits.paymentOptions, 'limit'))
export const paymentTags = (tags: TagReader) => tags.all('payment').map(tag => ({ medium: tag[1], reference: tag[2], proof: tag[3] }))

export const optionOf = ({ medium, reference }: PaymentTag): PaymentOption => ({ type: mediumOf(medium, reference), label: medium, link: reference })

/** A preimage is worth what it hashes to; whatever else stands in its place is a claim (gamma.md §5, §8.2). */
export const preimageOf = ({ medium, proof }: PaymentTag): string => medium === 'lightning' && /^[0-9a-f]{64}$/i.test(proof) ? proof.toLowerCase() : ''

export function otherPaymentOf({ medium, reference, proof }: PaymentTag): OtherPayment {
  return { medium, reference: withoutUnseen(withoutTokens(reference)), token: tokenIn(proof) || tokenIn(reference) }
}
