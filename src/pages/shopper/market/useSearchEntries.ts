import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Address } from '../../../domain/brand'
import { searchEntry, type SearchEntry } from '../../../domain/catalog/search'
import type { Product } from '../../../domain/catalog/types'

const SLICE_MS = 8

/**
 * What a search looks through, prepared in slices between frames, so that ten thousand products never hold the page up.
 * An entry is made once per version of a product and name of its stall.
 */
export function useSearchEntries(products: Ref<readonly Product[]>, stallName: (product: Product) => string, wanted: Ref<boolean>): Readonly<Ref<ReadonlyMap<Address, SearchEntry>>> {
  const entries = shallowRef<ReadonlyMap<Address, SearchEntry>>(new Map())
  const made = new Map<Address, SearchEntry>()
  const from = new Map<Address, string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function prepare(at: number): void {
    const end = performance.now() + SLICE_MS
    const list = products.value
    let index = at
    for (; index < list.length && performance.now() < end; index++) {
      const product = list[index]
      if (product === undefined)
        continue
      const name = stallName(product)
      const version = `${product.eventId} ${name}`
      if (from.get(product.address) === version)
        continue
      made.set(product.address, searchEntry(product, name))
      from.set(product.address, version)
    }
    if (index < list.length) {
      timer = setTimeout(prepare, 0, index)
      return
    }
    timer = undefined
    entries.value = new Map(made)
  }

  watch([products, wanted], () => {
    if (!wanted.value || timer !== undefined)
      return
    prepare(0)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return entries
}
