import type { PaymentPreference, Profile } from '../catalog/types'
import type { ShopProfile } from '../catalog/nip99-types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError } from './nip15-listings'
import { limits } from '../limits'
import { err, ok } from '../result'
import { tagValue } from './event-shape'
import { listingBase } from './listing-tags'
import { isPicture } from './images'
import { field, isRecord, parseJson } from './json'
import { withoutUnseen } from './shown-text'

type Body = Readonly<Record<string, unknown>>

function readBody(event: NostrEvent): Result<Body, ListingError> {
  const json = parseJson(event.content, limits.listingContent)
  if (!json.ok)
    return json
  return isRecord(json.value) ? ok(json.value) : err({ code: 'schema', detail: '' })
}

/** Every field is optional, and a wrong one is an empty one. */
function wordIn(body: Body, name: string, longest: number): string {
  const value = field(body, name)
  return typeof value === 'string' && value.length <= longest ? withoutUnseen(value) : ''
}

function pictureIn(body: Body, name: string, loopback: boolean): string {
  const picture = wordIn(body, name, 2_048)
  return isPicture(picture, loopback) ? picture : ''
}

/** NIP-01 kind 0, with what a merchant says there of being paid (gamma.md §3). */
export function decodeProfile(event: NostrEvent): Result<Profile, ListingError> {
  const body = readBody(event)
  if (!body.ok)
    return body
  const word = (name: string, longest: number) => wordIn(body.value, name, longest)
  return ok({
    pubkey: event.pubkey,
    name: word('display_name', limits.name) || word('displayName', limits.name) || word('name', limits.name),
    about: word('about', limits.orderText),
    picture: pictureIn(body.value, 'picture', true),
    nip05: word('nip05', 320),
    lud16: /^[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,250}(?::\d{1,5})?$/i.exec(word('lud16', 320).trim())?.[0] ?? '',
    // The spec's tag, else Shopstr's field in the JSON.
    paymentPreference: readPreference(tagValue(event, 'payment_preference')) ?? readPreference(word('payment_preference', 20)) ?? 'manual',
    at: event.created_at,
  })
}

function readPreference(text: string): PaymentPreference | null {
  switch (text.trim().toLowerCase()) {
    case 'lud16':
    case 'lightning':
      return 'lud16'
    case 'ecash':
    case 'cashu':
      return 'ecash'
    case 'fiat':
      return 'fiat'
    case 'manual':
      return 'manual'
    default:
      return null
  }
}

/** Shopstr's kind 30019 with `d` = its author (nip15.md §5). */
export function decodeShopProfile(event: NostrEvent): Result<ShopProfile, ListingError> {
  const base = listingBase(event)
  const body = readBody(event)
  if (!base.ok)
    return base
  if (!body.ok)
    return body
  const ui = field(body.value, 'ui')
  const looks = isRecord(ui) ? ui : {}
  return ok({
    ...base.value,
    dialect: 'shopstr',
    merchant: event.pubkey,
    name: wordIn(body.value, 'name', limits.name),
    about: wordIn(body.value, 'about', limits.orderText),
    picture: pictureIn(looks, 'picture', false),
    banner: pictureIn(looks, 'banner', false),
  })
}
