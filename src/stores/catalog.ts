import { defineStore } from 'pinia'
import { computed, shallowRef, triggerRef } from 'vue'
import type { Address, Pubkey, RelayUrl } from '../domain/brand'
import type { Product, Profile, Stall } from '../domain/catalog/types'
import type { CatalogBatch, CatalogProgress } from '../ports/catalog-feed'

/** How often at most the page hears of changes while thousands of listings come in. */
const EVERY_MS = 150

/** Stalls and products by address; newest versions only, as the feed hands them out. */
export const useCatalogStore = defineStore('catalog', () => {
  const productMap = new Map<Address, Product>()
  const stallMap = new Map<Address, Stall>()
  const profileMap = new Map<Pubkey, Profile>()
  const seenOn = new Map<Address, readonly RelayUrl[]>()
  const ofStall = new Map<Address, Set<Address>>()
  // Changed in place and announced: a copy per batch would cost more than the batch.
  const products = shallowRef<ReadonlyMap<Address, Product>>(productMap)
  const stalls = shallowRef<ReadonlyMap<Address, Stall>>(stallMap)
  const profiles = shallowRef<ReadonlyMap<Pubkey, Profile>>(profileMap)
  const progress = shallowRef<CatalogProgress>({ phase: 'device', received: 0, refused: 0, complete: [] })
  const list = computed(() => [...products.value.values()].filter(({ active }) => active)
    .sort((a, b) => b.publishedAt - a.publishedAt || (a.address < b.address ? -1 : 1)))
  let waiting: ReturnType<typeof setTimeout> | undefined
  let toldAt = 0

  function tell(): void {
    waiting = undefined
    toldAt = performance.now()
    triggerRef(stalls)
    triggerRef(products)
    triggerRef(profiles)
  }

  function put(product: Product): void {
    const former = productMap.get(product.address)
    if (former !== undefined && former.stallAddress !== product.stallAddress)
      ofStall.get(former.stallAddress)?.delete(product.address)
    productMap.set(product.address, product)
    const known = ofStall.get(product.stallAddress)
    if (known === undefined)
      ofStall.set(product.stallAddress, new Set([product.address]))
    else
      known.add(product.address)
  }

  function remove(address: Address): void {
    const product = productMap.get(address)
    if (product !== undefined)
      ofStall.get(product.stallAddress)?.delete(address)
    productMap.delete(address)
    stallMap.delete(address)
  }

  function absorb(batch: CatalogBatch): void {
    for (const stall of batch.stalls)
      stallMap.set(stall.address, stall)
    batch.products.forEach(put)
    for (const profile of batch.profiles)
      profileMap.set(profile.pubkey, profile)
    batch.gone.forEach(remove)
    for (const { address, relays } of batch.seen)
      seenOn.set(address, [...new Set([...seenOn.get(address) ?? [], ...relays])])
    if (waiting !== undefined)
      return
    const since = performance.now() - toldAt
    if (since >= EVERY_MS)
      tell()
    else
      waiting = setTimeout(tell, EVERY_MS - since)
  }

  /** Tracks `products`; a product counts for a stall of its own author only. */
  function productsOf(stall: Address): readonly Product[] {
    const all = products.value
    return [...ofStall.get(stall) ?? []].map(address => all.get(address)).filter(product => product !== undefined)
  }

  const merchantName = (pubkey: string): string => {
    const named = profiles.value.get(pubkey as Pubkey)?.name.trim()
    return named || `${pubkey.slice(0, 8)}…`
  }

  return {
    products,
    stalls,
    profiles,
    /** Active ones, sold out or not, newest first. */
    list,
    productsOf,
    relaysOf: (address: Address): readonly RelayUrl[] => seenOn.get(address) ?? [],
    /** Everywhere a person's listings were seen. */
    relaysOfAuthor: (author: Pubkey): readonly RelayUrl[] =>
      [...new Set([...seenOn].flatMap(([address, relays]) => address.split(':')[1] === author ? relays : []))],
    merchantName,
    progress,
    setProgress: (next: CatalogProgress): void => { progress.value = next },
    absorb,
  }
})
