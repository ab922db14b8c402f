/** Listings in the words of the fixture format. */
import type { Address, Seconds } from '../../src/domain/brand'
import { isListed, isOrderable } from '../../src/domain/catalog/product'
import type { Collection, Nip99, PaymentDetail, Review, ShippingOption, ShopProfile } from '../../src/domain/catalog/nip99-types'
import type { Listing, Product, Stall } from '../../src/domain/catalog/types'
import { moneyText } from '../../src/domain/money/fiat'
import { marketView, productView, stallView } from './views'

export function listingView(listing: Exclude<Listing, { readonly type: 'deletion' }>, stalls: ReadonlyMap<Address, Stall>, now: Seconds): unknown {
  switch (listing.type) {
    case 'stall': return stallView(listing.stall)
    case 'product': return listing.product.nip99 === undefined ? productView(listing.product, stalls) : gammaProductView(listing.product, listing.product.nip99, stalls, now)
    case 'market': return marketView(listing.market)
    case 'profile': return listing.profile
    case 'shipping-option': return optionView(listing.option)
    case 'collection': return collectionView(listing.collection)
    case 'review': return reviewView(listing.review)
    case 'payment-detail': return paymentView(listing.detail)
    case 'shop-profile': return shopView(listing.shop)
  }
}

const priced = <T extends { readonly price: Parameters<typeof moneyText>[0] }>(rows: readonly T[]) => rows.map(row => ({ ...row, price: moneyText(row.price) }))

/** Two words of the format are ours the other way round: `format` is what the goods are, `productType` how they are listed. */
const gammaProductView = (product: Product, nip99: Nip99, stalls: ReadonlyMap<Address, Stall>, now: Seconds) => ({
  ...productView(product, stalls),
  // NIP-15 cases say `sat`, these say the code.
  currency: product.currency,
  orderable: isOrderable(product, now),
  listed: isListed(product, now),
  dialect: product.dialect,
  productType: nip99.format,
  format: nip99.goods,
  visibility: nip99.visibility,
  status: nip99.status,
  frequency: nip99.frequency,
  parent: nip99.parent,
  collections: nip99.collections,
  shippingOptions: nip99.shippingOptions.map(({ ref, extra }) => ({ ref, extra: moneyText(extra) })),
  shipping: nip99.ownShipping === null ? null : { type: nip99.ownShipping.type, cost: moneyText(nip99.ownShipping.cost) },
  sizes: nip99.variants.sizes,
  volumes: priced(nip99.variants.volumes),
  weights: priced(nip99.variants.weights),
  bulk: priced(nip99.variants.bulk),
  weight: nip99.weight,
  dimensions: nip99.dimensions,
  location: nip99.location,
  summary: nip99.summary,
  requiredInfo: nip99.requiredInfo,
  pickupLocations: nip99.pickupLocations,
  condition: nip99.condition,
  restrictions: nip99.restrictions,
  validUntil: nip99.validUntil,
  client: nip99.client,
  migratedFrom: nip99.migratedFrom,
})

const optionView = ({ cost, ...option }: ShippingOption) => ({ ...option, cost: moneyText(cost), currency: cost.currency })
const collectionView = ({ shippingOptions, ...collection }: Collection) => ({ ...collection, shippingOptions: shippingOptions.map(ref => ({ ref })) })
const reviewView = ({ categories, ...review }: Review) => ({ ...review, categories: Object.fromEntries(categories.map(({ name, rating }) => [name, rating])) })
const paymentView = ({ destination, address, ...detail }: PaymentDetail) => ({ ...detail, listing: address, address: destination })
const shopView = (shop: ShopProfile) => shop

