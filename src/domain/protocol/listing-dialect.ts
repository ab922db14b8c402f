import type { Dialect } from '../catalog/listing-base'
import type { NostrEvent } from './event'
import { kinds } from './event'
import { tagValue, tagValues } from './event-shape'

type Marked = Pick<NostrEvent, 'kind' | 'tags'>

/**
 * Which dialect the merchant of a listing speaks, by the listing alone (gamma.md §8.6). Of a merchant with several, the
 * listing that was put in the cart decides.
 */
export function dialectOfMerchant(listing: Marked): Dialect {
  if (listing.kind === kinds.stall || listing.kind === kinds.product)
    return 'nip15'
  const client = tagValue(listing, 'client')
  if (/shopstr/i.test(client) || tagValues(listing, 't').includes('shopstr'))
    return 'shopstr'
  if (/plebeian/i.test(client) || hasPlebeianId(listing))
    return 'plebeian'
  return 'gamma'
}

/** Plebeian's `d`: `product_<ms>_<5 random>`, `shipping_…` likewise. Only what follows the whole form names that client. */
const hasPlebeianId = (listing: Marked): boolean => /^(?:product|shipping)_\d{10,16}_[a-z0-9]{1,12}$/i.test(tagValue(listing, 'd'))
