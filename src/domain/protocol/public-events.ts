import type { Address, Pubkey } from '../brand'
import type { Deletion, Listing, Market, Profile } from '../catalog/types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError, ListingRules } from './nip15-listings'
import * as v from 'valibot'
import { isEventId, isPubkey } from '../brand'
import { parseAddress, toAddress } from '../catalog/address'
import { limits } from '../limits'
import { err, ok } from '../result'
import { kinds } from './event'
import { tagValue, tagValues } from './event-shape'
import { schemaError, words } from './fields'
import { isPicture } from './images'
import { decodeProduct, decodeStall } from './nip15-listings'
import { field, isRecord, parseJson } from './json'
import { withoutUnseen } from './shown-text'

export type PublicError = ListingError | { readonly code: 'delete-without-target' | 'unsupported' | 'kind', readonly detail: string }

/** Every public event that the market reads, by kind. Gamma listings (30402 …) get their cases here. */
export function decodePublic(event: NostrEvent, rules?: ListingRules): Result<Listing, PublicError> {
  switch (event.kind) {
    case kinds.stall: {
      const stall = decodeStall(event)
      return stall.ok ? ok({ type: 'stall', stall: stall.value }) : stall
    }
    case kinds.product: {
      const product = decodeProduct(event, rules)
      return product.ok ? ok({ type: 'product', product: product.value }) : product
    }
    case kinds.deletion: {
      const deletion = decodeDeletion(event)
      return deletion.ok ? ok({ type: 'deletion', deletion: deletion.value, eventId: event.id }) : deletion
    }
    case kinds.market: {
      const market = decodeMarket(event)
      return market.ok ? ok({ type: 'market', market: market.value }) : market
    }
    case kinds.profile: {
      const profile = decodeProfile(event)
      return profile.ok ? ok({ type: 'profile', profile: profile.value }) : profile
    }
    default:
      return err({ code: 'kind', detail: String(event.kind) })
  }
}

/** NIP-09. Empty and malformed targets are left out; none left: nothing to do (nip15.md §4). */
export function decodeDeletion(event: NostrEvent): Result<Deletion, PublicError> {
  const eventIds = tagValues(event, 'e').filter(isEventId)
  const addresses = tagValues(event, 'a').filter((target): target is Address => parseAddress(target) !== null)
  if (eventIds.length === 0 && addresses.length === 0)
    return err({ code: 'delete-without-target', detail: '' })
  return ok({ author: event.pubkey, at: event.created_at, eventIds, addresses })
}

const MarketBody = v.object({ name: words(limits.name), merchants: v.nullish(v.array(v.unknown())) })

/** NIP-15 kind 30019, a market of several merchants. Shopstr's shop profile of the same kind has `d` = its author. */
export function decodeMarket(event: NostrEvent): Result<Market, PublicError> {
  const id = tagValue(event, 'd')
  if (id === '')
    return err({ code: 'no-d', detail: '' })
  if (id === event.pubkey)
    return err({ code: 'unsupported', detail: 'shop profile' })
  const json = parseJson(event.content, limits.listingContent)
  if (!json.ok)
    return json
  const read = v.safeParse(MarketBody, json.value)
  if (!read.success)
    return err(schemaError(read.issues))
  const merchants = (read.output.merchants ?? []).filter((entry): entry is Pubkey => isPubkey(entry)).slice(0, 1_000)
  return ok({ address: toAddress(kinds.market, event.pubkey, id), author: event.pubkey, name: read.output.name, merchants })
}

/** NIP-01 kind 0: every field is optional, and a wrong one is an empty one. */
export function decodeProfile(event: NostrEvent): Result<Profile, PublicError> {
  const json = parseJson(event.content, limits.listingContent)
  if (!json.ok)
    return json
  if (!isRecord(json.value))
    return err({ code: 'schema', detail: '' })
  const body = json.value
  const word = (name: string, longest: number): string => {
    const value = field(body, name)
    return typeof value === 'string' && value.length <= longest ? withoutUnseen(value) : ''
  }
  const picture = word('picture', 2_048)
  const name = word('display_name', limits.name) || word('displayName', limits.name) || word('name', limits.name)
  return ok({ pubkey: event.pubkey, name, about: word('about', limits.orderText), picture: isPicture(picture, true) ? picture : '', nip05: word('nip05', 320), at: event.created_at })
}
