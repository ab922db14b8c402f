import { computed, ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useNow } from '../../composables/useNow'
import { lineKey } from '../../domain/catalog/choice'
import { choosingOf, pick, type Picks } from '../../domain/catalog/choosing'
import { isVariable, priceFrom, shownVariations } from '../../domain/catalog/variations'
import { isOrderable, whyNotOrderable } from '../../domain/catalog/product'
import type { Product } from '../../domain/catalog/types'
import { useCatalogStore } from '../../stores/catalog'

const MOST = 20

/** The choice as the address bar has it, so that a reload and a shared link keep it. */
export const picksFromQuery = (query: Readonly<Record<string, unknown>>): Picks =>
  new Map(Object.entries(query).slice(0, MOST).flatMap(([key, value]) => typeof value === 'string' && value !== '' ? [[key, value.slice(0, 1024)]] : []))
export const queryOfPicks = (picks: Picks): Record<string, string> => Object.fromEntries(picks)

/** What is chosen of a product, and what of it stands on the shelf: its variations, or the sizes and sorts within its listing. */
export function useChoiceRoute(wanted: MaybeRefOrGetter<Product>) {
  const route = useRoute()
  const router = useRouter()
  const catalog = useCatalogStore()
  const now = useNow()
  const product = computed(() => toValue(wanted))
  const variations = computed(() => catalog.variationsOf(product.value))
  const picks = computed(() => picksFromQuery(route.query))
  const choosing = computed(() => choosingOf(product.value, variations.value, picks.value, now.value))
  const picked = computed(() => choosing.value.picked)
  const goods = computed(() => picked.value?.goods ?? product.value)
  const why = computed(() => {
    if (picked.value !== null || !isVariable(product.value) || !catalog.isListed(product.value))
      return whyNotOrderable(goods.value, now.value)
    return variations.value.length > 0 && !variations.value.some(one => isOrderable(one, now.value)) ? 'sold-out' : null
  })
  /** The least that it costs while nothing is chosen. */
  const from = computed(() => picked.value !== null || !isVariable(product.value) ? null : priceFrom(shownVariations(variations.value, now.value).filter(one => one.price !== null)))
  const asked = ref(false)
  watch(choosing, ({ missing }) => { if (missing.length === 0) asked.value = false })

  return {
    choosing,
    picked,
    goods,
    why,
    from,
    asked,
    query: computed(() => queryOfPicks(new Map(choosing.value.groups.flatMap(({ key, chosen }) => chosen === null ? [] : [[key, chosen]])))),
    /** Names the line of the cart; '' while nothing is chosen. */
    line: computed(() => picked.value === null ? '' : lineKey({ product: picked.value.product.address, variant: picked.value.variant })),
    /** A product of variations of which none is here. */
    empty: computed(() => isVariable(product.value) && choosing.value.groups.every(({ options }) => options.length === 0)),
    choose: (key: string, value: string): void => {
      const next = pick(choosing.value, picks.value, key, value, others => choosingOf(product.value, variations.value, others, now.value))
      void router.replace({ query: queryOfPicks(next), hash: route.hash })
    },
  }
}
