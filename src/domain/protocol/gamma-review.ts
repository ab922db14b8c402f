import type { Review } from '../catalog/nip99-types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError } from './nip15-listings'
import { parseAddress, toAddress } from '../catalog/address'
import { limits } from '../limits'
import { err, ok } from '../result'
import { kinds } from './event'
import { listingBase, rowsOf } from './listing-tags'
import { withoutUnseen } from './shown-text'

export type ReviewError = ListingError | { readonly code: 'own-review', readonly detail: string }

const THUMB = 'thumb'
const MOST_CATEGORIES = 20

/** Kind 31555 (gamma.md §2): `d` is `a:` and the product's address, so each person has one review of a product. */
export function decodeReview(event: NostrEvent): Result<Review, ReviewError> {
  const base = listingBase(event)
  if (!base.ok)
    return base
  const target = base.value.id.startsWith('a:') ? parseAddress(base.value.id.slice(2)) : null
  if (target === null || target.kind !== kinds.gammaProduct || target.id === '')
    return err({ code: 'schema', detail: 'd' })
  if (target.author === event.pubkey)
    return err({ code: 'own-review', detail: '' })
  const ratings = rowsOf(event, 'rating').flatMap(([value, category]) => {
    const thousandths = readRating(value)
    return thousandths === null || category === undefined || category === '' || category.length > limits.nameShown ? [] : [{ category: withoutUnseen(category), thousandths }]
  })
  const thumb = ratings.find(({ category }) => category === THUMB)?.thousandths
  if (thumb === undefined)
    return err({ code: 'schema', detail: 'rating' })
  const others = [...new Map(ratings.filter(({ category }) => category !== THUMB).map(one => [one.category, one.thousandths])).entries()].slice(0, MOST_CATEGORIES)
  return ok({
    ...base.value,
    product: toAddress(target.kind, target.author, target.id),
    thumb: thumb / 1000,
    categories: others.map(([name, thousandths]) => ({ name, rating: thousandths / 1000 })),
    score: scoreOf(thumb, others.map(([, thousandths]) => thousandths)),
    text: withoutUnseen(event.content.slice(0, limits.orderText)),
  })
}

/** Half thumb, half mean of the categories; in thousandths, so that two devices show the same number. */
function scoreOf(thumb: number, others: readonly number[]): number {
  if (others.length === 0)
    return thumb / 1000
  const mean = others.reduce((sum, one) => sum + one, 0) / others.length
  return Math.round((thumb + mean) / 2) / 1000
}

/** Thousandths, clamped to 0…1; null for what is no number. */
function readRating(text: string | undefined): number | null {
  const match = /^(-?)(\d{1,9}(?:\.\d{1,15})?)$/.exec(text?.trim() ?? '')
  return match === null ? null : match[1] === '-' ? 0 : Math.min(1000, Math.round(Number(match[2]) * 1000))
}
