import type { Address } from '../brand'
import type { Collection, OwnShipping, ShippingRef } from './nip99-types'
import type { Product, ShippingZone, Stall } from './types'
import type { Money } from '../money/types'

/**
 * Zones that are no 30406 of their own: a product's own delivery and pick-up (Shopstr), and nothing to send. The zone of a
 * 30406 has its address for an id.
 */
export const ownZones = { delivery: 'own:delivery', pickup: 'own:pickup', nothing: 'own:nothing' } as const

type Collections = ReadonlyMap<Address, Pick<Collection, 'author' | 'shippingOptions'>>

/**
 * How a NIP-99 product is sent: the options it names, those of the collections it names for shipping, its own delivery.
 * Again whenever a collection changes; the same collections give the same product. NIP-15 products stay as they are.
 */
export function resolveShipping(product: Product, collections: Collections = new Map()): Product {
  const { nip99 } = product
  if (nip99 === undefined)
    return product
  const extras = new Map<string, Money>()
  for (const { ref, extra } of [...nip99.shippingOptions.filter(isDirect), ...throughCollections(product, collections)])
    extras.set(ref, extra)
  for (const [id, extra] of ownExtras(nip99.ownShipping))
    extras.set(id, extra)
  const zoneIds = !nip99.namesShipping && nip99.goods === 'digital' ? [ownZones.nothing] : [...extras.keys()]
  return { ...product, zoneIds, zoneExtras: new Map([...extras].filter(([, extra]) => extra.minor > 0)) }
}

const isDirect = ({ ref }: ShippingRef): boolean => ref.startsWith('30406:')

/** Every option of a named collection, with that name's extra cost. Direct words win; of two collections the dearer one. */
function throughCollections({ author, nip99 }: Product, collections: Collections): readonly ShippingRef[] {
  const direct = new Set(nip99?.shippingOptions.filter(isDirect).map(({ ref }) => ref))
  return (nip99?.shippingOptions ?? []).flatMap(({ ref, extra }) => {
    const collection = collections.get(ref)
    return collection === undefined || collection.author !== author ? [] : collection.shippingOptions.filter(option => !direct.has(option)).map(option => ({ ref: option, extra }))
  }).toSorted((a, b) => a.extra.minor - b.extra.minor)
}

function ownExtras(own: OwnShipping | null): readonly (readonly [string, Money])[] {
  if (own === null)
    return []
  const free = { ...own.cost, minor: 0 }
  switch (own.type) {
    case 'N/A': return [[ownZones.nothing, free]]
    case 'Pickup': return [[ownZones.pickup, free]]
    case 'Free': return [[ownZones.delivery, free]]
    case 'Free/Pickup': return [[ownZones.delivery, free], [ownZones.pickup, free]]
    case 'Added Cost': return [[ownZones.delivery, own.cost]]
    case 'Added Cost/Pickup': return [[ownZones.delivery, own.cost], [ownZones.pickup, free]]
  }
}

/** Nothing of it is sent: it goes along with whatever else is in the cart. */
const goesAlong = ({ zoneIds }: Product): boolean => zoneIds?.length === 1 && zoneIds[0] === ownZones.nothing

/** Whether one order with this product can be sent by that zone. */
export const goesBy = (product: Product, zoneId: string): boolean => product.zoneIds === undefined || goesAlong(product) || product.zoneIds.includes(zoneId)

/** Nothing of all these is sent: the wire has no word for that zone, and an order without one means it. */
export const nothingIsSent = (products: readonly Product[]): boolean => products.length > 0 && products.every(goesAlong)

/**
 * Whether an order of these has to name a zone. What says how it is sent is never sent by none: an option that has not come
 * would make it free. Where nobody names any, the merchant has to be asked, as with NIP-15.
 */
export const needsZone = (products: readonly Product[], stall: Stall): boolean =>
  stall.zones.length > 0 || products.some(({ nip99 }) => nip99?.namesShipping === true)

/** @param own names of `ownZones` */
export const zoneName = ({ id, name }: Pick<ShippingZone, 'id' | 'name'>, own: Readonly<Record<string, string>>): string =>
  name.trim() !== '' ? name : Object.hasOwn(own, id) ? own[id] ?? id : id

/** Zones by which all these products can go in one order. Empty while the stall has zones: they cannot be ordered together. */
export function zonesFor(products: readonly Product[], stall: Stall): readonly ShippingZone[] {
  const sent = products.filter(product => !goesAlong(product))
  return stall.zones.filter(({ id }) => (sent.length > 0 ? sent : products).every(({ zoneIds }) => zoneIds === undefined || zoneIds.includes(id)))
}
