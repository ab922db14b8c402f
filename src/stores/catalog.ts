import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef, triggerRef } from 'vue'
import type { Address, Pubkey, RelayUrl, Seconds } from '../domain/brand'
import { isImplicit } from '../domain/catalog/implicit-stall'
import type { PaymentDetail, Review } from '../domain/catalog/nip99-types'
import { isListed } from '../domain/catalog/product'
import { isAvailable, isCard, isVariable, parentOf } from '../domain/catalog/variations'
import type { Product, Profile, Stall } from '../domain/catalog/types'
import type { CatalogBatch, CatalogProgress } from '../ports/catalog-feed'
import { grouped } from './grouped'
import { useServices } from './services'
import { createTwinIndex } from './twin-index'

/** How often at most the page hears of changes while thousands of listings come in. */
const EVERY_MS = 150
/** A timer further away than a day is set again then. */
const LONGEST_MS = 86_400_000

/** Stalls and products of both dialects by address; newest versions only, as the feed hands them out. */
export const useCatalogStore = defineStore('catalog', () => {
  const { clock } = useServices()
  const productMap = new Map<Address, Product>()
  const stallMap = new Map<Address, Stall>()
  const profileMap = new Map<Pubkey, Profile>()
  const seenOn = new Map<Address, readonly RelayUrl[]>()
  const ofStall = grouped<Product, Address>(({ stallAddress }) => stallAddress)
  const ofParent = grouped<Product, Address | null>(({ nip99 }) => nip99?.parent ?? null)
  const reviews = grouped<Review, Address>(({ product }) => product)
  const payments = grouped<PaymentDetail, Pubkey>(({ merchant }) => merchant)
  const twins = createTwinIndex()
  // Changed in place and announced: a copy per batch would cost more than the batch.
  const products = shallowRef<ReadonlyMap<Address, Product>>(productMap)
  const stalls = shallowRef<ReadonlyMap<Address, Stall>>(stallMap)
  const profiles = shallowRef<ReadonlyMap<Pubkey, Profile>>(profileMap)
  const progress = shallowRef<CatalogProgress>({ phase: 'device', received: 0, refused: 0, complete: [] })
  const now = shallowRef<Seconds>(clock.now())
  const list = computed(() => [...products.value.values()].filter(product => twins.isShown(product, now.value) && parentOf(product, products.value, now.value) === null)
    .sort((a, b) => b.publishedAt - a.publishedAt || (a.address < b.address ? -1 : 1)))
  let waiting: ReturnType<typeof setTimeout> | undefined
  let ending: ReturnType<typeof setTimeout> | undefined
  let toldAt = 0
  onScopeDispose(() => [waiting, ending].forEach(timer => clearTimeout(timer)))

  function tell(): void {
    waiting = undefined
    toldAt = performance.now()
    now.value = clock.now()
    twins.settle(now.value)
    triggerRef(stalls)
    triggerRef(products)
    triggerRef(profiles)
    clearTimeout(ending)
    // What runs out leaves the shelf by itself.
    const end = twins.nextEnd(now.value)
    if (end !== null)
      ending = setTimeout(tell, Math.min(LONGEST_MS, (end - now.value) * 1_000))
  }

  function put(product: Product): void {
    productMap.set(product.address, product)
    ofStall.put(product)
    // Only a variation names one; what was one and is none any more leaves it.
    if (product.nip99?.parent)
      ofParent.put(product)
    else
      ofParent.remove(product.address)
    twins.put(product)
  }

  function remove(address: Address): void {
    const product = productMap.get(address)
    if (product !== undefined)
      twins.remove(product)
    ofStall.remove(address)
    ofParent.remove(address)
    productMap.delete(address)
    stallMap.delete(address)
    reviews.remove(address)
    payments.remove(address)
  }

  /** A merchant without a name is called by a piece of the key, until the profile comes. */
  const named = (stall: Stall): Stall => isImplicit(stall) && stall.name.trim() === '' ? { ...stall, name: shortKey(stall.author) } : stall

  /** The same array for as long as the relays are the same: links are made from it. */
  function see(address: Address, relays: readonly RelayUrl[]): void {
    const former = seenOn.get(address)
    if (former === undefined || !relays.every(relay => former.includes(relay)))
      seenOn.set(address, [...new Set([...former ?? [], ...relays])])
  }

  /** Says as much as it knows: what is left out is as it was. */
  function absorb(batch: Partial<CatalogBatch>): void {
    for (const stall of batch.stalls ?? [])
      stallMap.set(stall.address, named(stall))
    batch.products?.forEach(put)
    for (const profile of batch.profiles ?? [])
      profileMap.set(profile.pubkey, profile)
    batch.reviews?.forEach(reviews.put)
    batch.paymentDetails?.forEach(payments.put)
    batch.gone?.forEach(remove)
    for (const { address, relays } of batch.seen ?? [])
      see(address, relays)
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
    return [...ofStall.of(stall)].map(({ address }) => all.get(address)).filter(product => product !== undefined)
  }

  /** Tracks `products`. Empty for a product that has none, or is not made of any. */
  function variationsOf(product: Product): readonly Product[] {
    const all = products.value
    return isVariable(product) ? [...ofParent.of(product.address)].flatMap(({ address }) => all.get(address) ?? []).filter(one => isListed(one, now.value) && parentOf(one, all, now.value) === product) : []
  }

  /** The same goods in the other dialect, as long as both are on the shelf. Tracks `products`. */
  function twinOf(address: Address): Product | null {
    const all = products.value
    const twin = twins.twinOf(address)
    return twin === null ? null : all.get(twin) ?? null
  }

  /** Newest first, of whichever dialect's listing they were written about. Tracks `products`. */
  function reviewsOf(product: Address): readonly Review[] {
    const twin = twinOf(product)
    return [...reviews.of(product), ...twin === null ? [] : reviews.of(twin.address)].sort((a, b) => b.publishedAt - a.publishedAt || (a.address < b.address ? -1 : 1))
  }

  /** Ways that a merchant is paid, those meant for all first. Tracks `products`. */
  function paymentDetailsOf(merchant: Pubkey): readonly PaymentDetail[] {
    void products.value
    return [...payments.of(merchant)].sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || (a.address < b.address ? -1 : 1))
  }

  const merchantName = (pubkey: string): string => profiles.value.get(pubkey as Pubkey)?.name.trim() || shortKey(pubkey)

  return {
    products,
    stalls,
    profiles,
    /** On sale, sold out or not, newest first; what is listed in both dialects once, what ran out not any more. */
    list,
    productsOf,
    variationsOf,
    /** The product on whose page a variation is chosen. Tracks `products`. */
    parentOf: (product: Product): Product | null => parentOf(product, products.value, now.value),
    /** Shown in lists: on the shelf, and no variation of what is there as well. */
    isCard: (product: Product): boolean => isCard(product, products.value, now.value),
    /** Something of it can be ordered. */
    isAvailable: (product: Product): boolean => isAvailable(product, variationsOf(product), now.value),
    /** On the shelf now, sold out or not. */
    isListed: (product: Product): boolean => isListed(product, now.value),
    twinOf,
    reviewsOf,
    paymentDetailsOf,
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

const shortKey = (pubkey: string): string => `${pubkey.slice(0, 8)}…`
