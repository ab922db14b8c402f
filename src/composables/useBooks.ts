import { onScopeDispose, shallowReadonly, shallowRef, watch } from 'vue'
import { bookRows, booksOf } from '../domain/order/books/rows'
import type { BookRow } from '../domain/order/books/types'
import { useOrdersStore } from '../stores/orders'

/** Gathering goes on in slices, so that ten thousand orders make no long task. */
const SLICE_MS = 12

/** The merchant's books, oldest first; what was gathered for an order serves until that order changes. */
export function useBooks() {
  const orders = useOrdersStore()
  const rows = shallowRef<readonly BookRow[]>([])
  /** Not all of them have been gathered for the first time. */
  const gathering = shallowRef(true)
  let round = 0

  watch(() => orders.asMerchant, async (list) => {
    const mine = ++round
    let since = performance.now()
    for (const order of list) {
      bookRows(order)
      if (performance.now() - since <= SLICE_MS)
        continue
      await new Promise(resolve => setTimeout(resolve))
      if (mine !== round)
        return
      since = performance.now()
    }
    rows.value = booksOf(list)
    gathering.value = false
  }, { immediate: true })
  onScopeDispose(() => { round += 1 })

  return { rows: shallowReadonly(rows), gathering: shallowReadonly(gathering) }
}
