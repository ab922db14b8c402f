import type { Address, Pubkey } from '../brand'
import type { Deletion, Listing, Market } from '../catalog/types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { GammaError } from './gamma-listings'
import type { ListingRules } from './nip15-listings'
import * as v from 'valibot'
import { isEventId, isPubkey } from '../brand'
import { parseAddress, toAddress } from '../catalog/address'
import { limits } from '../limits'
import { err, ok } from '../result'
import { kinds } from './event'
import { tagValue, tagValues } from './event-shape'
import { schemaError, words } from './fields'
import { decodeGammaListing } from './gamma-listings'
import { decodeProduct, decodeStall } from './nip15-listings'
import { parseJson } from './json'
import { decodeProfile, decodeShopProfile } from './profile'

export type PublicError = GammaError | { readonly code: 'delete-without-target' | 'repost' | 'kind', readonly detail: string }

/** Every public event that the market reads, by kind. */
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
      if (tagValue(event, 'd') === event.pubkey) {
        const shop = decodeShopProfile(event)
        return shop.ok ? ok({ type: 'shop-profile', shop: shop.value }) : shop
      }
      const market = decodeMarket(event)
      return market.ok ? ok({ type: 'market', market: market.value }) : market
    }
    case kinds.profile: {
      const profile = decodeProfile(event)
      return profile.ok ? ok({ type: 'profile', profile: profile.value }) : profile
    }
    default:
      return decodeGammaListing(event, rules) ?? err({ code: isRepost(event) ? 'repost' : 'kind', detail: String(event.kind) })
  }
}

/** Kind 16 is NIP-18's generic repost, unless an order's message stands in it (gamma.md §4). */
const isRepost = (event: NostrEvent): boolean => event.kind === kinds.order && tagValue(event, 'order') === '' && tagValue(event, 'type') === ''

/** NIP-09. Empty and malformed targets are left out; none left: nothing to do (nip15.md §4). */
export function decodeDeletion(event: NostrEvent): Result<Deletion, PublicError> {
  const eventIds = tagValues(event, 'e').filter(isEventId)
  const addresses = tagValues(event, 'a').filter((target): target is Address => parseAddress(target) !== null)
  if (eventIds.length === 0 && addresses.length === 0)
    return err({ code: 'delete-without-target', detail: '' })
  return ok({ author: event.pubkey, at: event.created_at, eventIds, addresses })
}

const MarketBody = v.object({ name: words(limits.name), merchants: v.nullish(v.array(v.unknown())) })

/** NIP-15 kind 30019, a market of several merchants. Shopstr's shop profile of the same kind is another thing (`profile.ts`). */
export function decodeMarket(event: NostrEvent): Result<Market, PublicError> {
  const id = tagValue(event, 'd')
  if (id === '')
    return err({ code: 'no-d', detail: '' })
  const json = parseJson(event.content, limits.listingContent)
  if (!json.ok)
    return json
  const read = v.safeParse(MarketBody, json.value)
  if (!read.success)
    return err(schemaError(read.issues))
  const merchants = (read.output.merchants ?? []).filter((entry): entry is Pubkey => isPubkey(entry)).slice(0, 1_000)
  return ok({ address: toAddress(kinds.market, event.pubkey, id), author: event.pubkey, name: read.output.name, merchants })
}
