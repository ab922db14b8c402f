import { watchThrottled } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { useRates } from '../../../composables/useRates'
import { browse, categoryCounts, everything, type BrowseFilter } from '../../../domain/catalog/browse'
import { stallOf } from '../../../domain/catalog/product'
import type { Product } from '../../../domain/catalog/types'
import { useCatalogStore } from '../../../stores/catalog'
import type { StallChoice } from '../../../components/shop/market-filters'
import { holdBack } from './held-list'
import { useSearchEntries } from './useSearchEntries'

/** Below this, a person is reading goods further down, and nothing may move under their eyes. */
const READING_PX = 240
const COUNT_EVERY_MS = 1_000
const MOST_STALLS = 300

/** The market as it is shown: filtered, sorted, live, and still where somebody reads. */
export function useMarketList(filter: Ref<BrowseFilter>) {
  const catalog = useCatalogStore()
  const { known, rateOf } = useRates()
  const stallName = (product: Product): string => stallOf(product, catalog.stalls)?.name ?? ''
  const searching = computed(() => filter.value.query.trim() !== '')
  const all = computed(() => catalog.list)
  const entries = useSearchEntries(all, stallName, searching)
  const byPrice = computed(() => filter.value.sort === 'price-up' || filter.value.sort === 'price-down')
  watch([byPrice, all], () => {
    if (byPrice.value)
      new Set(all.value.map(product => product.currency)).forEach(rateOf)
  }, { immediate: true })

  const otherStall = (product: Product): Product['stallAddress'] | null => catalog.twinOf(product.address)?.stallAddress ?? null
  const input = computed(() => ({ products: all.value, entries: entries.value, rates: byPrice.value ? new Map(known) : new Map(), isAvailable: catalog.isAvailable, otherStall }))
  const live = computed(() => {
    // Entries of a first search take a moment; until then the former list stays.
    const { query, category, stall, inStock, sort } = filter.value
    if (query.trim() === '' && category === null && stall === null && !inStock && sort === 'newest')
      return all.value
    return browse(input.value, filter.value)
  })
  const countWith = (other: BrowseFilter): number => browse(input.value, other).length

  const shown = shallowRef<readonly Product[]>(live.value)
  const waiting = ref(0)
  const far = ref(false)
  const look = (): void => { far.value = window.scrollY > READING_PX }
  window.addEventListener('scroll', look, { passive: true })
  onScopeDispose(() => window.removeEventListener('scroll', look))

  function showAll(): void {
    shown.value = live.value
    waiting.value = 0
  }
  let former = filter.value
  watch([live, far], () => {
    // Another filter is another list; only a list that grows by itself is held still.
    if (filter.value !== former || window.scrollY <= READING_PX) {
      former = filter.value
      showAll()
      return
    }
    const held = holdBack(shown.value, live.value)
    shown.value = held.shown
    waiting.value = held.waiting
  })

  const categories = shallowRef<readonly { readonly name: string, readonly count: number }[]>([])
  const stalls = shallowRef<readonly StallChoice[]>([])
  const total = ref(0)
  watchThrottled([all, filter], () => {
    const base = filter.value.category === null && live.value === all.value ? all.value : browse(input.value, { ...filter.value, category: null, sort: everything.sort })
    total.value = base.length
    categories.value = categoryCounts(base).slice(0, 60)
    const counts = new Map<StallChoice['address'], number>()
    for (const product of all.value) {
      for (const stall of new Set([product.stallAddress, otherStall(product) ?? product.stallAddress]))
        counts.set(stall, (counts.get(stall) ?? 0) + 1)
    }
    stalls.value = [...counts].flatMap(([address, count]) => {
      const stall = catalog.stalls.get(address)
      return stall === undefined ? [] : [{ address, count, name: stall.name }]
    }).sort((a, b) => a.name.localeCompare(b.name)).slice(0, MOST_STALLS)
  }, { throttle: COUNT_EVERY_MS, trailing: true, leading: true, immediate: true })

  const preparing = computed(() => searching.value && entries.value.size === 0 && all.value.length > 0)
  return { shown, waiting, showAll, live, categories, stalls, total, stallName, countWith, preparing }
}
