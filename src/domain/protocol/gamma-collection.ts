import type { Collection } from '../catalog/nip99-types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError } from './nip15-listings'
import * as v from 'valibot'
import { limits } from '../limits'
import { err, ok } from '../result'
import { kinds } from './event'
import { tagValue, tagValues } from './event-shape'
import { name, schemaError, words } from './fields'
import { distinct, listingBase, ownReference, rowsOf, shownValue } from './listing-tags'
import { isPicture } from './images'

const Head = v.object({ title: name, description: words(limits.listingContent) })
const MOST_PRODUCTS = 1_000

/** Kind 30405 (gamma.md §2): a group of one merchant's products. What belongs to others is left out. */
export function decodeCollection(event: NostrEvent): Result<Collection, ListingError> {
  const base = listingBase(event)
  if (!base.ok)
    return base
  const head = v.safeParse(Head, { title: tagValue(event, 'title'), description: event.content })
  if (!head.success)
    return err(schemaError(head.issues))
  const image = tagValue(event, 'image')
  return ok({
    ...base.value,
    title: head.output.title,
    description: head.output.description,
    summary: shownValue(event, 'summary', limits.tagValue),
    image: isPicture(image, false) ? image : '',
    products: distinct(tagValues(event, 'a').map(text => ownReference(text, event.pubkey, [kinds.gammaProduct])), MOST_PRODUCTS),
    shippingOptions: distinct(rowsOf(event, 'shipping_option').map(([text]) => ownReference(text, event.pubkey, [kinds.shippingOption], kinds.shippingOption)), limits.zones),
  })
}
