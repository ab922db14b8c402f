import type { Event as StoredEvent, Filter } from '@nostr-relay/common'
import type { Event } from 'nostr-tools/core'
import type { DemoStall, Good } from './goods'
import type { GammaGood, GammaShop } from './gamma-goods'
import type { Address } from '../../src/domain/brand'
import type { UnsignedEvent } from '../../src/domain/protocol/event'
import type { GammaProductDraft, ShippingOptionDraft } from '../../src/domain/protocol/gamma-listing-encode'
import type { Money } from '../../src/domain/money/types'
import { finalizeEvent, getPublicKey } from 'nostr-tools/pure'
import { isPubkey, toSeconds } from '../../src/domain/brand'
import { toAddress } from '../../src/domain/catalog/address'
import { countryCode } from '../../src/domain/catalog/countries'
import { readMoney, zero } from '../../src/domain/money/fiat'
import { kinds } from '../../src/domain/protocol/event'
import { encodeCollection, encodeGammaProduct, encodeShippingOption } from '../../src/domain/protocol/gamma-listing-encode'
import { PEOPLE, STALLS } from './goods'
import { GAMMA_SHOPS, REVIEWS } from './gamma-goods'
import { paidHow } from './prepaid'
import { idOf, pictureUrl, profileEvents, secretOf } from './seed'

type Find = (filter: Filter) => readonly StoredEvent[]
type Nip99 = GammaProductDraft['nip99']

/** A plain thing that is sent by post. */
const PLAIN: Nip99 = {
  summary: '', format: 'simple', goods: 'physical', visibility: 'on-sale', status: 'active', draft: false, frequency: null, parent: null, collections: [], shippingOptions: [], ownShipping: null, namesShipping: true, weight: null, dimensions: null, location: '', geohash: '',
  variants: { sizes: [], volumes: [], weights: [], bulk: [] }, requiredInfo: '', pickupLocations: [], condition: '', restrictions: '', validUntil: null, migratedFrom: null, sensitive: false,
}

const sign = (event: UnsignedEvent, merchant: string): Event =>
  finalizeEvent({ ...event, tags: event.tags.map(tag => [...tag]) }, secretOf(merchant))

/** @throws Error for a price that cannot be written: a slip in the goods. */
function money(amount: number, currency: string): Money {
  const read = readMoney(amount, currency)
  if (read === null)
    throw new Error(`no price: ${amount} ${currency}`)
  return read
}

function addressOf(kind: number, merchant: string, id: string): Address {
  const author = getPublicKey(secretOf(merchant))
  if (!isPubkey(author))
    throw new Error('no key')
  return toAddress(kind, author, id)
}

/** The Gamma merchants who are not on the relay yet: an older folder has none of them. */
export function gammaEvents(find: Find, walletUrl: string, relayUrl: string, at: number): readonly Event[] {
  const missing = GAMMA_SHOPS.filter(({ merchant }) => find({ kinds: [0], authors: [getPublicKey(secretOf(merchant))], limit: 1 }).length === 0)
  return missing.flatMap((shop) => {
    const { merchant } = shop
    const column = GAMMA_SHOPS.indexOf(shop)
    // Between those of the NIP-15 stalls, so that the market's first screen has some of each.
    const goods = shop.goods.map((good, row) => productEvent(shop, good, walletUrl, at - 5970 + (9 - row) * 360 + column * 120))
    return [
      ...profileEvents(merchant, { ...PEOPLE[merchant], ...paidHow(merchant, walletUrl) }, relayUrl, at - 7200),
      sign({ kind: kinds.inboxRelays, created_at: toSeconds(at - 7200), tags: [['relay', relayUrl]], content: '' }, merchant),
      ...shop.shipping.map(option => sign(encodeShippingOption(optionOf(shop, option), toSeconds(at - 7000)), merchant)),
      collectionEvent(shop, at - 6990),
      ...goods.toReversed(),
      ...REVIEWS.filter(review => review.merchant === merchant).flatMap(review => reviewEvents(review, at)),
    ]
  })
}

const optionOf = ({ currency }: GammaShop, { id, title, text, cost, countries, service, carrier = '', days, pickup = '' }: GammaShop['shipping'][number]): ShippingOptionDraft =>
  ({ id, title, description: text, cost: money(cost, currency), countries, regions: [], service, carrier, duration: days === undefined ? null : { min: days[0], max: days[1], unit: 'D' }, pickup })

function collectionEvent({ merchant, collection: { id, title, text, products, shipping } }: GammaShop, at: number): Event {
  const draft = { id, title, summary: '', description: text, image: '', products: products.map(product => addressOf(kinds.gammaProduct, merchant, product)), shippingOptions: shipping.map(option => addressOf(kinds.shippingOption, merchant, option)) }
  return sign(encodeCollection(draft, toSeconds(at)), merchant)
}

function productEvent({ merchant, currency, collection }: GammaShop, good: GammaGood, walletUrl: string, at: number): Event {
  const { id, name, text, price, stock, tags, picture, specs = [], weight, ships, variable, variationOf } = good
  const group = addressOf(kinds.collection, merchant, collection.id)
  const ways = ships === undefined ? [] : ships === 'collection' ? [{ ref: group, extra: zero(currency) }] : Object.entries(ships).map(([option, extra]) => ({ ref: addressOf(kinds.shippingOption, merchant, option), extra: money(extra, currency) }))
  const nip99: Nip99 = {
    ...PLAIN,
    summary: text.split('. ')[0] ?? '',
    format: variable === true ? 'variable' : variationOf === undefined ? 'simple' : 'variation',
    goods: ships === undefined || (ships !== 'collection' && 'email' in ships) ? 'digital' : 'physical',
    parent: variationOf === undefined ? null : addressOf(kinds.gammaProduct, merchant, variationOf),
    collections: collection.products.includes(id) ? [group] : [],
    shippingOptions: ways,
    weight: weight === undefined ? null : { value: weight[0], unit: weight[1] },
  }
  return sign(encodeGammaProduct({ id, name, description: text, images: [pictureUrl(picture, id, walletUrl)], price: money(price, currency), stock, categories: tags, specs, nip99 }, toSeconds(at)), merchant)
}

function reviewEvents({ by, name, merchant, product, thumb, quality, text }: typeof REVIEWS[number], at: number): readonly Event[] {
  const tags = [['d', `a:${addressOf(kinds.gammaProduct, merchant, product)}`], ['rating', thumb, 'thumb'], ['rating', quality, 'quality']]
  return [
    finalizeEvent({ kind: 0, created_at: at - 7200, tags: [], content: JSON.stringify({ name }) }, secretOf(by)),
    finalizeEvent({ kind: kinds.review, created_at: at - 1800, tags, content: text }, secretOf(by)),
  ]
}

/** The demo pictures that belong to a Gamma product today, by its id. */
export function gammaPictures(productId: string, walletUrl: string): readonly string[] | undefined {
  const good = GAMMA_SHOPS.flatMap(({ goods }) => goods).find(({ id }) => id === productId)
  return good === undefined ? undefined : [pictureUrl(good.picture, good.id, walletUrl)]
}

const optionId = (stall: DemoStall, zone: string): string => `${stall.id}-${zone}`

/**
 * What one merchant lists in NIP-15 once more in Gamma's tags, where it is missing: same `d`, same time, price and stock as the
 * relay has them now, so that neither replaces the other and clients show one thing.
 */
export function twinEvents(find: Find, merchant: 'chiyo'): readonly Event[] {
  const authors = [getPublicKey(secretOf(merchant))]
  const has = new Set(find({ kinds: [kinds.gammaProduct, kinds.shippingOption], authors }).map(event => `${event.kind}:${dOf(event)}`))
  return STALLS.filter(stall => stall.merchant === merchant).flatMap((stall) => {
    const listed = new Map(find({ kinds: [kinds.product], authors }).map(event => [dOf(event), event]))
    const since = find({ 'kinds': [kinds.stall], authors, '#d': [stall.id], 'limit': 1 })[0]?.created_at
    const options = since === undefined ? [] : stall.zones.map(zone => sign(encodeShippingOption(zoneOption(stall, zone), toSeconds(since)), merchant))
    const goods = stall.goods.flatMap((good) => {
      const event = listed.get(idOf(stall, good))
      return event === undefined ? [] : [twinEvent(stall, good, event)]
    })
    return [...options, ...goods].filter(event => !has.has(`${event.kind}:${dOf(event)}`))
  })
}

const dOf = (event: Pick<Event, 'tags'>): string => event.tags.find(([name]) => name === 'd')?.[1] ?? ''

const zoneOption = (stall: DemoStall, { id, name, cost, countries }: DemoStall['zones'][number]): ShippingOptionDraft =>
  ({ id: optionId(stall, id), title: name, description: '', cost: money(cost, stall.currency), countries: countries.includes('Worldwide') ? 'worldwide' : countries.map(country => countryCode(country) ?? country), regions: [], service: 'standard', carrier: '', duration: null, pickup: '' })

function twinEvent(stall: DemoStall, good: Good, event: StoredEvent): Event {
  const { merchant, currency } = stall
  const listing = JSON.parse(event.content) as { readonly name: string, readonly description: string, readonly images: readonly string[], readonly price: number, readonly quantity: number | null }
  const shippingOptions = stall.zones.map(({ id }) => ({ ref: addressOf(kinds.shippingOption, merchant, optionId(stall, id)), extra: money(good.extra?.[id] ?? 0, currency) }))
  return sign(encodeGammaProduct({ id: dOf(event), name: listing.name, description: listing.description, images: listing.images, price: money(listing.price, currency), stock: listing.quantity, categories: good.tags, specs: good.specs ?? [], nip99: { ...PLAIN, shippingOptions } }, toSeconds(event.created_at)), merchant)
}
