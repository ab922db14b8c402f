import * as v from 'valibot'
import { limits } from '../limits'
import { withoutUnseen } from './shown-text'

/** What a relay says of itself (NIP-11). Every field is optional there; null and 0 = it says nothing of it. */
export interface RelayInfo {
  readonly name: string
  readonly paymentRequired: boolean
  readonly authRequired: boolean
  readonly restrictedWrites: boolean
  readonly minPow: number
  /** It refuses times that gift wraps bear (NIP-59: up to two days back). */
  readonly refusesBackDated: boolean
  readonly maxMessageLength: number | null
  readonly maxSubscriptions: number | null
  readonly maxLimit: number | null
  /** NIP-77: it can compare what both sides have. */
  readonly negentropy: boolean
}

/** A document larger than this is nobody's honest description. */
export const RELAY_INFO_BYTES = 64 * 1024
const BACK_DATED_SECONDS = 2 * 24 * 3600 + 3600

/** One strange field spoils none of the others. */
const flag = v.fallback(v.boolean(), false)
const bound = v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null)
const Document = v.object({
  name: v.fallback(v.string(), ''),
  supported_nips: v.fallback(v.pipe(v.array(v.unknown()), v.maxLength(500)), []),
  limitation: v.fallback(v.object({
    payment_required: flag,
    auth_required: flag,
    restricted_writes: flag,
    min_pow_difficulty: bound,
    created_at_lower_limit: bound,
    max_message_length: bound,
    max_subscriptions: bound,
    max_limit: bound,
  }), { payment_required: false, auth_required: false, restricted_writes: false, min_pow_difficulty: null, created_at_lower_limit: null, max_message_length: null, max_subscriptions: null, max_limit: null }),
})

/** null: no such document. A limit so small that nothing could be said under it is not believed. */
export function readRelayInfo(value: unknown): RelayInfo | null {
  const read = v.safeParse(Document, value)
  if (!read.success || Array.isArray(value))
    return null
  const { name, supported_nips: nips, limitation: { max_message_length: length, max_subscriptions: subscriptions, max_limit: limit, ...said } } = read.output
  return {
    name: withoutUnseen(name.slice(0, limits.nameShown)),
    paymentRequired: said.payment_required,
    authRequired: said.auth_required,
    restrictedWrites: said.restricted_writes,
    minPow: said.min_pow_difficulty ?? 0,
    refusesBackDated: said.created_at_lower_limit !== null && said.created_at_lower_limit < BACK_DATED_SECONDS,
    maxMessageLength: length !== null && length >= 1_024 ? length : null,
    maxSubscriptions: subscriptions !== null && subscriptions >= 2 ? subscriptions : null,
    maxLimit: limit,
    negentropy: nips.includes(77),
  }
}
