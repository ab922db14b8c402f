import type { Address, Pubkey } from '../../domain/brand'
import { toAddress } from '../../domain/catalog/address'
import { implicitStall, stallAddressOf } from '../../domain/catalog/implicit-stall'
import type { Version } from '../../domain/catalog/latest'
import type { Collection, ShippingOption, ShopProfile } from '../../domain/catalog/nip99-types'
import { resolveShipping } from '../../domain/catalog/shipping'
import type { Product, Profile } from '../../domain/catalog/types'
import { kinds } from '../../domain/protocol/event'
import type { PageQueue } from './page-queue'

/**
 * What NIP-99 merchants have on the shelf. Their products hang together there: zones are options, which may come through a
 * collection, and the stall is made of all of it (docs/decisions/0010). Any sequence of arrival comes to the same.
 */
export interface Merchants {
  product(product: Product): void
  /** Kind 30403 of a product's id: newer than the product it hides it. */
  draft(draft: Draft): void
  option(option: ShippingOption): void
  collection(collection: Collection): void
  shop(shop: ShopProfile): void
  renamed(merchant: Pubkey): void
  takeOff(version: Pick<Version, 'address' | 'author'>): void
  /** Tells the page what changed; works on merchants of whom something did. */
  settle(page: Page): void
}

export type Draft = Version & { readonly id: string }
type Page = Pick<PageQueue, 'product' | 'stall' | 'gone'>

interface Shelf {
  readonly products: Map<Address, Product>
  readonly drafts: Map<Address, Draft>
  readonly options: Map<Address, ShippingOption>
  readonly collections: Map<Address, Collection>
  shop: ShopProfile | null
  /** Products that the page does not know as they are now. */
  readonly changed: Set<Address>
  /** Collections that came or went: products that name one are to be sent by other ways now. */
  readonly regrouped: Set<Address>
}

/** A draft and its product have one id. */
const draftOf = ({ author, id }: Product): Address => toAddress(kinds.gammaDraft, author, id)
const productOf = ({ author, id }: Draft): Address => toAddress(kinds.gammaProduct, author, id)

export function createMerchants(profileOf: (merchant: Pubkey) => Profile | null): Merchants {
  const shelves = new Map<Pubkey, Shelf>()
  const changed = new Set<Pubkey>()
  const shown = new Set<Address>()

  function shelfOf(author: Pubkey): Shelf {
    const shelf = shelves.get(author) ?? { products: new Map(), drafts: new Map(), options: new Map(), collections: new Map(), shop: null, changed: new Set(), regrouped: new Set() }
    shelves.set(author, shelf)
    changed.add(author)
    return shelf
  }

  function takeOff({ address, author }: Pick<Version, 'address' | 'author'>): void {
    if (!shelves.has(author))
      return
    const shelf = shelfOf(author)
    const draft = shelf.drafts.get(address)
    if (draft !== undefined) {
      shelf.drafts.delete(address)
      shelf.changed.add(productOf(draft))
    }
    if (shelf.collections.delete(address))
      shelf.regrouped.add(address)
    shelf.products.delete(address)
    shelf.changed.delete(address)
    shelf.options.delete(address)
    if (shelf.shop?.address === address)
      shelf.shop = null
  }

  function settleOne(author: Pubkey, shelf: Shelf, page: Page): void {
    tellProducts(shelf, page)
    const stall = implicitStall({ author, profile: profileOf(author), shop: shelf.shop, shippingOptions: shelf.options.values(), collections: shelf.collections.values(), products: shelf.products.values() })
    const address = stallAddressOf(author)
    if (stall !== null) {
      shown.add(address)
      page.stall(stall)
    }
    else if (shown.delete(address)) {
      page.gone(address)
    }
    if (stall === null && shelf.drafts.size === 0 && shelf.shop === null)
      shelves.delete(author)
  }

  return {
    product(product) {
      const shelf = shelfOf(product.author)
      shelf.products.set(product.address, product)
      shelf.changed.add(product.address)
    },
    draft(draft) {
      const shelf = shelfOf(draft.author)
      shelf.drafts.set(draft.address, draft)
      shelf.changed.add(productOf(draft))
    },
    option: (option) => { shelfOf(option.author).options.set(option.address, option) },
    collection(collection) {
      const shelf = shelfOf(collection.author)
      shelf.collections.set(collection.address, collection)
      shelf.regrouped.add(collection.address)
    },
    shop: (shop) => { shelfOf(shop.merchant).shop = shop },
    renamed(merchant) {
      if (shelves.has(merchant))
        changed.add(merchant)
    },
    takeOff,
    settle(page) {
      for (const author of changed) {
        const shelf = shelves.get(author)
        if (shelf !== undefined)
          settleOne(author, shelf, page)
      }
      changed.clear()
    },
  }
}

function tellProducts(shelf: Shelf, page: Page): void {
  const { products, changed, regrouped } = shelf
  if (regrouped.size > 0) {
    for (const { address, nip99 } of products.values()) {
      if (nip99?.shippingOptions.some(({ ref }) => regrouped.has(ref)))
        changed.add(address)
    }
  }
  for (const address of changed) {
    const product = products.get(address)
    if (product !== undefined)
      page.product(asShown(product, shelf))
  }
  changed.clear()
  regrouped.clear()
}

function asShown(product: Product, { collections, drafts }: Shelf): Product {
  const resolved = resolveShipping(product, collections)
  return (drafts.get(draftOf(product))?.publishedAt ?? 0) > product.publishedAt ? { ...resolved, active: false } : resolved
}
