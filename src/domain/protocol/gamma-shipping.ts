import type { ShippingOption, ShippingService } from '../catalog/nip99-types'
import type { Result } from '../result'
import type { NostrEvent } from './event'
import type { ListingError } from './nip15-listings'
import * as v from 'valibot'
import { countryCode, isWorldwide } from '../catalog/countries'
import { limits } from '../limits'
import { err, ok } from '../result'
import { tagValue, tagValues } from './event-shape'
import { name, schemaError, words } from './fields'
import { readParcelLimits } from './gamma-variants'
import { distinct, listingBase, readPriceTag, readWhole, rowsOf, shownValue, wordOf } from './listing-tags'
import { withoutUnseen } from './shown-text'

const SERVICES: readonly ShippingService[] = ['standard', 'express', 'overnight', 'pickup', 'digital']
const Head = v.object({ title: name, description: words(limits.listingContent) })

/** Kind 30406 (gamma.md §2). An option whose price cannot be read is refused: it must not become free. */
export function decodeShippingOption(event: NostrEvent): Result<ShippingOption, ListingError> {
  const base = listingBase(event)
  if (!base.ok)
    return base
  const head = v.safeParse(Head, { title: tagValue(event, 'title'), description: event.content })
  if (!head.success)
    return err(schemaError(head.issues))
  const priced = readPriceTag(event)
  if (!priced.ok)
    return priced
  if (priced.value.price === null)
    return err({ code: 'schema', detail: 'price' })
  // A word that nobody knows is sent by post: then an address is asked.
  const service = wordOf(SERVICES, tagValue(event, 'service')) ?? 'standard'
  const parcel = readParcelLimits(event)
  return ok({
    ...base.value,
    title: head.output.title,
    description: head.output.description,
    cost: priced.value.price,
    countries: readCountries(event),
    regions: distinct(rowsOf(event, 'region').flat().map(shortText), limits.zoneCountries),
    service,
    carrier: shownValue(event, 'carrier'),
    duration: readDuration(event),
    pickup: service === 'pickup' ? readPickup(event) : '',
    addedBy: (['weight', 'volume', 'distance'] as const).filter(measure => tagValues(event, `price-${measure}`).length > 0),
    ...(parcel !== undefined && { limits: parcel }),
  })
}

const shortText = (text: string): string | null => text.trim() === '' || text.length > limits.name ? null : withoutUnseen(text).trim()

/**
 * All countries stand in one tag (several are read as well). None at all is worldwide, as Plebeian writes it; names that
 * nobody knows stay as they are, so that an unreadable list never becomes the whole world.
 */
function readCountries(event: NostrEvent): ShippingOption['countries'] {
  const named = distinct(rowsOf(event, 'country').flat().map(shortText), limits.zoneCountries)
  return named.length === 0 || named.some(isWorldwide) ? 'worldwide' : distinct(named.map(text => countryCode(text) ?? text), limits.zoneCountries)
}

/** `[min, max, unit]` in hours, days or weeks. */
function readDuration(event: NostrEvent): ShippingOption['duration'] {
  const [least, most, letter] = rowsOf(event, 'duration')[0] ?? []
  const min = readWhole(least)
  const max = readWhole(most)
  const unit = wordOf(['H', 'D', 'W'], letter)
  return min === null || max === null || unit === null || min > max || max > 10_000 ? null : { min, max, unit }
}

/** Plebeian writes the address whole and in parts. */
function readPickup(event: NostrEvent): string {
  const parts = ['street', 'city', 'state', 'postal-code', 'country'].map(part => shownValue(event, `pickup-${part}`)).filter(part => part !== '')
  return shownValue(event, 'pickup-address') || parts.join(', ') || shownValue(event, 'location')
}
