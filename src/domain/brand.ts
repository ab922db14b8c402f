/**
 * Strings and numbers that must not be mixed up. A brand is minted only after its check;
 * behind that line the type is believed.
 */
declare const brand: unique symbol
export type Brand<T, B extends string> = T & { readonly [brand]: B }

/** 64 lower-case hex characters. */
export type Hex32 = Brand<string, 'Hex32'>
/** Public key of a person, x-only, hex (NIP-01). */
export type Pubkey = Brand<string, 'Pubkey'>
/** SHA-256 of the serialised event (NIP-01), or of a rumor (NIP-59). */
export type EventId = Brand<string, 'EventId'>
/** `shopper:merchant:order id` (orders.md §5.2). */
export type OrderKey = Brand<string, 'OrderKey'>
/** `kind:pubkey:d`, the address of a stall or product (NIP-01 `a` tag form). */
export type Address = Brand<string, 'Address'>
/** Normalised `wss://` address, or `ws://` on loopback. */
export type RelayUrl = Brand<string, 'RelayUrl'>
/** Unix time, whole seconds. */
export type Seconds = Brand<number, 'Seconds'>
/** Millisatoshi, a safe integer ≥ 0. */
export type Msat = Brand<number, 'Msat'>

const HEX_64 = /^[0-9a-f]{64}$/

export const isHex32 = (text: unknown): text is Hex32 => typeof text === 'string' && HEX_64.test(text)
export const isPubkey = (text: unknown): text is Pubkey => typeof text === 'string' && HEX_64.test(text)
export const isEventId = (text: unknown): text is EventId => typeof text === 'string' && HEX_64.test(text)

const isWholeNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

export const isSeconds = (value: unknown): value is Seconds => isWholeNumber(value) && value <= 2 ** 32
export const isMsat = (value: unknown): value is Msat => isWholeNumber(value)

/** @throws RangeError when the value is no whole number of seconds in 0…2^32: a bug of the caller. */
export function toSeconds(value: number): Seconds {
  if (!isSeconds(value))
    throw new RangeError('not a time in seconds')
  return value
}

/** @throws RangeError when the value is no safe integer ≥ 0: a bug of the caller. */
export function toMsat(value: number): Msat {
  if (!isMsat(value))
    throw new RangeError('not an amount in msat')
  return value
}
