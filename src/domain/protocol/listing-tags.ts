import type { Address, Pubkey } from '../brand'
import type { ListingBase } from '../catalog/listing-base'
import type { Money } from '../money/types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError } from './nip15-listings'
import { parseAddress, toAddress } from '../catalog/address'
import { limits } from '../limits'
import { readCurrency, readMoney } from '../money/fiat'
import { err, ok } from '../result'
import { tagValue } from './event-shape'
import { dialectOfMerchant } from './listing-dialect'
import { withoutUnseen } from './shown-text'

/** The `d` tag names a listing; without one it has no address. */
export function listingBase(event: NostrEvent): Result<ListingBase, ListingError> {
  const id = tagValue(event, 'd')
  if (id === '')
    return err({ code: 'no-d', detail: '' })
  if (id.length > limits.name)
    return err({ code: 'limit', detail: 'd' })
  return ok({ address: toAddress(event.kind, event.pubkey, id), author: event.pubkey, id, eventId: event.id, publishedAt: event.created_at, dialect: dialectOfMerchant(event) })
}

/** Values of every tag of a name, without the name itself. */
export const rowsOf = (event: Pick<NostrEvent, 'tags'>, name: string): readonly (readonly string[])[] =>
  event.tags.flatMap(([first, ...rest]) => first === name ? [rest] : [])

/** Text of a tag that people read; '' when it is missing or longer than `longest`. */
export function shownValue(event: Pick<NostrEvent, 'tags'>, name: string, longest: number = limits.name): string {
  const value = tagValue(event, name)
  return value.length <= longest ? withoutUnseen(value).trim() : ''
}

/** The word of a closed list that a text is, in any case; null for any other. */
export const wordOf = <W extends string>(list: readonly W[], text: string | undefined): W | null =>
  list.find(word => word.toLowerCase() === text?.trim().toLowerCase()) ?? null

export type Priced = { readonly currency: string, readonly price: Money | null }

/** `[amount, currency]`: an unknown currency is no price at all, an unreadable amount in a known one is null. */
export function readPriceTag(event: NostrEvent): Result<Priced, ListingError> {
  const [amount, code] = rowsOf(event, 'price')[0] ?? []
  const currency = readCurrency(code)
  return amount === undefined || currency === null ? err({ code: 'schema', detail: 'price' }) : ok({ currency, price: readMoney(amount, currency) })
}

/**
 * What another tag of the same author refers to; null for anything else, since an address alone proves nothing. Plebeian
 * writes a bare id where an address belongs (gamma.md §2): taken as `bare` of that author.
 */
export function ownReference(text: string | undefined, author: Pubkey, allowed: readonly number[], bare?: number): Address | null {
  if (text === undefined || text === '' || text.length > limits.name + 80)
    return null
  const parts = parseAddress(text)
  if (parts !== null)
    return parts.author === author && parts.id !== '' && allowed.includes(parts.kind) ? toAddress(parts.kind, author, parts.id) : null
  return bare === undefined || /^\d{1,5}:/.test(text) ? null : toAddress(bare, author, text)
}

/** Without repeats, at most `most`, null entries left out. */
export const distinct = <T>(entries: readonly (T | null)[], most: number): readonly T[] =>
  [...new Set(entries.filter(entry => entry !== null))].slice(0, most)

const WHOLE = /^\d{1,15}$/
/** A whole number ≥ 0 as text; null for anything else. */
export const readWhole = (text: string | undefined): number | null => text !== undefined && WHOLE.test(text.trim()) ? Number(text.trim()) : null
